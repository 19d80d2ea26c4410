"""The cumulative clip: of the rows of a scope, in order, each is paid while the running total is below the limit."""

from dataclasses import dataclass
from threading import Lock
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.scopes import Scopes
from sib_engine.payments.row_order import row_order

ALWAYS_CELLS: Final = 1 << 16
"""A table of sums by scope and bucket is used up to this size, or up to one cell for each row."""

CUT: Final = 0
PAID: Final = 1
EDGE: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """The statement and day of each row as one integer, in the order in which rows meet a limit."""

    rows: OutcomeRows
    scale: DayScale
    n_statements: int

    @classmethod
    def of(cls, rows: OutcomeRows) -> Self:
        """Return the buckets of a table; statement ordinals are small and not stated is -1."""
        return cls(rows, DayScale.of(rows.achieved_on), int(rows.stated.max(initial=NONE)) + 1)

    @property
    def n_buckets(self) -> int:
        """Number of buckets: for each statement, and for not stated yet, no date and each day."""
        return (self.n_statements + 1) * (self.scale.n_days + 1)

    def places(self, block: slice) -> npt.NDArray[np.intp]:
        """Return the bucket of each row of a block."""
        numbers = as_numbers(self.rows.achieved_on[block])
        places = numbers - (self.scale.first - 1)
        if self.scale.has_undated:
            places[np.isnat(self.rows.achieved_on[block])] = 0
        if self.n_statements:
            stated = self.rows.stated[block]
            places += np.where(stated == NONE, self.n_statements, stated).astype(np.int64) * (self.scale.n_days + 1)
        return places


def clipped(rows: OutcomeRows, amounts: IntArray, scopes: Scopes, buckets: Buckets, limit: int) -> IntArray | None:
    """Return what is left of each amount when every scope is held to ``limit``, or None where all of it is.

    Rows are taken in the kernel's order (:func:`~sib_engine.payments.row_order.row_order`), but they
    are not sorted: sums by scope, statement and day show which days are paid in full and which not
    at all, and only the rows of the day on which a scope reaches its limit are put in order. Where
    scopes are many (a cap by person), only the rows of scopes over their limit are.

    Args:
        rows: Rows, shape ``(n,)``.
        amounts: Minor units, not negative, shape ``(n,)``; their sum is exact.
        scopes: How the cap divides the rows.
        buckets: Statement and day of the rows.
        limit: Minor units for each scope.
    """
    if scopes.n_scopes * buckets.n_buckets <= max(ALWAYS_CELLS, len(rows)):
        return _clipped_by_bucket(rows, amounts, scopes, buckets, limit)
    return _clipped_by_row(rows, amounts, scopes, limit)


def _clipped_by_bucket(
    rows: OutcomeRows, amounts: IntArray, scopes: Scopes, buckets: Buckets, limit: int
) -> IntArray | None:
    shape = (scopes.n_scopes, buckets.n_buckets)
    # One row more than there are scopes: it takes what the cap does not cover.
    sums = np.zeros((shape[0] + 1) * shape[1], dtype=np.int64)
    cells = np.empty(len(rows), dtype=np.int32)
    lock = Lock()

    def add_up(block: slice) -> None:
        own = scopes.of(block)
        own *= shape[1]
        own += buckets.places(block)
        cells[block] = own
        with lock:
            np.add.at(sums, own, amounts[block])

    each_block(len(rows), add_up)
    by_scope = sums.reshape(-1, shape[1])[:-1]
    after = np.cumsum(by_scope, axis=1)
    if after[:, -1].max() <= limit:
        return None
    before = after - by_scope
    states = np.full(len(sums), PAID, dtype=np.uint8)
    of_scopes = states.reshape(-1, shape[1])[:-1]
    of_scopes[after > limit] = EDGE
    of_scopes[before >= limit] = CUT
    paid = np.empty(len(rows), dtype=np.int64)
    edges: dict[int, Positions] = {}

    def pay(block: slice) -> None:
        own = states.take(cells[block])
        np.multiply(amounts[block], own == PAID, out=paid[block])
        edges[block.start] = np.flatnonzero(own == EDGE) + block.start

    each_block(len(rows), pay)
    at = np.concatenate([edges[start] for start in sorted(edges)])
    starts = before.reshape(-1)[cells[at]]
    paid[at] = _paid_in_order(rows.take(at), amounts[at], cells[at], starts, limit)
    return paid


def _clipped_by_row(rows: OutcomeRows, amounts: IntArray, scopes: Scopes, limit: int) -> IntArray | None:
    at, own = _rows_over(amounts, scopes, limit)
    if at.size == 0:
        return None
    paid = amounts.copy()
    paid[at] = _paid_in_order(rows.take(at), amounts[at], own, np.zeros(len(at), dtype=np.int64), limit)
    return paid


def _rows_over(amounts: IntArray, scopes: Scopes, limit: int) -> tuple[Positions, npt.NDArray[np.intp]]:
    """Return the positions, and the scopes, of the rows whose scope adds up to more than the limit."""
    own = scopes.of(slice(None))
    at = np.flatnonzero((own < scopes.n_scopes) & (amounts > 0))
    own = own[at]
    if scopes.n_scopes > ALWAYS_CELLS + len(amounts):
        own = np.unique(own, return_inverse=True)[1]
    sums = np.zeros(int(own.max(initial=NONE)) + 1, dtype=np.int64)
    np.add.at(sums, own, amounts[at])
    is_over = sums[own] > limit
    return at[is_over], own[is_over]


def _paid_in_order(
    rows: OutcomeRows, amounts: IntArray, groups: npt.NDArray[np.signedinteger[Any]], starts: IntArray, limit: int
) -> IntArray:
    """Return what each row is paid when rows of a group are taken in order from a running total of ``starts``."""
    order = row_order(rows)
    order = order[np.argsort(groups[order], kind="stable")]
    sorted_groups, in_order = groups[order], amounts[order]
    before = np.cumsum(in_order) - in_order
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = sorted_groups[1:] != sorted_groups[:-1]
    before -= before[begins][np.cumsum(begins) - 1]
    before += starts[order]
    paid = np.empty_like(amounts)
    paid[order] = np.clip(limit - before, 0, in_order)
    return paid
