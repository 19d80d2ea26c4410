"""The years of limits by year, counted one after another."""

from calendar import monthrange
from datetime import date

from sib_engine.terms.contract import Contract
from tests.oracle.rows import Row


def year_of(contract: Contract, row: Row) -> int:
    """Return the year of an outcome: how often its first day came round since the contract started, by counting."""
    assert row.achieved_on is not None
    month, day = contract.year_from or (contract.start.month, contract.start.day)
    number = 0
    for year in range(contract.start.year - 5, row.achieved_on.year + 1):
        # A year from 29 February begins on the 28th where there is none.
        begins = date(year, month, min(day, monthrange(year, month)[1]))
        number += begins <= row.achieved_on
    return number
