"""Which share clause divides the payment for a row: by metric, and by the date the contract names."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.errors import RefusedError, RowRefusedError
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.missing_day import missing_day
from sib_engine.terms.contract import Contract, PriceDate

ClauseArray: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class _Timeline:
    """Clauses in force for one metric: ``clauses[i]`` from ``days[i]`` until the next."""

    days: DayArray
    clauses: ClauseArray

    def on(self, days: DayArray) -> ClauseArray:
        """Return the clause in force on each day, ``NONE`` before the first."""
        places = np.searchsorted(self.days, days, side="right")
        return np.concatenate([np.array([NONE], dtype=np.int16), self.clauses])[places]

    def whenever(self, first: date | None, last: date) -> set[int]:
        """Return every clause in force on some day between two, both inside; no ``first`` means since ever."""
        later = self.clauses[self.days <= np.datetime64(last, "D")]
        if first is None:
            return set(later.tolist())
        before = int(np.count_nonzero(self.days <= np.datetime64(first, "D")))
        return set(later[max(before - 1, 0) :].tolist())


def clauses_of(contract: Contract, rows: OutcomeRows) -> ClauseArray:
    """Return the position of the share clause that applies to each row, shape ``(n,)``.

    It is the clause with the latest ``from`` not after the row's date, and a clause that names the
    metric goes before one for all metrics. Grants (``metric`` is ``NONE``) are dated by their own
    day and can only use a clause for all metrics.

    Raises:
        RefusedError: If no clause is in force on a row's date, or a row is undated and more than
            one clause could apply to it.
    """
    clauses = np.full(len(rows), NONE, dtype=np.int16)
    for metric in np.unique(rows.metric).tolist():
        which = np.flatnonzero(rows.metric == metric)
        name = "a grant" if metric == NONE else f"metric {contract.metric_codes[metric]!r}"
        timeline = _timeline(contract, None if metric == NONE else contract.metric_codes[metric])
        days = _dates(contract, rows, is_grant=metric == NONE)[which]
        found = timeline.on(days)
        undated = np.isnat(days)
        if undated.any():
            first = None if metric == NONE else int(rows.row[which[np.argmax(undated)]])
            found[undated] = _only_clause(contract, timeline, name, row=first)
        missing = np.flatnonzero(found == NONE)
        if missing.size:
            message = f"no share clause is in force for {name} on {days[missing[0]]}"
            if metric == NONE:
                raise RefusedError(message)
            raise RowRefusedError(message, row=int(rows.row[which[missing[0]]]))
        clauses[which] = found
    return clauses


def _dates(contract: Contract, rows: OutcomeRows, *, is_grant: bool) -> DayArray:
    if is_grant or contract.price_date is PriceDate.OUTCOME:
        return rows.achieved_on
    return rows.started_on if contract.price_date is PriceDate.START else rows.claimed_on


def _timeline(contract: Contract, metric: str | None) -> _Timeline:
    """Return the clauses of a metric, or of what belongs to no metric, in order of time."""
    own = [(share.starts_on, index) for index, share in enumerate(contract.shares) if metric in share.metrics]
    general = [(share.starts_on, index) for index, share in enumerate(contract.shares) if not share.metrics]
    days = sorted({starts_on for starts_on, _ in own + general})
    clauses = []
    for day in days:
        in_force = [clause for clause in own if clause[0] <= day] or [clause for clause in general if clause[0] <= day]
        clauses.append(max(in_force)[1])
    return _Timeline(np.array(days, dtype="datetime64[D]"), np.array(clauses, dtype=np.int16))


def _only_clause(contract: Contract, timeline: _Timeline, name: str, *, row: int | None) -> int:
    """Return the one clause that could apply to an undated row; ``row`` is the first such, None for a grant."""
    last = contract.claims_close if contract.price_date is PriceDate.CLAIM else contract.end
    # A referral may be older than the contract, so for it no first day narrows the choice.
    first = None if contract.price_date is PriceDate.START else contract.start
    possible = timeline.whenever(first, last)
    if len(possible) != 1:
        ids = ", ".join(contract.shares[index].id for index in sorted(possible)) or "none"
        lacks = "date" if row is None else missing_day(contract)
        message = f"{name} has no {lacks}, and its share clause depends on one (could be: {ids})"
        raise RefusedError(message) if row is None else RowRefusedError(message, row=row)
    return possible.pop()
