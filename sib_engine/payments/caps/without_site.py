"""Published counts that name no site, under caps that are about sites: what can be said of them without guessing.

Each of their outcomes is at some site, and nobody knows at which. So no site's own limit is used up by them; where a
cap has one limit for each of all the sites, everything together is held to the sum of these limits. What comes out
is an upper bound: no way to give the outcomes to sites can pay more.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import MAX_MINOR, IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.running.scopes import Counted, Scopes, scopes_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension


def without_site(contract: Contract, rows: OutcomeRows) -> npt.NDArray[np.bool_]:
    """Return which rows are outcomes at a site that nobody knows, shape ``(n,)``.

    In a contract that declares no sites there are none.
    """
    if not contract.sites:
        return np.zeros(len(rows), dtype=np.bool_)
    is_nowhere: npt.NDArray[np.bool_] = (rows.site == NONE) & (rows.metric != NONE)
    return is_nowhere


def covers_every_site(contract: Contract, clause: Counted) -> bool:
    """Return whether a clause covers an outcome wherever it was achieved."""
    return set(contract.site_codes) <= set(clause.sites or contract.site_codes)


def scopes_and_limits(
    contract: Contract, clause: Cap, rows: OutcomeRows, period: IntArray | None
) -> Iterator[tuple[Scopes, int]]:
    """Yield the scopes of a cap on money with the limit of each, in minor units, in acting order.

    There are two where a cap by site covers every site and some rows name none: each site's own limit, under
    which those rows do not come, and then one limit for all the sites together.

    Raises:
        RowRefusedError: If the cap counts by period and a row has no date.
    """
    if not contract.sites or not covers_every_site(contract, clause):
        yield scopes_of(contract, clause, rows, period), clause.limit
        return
    everywhere = replace(clause, sites=())
    own = scopes_of(contract, everywhere, rows, period)
    if Dimension.SITE not in clause.on:
        # A cap that names sites, if every one, is about outcomes alone: rows of no metric are not under it.
        yield _only(own, metrics=slice(1, None), sites=slice(None)) if clause.sites else own, clause.limit
        return
    yield _only(own, metrics=slice(None), sites=slice(1, None)), clause.limit
    if without_site(contract, rows).any():
        together = scopes_of(contract, replace(everywhere, on=clause.on - {Dimension.SITE}), rows, period)
        limit = min(clause.limit * len(contract.sites), MAX_MINOR)
        yield _only(together, metrics=slice(1, None), sites=slice(None)), limit


def _only(scopes: Scopes, *, metrics: slice, sites: slice) -> Scopes:
    """Return scopes that cover only some metrics and sites, both counted from 1 with 0 for none."""
    parts = np.full_like(scopes.parts, scopes.n_parts)
    parts[metrics, sites] = scopes.parts[metrics, sites]
    return replace(scopes, parts=parts)
