"""What is paid in each scope of a cap, added up row by row."""

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension


def paid_by_scope(contract: Contract, clause: Cap, rows: OutcomeRows, left: IntArray) -> dict[tuple[int, ...], int]:
    """Return what the outcomes among the rows are paid in each scope of a cap; grants are left out."""
    covered = (rows.metric != NONE) & ((rows.person != NONE) | (Dimension.PERSON not in clause.on))
    if clause.metrics:
        covered &= np.isin(rows.metric, [contract.metric_codes.index(code) for code in clause.metrics])
    if clause.sites:
        covered &= np.isin(rows.site, [contract.site_codes.index(code) for code in clause.sites])
    columns = {
        Dimension.METRIC: rows.metric.astype(np.int64),
        Dimension.SITE: rows.site.astype(np.int64),
        Dimension.PERSON: rows.person.astype(np.int64),
        Dimension.PERIOD: contract.periods.index_of_days(rows.achieved_on),
        Dimension.YEAR: contract.years.index_of_days(rows.achieved_on),
    }
    paid: dict[tuple[int, ...], int] = {}
    for row in np.flatnonzero(covered).tolist():
        scope = tuple(int(columns[on][row]) for on in sorted(clause.on & set(columns)))
        paid[scope] = paid.get(scope, 0) + int(left[row])
    return paid
