"""What outcomes that do not count would have earned, had they counted."""

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
    prices = [each.provenance.assumes("price") for each in contract.tariffs if each.metric in metrics]
    prices += [each.price_status is Status.ASSUMED for each in contract.scales if each.metric in metrics]
    return Worth(earned[1] - earned[0], any(prices))
