"""Sums that earnings are held against: one for all days, or one that follows a wage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.rates import ExactArray
from sib_engine.outcomes.derive.spells import FAR, as_dates, as_days
from sib_engine.outcomes.facts import HUNDREDTHS
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Earnings, WageOn

UNIT: Final = HUNDREDTHS * HUNDREDTHS
"""Earnings are hundredths of an hour times hundredths of the currency's unit: so many make one unit."""


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """A sum for each stretch of time; ``amounts / scale`` are in units of a ten-thousandth, shape ``(n,)`` each.

    ``starts`` are the days since 1970 from which each holds. ``moves`` says that the sum of the day
    decides on which it is reached, and not that of the first day that earned. ``texts`` say each sum.
    """

    index: str
    starts: IntArray
    amounts: ExactArray
    scale: int
    moves: bool
    texts: Sequence[str]

    def places_on(self, days: IntArray) -> IntArray:
        """Return which sum holds on each day, shape ``days.shape``.

        Raises:
            RefusedError: If a day lies before the first value of the wage.
        """
        places = np.searchsorted(self.starts, days, side="right") - 1
        if int(places.min(initial=0)) < 0:
            day = as_dates(days[np.argmin(places)])
            message = f"index {self.index!r} has no value on {day}, a day from which earnings count"
            raise RefusedError(message)
        return places.astype(np.int64)


def threshold_of(contract: Contract, rule: Earnings) -> Threshold:
    """Return the sum that a rule asks for.

    Raises:
        RefusedError: If the dated table of its wage is not declared.
    """
    wage = rule.wage
    if wage is None:
        amount = Decimal(0) if rule.at_least is None else rule.at_least
        return _threshold("", np.array([-FAR]), [Fraction(amount)], [f"{amount:f}"], moves=False)
    index = next((each for each in contract.indexes if each.id == wage.index), None)
    if index is None:
        message = f"no index is called {wage.index!r}"
        raise RefusedError(message)
    days = as_days(np.array([each.starts_on for each in index.values], dtype="datetime64[D]"))
    sums = [Fraction(wage.hours) * wage.weeks * Fraction(each.value) for each in index.values]
    texts = [f"{wage.hours:f} x {wage.weeks} x {each.value:f}" for each in index.values]
    return _threshold(index.id, days, sums, texts, moves=wage.on is WageOn.REACHED)


def _threshold(index: str, days: IntArray, sums: list[Fraction], texts: list[str], *, moves: bool) -> Threshold:
    exact = [UNIT * each for each in sums]
    scale = lcm(*(each.denominator for each in exact))
    amounts = np.array([int(each * scale) for each in exact], dtype=object)
    return Threshold(index, days, amounts, scale, moves, texts)
