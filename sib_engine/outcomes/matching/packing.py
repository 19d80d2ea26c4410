"""One integer for each row that orders outcomes as "the first one counts" does: day, then band, then row."""

from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DAY_BITS

Positions: TypeAlias = npt.NDArray[np.intp]

ROW_BITS: Final = 32
LEVEL_BITS: Final = 8
DAY_SHIFT: Final = ROW_BITS + LEVEL_BITS
MAX_LEVEL: Final = (1 << LEVEL_BITS) - 1

NEVER: Final = np.iinfo(np.int64).max
"""The packed key of "no outcome": after every other, since day, level and row fill exactly 63 bits."""

assert NEVER.bit_length() == DAY_SHIFT + DAY_BITS  # noqa: S101 - the layout above, checked once at import


def packed(days: IntArray, ids: IntArray) -> IntArray:
    """Return the packed key of each row that stands alone in its band, shape ``(n,)``.

    Args:
        days: Places on the day scale, shape ``(n,)``.
        ids: Row ids, shape ``(n,)``.

    Raises:
        RefusedError: If two rows have one id.
    """
    keys = days << DAY_SHIFT
    keys |= _row_places(ids)
    return keys


def _row_places(ids: IntArray) -> IntArray:
    """Return each row's place in the order of row ids, distinct and below ``2**ROW_BITS``; gaps may remain.

    Raises:
        RefusedError: If two rows have one id: which of them is the first could then not be told.
    """
    if len(ids) == 0:
        return ids
    lowest = int(ids.min())
    is_increasing = bool(np.all(ids[1:] > ids[:-1]))
    if is_increasing and int(ids[-1]) - lowest < 1 << ROW_BITS:
        return ids if lowest == 0 else ids - lowest
    order = np.argsort(ids, kind="stable")
    repeated = ids[order[1:]] == ids[order[:-1]]
    if repeated.any():
        message = f"row id {ids[order[1:]][repeated][0]} stands twice, and ids decide between outcomes of one day"
        raise RefusedError(message)
    places = np.empty(len(ids), dtype=np.int64)
    places[order] = np.arange(len(ids))
    return places
