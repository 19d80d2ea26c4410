"""What a clause that holds for part of the time judges, and what it has counted before."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.running.cells import Tally
from sib_engine.terms.held import Held


def judged(held: Held[Any], rows: OutcomeRows) -> npt.NDArray[np.bool_] | None:
    """Return which rows a clause judges, shape ``(n,)``; None where it judges all of them.

    The day of a row is its outcome's. A row without a date is judged by what holds last.
    """
    if held.is_always:
        return None
    days = rows.achieved_on
    found = np.ones(len(rows), dtype=np.bool_)
    if held.starts_on is not None:
        found &= ~(days < np.datetime64(held.starts_on, "D"))
    if held.ends_before is not None:
        found &= days < np.datetime64(held.ends_before, "D")
    return found


def counted(held: Held[Any], tally: Tally) -> Tally:
    """Return what a clause counts: nothing of the days after it, and what came before it ahead of all others.

    What came before goes first whenever it was stated, so that one total is reached in one statement or many.
    """
    if held.is_always:
        return tally
    rows, units, cells = tally.rows, tally.units, tally.cells
    if held.ends_before is not None:
        units = units * (rows.achieved_on < np.datetime64(held.ends_before, "D"))
    if held.starts_on is not None:
        n_statements = cells.n_statements
        stated = np.where(rows.stated == NONE, np.int32(n_statements), rows.stated)
        stated += np.where(rows.achieved_on < np.datetime64(held.starts_on, "D"), 0, n_statements + 1).astype(np.int32)
        cells = replace(cells, rows=replace(rows, stated=stated), n_statements=2 * (n_statements + 1))
    return Tally(cells, units)
