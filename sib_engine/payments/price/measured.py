"""What a measured result earns on its scale: exact fractions, rounded once."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

import numpy as np

from sib_engine.core.errors import OverflowRefusedError
from sib_engine.core.money import MAX_MINOR, IntArray, exact_total
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.measurement import Measurement, result_of
from sib_engine.payments.price.measured_words import earned_words
from sib_engine.payments.price.scale_rows import MeasuredRows
from sib_engine.payments.price.steps import Mechanism, PriceStep, Pricing
from sib_engine.terms.contract import Contract, RoundingMode, RoundingPlace
from sib_engine.terms.metric import Measured
from sib_engine.terms.scale import Between, PaidPer, Scale

_HALF: Final = Fraction(1, 2)
_NIL: Final = Fraction(0)


def pay_results(pricing: Pricing, amounts: IntArray) -> Iterator[PriceStep]:
    """Yield the amounts with what each scale pays for the results that it prices."""
    found = pricing.measured
    if found is None:
        return
    paid: set[str] = set()
    for index in _in_turn(pricing.contract, np.unique(found.scales).tolist()):
        scale = pricing.contract.scales[index]
        after = amounts.copy()
        here = found.at[found.scales == index]
        paid_instead = tuple(code for code in scale.unless if code in paid)
        after[here] = [
            0 if paid_instead else earned(pricing.contract, scale, found.measures[code], count)
            for code, count in zip(pricing.rows.measure[here].tolist(), pricing.rows.count[here].tolist(), strict=True)
        ]
        exact_total(after)
        if after[here].any():
            paid.add(scale.metric)
        words = _Words(pricing, found, scale, paid_instead)
        yield PriceStep(Mechanism.MEASURED, scale.id, scale.provenance, amounts, after, words)
        amounts = after


def _in_turn(contract: Contract, scales: Iterable[int]) -> list[int]:
    """Return scales with each after those of the metrics that it pays unless; checks refuse circles."""

    def depth(metric: str) -> int:
        unless = {code for scale in contract.scales if scale.metric == metric for code in scale.unless}
        return 1 + max(map(depth, unless), default=0)

    return sorted(scales, key=lambda index: (depth(contract.scales[index].metric), index))


def earned(contract: Contract, scale: Scale, found: Measurement, count: int) -> int:
    """Return minor units that a result earns.

    The exact payment is rounded once, by the contract's mode: for each outcome where the scale pays for each
    and the contract rounds unit prices, else for the row.

    Raises:
        OverflowRefusedError: If the amount could not be added up exactly.
    """
    rule = contract.metrics[contract.metric_codes.index(scale.metric)].rule
    if not isinstance(rule, Measured):
        message = f"scale {scale.id!r} prices a metric that is not measured"
        raise TypeError(message)
    exact = paid_for(scale, result_of(rule.what, found)) * 10**contract.currency.places
    times = count if scale.per is PaidPer.OUTCOME else 1
    mode = contract.rounding.mode
    if contract.rounding.at is RoundingPlace.UNIT:
        minor = _rounded(exact, mode) * times
    else:
        minor = _rounded(exact * times, mode)
    if minor > MAX_MINOR:
        message = f"what scale {scale.id!r} pays for a result is too large to be added up exactly"
        raise OverflowRefusedError(message)
    return minor


def paid_for(scale: Scale, result: Fraction) -> Fraction:
    """Return what one result pays, in units of the currency, exactly.

    A point is reached by a result of at least its number (more than it, where it says ``above``). Below the
    first point, and for units that were not avoided, nothing is paid.
    """
    if scale.price is not None:
        return max(result, _NIL) * Fraction(scale.price)
    reached = [point for point in scale.points if point.is_reached(result)]
    if not reached:
        return _NIL
    part = reached[-1].pays
    if scale.between is Between.LINEAR:
        for below, above in pairwise(scale.points):
            if below.at <= result < above.at:
                part = below.pays + (above.pays - below.pays) * (result - below.at) / (above.at - below.at)
    return part if scale.amount is None else part * Fraction(scale.amount)


def _rounded(exact: Fraction, mode: RoundingMode) -> int:
    """Return an amount that is not negative in whole minor units."""
    whole = exact.numerator // exact.denominator
    rest = exact - whole
    goes_up = {
        RoundingMode.DOWN: False,
        RoundingMode.UP: rest > 0,
        RoundingMode.HALF_UP: rest >= _HALF,
        RoundingMode.HALF_EVEN: rest > _HALF or (rest == _HALF and whole % 2 == 1),
    }[mode]
    return whole + goes_up


class _Words:
    """Says what was measured in some rows, and how the scale pays it."""

    def __init__(self, pricing: Pricing, found: MeasuredRows, scale: Scale, paid_instead: tuple[str, ...]) -> None:
        self._pricing = pricing
        self._found = found
        self._scale = scale
        self._paid_instead = paid_instead

    def __call__(self, which: Positions) -> str:
        rows = self._pricing.rows
        alike: dict[tuple[int, int], int] = {}
        for key in zip(rows.measure[which].tolist(), rows.count[which].tolist(), strict=True):
            alike[key] = alike.get(key, 0) + 1
        parts = []
        for (code, count), n_rows in alike.items():
            text = earned_words(
                self._pricing.contract, self._scale, self._found.measures[code], count, self._paid_instead
            )
            parts.append(f"{n_rows:,} results of {text}" if n_rows > 1 else text)
        return "; and ".join(parts)
