"""Which version of the terms judges each outcome: the one in force on the day that the contract names."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract, TermsDate
from sib_engine.terms.versions import Version


def deciding_days(contract: Contract, rows: OutcomeRows) -> DayArray:
    """Return the day whose version judges each row, shape ``(n,)``; NaT where it is not known."""
    return rows.started_on if contract.terms_date is TermsDate.START else rows.achieved_on


def in_force(version: Version[Any], days: DayArray) -> npt.NDArray[np.bool_]:
    """Return on which days a version is in force, same shape; where a day is not known, the last version is."""
    found = np.ones(len(days), dtype=np.bool_)
    if version.starts_on is not None:
        found &= days >= _day(version.starts_on)
    if version.ends_before is not None:
        found &= days < _day(version.ends_before)
    elif version.starts_on is not None:
        found |= np.isnat(days)
    return found


def day_number(day: date) -> int:
    """Return a day as whole days since 1970."""
    return int(_day(day).astype(np.int64))


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "D")
