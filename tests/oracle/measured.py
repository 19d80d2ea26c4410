"""What a measured result pays, worked out the long way: the rate, the point reached, the line between two points."""

from datetime import date
from fractions import Fraction

from sib_engine.outcomes.measurement import Measurement
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Measure, Measured
from sib_engine.terms.scale import Between, PaidPer, Scale
from tests.oracle.rows import Row


def scale_of(contract: Contract, row: Row, day: date | None) -> Scale:
    """Return the scale that applies: that of the site before that of all, and of these the latest begun."""
    begun = [
        scale
        for scale in contract.scales
        if scale.metric == row.metric and (day is None or scale.starts_on <= day)
        if not scale.sites or row.site in scale.sites
    ]
    own = [scale for scale in begun if scale.sites]
    return max(own or begun, key=lambda scale: scale.starts_on)


def payments(contract: Contract, row: Row, scale: Scale) -> list[Fraction]:
    """Return the exact payments for a row, in units of the currency: one, or one for each outcome it counts."""
    (rule,) = (metric.rule for metric in contract.metrics if metric.code == row.metric)
    assert isinstance(rule, Measured)
    assert row.measure is not None
    one = _payment(scale, _result(rule.what, row.measure))
    return [one] * row.count if scale.per is PaidPer.OUTCOME else [one]


def _result(measure: Measure, found: Measurement) -> Fraction:
    if measure is Measure.VALUE:
        assert found.value is not None
        return Fraction(found.value)
    assert found.cases is not None
    assert found.population is not None
    own = Fraction(found.cases) / found.population
    if measure is Measure.RATE:
        return own
    assert found.comparison_cases is not None
    assert found.comparison_population is not None
    theirs = Fraction(found.comparison_cases) / found.comparison_population
    return (theirs - own) / theirs if measure is Measure.REDUCTION else (theirs - own) * found.population


def _payment(scale: Scale, result: Fraction) -> Fraction:
    if scale.price is not None:
        return Fraction(scale.price) * result if result > 0 else Fraction(0)
    paid = Fraction(0)
    for place, point in enumerate(scale.points):
        if result < point.at or (point.is_above and result == point.at):
            continue
        paid = point.pays
        if scale.between is Between.LINEAR and place + 1 < len(scale.points):
            after = scale.points[place + 1]
            slope = (after.pays - point.pays) / (after.at - point.at)
            paid += slope * (min(result, after.at) - point.at)
    return paid if scale.amount is None else paid * Fraction(scale.amount)
