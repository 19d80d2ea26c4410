"""Everything due for a set of rows, from price to payer: the one pipeline that every amount goes through."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.payable import Payable, payable
from sib_engine.payments.payer_cap_clauses import payer_caps_of
from sib_engine.payments.payer_caps import PayerCapped, payer_cap
from sib_engine.payments.shares import Shared, share
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Grant


@dataclass(frozen=True, slots=True, eq=False)
class Due:
    """The kernel's figures for the same rows, stage by stage; see each stage for its arrays."""

    payable: Payable
    shared: Shared
    paid: PayerCapped


def due(contract: Contract, rows: OutcomeRows, *, grants: Sequence[Grant] = (), groups: Sequence[str] = ()) -> Due:
    """Return what is due for rows that count as if they were stated together, on the contract's last day.

    Raises:
        RefusedError: If a row has no price or no share, more than one could apply, or a payer's cap
            counts by period and a row has no date.
        OverflowRefusedError: If amounts leave the exact range.
    """
    found = payable(contract, rows, grants=grants, groups=groups)
    shared = share(contract, found.rows, found.capped.payable)
    period, until = _periods(contract, found.rows)
    return Due(found, shared, payer_cap(contract, shared, period=period, until=until))


def _periods(contract: Contract, rows: OutcomeRows) -> tuple[IntArray | None, int]:
    until = contract.periods.index_of(contract.claims_close)
    if not any(cap.is_per_period for cap in payer_caps_of(contract)):
        return None, until
    if np.isnat(rows.achieved_on).any():
        message = "a payer's cap counts by period, and an outcome has no date"
        raise RefusedError(message)
    return contract.periods.index_of_days(rows.achieved_on), until
