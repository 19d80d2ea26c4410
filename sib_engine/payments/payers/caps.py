"""Payers' caps: what they take off a payer's part, and where it goes: lost, the next period, another payer."""

from dataclasses import dataclass

import numpy as np

from sib_engine.core.money import MAX_MINOR, IntArray, exact_total
from sib_engine.payments.payers.cap_clauses import PayerCap, payer_caps_of
from sib_engine.payments.payers.shares import Shared
from sib_engine.payments.running.order import PositionArray
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Overflow


@dataclass(frozen=True, slots=True)
class PayerCapUse:
    """What one payer's cap did, in minor units.

    ``arrived`` is what the payer would have paid: its own part and what other payers' caps passed
    to it. ``taken`` of it was cut and went to ``went_to``: ``lost``, ``next period`` (not payable
    yet) or a payer's id. ``limit`` is for one period where ``is_per_period``.
    """

    cap: str
    payer: str
    limit: int
    is_per_period: bool
    arrived: int
    taken: int
    went_to: str


@dataclass(frozen=True, slots=True, eq=False)
class PayerCapped:
    """Payment per row and payer after the payers' own caps, in minor units.

    ``parts`` has shape ``(n_rows, n_payers)`` with the columns named in ``payers``; ``lost`` and
    ``deferred``, ``(n_rows,)``, are what nobody pays, and what nobody pays yet: for each row the
    three add up to its shared amount. ``taken[i]``, ``(n_caps, n_rows)``, is what the cap
    ``uses[i]`` cut from each row.
    """

    payers: tuple[str, ...]
    parts: IntArray
    lost: IntArray
    deferred: IntArray
    taken: IntArray
    uses: tuple[PayerCapUse, ...]


def payer_cap(
    contract: Contract, shared: Shared, *, period: IntArray | None = None, until: int | None = None
) -> PayerCapped:
    """Apply the payers' own caps to shared payments.

    Per payer, everything here is a function of running totals: paid is the lesser of what has
    arrived and the limit, and the rest goes where the cap says; a payer's own cap acts on what it
    received as well. A row's figures are what those functions gain as the totals pass over it in
    the kernel's row order, so the rows add up to the functions of the totals, and a correction
    that lowers a total undoes what had spilled. Where a cap counts by period, a correction must
    carry the period of what it corrects, or it would be taken from money that the cap had cut.

    With ``next period``, what a period could not pay waits, and is payable in later periods as far
    as their limits allow: ``until`` is the last period whose limit may be used.

    Args:
        contract: Terms.
        shared: Payments from the first one on, as :func:`sib_engine.payments.payers.shares.share` gives
            them without ``stated_totals``; a cap must see all that its payer pays.
        period: Period index of each row, shape ``(n_rows,)``; needed where a cap is per period.
        until: Index of the period of the statement; needed where a cap has ``next period``.

    Raises:
        RefusedError: If a cap on a payer cannot be applied (see :func:`payer_caps_of`).
        OverflowRefusedError: If running totals would leave the exact range.
        ValueError: If ``period`` or ``until`` is needed and not given.
    """
    caps = payer_caps_of(contract)
    exact_total(shared.parts)
    # Columns as running totals meet them; put back into the caller's order at the end.
    amounts = shared.parts[shared.order].T.copy()
    n_rows = amounts.shape[1]
    lost = np.zeros(n_rows, dtype=np.int64)
    deferred = np.zeros(n_rows, dtype=np.int64)
    taken = np.zeros((len(caps), n_rows), dtype=np.int64)
    uses = []
    for place, cap in enumerate(caps):
        arrived = int(amounts[cap.payer].sum())
        spilled = _spilled(cap, amounts[cap.payer], shared.order, period, until)
        amounts[cap.payer] -= spilled
        receiver = deferred if cap.waits else lost if cap.receiver is None else amounts[cap.receiver]
        receiver += spilled
        taken[place, shared.order] = spilled
        uses.append(_use(contract, cap, arrived, int(spilled.sum())))
    return PayerCapped(
        shared.payers,
        _put_back(amounts, shared.order).T,
        _put_back(lost, shared.order),
        _put_back(deferred, shared.order),
        taken,
        tuple(uses),
    )


def _spilled(
    cap: PayerCap, amounts: IntArray, order: PositionArray, period: IntArray | None, until: int | None
) -> IntArray:
    """Return what a cap takes from each row, all arrays in the kernel's order, shape ``(n,)``."""
    if not cap.is_per_period:
        return _over_limit(amounts, cap.limit)
    if period is None:
        message = "a payer's cap is counted by period, and no periods were given"
        raise ValueError(message)
    if not cap.waits:
        return _over_limit_by_period(amounts, period[order], cap.limit)
    if until is None:
        message = "a payer's cap leaves money to the next period, and no period was given to state until"
        raise ValueError(message)
    return _waiting(amounts, period[order], cap.limit, until)


def _over_limit(amounts: IntArray, limit: int) -> IntArray:
    over = np.maximum(np.cumsum(amounts) - limit, 0)
    return np.diff(over, prepend=0)


def _over_limit_by_period(amounts: IntArray, period: IntArray, limit: int) -> IntArray:
    by_period = np.argsort(period, kind="stable")
    sorted_amounts, sorted_period = amounts[by_period], period[by_period]
    running = np.cumsum(sorted_amounts)
    first = np.flatnonzero(np.diff(sorted_period, prepend=sorted_period[:1] - 1))
    before = running[first] - sorted_amounts[first]
    over = np.maximum(running - np.repeat(before, np.diff(first, append=len(running))) - limit, 0)
    spilled = np.diff(over, prepend=0)
    spilled[first] = over[first]
    return _put_back(spilled, by_period)


def _waiting(amounts: IntArray, period: IntArray, limit: int, until: int) -> IntArray:
    """Return what is not payable by the end of period ``until``, shape ``(n,)``.

    A period pays the lesser of its limit and what waits for it. Unrolled over the periods: paid by
    ``until`` is the least, over the periods j from before the first one up to ``until``, of what
    had arrived by the end of j plus a full limit for each period after j. What has arrived stands
    still while a period has no rows, so only the periods just before one with rows can be least.
    """
    with_rows = np.unique(period[period <= until])
    paid = np.full(len(amounts), np.iinfo(np.int64).max)
    for last in (*(with_rows - 1).tolist(), until):
        arrived = np.cumsum(np.where(period <= last, amounts, 0))
        # No total exceeds MAX_MINOR, so more headroom than that changes nothing and could wrap.
        np.minimum(paid, arrived + min((until - last) * limit, MAX_MINOR), out=paid)
    return amounts - np.diff(paid, prepend=0)


def _put_back(ordered: IntArray, order: PositionArray) -> IntArray:
    """Return what stands in the kernel's order in the caller's order; rows are the last axis."""
    restored = np.empty_like(ordered)
    restored[..., order] = ordered
    return restored


def _use(contract: Contract, cap: PayerCap, arrived: int, taken: int) -> PayerCapUse:
    clause = contract.caps[cap.index]
    went_to = contract.payers[cap.receiver] if cap.receiver is not None else Overflow(clause.overflow).value
    return PayerCapUse(clause.id, contract.payers[cap.payer], cap.limit, cap.is_per_period, arrived, taken, went_to)
