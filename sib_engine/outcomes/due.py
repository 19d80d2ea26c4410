"""What falls due: outcomes of work that still lasts, and the day on which they become payable if it goes on."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.deadlines import deadlines_of
from sib_engine.outcomes.match import match
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import FROM_FACTS, WITHOUT_DEADLINE, MaskArray, Reason, mask_of
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract


def reasons_without(contract: Contract, rows: OutcomeRows, mask: MaskArray, mended: Iterable[Reason]) -> MaskArray:
    """Return what would stand against each row if some reasons were mended wherever they stand, shape ``(n,)``.

    The rows then take their turns anew: with its evidence, a second job start is a duplicate of the
    first; with the job start's evidence, what requires it may follow. Work that still lasts, if it
    were to last, takes its turn on its due date.

    Args:
        contract: The contract.
        rows: Candidate outcomes; ``achieved_on`` of work that still lasts is its due date.
        mask: The reasons that stand now, shape ``(n,)``; not changed.
        mended: The reasons taken away.
    """
    kept = mask_of(FROM_FACTS.difference(mended))
    return match(contract, rows, mask=mask & np.uint64(kept))


def lacks_only(contract: Contract, table: OutcomeTable, reasons: Iterable[Reason]) -> npt.NDArray[np.bool_]:
    """Return which rows do not count and would, were these reasons mended everywhere, shape ``(n,)``."""
    lacking: npt.NDArray[np.bool_] = (table.mask != 0) & (
        reasons_without(contract, table.rows, table.mask, reasons) == 0
    )
    return lacking


def reasons_in_time(
    contract: Contract, rows: OutcomeRows, mask: MaskArray, mended: Iterable[Reason], *, as_known_on: date | None
) -> MaskArray:
    """Return :func:`reasons_without` where reasons are only mended from ``as_known_on`` on, shape ``(n,)``.

    Of a row whose last day to record lies before that day nothing is mended that deadlines for claims are about, and
    so it stands in no other's way. Without a day, everything is taken to be in time.
    """
    if as_known_on is None:
        return reasons_without(contract, rows, mask, mended)
    is_past = deadlines_of(contract, rows) < np.datetime64(as_known_on, "D")
    whenever = np.uint64(mask_of(FROM_FACTS.difference(WITHOUT_DEADLINE.intersection(mended))))
    in_time = np.uint64(mask_of(FROM_FACTS.difference(mended)))
    return match(contract, rows, mask=mask & np.where(is_past, whenever, in_time))


def lacks_only_in_time(
    contract: Contract, table: OutcomeTable, reasons: Iterable[Reason], *, as_known_on: date | None
) -> npt.NDArray[np.bool_]:
    """Return which rows would count were these reasons mended from ``as_known_on`` on, shape ``(n,)``.

    Nothing is mended any more of a row whose last day to record is before that day, and so nothing of what
    requires it. Without a day, whatever lacks only these reasons is taken to be in time.
    """
    found = reasons_in_time(contract, table.rows, table.mask, reasons, as_known_on=as_known_on)
    lacking: npt.NDArray[np.bool_] = (table.mask != 0) & (found == 0)
    return lacking


def lacking(
    contract: Contract, table: OutcomeTable, reasons: Iterable[Reason], *, as_known_on: date | None
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Return which rows lack only what still mends these reasons, and which only what cannot any more, both ``(n,)``.

    This is what "earned but unevidenced" means, wherever it is said.
    """
    is_in_time = lacks_only_in_time(contract, table, reasons, as_known_on=as_known_on)
    return is_in_time, lacks_only(contract, table, reasons) & ~is_in_time


def due_places(table: OutcomeTable) -> npt.NDArray[np.intp]:
    """Return the positions of the rows that become payable if the work lasts, the earliest due date first."""
    places = np.flatnonzero(~np.isnat(table.due_on))
    return places[np.lexsort((table.rows.row[places], table.due_on[places]))]
