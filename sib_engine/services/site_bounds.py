"""What published counts leave open where they name no site, in a contract whose clauses ask for one."""

from collections.abc import Iterator

import numpy as np

from sib_engine.core.findings import Finding, note
from sib_engine.core.money import shown
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.caps.without_site import covers_every_site, without_site
from sib_engine.payments.running.scopes import Counted
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.tiers import CountOver


def site_notes(contract: Contract, rows: OutcomeRows) -> Iterator[Finding]:
    """Yield what is open about counts without a site: under caps an upper bound, under other clauses either way."""
    open_rows = without_site(contract, rows) & (rows.count > 0)
    if not open_rows.any():
        return
    metrics = {contract.metric_codes[metric] for metric in np.unique(rows.metric[open_rows]).tolist()}
    for cap in contract.caps:
        if Dimension.PAYER in cap.on or not _is_open(contract, cap, metrics):
            continue
        if covers_every_site(contract, cap):
            limit = shown(cap.limit * len(contract.sites), contract.currency)
            what = (
                f"counts do not say at which site, so cap {cap.id} holds what it has one limit for at each of"
                f" {len(contract.sites)} sites to {limit} for all of them together: the amount is an upper bound"
            )
        else:
            what = (
                f"counts do not say at which site, so cap {cap.id}, which is for {', '.join(cap.sites)}, is not applied"
                " to those without one: the amount is an upper bound"
            )
        yield note("upper-bound", what)
    counting: tuple[Counted, ...] = (*contract.minimums, *contract.outcome_caps, *contract.bonuses)
    apart = [clause.id for clause in counting if _is_open(contract, clause, metrics)]
    apart += [
        tariff.id
        for tariff in contract.tariffs
        if tariff.tiers is not None and tariff.tiers.over is CountOver.SITE and tariff.metric in metrics
    ]
    if apart:
        what = (
            f"counts do not say at which site, so {', '.join(apart)} counts those without one as if they were of no"
            " site: with their sites they may earn more, or less"
        )
        yield note("sites-open", what)


def _is_open(contract: Contract, clause: Counted, metrics: set[str]) -> bool:
    """Return whether it matters to a clause at which site some outcomes were."""
    asks = Dimension.SITE in clause.on or not covers_every_site(contract, clause)
    return asks and bool(metrics & set(clause.metrics or contract.metric_codes))
