"""Everything due for a set of rows, from price to payer: the one pipeline that every amount goes through."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import RowRefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.payable import Payable, payable
from sib_engine.payments.payers.cap_clauses import has_cap_by_period
from sib_engine.payments.payers.caps import PayerCapped, payer_cap
from sib_engine.payments.payers.shares import Shared, share
from sib_engine.payments.scheduled.entry import Entry
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """The kernel's figures for the same rows, stage by stage; see each stage for its arrays."""

    payable: Payable
    shared: Shared
    paid: PayerCapped


def due(
    contract: Contract,
    rows: OutcomeRows,
    *,
    entries: Sequence[Entry] = (),
    groups: Sequence[str] = (),
    measures: Sequence[Measurement] = (),
    stated_entries: npt.NDArray[np.int32] | None = None,
    periods: IntArray | None = None,
    until: int | None = None,
) -> Due:
    """Return what is due for rows that count, in the order of ``rows.stated``.

    Args:
        contract: Terms in force.
        rows: Outcomes that count; as long as none is stated, they are taken as stated together.
        entries: Scheduled amounts that have fallen due; none in ``sib price``.
        groups: Labels of the rows' group codes.
        measures: What the rows' codes of ``measure`` stand for.
        stated_entries: Statement that first stated each entry, shape ``(n_entries,)``.
        periods: Index of the period in which each row, then each entry, counts for payers' caps, shape
            ``(n_rows + n_entries,)``; the period of its own day where not given.
        until: Index of the last period whose limits may be used; that of the contract's last day
            where not given.

    Raises:
        RefusedError: If a row has no price or no share, more than one could apply, or a payer's cap
            counts by period and a row has no date.
        OverflowRefusedError: If amounts leave the exact range.
    """
    found = payable(contract, rows, entries=entries, groups=groups, measures=measures, stated=stated_entries)
    shared = share(contract, found.rows, found.capped.payable)
    last = contract.periods.index_of(contract.claims_close) if until is None else until
    period = _own_periods(contract, found.rows) if periods is None else periods
    if not found.exempt.any():
        return Due(found, shared, payer_cap(contract, shared, period=period, until=last))
    # A scheduled amount that no cap counts passes the payers' own caps by, as it does in a statement.
    is_exempt = found.exempt[:, np.newaxis]
    counted = replace(shared, parts=np.where(is_exempt, 0, shared.parts))
    paid = payer_cap(contract, counted, period=period, until=last)
    return Due(found, shared, replace(paid, parts=np.where(is_exempt, shared.parts, paid.parts)))


def _own_periods(contract: Contract, rows: OutcomeRows) -> IntArray | None:
    if not has_cap_by_period(contract):
        return None
    if np.isnat(rows.achieved_on).any():
        message = "a payer's cap counts by period, and an outcome has no date"
        raise RowRefusedError(message, row=int(rows.row[np.argmax(np.isnat(rows.achieved_on))]))
    return contract.periods.index_of_days(rows.achieved_on)
