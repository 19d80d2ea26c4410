"""Shares: what each outcomes payer bears of the sum paid so far, in whole pennies."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np

from sib_engine.core.errors import OverflowRefusedError, RefusedError
from sib_engine.core.money import MAX_MINOR, IntArray, exact_total
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.payers.share_clauses import ClauseArray, clauses_of
from sib_engine.payments.running.order import PositionArray, row_order
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Share
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.share_cycle import MAX_CYCLE, cycle_length, is_cycle_too_long, whole_weights

_SCHEDULES_KEPT: Final = 256


@dataclass(frozen=True, slots=True, eq=False)
class ShareSchedule:
    """One cycle of a share clause, penny by penny.

    ``weights`` are the minor units that each payer owes in one whole cycle of ``sum(weights)``;
    ``table`` holds what each has after the first t minor units of a cycle, shape
    ``(cycle, n_payers)``, read-only.
    """

    payers: tuple[str, ...]
    weights: IntArray
    table: IntArray

    @property
    def cycle(self) -> int:
        """Minor units after which the division repeats."""
        return len(self.table)


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Payment divided between payers, row by row.

    ``payers`` names the columns of ``parts``, shape ``(n_rows, n_payers)``, in minor units; each
    row adds up to its payable amount. ``clauses``, ``(n_rows,)``, is the position of the share
    clause used. ``order``, ``(n_rows,)``, lists the rows as they met the running totals, which end
    at ``totals``, ``(n_shares,)``.
    """

    payers: tuple[str, ...]
    parts: IntArray
    clauses: ClauseArray
    order: PositionArray
    totals: IntArray


def schedule_of(share: Share) -> ShareSchedule:
    """Return the penny-by-penny schedule of a share clause; its payers in the order of the clause.

    Raises:
        RefusedError: If the parts do not add up to one, one is negative, or their cycle is too long.
    """
    return _schedule(tuple(share.payers), tuple(share.payers.values()))


@lru_cache(maxsize=_SCHEDULES_KEPT)
def _schedule(payers: tuple[str, ...], parts: tuple[Fraction, ...]) -> ShareSchedule:
    if sum(parts) != 1 or min(parts) < 0:
        message = f"the shares of {', '.join(payers)} add up to {sum(parts)}, or one is negative"
        raise RefusedError(message)
    if is_cycle_too_long(parts):
        message = f"the shares repeat only after {cycle_length(parts)} minor units; at most {MAX_CYCLE} is accepted"
        raise RefusedError(message)
    weights = whole_weights(parts)
    winners = _winners(weights)
    table = np.zeros((len(winners), len(weights)), dtype=np.int64)
    # Row t is what the payers have before penny t + 1: the last winner begins the next cycle.
    table[np.arange(1, len(winners)), winners[:-1]] = 1
    np.cumsum(table, axis=0, out=table)
    table.flags.writeable = False
    return ShareSchedule(payers, np.array(weights, dtype=np.int64), table)


def _winners(weights: Sequence[int]) -> list[int]:
    """Return the payer of each penny of one cycle: the earliest deadline among those below their rate."""
    cycle = sum(weights)
    has = [0] * len(weights)
    winners = []
    for penny in range(1, cycle + 1):
        best = -1
        for payer, weight in enumerate(weights):
            if weight * penny <= has[payer] * cycle:
                continue
            if best < 0 or (has[payer] + 1) * weights[best] < (has[best] + 1) * weight:
                best = payer
        has[best] += 1
        winners.append(best)
    return winners


def divided(total: int, schedule: ShareSchedule) -> IntArray:
    """Divide everything paid so far under one share clause between its payers.

    The parts depend on the total alone. What a statement adds for a payer is therefore the part at
    the new total less the part at the old one, and one large step gives what many small ones give.
    A part is less than one minor unit from its exact share, and a larger total never shrinks it.

    Args:
        total: Minor units, zero or more.
        schedule: Of the clause, from :func:`schedule_of`.

    Returns:
        One part for each payer, ``(n_payers,)``, in minor units; together they are the total.

    Raises:
        ValueError: For a total below zero.
        OverflowRefusedError: For a total above ``MAX_MINOR``.

    Source:
        S. Baruah and others, 1996, on proportionate fairness, for one processor: serve the earliest
        deadline, and nobody ahead of its rate. docs/decisions/0002 compares it with rounding by
        largest remainder, which can shrink one of three parts of a growing total.
    """
    if total > MAX_MINOR:
        message = f"a running total of {total} minor units is too large to divide exactly"
        raise OverflowRefusedError(message)
    parts: IntArray = divided_many(np.array([total], dtype=np.int64), schedule)[0]
    return parts


def divided_many(totals: IntArray, schedule: ShareSchedule) -> IntArray:
    """Return :func:`divided` for many running totals, shape ``(n,)``, as ``(n, n_payers)``.

    Raises:
        ValueError: If a total is negative.
        OverflowRefusedError: If a total is beyond ``MAX_MINOR``.
    """
    if totals.min(initial=0) < 0:
        message = f"a running total cannot be negative: {totals.min()}"
        raise ValueError(message)
    if totals.max(initial=0) > MAX_MINOR:
        message = f"a running total of {totals.max()} minor units is too large to divide exactly"
        raise OverflowRefusedError(message)
    cycles, rest = np.divmod(totals, schedule.cycle)
    parts: IntArray = cycles[:, np.newaxis] * schedule.weights
    parts += schedule.table[rest]
    return parts


def payer_axis(contract: Contract) -> tuple[str, ...]:
    """Return the names of the payer columns: the contract's payers, and "unfunded" last where a share uses it."""
    is_used = any(UNFUNDED in share.payers for share in contract.shares)
    return (*contract.payers, UNFUNDED) if is_used else contract.payers


def share(contract: Contract, rows: OutcomeRows, payable: IntArray, *, stated_totals: IntArray | None = None) -> Shared:
    """Divide what is payable for each row between the payers.

    Each share clause has one running total. A row's part is what the division gains as the total
    passes over it, in the kernel's row order, so that the rows of a clause add up to
    ``divided(after) - divided(before)`` whatever their number. Negative amounts (corrections) let
    the total fall.

    Args:
        contract: Terms; its shares decide the clause of each row.
        rows: Rows that count, and grants (``metric`` is ``NONE``).
        payable: Minor units per row, shape ``(n_rows,)``, after the caps that name no payer.
        stated_totals: What earlier statements left in each clause's running total, shape
            ``(n_shares,)``; zero where not given.

    Returns:
        Parts per row and payer, with the clause used by each row.

    Raises:
        RefusedError: If no clause, or for an undated row more than one, could apply; if a grant has
            only metrics' own clauses to go by; or if corrections take more than a clause has paid.
        OverflowRefusedError: If a running total would leave the exact range.
    """
    return divide(contract, clauses_of(contract, rows), row_order(rows), payable, stated_totals=stated_totals)


def divide(
    contract: Contract,
    clauses: ClauseArray,
    order: PositionArray,
    payable: IntArray,
    *,
    stated_totals: IntArray | None = None,
) -> Shared:
    """Divide amounts whose share clause is known already; otherwise as :func:`share`.

    Args:
        contract: Terms.
        clauses: Position of the share clause of each row, shape ``(n_rows,)``.
        order: The rows in the order in which they meet the running totals, shape ``(n_rows,)``.
        payable: Minor units per row, shape ``(n_rows,)``.
        stated_totals: As for :func:`share`.

    Raises:
        RefusedError: If corrections take more than a clause has paid.
        OverflowRefusedError: If a running total would leave the exact range.
    """
    payers = payer_axis(contract)
    totals = _starting_totals(contract, stated_totals)
    parts = np.zeros((len(payable), len(payers)), dtype=np.int64)
    exact_total(np.concatenate([payable, totals]))
    ordered = clauses[order]
    for index in np.unique(clauses):
        clause = contract.shares[index]
        schedule = schedule_of(clause)
        which = order[ordered == index]
        running = np.concatenate([totals[index : index + 1], payable[which]]).cumsum()
        if running.min() < 0:
            message = f"corrections under share {clause.id!r} take back more than was paid under it"
            raise RefusedError(message)
        columns = _columns(clause, payers)
        parts[which[:, np.newaxis], columns] = np.diff(divided_many(running, schedule), axis=0)
        totals[index] = running[-1]
    return Shared(payers, parts, clauses, order, totals)


def _starting_totals(contract: Contract, stated_totals: IntArray | None) -> IntArray:
    if stated_totals is None:
        return np.zeros(len(contract.shares), dtype=np.int64)
    if stated_totals.shape != (len(contract.shares),):
        message = f"{len(contract.shares)} share clauses need as many running totals, not {stated_totals.shape}"
        raise ValueError(message)
    return stated_totals.astype(np.int64)


def _columns(clause: Share, payers: tuple[str, ...]) -> list[int]:
    unknown = [payer for payer in clause.payers if payer not in payers]
    if unknown:
        message = f"share {clause.id!r} names {', '.join(unknown)}, which no paying party of the contract is called"
        raise RefusedError(message)
    return [payers.index(payer) for payer in clause.payers]
