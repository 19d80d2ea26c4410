"""Cliffs outside tiers: where one outcome, or one result, more lowers the total. What was agreed may be meant so."""

from collections.abc import Iterator
from fractions import Fraction

from sib_engine.core.findings import Finding, Location, note
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import covered_metrics
from sib_engine.terms.contract import Contract
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.scale import Between, PaidPer, Scale


def check_unless(contract: Contract) -> Iterator[Finding]:
    """Yield scales whose highest payment for a result gives way to a smaller one of another metric, and by how much.

    Scales that give way in turn are left out.
    """
    for scale in contract.scales:
        highest = _highest(scale)
        for other in [each for each in contract.scales if each.metric in scale.unless and not each.unless]:
            least = _least(other)
            if highest is None or least is None or least >= highest:
                continue
            before, after, less = (_shown(contract, each) for each in (highest, least, highest - least))
            what = (
                f"scale {scale.id!r} pays up to {before} unless {other.metric!r} is paid: a result by which scale"
                f" {other.id!r} begins to pay {after} lowers the total by as much as {less}"
            )
            accepted = "nothing to change where the contract means that; else a scale that gives way to no smaller sum"
            yield note("unless-cliff", what, accepted, Location(key=f"scale[{scale.id}].unless"))


def check_minimums(contract: Contract) -> Iterator[Finding]:
    """Yield minimums at a share of other outcomes: one more of those may take away what was reached."""
    for minimum in contract.minimums:
        share = minimum.at_least_share
        if not share or minimum.pays_below == 1 or set(minimum.of) <= covered_metrics(contract, minimum):
            continue
        left = f"{percentage(minimum.pays_below)} of it" if minimum.pays_below else "nothing of it"
        what = (
            f"minimum {minimum.id!r} is {percentage(share)} of {', '.join(minimum.of)}: where it is just reached, one"
            f" more of these un-reaches it, and {left} stays payable"
        )
        accepted = "nothing to change where the contract means that; else a number, at_least"
        yield note("minimum-cliff", what, accepted, Location(key=f"minimum[{minimum.id}].at_least_share"))


def _highest(scale: Scale) -> Fraction | None:
    """Return the most that one result pays, in units of the currency; None where nothing bounds it."""
    pays = _points(scale)
    return max(pays) if pays else None


def _least(scale: Scale) -> Fraction | None:
    """Return the least that one result pays where it pays at all; None where it never does, or by outcome.

    A line that begins at nothing, and a price for each unit, may pay as little as a minor unit, taken for nothing.
    """
    if scale.price is not None:
        return Fraction(0)
    pays = _points(scale)
    if not any(pays):
        return None
    return pays[0] if scale.between is Between.LINEAR else min(each for each in pays if each)


def _points(scale: Scale) -> list[Fraction]:
    if scale.per is not PaidPer.RESULT:
        return []
    return [point.pays if scale.amount is None else point.pays * Fraction(scale.amount) for point in scale.points]


def _shown(contract: Contract, amount: Fraction) -> str:
    return shown(round(amount * 10**contract.currency.places), contract.currency)
