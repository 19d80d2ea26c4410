"""Days as small integers counted from the earliest in a table, so that they fit in packed keys and small tables."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import extremes
from sib_engine.core.dates import DayArray
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray

DAY_BITS: Final = 23
"""Bits for a place; the calendar from year 1 to 9999 needs 22."""

_NO_DAY: Final = np.iinfo(np.int64).min
"""What NaT is as an integer."""


@dataclass(frozen=True, slots=True)
class DayScale:
    """Place 0 is the day ``first`` (days since 1970); ``n_days`` places are in use, and two stand for no day."""

    first: int
    n_days: int
    has_undated: bool

    @property
    def undated(self) -> int:
        """Place of "no date": after every day, so that a dated outcome goes before an undated one."""
        return self.n_days

    @property
    def missing(self) -> int:
        """Place of "no outcome": after every day and after ``undated``; any larger number means the same."""
        return self.n_days + 1

    @property
    def dtype(self) -> type[np.uint16 | np.uint32]:
        """The smallest type that holds all places, and one more that is none."""
        return np.uint16 if self.missing < np.iinfo(np.uint16).max else np.uint32

    @classmethod
    def of(cls, days: DayArray) -> Self:
        """Return the scale of a table's days.

        Raises:
            RefusedError: If the days are further apart than the calendar's years 1 to 9999.
        """
        numbers = as_numbers(days)
        lowest, highest = extremes(numbers)
        has_undated = lowest == _NO_DAY
        if has_undated:
            lowest, highest = extremes(numbers[numbers != _NO_DAY])
        if lowest > highest:
            return cls(0, 1, has_undated)
        n_days = highest - lowest + 1
        if n_days >> (DAY_BITS - 1):
            message = f"outcomes are dated {n_days} days apart, which no calendar year explains"
            raise RefusedError(message)
        return cls(lowest, n_days, has_undated)

    def places(self, days: DayArray) -> IntArray:
        """Return each day's place, ``undated`` for NaT, same shape; only for days of the table."""
        numbers = as_numbers(days)
        places = numbers - self.first
        if self.has_undated:
            places[numbers == _NO_DAY] = self.undated
        return places

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
