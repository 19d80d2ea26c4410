"""What is due, in the order in which statements have stated it: the run of the kernel behind a statement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import Period
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.due import Due, due
from sib_engine.payments.running.order import PositionArray
from sib_engine.payments.statement.lines import GRANT_PREFIX, Standing, StatedLine, standing_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Grant


@dataclass(frozen=True, slots=True, eq=False)
class StatedRun:
    """What is due for the rows named ``ids``, then for ``grants``; ``standing`` is what was stated of each id."""

    due: Due
    ids: tuple[str, ...]
    grants: tuple[Grant, ...]
    standing: dict[str, Standing]

    def place_of(self, row: str) -> int | None:
        """Return the position of a row or grant in the arrays of ``due``, or ``None`` where it is not in the run."""
        names = (*self.ids, *(GRANT_PREFIX + grant.id for grant in self.grants))
        return names.index(row) if row in names else None


def entering(rows: OutcomeRows, period: Period, known_on: date) -> PositionArray:
    """Return the positions of the rows that a statement for ``period`` takes in.

    They are achieved by the end of the period and recorded by ``known_on``.

    Raises:
        RefusedError: If an outcome has no date.
    """
    n_undated = int(rows.count[np.isnat(rows.achieved_on)].sum())
    if n_undated:
        message = (
            f"{n_undated:,} outcomes have no date, so nobody can say which period they belong to; a statement needs "
            "dated outcomes (`sib price` takes undated counts)"
        )
        raise RefusedError(message)
    is_achieved = rows.achieved_on <= np.datetime64(period.end, "D")
    is_known = np.isnat(rows.recorded_on) | (rows.recorded_on <= np.datetime64(known_on, "D"))
    return np.flatnonzero(is_achieved & is_known)


def first_statements(standing: dict[str, Standing], ids: Sequence[str]) -> npt.NDArray[np.int32]:
    """Return the statement that first stated each id, shape ``(n,)``; ``NONE`` where nothing of it stands."""
    firsts = (
        NONE if (stands := standing.get(row)) is None or stands.is_withdrawn else stands.first_statement for row in ids
    )
    return np.fromiter(firsts, dtype=np.int32, count=len(ids))


def run_as_stated(
    contract: Contract,
    rows: OutcomeRows,
    ids: Sequence[str],
    *,
    stated: Sequence[StatedLine],
    grants: Sequence[Grant] = (),
    groups: Sequence[str] = (),
    measures: Sequence[Measurement] = (),
    period: Period | None = None,
) -> StatedRun:
    """Return what is due for rows and grants, those stated first in the order of their statements.

    Args:
        contract: Terms in force.
        rows: Outcomes that count and that the run takes in.
        ids: Row id of each row.
        stated: Every line of the statements to go by, oldest first.
        grants: Grants that have fallen due.
        groups: Labels of the rows' group codes.
        measures: What the rows' codes of ``measure`` stand for.
        period: Period of the statement; without one, the run is that of the contract's last day and what
            is not stated counts in its own period.

    Raises:
        RefusedError: As for :func:`sib_engine.payments.due.due`.
        OverflowRefusedError: If amounts leave the exact range.
    """
    standing = standing_of(stated)
    grant_ids = [GRANT_PREFIX + grant.id for grant in grants]
    firsts, grant_firsts = first_statements(standing, ids), first_statements(standing, grant_ids)
    periods = _periods(
        contract, rows, [*ids, *grant_ids], np.concatenate([firsts, grant_firsts]), grants, stated, period
    )
    found = due(
        contract,
        replace(rows, stated=firsts),
        grants=grants,
        groups=groups,
        measures=measures,
        stated_grants=grant_firsts,
        periods=periods,
        until=None if period is None else period.index,
    )
    return StatedRun(found, tuple(ids), tuple(grants), standing)


def _periods(
    contract: Contract,
    rows: OutcomeRows,
    ids: Sequence[str],
    firsts: npt.NDArray[np.int32],
    grants: Sequence[Grant],
    stated: Sequence[StatedLine],
    period: Period | None,
) -> IntArray | None:
    """Return the period in which each row counts for payers' caps; None where an undated row leaves it open."""
    labels = {line.statement: line.period for line in stated}
    indices = {statement: contract.periods.find(label).index for statement, label in labels.items()}
    if period is not None:
        return np.array([indices.get(first, period.index) for first in firsts.tolist()], dtype=np.int64)
    days = np.concatenate([rows.achieved_on, np.array([grant.ends_on for grant in grants], dtype="datetime64[D]")])
    is_stated = firsts != NONE
    if np.isnat(days[~is_stated]).any():
        return None
    periods = np.zeros(len(ids), dtype=np.int64)
    periods[~is_stated] = contract.periods.index_of_days(days[~is_stated])
    periods[is_stated] = [indices[first] for first in firsts[is_stated].tolist()]
    return periods
