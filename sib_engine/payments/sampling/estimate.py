"""What a sample says of all claims that it stands for: how many are wrong, and how much money.

Overstatements (claims worth less than was claimed) and understatements are kept apart: neither is set off against the
other. Every bound holds by itself with the confidence of the design: the most and the least together hold with twice
the doubt. A claim drawn and not decided is unknown: the most takes it as wrong, the least as right, and there is no
best estimate until all are decided.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sib_engine.payments.sampling.by_chance import ByChance
from sib_engine.payments.sampling.by_value import money_by_value
from sib_engine.payments.sampling.checked import Checked, results_of
from sib_engine.payments.sampling.design import SampleDesign
from sib_engine.payments.sampling.draw import Sample
from sib_engine.payments.sampling.figures import CountEstimate, MoneyEstimate
from sib_engine.payments.sampling.seen import Direction, SeenStratum, seen
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.verification import SampleMethod


@dataclass(frozen=True, slots=True)
class StratumEstimate:
    """One stratum, or all that are represented: what was drawn and found, and what it says of the rest.

    ``n_claims`` and ``value`` (minor units) are of the claims stood for. ``wrong`` is None where claims were drawn by
    value, which tells of money and not of numbers.
    """

    cell: Cell
    n_claims: int
    value: int
    n_drawn: int
    n_wrong: int
    n_pending: int
    wrong: CountEstimate | None
    over: MoneyEstimate
    under: MoneyEstimate


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a sample says, stratum by stratum and in all.

    ``total`` speaks of the strata in ``strata``. ``unrepresented`` are claims that it says nothing about: of strata
    with no size, and, drawn by value, those worth nothing.
    """

    design: str
    confidence: Fraction
    strata: tuple[StratumEstimate, ...]
    total: StratumEstimate
    unrepresented: tuple[str, ...]


def estimate(sample: Sample, checked: Iterable[Checked]) -> Estimate:
    """Return what the verdicts say of the claims that a sample stands for.

    Raises:
        RefusedError: As :func:`sib_engine.payments.sampling.checked.results_of`.
    """
    results = results_of(sample, checked)
    design = sample.design
    is_by_value = design.method is SampleMethod.BY_VALUE
    strata = [seen(each, results, is_by_value=is_by_value) for each in sample.strata if each.drawn]
    stood_for = {claim.claim for each in strata for claim in each.claims}
    return Estimate(
        design=design.digest,
        confidence=design.confidence,
        strata=tuple(_of(each.cell, [each], design) for each in strata),
        total=_of(Cell(), strata, design),
        unrepresented=tuple(
            claim.claim for each in sample.strata for claim in each.claims if claim.claim not in stood_for
        ),
    )


def _of(cell: Cell, strata: Sequence[SeenStratum], design: SampleDesign) -> StratumEstimate:
    """Return the estimates over some strata together."""
    if design.method is SampleMethod.BY_VALUE:
        wrong = None
        over, under = (money_by_value(strata, each, design.confidence) for each in Direction)
    else:
        by_chance = ByChance(strata, design.confidence)
        wrong = by_chance.wrong()
        over, under = (by_chance.money(each) for each in Direction)
    return StratumEstimate(
        cell=cell,
        n_claims=sum(len(each.claims) for each in strata),
        value=sum(each.value for each in strata),
        n_drawn=sum(len(each.drawn) for each in strata),
        n_wrong=sum(each.n_wrong for each in strata),
        n_pending=sum(each.n_pending for each in strata),
        wrong=wrong,
        over=over,
        under=under,
    )
