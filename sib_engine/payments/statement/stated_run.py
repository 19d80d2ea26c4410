"""What is due, in the order in which statements have stated it: the run of the kernel behind a statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray, Period
from sib_engine.core.errors import RowRefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.outcome_table import RowLabels
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.payments.due import Due, due
from sib_engine.payments.payers.cap_clauses import has_cap_by_period
from sib_engine.payments.running.order import PositionArray
from sib_engine.payments.scheduled.entry import Entry
from sib_engine.payments.statement.layers import layers_of
from sib_engine.payments.statement.lines import Standing, StatedLine, standing_of
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True, eq=False)
class StatedRun:
    """What is due for the rows named ``ids``, then for ``entries``; ``standing`` is what was stated of each id.

    ``in_steps`` names rows whose money counts in several periods for payers' caps by period, because
    several statements stated it. The run counts each of them wholly in the first of these periods, so
    that what such a cap cuts may differ from what the statements say.
    """

    due: Due
    ids: tuple[str, ...]
    entries: tuple[Entry, ...]
    standing: dict[str, Standing]
    in_steps: tuple[str, ...]

    def place_of(self, row: str) -> int | None:
        """Return the position of a row or entry in the arrays of ``due``, or ``None`` where it is not in the run."""
        names = (*self.ids, *(entry.row for entry in self.entries))
        return names.index(row) if row in names else None


def entering(rows: OutcomeRows, period: Period, known_on: date) -> PositionArray:
    """Return the positions of the rows that a statement for ``period`` takes in.

    They are achieved by the end of the period, and achieved and recorded by ``known_on``.

    Raises:
        RowRefusedError: If an outcome has no date; it names the first.
    """
    undated = np.flatnonzero(np.isnat(rows.achieved_on))
    n_undated = int(rows.count[undated].sum())
    if n_undated:
        have = "outcome has no date, so nobody can say which period it belongs"
        if n_undated > 1:
            have = "outcomes have no date (this is the first), so nobody can say which period they belong"
        message = f"{n_undated:,} {have} to; a statement needs dated outcomes (`sib price` takes undated counts)"
        raise RowRefusedError(message, row=int(rows.row[undated[0]]))
    is_achieved = rows.achieved_on <= np.datetime64(period.end, "D")
    is_known = ~(rows.known_on > np.datetime64(known_on, "D"))
    return np.flatnonzero(is_achieved & is_known)


def first_statements(standing: Mapping[str, Standing], ids: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return the statement that first stated each id, shape ``(n,)``; ``NONE`` where nothing of it stands."""
    firsts = (
        NONE if (stands := standing.get(row)) is None or stands.is_withdrawn else stands.first_statement for row in ids
    )
    return np.fromiter(firsts, dtype=np.int32, count=len(ids))


def as_stated(
    rows: OutcomeRows, ids: Sequence[str], standing: Mapping[str, Standing], known_on: date | None
) -> OutcomeRows:
    """Return rows with the statements that stated them, as a statement that knows records to ``known_on`` has them.

    What no statement stated is stated by this one. A job that ends after ``known_on`` is still held:
    nobody knows yet that it ends. Without ``known_on`` nothing is being stated, and every record is used.
    """
    firsts = [standing.get(row) for row in ids]
    stated_on = [known_on if first is None else first.stated_on for first in firsts]
    ended_on = rows.ended_on
    if known_on is not None:
        ended_on = np.where(ended_on > np.datetime64(known_on, "D"), NO_DAY, ended_on)
    return replace(
        rows,
        stated=first_statements(standing, ids),
        stated_on=np.array(stated_on, dtype="datetime64[D]"),
        ended_on=ended_on,
    )


def run_as_stated(
    contract: Contract,
    rows: OutcomeRows,
    ids: Sequence[str],
    *,
    stated: Sequence[StatedLine],
    entries: Sequence[Entry] = (),
    labels: RowLabels,
    period: Period | None = None,
    known_on: date | None = None,
) -> StatedRun:
    """Return what is due for rows and entries, those stated first in the order of their statements.

    Args:
        contract: Terms in force.
        rows: Outcomes that count and that the run takes in.
        ids: Row id of each row.
        stated: Every line of the statements to go by, oldest first.
        entries: Scheduled amounts that have fallen due.
        labels: What the rows' codes of groups and measures stand for.
        period: Period of the statement; without one, the run is that of the contract's last day and what
            is not stated counts in its own period.
        known_on: Last day whose records that statement uses; without a period, none.

    Raises:
        RefusedError: As for :func:`sib_engine.payments.due.due`.
        OverflowRefusedError: If amounts leave the exact range.
    """
    standing = standing_of(stated)
    entry_ids = [entry.row for entry in entries]
    names = [*ids, *entry_ids]
    stood = _stood_in(contract, stated) if has_cap_by_period(contract) else None
    days = np.concatenate([rows.achieved_on, np.array([entry.day for entry in entries], dtype="datetime64[D]")])
    found = due(
        contract,
        as_stated(rows, ids, standing, known_on),
        entries=entries,
        groups=labels.groups,
        measures=labels.measures,
        stated_entries=first_statements(standing, entry_ids),
        periods=None if stood is None else _periods(contract, days, [stood.get(name) for name in names], period),
        until=None if period is None else period.index,
    )
    payable = found.payable.capped.payable.tolist()
    in_steps = tuple(
        name
        for name, amount in zip(names, payable, strict=True)
        if stood and _is_in_steps(stood.get(name), amount, period)
    )
    return StatedRun(found, tuple(ids), tuple(entries), standing, in_steps)


def _stood_in(contract: Contract, stated: Sequence[StatedLine]) -> dict[str, dict[int, int]]:
    """Return how much of each row stands stated in which period, minor units, the first one first."""
    stood: dict[str, dict[int, int]] = {}
    for layer in layers_of(contract, stated):
        of_row = stood.setdefault(stated[layer.line].row, {})
        of_row[layer.period] = of_row.get(layer.period, 0) + layer.size
    return {row: {period: size for period, size in of_row.items() if size} for row, of_row in stood.items()}


def _periods(
    contract: Contract, days: DayArray, stood: Sequence[Mapping[int, int] | None], period: Period | None
) -> IntArray | None:
    """Return the period in which each row counts for payers' caps; None where an undated row leaves it open."""
    stated_in = [next(iter(of_row), None) if of_row else None for of_row in stood]
    is_stated = np.array([first is not None for first in stated_in], dtype=np.bool_)
    if period is None and np.isnat(days[~is_stated]).any():
        return None
    periods = np.zeros(len(days), dtype=np.int64)
    periods[~is_stated] = contract.periods.index_of_days(days[~is_stated]) if period is None else period.index
    periods[is_stated] = [first for first in stated_in if first is not None]
    return periods


def _is_in_steps(stood: Mapping[int, int] | None, payable: int, period: Period | None) -> bool:
    """Return whether a row's money counts in several periods, what a statement would add to it included."""
    if not stood:
        return False
    adds_elsewhere = payable > sum(stood.values()) and (period is None or period.index not in stood)
    return len(stood) > 1 or adds_elsewhere
