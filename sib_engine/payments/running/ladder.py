"""Where running totals pass bounds: on which rung of a ladder each row's units fall.

Caps, tiers, bonuses and shares of outcomes all ask the same question. A cap's ladder has one bound
and counts money; a tier's has one for each tier and counts outcomes.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.running.buckets import Buckets
from sib_engine.payments.running.order import row_order
from sib_engine.payments.running.scopes import Scopes

ALWAYS_CELLS: Final = 1 << 16
"""A table of sums by scope and bucket is used up to this size, or up to one cell for each row."""

MAX_BOUNDS: Final = 250
SPLIT: Final = 255
"""Rungs stand in one byte; this one marks rows that may stand on several."""


@dataclass(frozen=True, slots=True, eq=False)
class Ladder:
    """The rung of each row's units: rung ``r`` lies between bound ``r - 1`` and bound ``r``.

    ``rungs``, shape ``(n,)``, holds the rung where all of a row's units stand on one, and ``SPLIT``
    for the rows at the positions ``split_at``, whose units on each rung are ``split_units``, shape
    ``(n_split, n_rungs)``. Rows of no scope stand on rung 0.
    """

    rungs: npt.NDArray[np.uint8]
    split_at: Positions
    split_units: IntArray

    def on(self, rung: int, units: IntArray) -> IntArray:
        """Return the part of each row's ``units`` (those that were counted) that stands on a rung, same shape."""
        found = np.empty_like(units)

        def work(block: slice) -> None:
            np.multiply(units[block], self.rungs[block] == rung, out=found[block])

        each_block(len(units), work)
        found[self.split_at] = self.split_units[:, rung]
        return found


def climbed(rows: OutcomeRows, units: IntArray, scopes: Scopes, buckets: Buckets, bounds: IntArray) -> Ladder | None:
    """Return where the running total of each scope passes the bounds, or None where no total passes the first.

    Rows are taken in the kernel's order (:func:`~sib_engine.payments.running.order.row_order`), but they
    are not sorted: sums by scope, statement and day show which days lie on one rung, and only the
    rows of a day on which a total passes a bound are put in order. Where scopes are many (a cap by
    person), only the rows of scopes that pass the first bound are.

    Args:
        rows: Rows, shape ``(n,)``.
        units: What is counted of each row (minor units or outcomes), not negative, shape ``(n,)``; their
            sum is exact.
        scopes: What is counted together.
        buckets: Statement and day of the rows.
        bounds: In order, shape ``(n_bounds,)``, or ``(n_scopes, n_bounds)`` where each scope has its own.
    """
    if scopes.n_scopes * buckets.n_buckets <= max(ALWAYS_CELLS, len(rows)):
        return _by_bucket(rows, units, scopes, buckets, bounds)
    return _by_row(rows, units, scopes, bounds)


def standing(units: IntArray, scopes: Scopes, bounds: IntArray) -> Ladder | None:
    """Return the rung that the whole total of each scope stands on, for all its rows; None where that is rung 0.

    Args:
        units: What is counted of each row, not negative, shape ``(n,)``.
        scopes: What is counted together.
        bounds: In order, shape ``(n_scopes, n_bounds)``.
    """
    own = scopes.of(slice(None))
    totals = np.zeros(scopes.n_scopes + 1, dtype=np.int64)
    np.add.at(totals, own, units)
    reached = np.zeros(scopes.n_scopes + 1, dtype=np.uint8)
    reached[:-1] = (totals[:-1, np.newaxis] > bounds).sum(axis=1)
    if not reached.any():
        return None
    nowhere = np.empty(0, dtype=np.intp)
    return Ladder(reached.take(own), nowhere, np.empty((0, bounds.shape[1] + 1), dtype=np.int64))


def _by_bucket(rows: OutcomeRows, units: IntArray, scopes: Scopes, buckets: Buckets, bounds: IntArray) -> Ladder | None:
    cells, by_scope = _summed(rows, units, scopes, buckets)
    after = np.cumsum(by_scope, axis=1)
    own_bounds = np.broadcast_to(bounds, (scopes.n_scopes, bounds.shape[-1]))
    if (after[:, -1] <= own_bounds[:, 0]).all():
        return None
    before = after - by_scope
    # One row more than there are scopes: rung 0 for what is of no scope.
    table = np.zeros((scopes.n_scopes + 1, buckets.n_buckets), dtype=np.uint8)
    of_scopes = table[:-1]
    highest = np.zeros_like(of_scopes)
    for bound in own_bounds.T[:, :, np.newaxis]:
        of_scopes += before >= bound
        highest += after > bound
    of_scopes[highest > of_scopes] = SPLIT
    rungs = np.empty(len(rows), dtype=np.uint8)
    splits: dict[int, Positions] = {}

    def place(block: slice) -> None:
        own = table.reshape(-1).take(cells[block], out=rungs[block], mode="clip")
        splits[block.start] = np.flatnonzero(own == SPLIT) + block.start

    each_block(len(rows), place)
    at = np.concatenate([splits[start] for start in sorted(splits)])
    of_split = own_bounds[cells[at] // buckets.n_buckets]
    starts = before.reshape(-1)[cells[at]]
    return Ladder(rungs, at, _in_order(rows.take(at), units[at], cells[at], starts, of_split))


def _summed(
    rows: OutcomeRows, units: IntArray, scopes: Scopes, buckets: Buckets
) -> tuple[npt.NDArray[np.int32], IntArray]:
    """Return each row's cell in a table of scopes and buckets, and the table's sums without what is of no scope."""
    shape = (scopes.n_scopes + 1, buckets.n_buckets)
    sums = np.zeros(shape[0] * shape[1], dtype=np.int64)
    cells = np.empty(len(rows), dtype=np.int32)
    lock = Lock()

    def add_up(block: slice) -> None:
        own = scopes.of(block)
        own *= shape[1]
        own += buckets.places(block)
        cells[block] = own
        with lock:
            np.add.at(sums, own, units[block])

    each_block(len(rows), add_up)
    return cells, sums.reshape(shape)[:-1]


def _by_row(rows: OutcomeRows, units: IntArray, scopes: Scopes, bounds: IntArray) -> Ladder | None:
    own_bounds = np.broadcast_to(bounds, (scopes.n_scopes, bounds.shape[-1]))
    own = scopes.of(slice(None))
    at = np.flatnonzero((own < scopes.n_scopes) & (units > 0))
    own = own[at]
    groups = own
    if scopes.n_scopes > ALWAYS_CELLS + len(units):
        groups = np.unique(own, return_inverse=True)[1]
    sums = np.zeros(int(groups.max(initial=NONE)) + 1, dtype=np.int64)
    np.add.at(sums, groups, units[at])
    passes = sums[groups] > own_bounds[own, 0]
    at, own, groups = at[passes], own[passes], groups[passes]
    if at.size == 0:
        return None
    rungs = np.zeros(len(rows), dtype=np.uint8)
    rungs[at] = SPLIT
    starts = np.zeros(len(at), dtype=np.int64)
    return Ladder(rungs, at, _in_order(rows.take(at), units[at], groups, starts, own_bounds[own]))


def _in_order(
    rows: OutcomeRows,
    units: IntArray,
    groups: npt.NDArray[np.signedinteger[Any]],
    starts: IntArray,
    bounds: IntArray,
) -> IntArray:
    """Return each row's units on each rung when rows of a group are taken in order from a total of ``starts``.

    Args:
        rows: Shape ``(n,)``.
        units: Shape ``(n,)``.
        groups: Rows of one number are counted together, shape ``(n,)``.
        starts: The total before each row's group, shape ``(n,)``.
        bounds: Shape ``(n, n_bounds)``.

    Returns:
        Shape ``(n, n_bounds + 1)``.
    """
    order = row_order(rows)
    order = order[np.argsort(groups[order], kind="stable")]
    sorted_groups, in_order = groups[order], units[order]
    before = np.cumsum(in_order) - in_order
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = sorted_groups[1:] != sorted_groups[:-1]
    before -= before[begins][np.cumsum(begins) - 1]
    before += starts[order]
    below = np.clip(bounds[order] - before[:, np.newaxis], 0, in_order[:, np.newaxis])
    found = np.empty((len(order), bounds.shape[1] + 1), dtype=np.int64)
    found[order] = np.diff(below, prepend=0, append=in_order[:, np.newaxis], axis=1)
    return found
