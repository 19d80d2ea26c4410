"""Outcomes taken as achieved: what a counts file says happened, refused only where the file contradicts itself."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sib_engine.core.findings import Finding, note
from sib_engine.core.money import IntArray
from sib_engine.outcomes.match import match
from sib_engine.outcomes.matching.published import Within, within_maxima
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import volumes_held

_AGAINST: Final = ~np.uint64(bit(Reason.GRANT_MONTH))
"""What keeps an outcome from taking a place: not that a grant paid for its month."""


@dataclass(frozen=True, slots=True, eq=False)
class Achieved:
    """A table whose ``mask`` says which rows count, and whose counts are those of the outcomes that do.

    ``beyond``, shape ``(n,)``, is how many outcomes of a row that counts lie beyond a maximum; ``findings`` are
    the notes on how that was decided.
    """

    table: OutcomeTable
    beyond: IntArray
    findings: tuple[Finding, ...]


def as_achieved(contract: Contract, table: OutcomeTable) -> Achieved:
    """Return a table with the outcomes that count; see :func:`mask_as_achieved` and :func:`rows_within`.

    What is already settled so stays as it is.
    """
    mask = mask_as_achieved(contract, table)
    within = rows_within(contract, table.rows, mask, known=table.mask)
    rows = replace(table.rows, count=within.counts)
    settled = replace(table, rows=rows, mask=within.mask)
    return Achieved(settled, table.rows.count - within.counts, _order_note(within))


def mask_as_achieved(contract: Contract, table: OutcomeTable) -> MaskArray:
    """Return the reason mask of each row, shape ``(n,)``; 0 counts.

    A counts file states achieved outcomes, so what had to come first is not looked for in it; that
    is decided when outcomes are derived from facts. What the file itself shows still holds: the
    same outcome of one person twice, two exclusive bands, a day outside the contract, or claimed
    too late.
    """
    return mask_of_rows(contract, table.rows, mask=table.mask)


def mask_of_rows(contract: Contract, rows: OutcomeRows, *, mask: MaskArray | None = None) -> MaskArray:
    """Return :func:`mask_as_achieved` for rows that come from no file."""
    taken = tuple(replace(metric, requires=(), within=None) for metric in contract.metrics)
    later = tuple(replace(terms, requires=None, within=None) for terms in contract.metric_terms)
    return match(replace(contract, metrics=taken, metric_terms=later), rows, mask=mask)


def rows_within(contract: Contract, rows: OutcomeRows, mask: MaskArray, *, known: MaskArray | None = None) -> Within:
    """Return how many outcomes of each row lie within the maxima, published counts with them.

    Args:
        contract: The terms.
        rows: Outcomes and published counts, shape ``(n,)``.
        mask: Their reasons as :func:`mask_of_rows` has them.
        known: Reasons that the file gave, which stand.
    """
    if known is None or not volumes_held(contract):
        return within_maxima(contract, rows, mask)
    is_open = np.flatnonzero((known & _AGAINST) == 0)
    found = within_maxima(contract, rows.take(is_open), mask[is_open])
    reasons, counts = mask.copy(), rows.count.copy()
    reasons[is_open], counts[is_open] = found.mask, found.counts
    return Within(reasons, counts, found.by_order)


def _order_note(within: Within) -> tuple[Finding, ...]:
    if not within.by_order:
        return ()
    what = (
        f"counts do not say who comes first: for {', '.join(within.by_order)} they are taken by day, undated last, on"
        " one day in the order of their row ids; what is paid may differ where their prices do"
    )
    return (note("maximum-by-order", what),)
