"""Minimums: each can be reached, and does something beside the others."""

from collections.abc import Iterator
from itertools import permutations

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.checks.cap_scopes import Relation, relation
from sib_engine.terms.checks.most import most_counted_together
from sib_engine.terms.contract import Contract


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield minimums beyond the most that can count."""
    for minimum in contract.minimums:
        most = most_counted_together(contract, minimum)
        if minimum.at_least is not None and most is not None and most < minimum.at_least:
            withheld = "nothing that it covers is ever paid" if not minimum.pays_below else "a part is never paid"
            what = (
                f"minimum {minimum.id!r} asks for {minimum.at_least:,} and at most {most:,} can count together:"
                f" {withheld}"
            )
            at = Location(key=f"minimum[{minimum.id}].at_least")
            yield warning("minimum-never-reached", what, f"at most {most:,}, or no such minimum", at)


def check_weaker(contract: Contract) -> Iterator[Finding]:
    """Yield minimums that a higher one of the same outcomes makes idle: below it nothing is payable anyway."""
    for minimum, higher in permutations(contract.minimums, 2):
        if minimum.at_least is None or higher.at_least is None or higher.pays_below:
            continue
        is_same = relation(contract, minimum, higher) is Relation.SAME
        is_later = contract.minimums.index(higher) < contract.minimums.index(minimum)
        is_weaker = minimum.at_least < higher.at_least or (minimum.at_least == higher.at_least and is_later)
        if is_same and is_weaker:
            what = (
                f"minimum {minimum.id!r} of {minimum.at_least:,} changes nothing: minimum {higher.id!r} of the same"
                f" outcomes withholds everything below {higher.at_least:,}"
            )
            at = Location(key=f"minimum[{minimum.id}].at_least")
            yield warning("idle-minimum", what, "one minimum of the same outcomes", at)
