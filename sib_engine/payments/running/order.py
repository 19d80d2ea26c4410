"""The order in which rows meet a running total: the same for caps, shares and payer caps."""

from math import prod
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows

PositionArray: TypeAlias = npt.NDArray[np.intp]

_PACKED_LIMIT: Final = 2**62
"""Sort keys are packed into one int64 while the product of their ranges stays below this."""


def row_order(rows: OutcomeRows) -> PositionArray:
    """Return the positions of the rows in the kernel's order, shape ``(n,)``.

    Already stated first, in the order of the statements; then the day of the outcome, undated
    first; then metric and site in the contract's own order; then the row id, which is unique, so
    that the order in which a file lists the rows never matters.
    """
    keys = _keys(rows)
    if _is_increasing(rows.row):
        keys = keys[:-1]
    packed = _packed(keys)
    if packed is None:
        return np.lexsort(keys[::-1])
    if np.all(packed[1:] >= packed[:-1]):
        return np.arange(len(rows), dtype=np.intp)
    return np.argsort(packed, kind="stable")


def _keys(rows: OutcomeRows) -> tuple[IntArray, ...]:
    """Return the sort keys, the most significant first."""
    stated = rows.stated.astype(np.int64)
    last = stated.max(initial=0) + 1
    days = rows.achieved_on.astype("datetime64[D]").view(np.int64).copy()
    undated = np.isnat(rows.achieved_on)
    days[undated] = days[~undated].min(initial=0) - 1
    return (
        np.where(stated == NONE, last, stated),
        days,
        rows.metric.astype(np.int64),
        rows.site.astype(np.int64),
        rows.row.astype(np.int64),
    )


def _is_increasing(ids: IntArray) -> bool:
    return bool(np.all(ids[1:] > ids[:-1]))


def _packed(keys: tuple[IntArray, ...]) -> IntArray | None:
    """Return one number for each row that orders as the keys do, or None where it would not fit."""
    lows = [int(key.min(initial=0)) for key in keys]
    widths = [int(key.max(initial=0)) - low + 1 for key, low in zip(keys, lows, strict=True)]
    if prod(widths) > _PACKED_LIMIT:
        return None
    packed = np.zeros(len(keys[0]), dtype=np.int64)
    for key, low, width in zip(keys, lows, widths, strict=True):
        packed *= width
        packed += key - low
    return packed
