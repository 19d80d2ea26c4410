"""Which of very many scopes can pass a bound at all, found with sums of one byte each."""

from collections.abc import Callable
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray

_BITS: Final = 5
"""A bound is at most this many bits of a byte long, so that a byte holds the sum of a few rows that reach it alone."""



def may_pass(
    n_scopes: int, scopes: Callable[[slice], npt.NDArray[np.intp]], units: IntArray, bound: int
) -> npt.NDArray[np.bool_] | None:
    """Return which scopes may hold more units than a bound, shape ``(n_scopes,)``: all that do, and a few more.

    Units are rounded up to about a thirtieth of the bound and added up in one byte for each scope, since a
    table of bytes stays in the processor's cache where one of exact sums would not.

    Args:
        n_scopes: Number of scopes.
        scopes: Gives the scope of each row of a block, not negative and below ``n_scopes``.
        units: What each row adds, not negative, shape ``(n,)``.
        bound: Not negative.

    Returns:
        None where some sum does not fit into a byte, so that nothing is known.
    """
    shift = max(bound.bit_length() - _BITS, 0)
    # More than the bound is enough, however much more.
    steps, most = bound >> shift, (bound >> shift) + 1
    sums = np.zeros(n_scopes, dtype=np.uint8)
    added: list[int] = []
    lock = Lock()

    def work(block: slice) -> None:
        rounded = units[block] + ((1 << shift) - 1)
        rounded >>= shift
        small = np.minimum(rounded, most, out=rounded).astype(np.uint8)
        at = scopes(block)
        with lock:
            np.add.at(sums, at, small)
        added.append(int(small.sum(dtype=np.int64)))

    each_block(len(units), work)
    # A sum that ran over its byte lowers the sum of all.
    if int(sums.sum(dtype=np.int64)) != sum(added):
        return None
    return sums > steps
