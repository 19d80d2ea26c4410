"""What falls due: outcomes of work that still lasts, and the day on which they become payable if it goes on."""

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.match import match
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract


def reasons_if_it_lasts(contract: Contract, rows: OutcomeRows, mask: MaskArray) -> MaskArray:
    """Return what would stand against each row if all work that still lasts reached its due dates, ``(n,)``.

    Rows that are achieved later take their turn after those achieved before: a second run of a
    metric that pays once would be a duplicate, and a lower band would lose to one reached earlier.

    Args:
        contract: The contract.
        rows: Candidate outcomes; ``achieved_on`` of work that still lasts is its due date.
        mask: The reasons that facts alone give, shape ``(n,)``; not changed.
    """
    return match(contract, rows, mask=mask & ~np.uint32(bit(Reason.STILL_RUNNING)))


def due_places(table: OutcomeTable) -> npt.NDArray[np.intp]:
    """Return the positions of the rows that become payable if the work lasts, the earliest due date first."""
    places = np.flatnonzero(~np.isnat(table.due_on))
    return places[np.lexsort((table.rows.row[places], table.due_on[places]))]
