"""Where running totals pass bounds: on which rung of a ladder each row's units fall.

Caps, tiers, bonuses and shares of outcomes all ask the same question. A cap's ladder has one bound
and counts money; a tier's has one for each tier and counts outcomes.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block, found_in_blocks, summed
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.payments.running.cells import ALWAYS_CELLS, Tally
from sib_engine.payments.running.order import order_within
from sib_engine.payments.running.passing import may_pass
from sib_engine.payments.running.scopes import Scopes

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

    def only_on(self, rung: int, units: IntArray) -> tuple[Positions, IntArray]:
        """Return the positions of the rows with units on a rung, and those units: both of shape ``(n_found,)``."""
        whole = found_in_blocks(len(units), lambda block: (self.rungs[block] == rung) & (units[block] > 0))
        in_part = self.split_units[:, rung] > 0
        at = np.concatenate([whole, self.split_at[in_part]])
        return at, np.concatenate([units[whole], self.split_units[in_part, rung]])


def climbed(tally: Tally, scopes: Scopes, bounds: IntArray) -> Ladder | None:
    """Return where the running total of each scope passes the bounds, or None where no total passes the first.

    Rows are taken in the kernel's order (:func:`~sib_engine.payments.running.order.row_order`), but they
    are not sorted: sums by metric, site, statement and day show which days lie on one rung, and only the
    rows of a day on which a total passes a bound are put in order. Where a scope is a person or a period,
    only the rows of scopes that pass the first bound are.

    Args:
        tally: What is counted.
        scopes: What is counted together.
        bounds: In order, shape ``(n_bounds,)``, or ``(n_scopes, n_bounds)`` where each scope has its own.
    """
    if scopes.is_by_place and tally.cells.is_small(scopes.n_scopes):
        return _by_cell(tally, scopes, bounds)
    return _by_row(tally, scopes, bounds)


def standing(tally: Tally, scopes: Scopes, bounds: IntArray) -> Ladder | None:
    """Return the rung that the whole total of each scope stands on, for all its rows; None where that is rung 0.

    Args:
        tally: What is counted.
        scopes: What is counted together.
        bounds: In order, shape ``(n_scopes, n_bounds)``.
    """
    own, totals = _sums_by_scope(tally, scopes)
    reached = np.zeros(scopes.n_scopes + 1, dtype=np.uint8)
    reached[:-1] = (totals[:-1, np.newaxis] > bounds).sum(axis=1)
    if not reached.any():
        return None
    nowhere = np.empty(0, dtype=np.intp)
    return Ladder(reached.take(own), nowhere, np.empty((0, bounds.shape[1] + 1), dtype=np.int64))


def totals_of(tally: Tally, scopes: Scopes) -> IntArray:
    """Return what is counted in each scope, shape ``(n_scopes,)``."""
    if not (scopes.is_by_place and tally.cells.is_small(scopes.n_scopes)):
        return _sums_by_scope(tally, scopes)[1][:-1]
    totals = np.zeros(scopes.n_scopes + 1, dtype=np.int64)
    np.add.at(totals, scopes.parts.reshape(-1), tally.sums.sum(axis=1))
    return totals[:-1]


def _by_cell(tally: Tally, scopes: Scopes, bounds: IntArray) -> Ladder | None:
    cells, n_buckets = tally.cells.of_rows, tally.cells.n_buckets
    scope_of_place = scopes.parts.reshape(-1)
    # One row more than there are scopes: it takes what is of none.
    by_scope = np.zeros((scopes.n_scopes + 1, n_buckets), dtype=np.int64)
    np.add.at(by_scope, scope_of_place, tally.sums)
    after = np.cumsum(by_scope, axis=1)
    before = after - by_scope
    own_bounds = np.full((scopes.n_scopes + 1, bounds.shape[-1]), np.iinfo(np.int64).max)
    own_bounds[:-1] = bounds
    if (after[:, -1] <= own_bounds[:, 0]).all():
        return None
    lowest = np.zeros(by_scope.shape, dtype=np.uint8)
    highest = np.zeros(by_scope.shape, dtype=np.uint8)
    for bound in own_bounds.T[:, :, np.newaxis]:
        lowest += before >= bound
        highest += after > bound
    lowest[highest > lowest] = SPLIT
    of_cells = lowest[scope_of_place].reshape(-1)
    rungs = np.empty(len(cells), dtype=np.uint8)
    # No cell is out of range, so clipping changes nothing; it lets numpy write straight into the result.
    at = found_in_blocks(len(cells), lambda block: of_cells.take(cells[block], out=rungs[block], mode="clip") == SPLIT)
    places, buckets = np.divmod(cells[at], n_buckets)
    own = scope_of_place[places]
    units = _in_order(tally, at, own * n_buckets + buckets, before[own, buckets], own_bounds[own])
    return Ladder(rungs, at, units)


def _by_row(tally: Tally, scopes: Scopes, bounds: IntArray) -> Ladder | None:
    if scopes.n_scopes > ALWAYS_CELLS + len(tally.units):
        at = _in_few_of_many(tally, scopes, bounds)
    else:
        passes = _may_pass(tally, scopes, bounds)
        at = found_in_blocks(len(tally.units), lambda block: passes.take(scopes.of(block)) & (tally.units[block] > 0))
    if at.size == 0:
        return None
    own = scopes.of(at)
    own_bounds = np.broadcast_to(bounds, (len(at), len(bounds))) if bounds.ndim == 1 else bounds[own]
    units = _in_order(tally, at, own, np.zeros(len(at), dtype=np.int64), own_bounds)
    if not units[:, 1:].any():
        return None
    rungs = np.zeros(len(tally.units), dtype=np.uint8)
    rungs[at] = SPLIT
    return Ladder(rungs, at, units)


def _may_pass(tally: Tally, scopes: Scopes, bounds: IntArray) -> npt.NDArray[np.bool_]:
    """Return which scopes may pass their first bound, shape ``(n_scopes + 1,)``; what is of no scope never does."""
    passes = None
    if bounds.ndim == 1:
        passes = may_pass(scopes.n_scopes + 1, scopes.of, tally.units, int(bounds[0]))
    if passes is None:
        passes = _sums_by_scope(tally, scopes)[1] > _first_bounds(scopes, bounds)
    passes[-1] = False
    return passes


def _in_few_of_many(tally: Tally, scopes: Scopes, bounds: IntArray) -> Positions:
    """Return the positions of the rows whose scopes pass their first bound, where most scopes have no row."""
    known, own = np.unique(scopes.of(slice(None)), return_inverse=True)
    sums = np.zeros(len(known), dtype=np.int64)
    np.add.at(sums, own, tally.units)
    passes = (sums > _first_bounds(scopes, bounds)[known]) & (known < scopes.n_scopes)
    return np.flatnonzero(passes[own] & (tally.units > 0))


def _first_bounds(scopes: Scopes, bounds: IntArray) -> IntArray:
    """Return the first bound of each scope, and last of none, shape ``(n_scopes + 1,)``."""
    if bounds.ndim == 1:
        return np.broadcast_to(bounds[0], (scopes.n_scopes + 1,))
    return np.append(bounds[:, 0], 0)


def _sums_by_scope(tally: Tally, scopes: Scopes) -> tuple[npt.NDArray[np.int32], IntArray]:
    """Return the scope of each row, and the units of each scope and, last, of none."""
    own = np.empty(len(tally.units), dtype=np.int32)

    def places(block: slice) -> npt.NDArray[np.intp]:
        of_block = scopes.of(block)
        own[block] = of_block
        return of_block

    return own, summed(scopes.n_scopes + 1, places, tally.units)


def _in_order(
    tally: Tally, at: Positions, groups: npt.NDArray[np.signedinteger[Any]], starts: IntArray, bounds: IntArray
) -> IntArray:
    """Return the units of some rows on each rung when the rows of a group are taken in order from a total.

    Args:
        tally: What is counted.
        at: Positions of the rows, shape ``(n,)``.
        groups: Rows of one number, not negative, are counted together, shape ``(n,)``.
        starts: The total before each row's group, shape ``(n,)``.
        bounds: Shape ``(n, n_bounds)``.

    Returns:
        Shape ``(n, n_bounds + 1)``.
    """
    order = order_within(tally.rows, at, groups)
    sorted_groups, in_order = groups[order], tally.units[at[order]]
    before = np.cumsum(in_order) - in_order
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = sorted_groups[1:] != sorted_groups[:-1]
    before -= before[begins][np.cumsum(begins) - 1]
    before += starts[order]
    found = np.empty((len(order), bounds.shape[1] + 1), dtype=np.int64)
    below = np.int64(0)
    for rung in range(bounds.shape[1]):
        reached = np.minimum(np.maximum(bounds[order, rung] - before, 0), in_order)
        found[order, rung] = reached - below
        below = reached
    found[order, -1] = in_order - below
    return found
