"""How a measured result became an amount, in words from which a reader can work it out again."""

from fractions import Fraction
from itertools import pairwise
from typing import Final

from sib_engine.outcomes.measurement import Measurement, result_of
from sib_engine.terms.contract import Contract, RoundingPlace
from sib_engine.terms.metric import Measure, Measured
from sib_engine.terms.plain_words import exact_number, percentage
from sib_engine.terms.scale import Between, PaidPer, Point, Scale

_SHOWN_PLACES: Final = 3


def earned_words(
    contract: Contract, scale: Scale, found: Measurement, count: int, paid_instead: tuple[str, ...] = ()
) -> str:
    """Return what was measured, which points it lies between, and what they pay.

    Such as ``reduction 8.387% = 1 - (142/1000) / (155/1000); below 10%: nothing (scale from 2010-09-09)``.
    ``paid_instead`` are the metrics whose being paid keeps the scale from paying.
    """
    rule = contract.metrics[contract.metric_codes.index(scale.metric)].rule
    measure = rule.what if isinstance(rule, Measured) else Measure.VALUE
    result = result_of(measure, found)
    paid = f"nothing, since {', '.join(paid_instead)} is paid" if paid_instead else _paid(scale, result)
    text = f"{_measured(measure, found, result)}; {paid}"
    if scale.per is PaidPer.OUTCOME:
        text += f" x {count:,} outcomes"
    place = "each outcome" if contract.rounding.at is RoundingPlace.UNIT and scale.per is PaidPer.OUTCOME else "once"
    return f"{text} (scale from {scale.starts_on}; rounded {contract.rounding.mode}, {place})"


def _measured(measure: Measure, found: Measurement, result: Fraction) -> str:
    cases, population = found.cases, found.population
    match measure:
        case Measure.VALUE:
            return f"value {exact_number(result)}"
        case Measure.RATE:
            return f"rate {_percent(result)} = {cases}/{population}"
        case Measure.REDUCTION:
            comparison = f"({found.comparison_cases}/{found.comparison_population})"
            return f"reduction {_percent(result)} = 1 - ({cases}/{population}) / {comparison}"
        case Measure.UNITS_AVOIDED:
            expected = f"{found.comparison_cases}/{found.comparison_population} x {population}"
            return f"units avoided {_number(result)} = {expected} - {cases}"


def _paid(scale: Scale, result: Fraction) -> str:
    if scale.price is not None:
        return f"x {scale.price:f}" if result > 0 else f"none avoided, so nothing of {scale.price:f} each"
    reached = [point for point in scale.points if point.is_reached(result)]
    of = "" if scale.amount is None else f" of {scale.amount:f}"
    if not reached:
        first = scale.points[0]
        return f"{'not above' if first.is_above else 'below'} {_at(first)}: nothing"
    last = reached[-1]
    if scale.between is Between.LINEAR:
        for below, above in pairwise(scale.points):
            if below is last:
                part = (result - below.at) / (above.at - below.at)
                ends = f"{_at(below)} ({_pays(below)}) and {_at(above)} ({_pays(above)})"
                return f"between {ends}, {part} of the way: {_line(below, above, part)}{of}"
    return f"{'above' if last.is_above else 'at least'} {_at(last)}: {_pays(last)}{of}"


def _line(below: Point, above: Point, part: Fraction) -> str:
    pays = below.pays + (above.pays - below.pays) * part
    return str(pays) if below.is_part else exact_number(pays)


def _at(point: Point) -> str:
    return percentage(point.at) if point.in_percent else exact_number(point.at)


def _pays(point: Point) -> str:
    return percentage(point.pays) if point.is_part else exact_number(point.pays)


def _percent(part: Fraction) -> str:
    return f"{_number(part * 100)}%"


def _number(number: Fraction) -> str:
    """Return a number to three places, cut off and never rounded up to a point that it does not reach."""
    scaled = number * 10**_SHOWN_PLACES
    cut = abs(scaled.numerator) // scaled.denominator
    whole, rest = divmod(cut, 10**_SHOWN_PLACES)
    sign = "-" if number < 0 and cut else ""
    text = f"{sign}{whole}.{rest:03d}".rstrip("0").rstrip(".")
    return text if scaled.denominator == 1 else f"{text}..."
