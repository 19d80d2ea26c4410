"""What is accrued at the end of a financial year: owed for outcomes by then, and on no invoice."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Accrual:
    """What one payer owes for outcomes of a period that no invoice holds on a day: net, minor units, and why."""

    payer: str
    organisation: str
    period: str
    net: int
    basis: str
    is_assumed: bool = False


def last_year_end(day: date, *, month: int = 3, day_of_month: int = 31) -> date:
    """Return the last end of a financial year on or before a day: 31 March, as public bodies have it."""
    this_year = date(day.year, month, day_of_month)
    return this_year if this_year <= day else date(day.year - 1, month, day_of_month)
