"""Everything scheduled that has fallen due: the entries of every kind of clause, and the rows that they become."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import OverflowRefusedError
from sib_engine.core.money import MAX_MINOR
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.payments.scheduled.entry import Entry
from sib_engine.payments.scheduled.fees import fee_entries
from sib_engine.payments.scheduled.grants import grant_entries
from sib_engine.payments.scheduled.guarantees import guarantee_entries
from sib_engine.payments.scheduled.terminations import termination_entries
from sib_engine.terms.contract import Contract


def scheduled(contract: Contract, rows: OutcomeRows, until: date) -> tuple[Entry, ...]:
    """Return what the contract schedules up to and including a day, kind by kind, each in the order of the file.

    Args:
        contract: Terms in force.
        rows: Outcomes that count and are known, from which shortfalls of guaranteed volumes are worked out.
        until: Last day that has passed.

    Raises:
        RefusedError: If a guaranteed volume is counted by period and an outcome of it has no date.
        OverflowRefusedError: If an amount leaves the exact range.
    """
    dated = (*grant_entries(contract), *fee_entries(contract))
    entries = (*dated, *guarantee_entries(contract, rows, until), *termination_entries(contract))
    due = tuple(entry for entry in entries if entry.day <= until)
    for entry in due:
        if entry.amount > MAX_MINOR:
            message = f"{entry.row} is too large to add up exactly"
            raise OverflowRefusedError(message)
    return due


def entry_rows(
    entries: Sequence[Entry], after: OutcomeRows, stated: npt.NDArray[np.int32] | None = None
) -> OutcomeRows:
    """Return entries as rows of no metric, each on its day, with row ids after those of ``after``."""
    n = len(entries)
    days = np.array([entry.day for entry in entries], dtype="datetime64[D]")
    first = int(after.row.max(initial=NONE)) + 1
    return OutcomeRows(
        row=np.arange(first, first + n, dtype=np.int64),
        person=np.full(n, NONE, dtype=np.int32),
        metric=np.full(n, NONE, dtype=np.int16),
        site=np.full(n, NONE, dtype=np.int16),
        group=np.full(n, NONE, dtype=np.int16),
        job=np.full(n, NONE, dtype=np.int32),
        achieved_on=days,
        started_on=np.full(n, NO_DAY),
        claimed_on=days,
        recorded_on=days,
        count=np.array([entry.count for entry in entries], dtype=np.int64),
        stated=np.full(n, NONE, dtype=np.int32) if stated is None else stated,
        measure=np.full(n, NONE, dtype=np.int32),
        ended_on=np.full(len(entries), NO_DAY),
        stated_on=np.full(len(entries), NO_DAY),
    )
