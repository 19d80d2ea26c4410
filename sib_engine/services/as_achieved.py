"""Outcomes taken as achieved: what a counts file says happened, refused only where the file contradicts itself."""

from dataclasses import replace

from sib_engine.outcomes.match import match
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract


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
