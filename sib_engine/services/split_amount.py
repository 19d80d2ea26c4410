"""Use case: how an amount due would be divided between the payers of a contract."""

import numpy as np

from sib_engine.payments.payers.caps import PayerCapUse, payer_cap
from sib_engine.payments.payers.shares import divide
from sib_engine.services.price_counts import PayerLine
from sib_engine.terms.contract import Contract


def split_amount(
    contract: Contract, amount: int, *, share: str
) -> tuple[tuple[PayerLine, ...], tuple[PayerCapUse, ...]]:
    """Return each payer's part of an amount due in all under one share clause, and what payers' caps moved.

    Args:
        contract: Terms; a payer's cap per period is not asked for here.
        amount: Minor units due after the caps that name no payer.
        share: Id of the share clause.

    Raises:
        ValueError: If the contract has no such share clause, or a payer's cap counts by period.
    """
    index = [each.id for each in contract.shares].index(share)
    shared = divide(
        contract, np.array([index], dtype=np.int16), np.zeros(1, dtype=np.intp), np.array([amount], dtype=np.int64)
    )
    paid = payer_cap(contract, shared)
    parts = paid.parts[0].tolist()
    return tuple(PayerLine(payer, part) for payer, part in zip(paid.payers, parts, strict=True)), paid.uses
