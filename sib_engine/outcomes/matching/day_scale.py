"""Days as small integers counted from the earliest in a table, so that they fit in packed keys and small tables."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray

DAY_BITS: Final = 23
"""Bits for a day's place; the calendar from year 1 to 9999 needs 22, and ``UNDATED`` stands above it."""

MISSING: Final = (1 << DAY_BITS) - 1
"""Place of "no outcome": after every day and after ``UNDATED``."""

UNDATED: Final = MISSING - 1
"""Place of "no date": after every day, so that a dated outcome goes before an undated one."""

_NO_DAY: Final = np.iinfo(np.int64).min
"""What NaT is as an integer."""


@dataclass(frozen=True, slots=True)
class DayScale:
    """Place 0 is the day ``first`` (days since 1970); ``n_days`` places are in use."""

    first: int
    n_days: int
    has_undated: bool

    @classmethod
    def of(cls, days: DayArray) -> Self:
        """Return the scale of a table's days.

        Raises:
            RefusedError: If the days are further apart than the calendar's years 1 to 9999.
        """
        numbers = as_numbers(days)
        lowest = int(numbers.min(initial=np.iinfo(np.int64).max))
        has_undated = lowest == _NO_DAY
        dated = numbers[numbers != _NO_DAY] if has_undated else numbers
        if len(dated) == 0:
            return cls(0, 1, has_undated)
        first = int(dated.min()) if has_undated else lowest
        n_days = int(dated.max()) - first + 1
        if n_days > 1 << (DAY_BITS - 1):
            message = f"outcomes are dated {n_days} days apart, which no calendar year explains"
            raise RefusedError(message)
        return cls(first, n_days, has_undated)

    def places(self, days: DayArray) -> IntArray:
        """Return each day's place, ``UNDATED`` for NaT, same shape; only for days of the table."""
        numbers = as_numbers(days)
        places = numbers - self.first
        if self.has_undated:
            places[numbers == _NO_DAY] = UNDATED
        return places

    def place_of(self, day: date) -> int:
        """Return the place of one day; below 0 or from ``n_days`` on where the table has none so early or late."""
        return int(np.datetime64(day, "D").astype(np.int64)) - self.first

    def days(self, places: npt.NDArray[np.integer]) -> DayArray:
        """Return the day at each place; only for places in use."""
        return (places + self.first).astype("datetime64[D]")

    @property
    def all_days(self) -> DayArray:
        """Every day in use, shape ``(n_days,)``."""
        return self.days(np.arange(self.n_days))


def as_numbers(days: DayArray) -> IntArray:
    """Return days since 1970, without a copy; NaT is the least int64."""
    return days.astype("datetime64[D]", copy=False).view(np.int64)
