"""What outcomes that do not count would have earned, had they counted."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.payments.payable import payable
from sib_engine.services.price_counts import unpriced_metrics
from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Status


@dataclass(frozen=True, slots=True)
class Worth:
    """Minor units before caps; ``is_assumed`` says that a price of these outcomes is assumed."""

    amount: int
    is_assumed: bool


def worth_of_each(contract: Contract, table: OutcomeTable, which: npt.NDArray[np.bool_]) -> list[Worth] | None:
    """Return what each row of ``which``, shape ``(n,)``, would earn if all of them counted; None without a price.

    They add up to :func:`worth_of` where what a row earns does not depend on how many there are.
    """
    added = which & ~table.counts
    with_them = table.rows.take(table.counts | added)
    if unpriced_metrics(contract, with_them):
        return None
    try:
        found = payable(contract, with_them, groups=table.labels.groups, measures=table.labels.measures)
    except RefusedError:
        return None
    amounts = found.earned[which[table.counts | added]].tolist()
    metrics = [contract.metric_codes[place] for place in table.rows.metric[which].tolist()]
    is_assumed = {metric: _is_assumed(contract, {metric}) for metric in set(metrics)}
    return [Worth(amount, is_assumed[metric]) for amount, metric in zip(amounts, metrics, strict=True)]


def worth_of(contract: Contract, table: OutcomeTable, which: npt.NDArray[np.bool_]) -> Worth | None:
    """Return what the rows of ``which``, shape ``(n,)``, would add to what is earned; None where that has no price."""
    with_them = table.rows.take(table.counts | which)
    if unpriced_metrics(contract, with_them):
        return None
    try:
        earned = [
            int(payable(contract, rows, groups=table.labels.groups, measures=table.labels.measures).earned.sum())
            for rows in (table.rows.take(table.counts), with_them)
        ]
    except RefusedError:
        return None
    metrics = {contract.metric_codes[place] for place in table.rows.metric[which].tolist()}
    return Worth(earned[1] - earned[0], _is_assumed(contract, metrics))


def _is_assumed(contract: Contract, metrics: Collection[str]) -> bool:
    """Return whether a price of one of some metrics is assumed."""
    prices = [each.provenance.assumes("price") for each in contract.tariffs if each.metric in metrics]
    prices += [each.price_status is Status.ASSUMED for each in contract.scales if each.metric in metrics]
    return any(prices)
