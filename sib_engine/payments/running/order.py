"""The order in which rows meet a running total: the same for caps, shares and payer caps."""

from math import prod
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows

PositionArray: TypeAlias = npt.NDArray[np.intp]
_Keys: TypeAlias = tuple[npt.NDArray[np.signedinteger[Any]], ...]

_PACKED_LIMIT: Final = 2**62
"""Sort keys are packed into one int64 while the product of their ranges stays below this."""

_UNDATED: Final = np.iinfo(np.int64).min
"""The number of no day."""


def row_order(rows: OutcomeRows) -> PositionArray:
    """Return the positions of the rows in the kernel's order, shape ``(n,)``.

    Already stated first, in the order of the statements; then the day of the outcome, undated
    first; then metric and site in the contract's own order; then the row id, which is unique, so
    that the order in which a file lists the rows never matters.
    """
    return _sorted(_keys(rows, slice(None)))


def order_within(rows: OutcomeRows, at: PositionArray, groups: npt.NDArray[np.signedinteger[Any]]) -> PositionArray:
    """Return the order of some rows by group, within each in the kernel's order.

    Args:
        rows: All rows.
        at: Positions of those to order, shape ``(n,)``.
        groups: Of those, shape ``(n,)``.

    Returns:
        Places in ``at``, shape ``(n,)``.
    """
    return _sorted((groups.astype(np.int64, copy=False), *_keys(rows, at)))


def _keys(rows: OutcomeRows, at: PositionArray | slice) -> _Keys:
    """Return the sort keys, the most significant first; row ids that rise with the position decide nothing."""
    stated, ids = rows.stated[at], rows.row[at]
    last = stated.max(initial=NONE) + 1
    if last > NONE + 1:
        stated = np.where(stated == NONE, last, stated)
    days = rows.achieved_on[at].astype("datetime64[D]", copy=False).view(np.int64)
    if days.min(initial=0) == _UNDATED:
        undated = days == _UNDATED
        days = np.where(undated, days[~undated].min(initial=0) - 1, days)
    keys = (stated, days, rows.metric[at], rows.site[at])
    return keys if _is_increasing(ids) else (*keys, ids)


def _is_increasing(ids: IntArray) -> bool:
    return bool(np.all(ids[1:] > ids[:-1]))


def _sorted(keys: _Keys) -> PositionArray:
    """Return the positions in the order of the keys, ties in the order of the positions."""
    lows = [int(key.min(initial=0)) for key in keys]
    widths = [int(key.max(initial=0)) - low + 1 for key, low in zip(keys, lows, strict=True)]
    n_rows = len(keys[0])
    place_bits = max(n_rows - 1, 1).bit_length()
    if prod(widths) << place_bits > _PACKED_LIMIT:
        return np.lexsort(keys[::-1])
    packed = np.zeros(n_rows, dtype=np.int64)
    for key, low, width in zip(keys, lows, widths, strict=True):
        if width > 1:
            packed *= width
            packed += key
            packed -= low
    if np.all(packed[1:] >= packed[:-1]):
        return np.arange(n_rows, dtype=np.intp)
    # The position stands in the low bits, so that numbers are sorted, which is faster than positions by numbers.
    packed <<= place_bits
    packed |= np.arange(n_rows)
    packed.sort()
    packed &= (1 << place_bits) - 1
    return packed.astype(np.intp, copy=False)
