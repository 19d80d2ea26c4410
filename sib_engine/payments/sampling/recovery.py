"""What a sample lets a payer take back, by the rule that the contract agreed on.

Three things are kept apart: what was found in the claims drawn, which is taken back claim by claim whatever the rule;
what claims outside the sample have been corrected by since; and what is taken back for the claims that nobody looked
at. The last is what the rule gives for all claims, less the first two, so that nothing is taken back twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.estimate import Estimate, StratumEstimate
from sib_engine.payments.sampling.parts import in_proportion
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.verification import Recover


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is taken back, in minor units, for the claims that the sample stands for.

    ``by_rule`` is what the rule gives for all of them, at most what was ``paid``; ``found`` what is taken back claim by
    claim; ``corrected`` what had been taken back of claims outside the sample; ``extrapolated`` what remains, which
    ``by_stratum`` divides. ``why`` says in words why nothing is extrapolated, and is empty where something is.
    """

    rule: Recover
    by_rule: int
    paid: int
    found: int
    corrected: int
    extrapolated: int
    by_stratum: Mapping[Cell, int]
    why: str


def recovery(found: Estimate, rule: Recover, *, paid: int, corrected: int = 0) -> Recovery:
    """Return what is taken back for the claims that an estimate stands for.

    Args:
        found: What the sample says; only overstatements are taken back.
        rule: What the contract lets be taken back.
        paid: What was paid for the claims that the sample stands for, in minor units, not negative.
        corrected: What was taken back, since the frame was made, of claims that were not drawn; not negative.

    Raises:
        RefusedError: If ``paid`` or ``corrected`` is negative.
    """
    if paid < 0 or corrected < 0:
        message = f"paid is {paid} and corrected {corrected}; accepted: 0 or more minor units each"
        raise RefusedError(message)
    over = found.total.over
    in_sample = min(over.found, paid)
    by_rule, why = _by_rule(found, rule)
    by_rule = min(max(by_rule, in_sample), paid)
    left = max(by_rule - in_sample - corrected, 0)
    if not left and not why:
        why = "what was found and corrected already is all that the rule gives"
    return Recovery(rule, by_rule, paid, in_sample, corrected, left, _divided(left, found.strata), why)


def _by_rule(found: Estimate, rule: Recover) -> tuple[int, str]:
    """Return what the rule gives for all claims, and why it is no more than what was found where that is so."""
    over = found.total.over
    if rule is Recover.FOUND_ONLY:
        return over.found, "the contract lets only what was found be taken back"
    if over.point is None:
        n = found.total.n_pending
        return (
            over.found,
            f"{n} claim{' is' if n == 1 else 's are'} not decided: until then only what was found is taken back",
        )
    return (over.point if rule is Recover.POINT else over.least), ""


def _divided(amount: int, strata: tuple[StratumEstimate, ...]) -> dict[Cell, int]:
    """Return an amount divided between strata in proportion to what each is thought to hold beyond what was found.

    To the penny by largest remainder, ties to the stratum listed first. Where that is less than the amount, in
    proportion to what their claims are worth.
    """
    weights = [max((each.over.point or 0) - each.over.found, 0) for each in strata]
    if sum(weights) < amount:
        weights = [each.value - each.over.found for each in strata]
    parts = in_proportion(amount, weights)
    return {each.cell: part for each, part in zip(strata, parts, strict=True)}
