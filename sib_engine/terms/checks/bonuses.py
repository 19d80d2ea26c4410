"""Bonuses: each can be earned, and is worth something."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.checks.cap_scopes import covered_metrics
from sib_engine.terms.checks.caps import shown_on
from sib_engine.terms.checks.expected import most_expected
from sib_engine.terms.checks.most import most_counted_together, people_metrics
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Bonus, Dimension

_EXPECTED_OVER = frozenset({Dimension.CONTRACT, Dimension.METRIC, Dimension.SITE})


def check_idle(contract: Contract) -> Iterator[Finding]:
    """Yield bonuses of 0."""
    for bonus in contract.bonuses:
        if bonus.price == 0:
            what = f"bonus {bonus.id!r} is 0: it adds nothing to any outcome"
            yield warning(
                "idle-bonus", what, "a price above 0, or no such bonus", Location(key=f"bonus[{bonus.id}].price")
            )


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield bonuses that begin beyond what can count, or beyond the highest targets."""
    for bonus in contract.bonuses:
        why = _beyond_maximum(contract, bonus) or _beyond_targets(contract, bonus)
        if why:
            what = f"bonus {bonus.id!r}, from number {bonus.above + 1:,}, can never be earned: {why}"
            at = Location(key=f"bonus[{bonus.id}].above")
            yield warning("unreachable-bonus", what, "a number that can be reached, or no such bonus", at)


def _beyond_maximum(contract: Contract, bonus: Bonus) -> str:
    most = most_counted_together(contract, bonus)
    if most is None or most > bonus.above:
        return ""
    counted = "1 outcome counts" if most == 1 else f"{most:,} outcomes count together"
    return f"at most {counted} (on {shown_on(bonus)})"


def _beyond_targets(contract: Contract, bonus: Bonus) -> str:
    codes = [each.code for each in people_metrics(contract) if each.code in covered_metrics(contract, bonus)]
    if not codes or not bonus.on <= _EXPECTED_OVER or bonus.sites:
        return ""
    together = [[code] for code in codes] if Dimension.METRIC in bonus.on else [codes]
    by_site = Dimension.SITE in bonus.on
    found = [most_expected(contract, metrics, by_site=by_site) for metrics in together]
    known = [most for most in found if most is not None]
    if not known or len(known) < len(found) or max(known) > bonus.above:
        return ""
    return f"the highest targets come to {max(known):,}"
