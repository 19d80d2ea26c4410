"""Dates: strict reading, month arithmetic, and the periods for which a contract draws up statements."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

DayArray: TypeAlias = npt.NDArray[np.datetime64]

MONTHS_A_YEAR: Final = 12
MONTHS_A_QUARTER: Final = 3
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)


def parse_date(text: str) -> date:
    """Return the date written as ``YYYY-MM-DD``.

    Raises:
        ValueError: If the text has another form, or no such day exists.
    """
    if _DATE.fullmatch(text) is None:
        message = f"{text!r} is not a date such as 2020-04-30"
        raise ValueError(message)
    return date.fromisoformat(text)


def parse_month(text: str) -> date:
    """Return the first day of the month written as ``YYYY-MM``.

    Raises:
        ValueError: If the text has another form.
    """
    if _MONTH.fullmatch(text) is None:
        message = f"{text!r} is not a month such as 2020-04"
        raise ValueError(message)
    return date(int(text[:4]), int(text[5:]), 1)


def add_months(day: date, months: int) -> date:
    """Return ``day`` moved by whole months, held at the last day of a shorter month."""
    index = day.year * MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(index, MONTHS_A_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def days_add_months(days: DayArray, months: int) -> DayArray:
    """Return :func:`add_months` for an array of days, same shape; NaT stays NaT."""
    firsts = days.astype("datetime64[M]")
    moved = firsts + np.timedelta64(months, "M")
    in_month = days.astype("datetime64[D]") - firsts.astype("datetime64[D]")
    last = (moved + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    held: DayArray = np.minimum(moved.astype("datetime64[D]") + in_month, last)
    return held


def days_later(days: DayArray, *, months: int, more_days: int) -> DayArray:
    """Return the day so many months and then so many days after each day, same shape; NaT stays NaT."""
    found: DayArray = days_add_months(days, months) + np.timedelta64(more_days, "D")
    return found


def day_texts(days: DayArray) -> list[str]:
    """Return each day as ``2020-04-30``, blank for NaT."""
    return ["" if text == "NaT" else text for text in np.datetime_as_string(days, unit="D").tolist()]


def local_day(instant: datetime, timezone: str) -> date:
    """Return the calendar day of an instant in the contract's time zone.

    Raises:
        ValueError: If the instant carries no time zone.
    """
    if instant.tzinfo is None:
        message = "an instant without a time zone belongs to no certain day"
        raise ValueError(message)
    return instant.astimezone(ZoneInfo(timezone)).date()


@dataclass(frozen=True, slots=True)
class Period:
    """One statement period: its label, first and last day (both inside), and its place in the contract."""

    label: str
    start: date
    end: date
    index: int


@dataclass(frozen=True, slots=True)
class PeriodRule:
    """How a contract's time is cut into periods: every ``months`` months, counted from ``anchor``."""

    months: int
    anchor: date

    def start_of(self, index: int) -> date:
        """Return the first day of the period with this index."""
        return add_months(self.anchor, index * self.months)

    def period(self, index: int) -> Period:
        """Return the period with this index; 0 begins on the anchor, earlier ones are negative."""
        start = self.start_of(index)
        end = date.fromordinal(self.start_of(index + 1).toordinal() - 1)
        return Period(self._label(start, end), start, end, index)

    def index_of(self, day: date) -> int:
        """Return the index of the period that holds ``day``."""
        months = (day.year - self.anchor.year) * MONTHS_A_YEAR + day.month - self.anchor.month
        index = months // self.months
        return index - 1 if day < self.start_of(index) else index

    def index_of_days(self, days: DayArray) -> npt.NDArray[np.int64]:
        """Return the period index of each day, same shape; days must not be NaT."""
        anchor = np.datetime64(self.anchor, "D")
        if self.anchor.day == 1:
            months = (days.astype("datetime64[M]") - anchor.astype("datetime64[M]")).astype(np.int64)
            whole: npt.NDArray[np.int64] = months // self.months
            return whole
        found, places = np.unique(days.astype("datetime64[D]"), return_inverse=True)
        indices = np.array([self.index_of(day.item()) for day in found], dtype=np.int64)
        return indices[places]

    def find(self, label: str) -> Period:
        """Return the period named by its label (``2020-Q2``) or by any day or month inside it.

        Raises:
            ValueError: If the label names no period of this rule.
        """
        try:
            found = self.period(self.index_of(_named_day(label)))
        except (ValueError, OverflowError):
            message = f"{label!r} names no period; accepted: 2020-Q2, a month 2020-04 or a day 2020-04-30"
            raise ValueError(message) from None
        if ("Q" in label or ".." in label) and found.label != label:
            message = f"{label!r} is no period of this contract; the one that holds its first day is {found.label}"
            raise ValueError(message)
        return found

    def _label(self, start: date, end: date) -> str:
        if start.day == 1 and self.months == 1:
            return f"{start:%Y-%m}"
        if start.day == 1 and self.months == MONTHS_A_QUARTER and start.month % MONTHS_A_QUARTER == 1:
            return f"{start.year}-Q{(start.month + 2) // MONTHS_A_QUARTER}"
        return f"{start.isoformat()}..{end.isoformat()}"


def _named_day(label: str) -> date:
    """Return the first day that a period's label names."""
    quarter = re.fullmatch(r"([0-9]{4})-Q([1-4])", label, re.ASCII)
    if quarter is not None:
        return date(int(quarter[1]), MONTHS_A_QUARTER * int(quarter[2]) - 2, 1)
    return parse_month(label) if _MONTH.fullmatch(label) else parse_date(label.partition("..")[0])
