"""Work on long arrays in blocks: temporaries stay in the processor's cache, and large inputs use every processor.

numpy lets other threads run while it computes, so threads are enough. What a block writes must depend on
nothing that another block writes; what blocks share is guarded by a lock of the caller.
"""

import os
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

BLOCK: Final = 1 << 18
"""Rows in a block at most: enough that threads seldom wait for each other, few enough that temporaries stay small."""

MIN_BLOCK: Final = 1 << 15
"""Rows in a block at least: with fewer, handing over blocks would take longer than the work."""

BLOCKS_A_THREAD: Final = 4
"""Blocks for each thread at least, where there are rows enough, so that no thread waits long for the last one."""

THREADS_FROM: Final = 1 << 18
"""Rows from which starting threads costs less than it saves."""

MAX_THREADS: Final = 8
"""Gathers from memory stop getting faster beyond about this many."""


def each_block(n_rows: int, work: Callable[[slice], None]) -> None:
    """Call ``work`` with slices that cover ``n_rows`` rows once, on several threads where there are many rows.

    The slices are the same for the same number of rows. ``work`` must not call this function.

    Raises:
        Exception: What ``work`` raised for the earliest block in which it raised anything.
    """
    n_threads = min(_processors(), MAX_THREADS) if n_rows >= THREADS_FROM else 1
    size = BLOCK if n_threads == 1 else min(BLOCK, max(MIN_BLOCK, -(-n_rows // (n_threads * BLOCKS_A_THREAD))))
    slices = (slice(start, min(start + size, n_rows)) for start in range(0, n_rows, size))
    if n_threads == 1:
        for block in slices:
            work(block)
        return
    for _ in _pool(os.getpid(), n_threads).map(work, slices):
        pass


@cache
def _pool(_process: int, n_threads: int) -> "ThreadPoolExecutor":
    """Return the threads of this process, started once: a kernel run asks for them a dozen times."""
    # Imported here because small inputs, and `sib --help`, never need it.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - small inputs never start threads, nor load the module

    return ThreadPoolExecutor(n_threads, thread_name_prefix="blocks")


def extremes(values: npt.NDArray[np.integer[Any]]) -> tuple[int, int]:
    """Return the least and the greatest of some integers, in one pass; ``(0, -1)`` where there are none."""
    lows: list[int] = []
    highs: list[int] = []

    def work(block: slice) -> None:
        lows.append(int(values[block].min()))
        highs.append(int(values[block].max()))

    each_block(len(values), work)
    return min(lows, default=0), max(highs, default=-1)


def gathered(at: npt.NDArray[np.integer[Any]], *columns: npt.NDArray[Any]) -> list[npt.NDArray[Any]]:
    """Return each column at some positions, all of the shape of ``at``."""
    found = [np.empty(len(at), dtype=column.dtype) for column in columns]

    def work(block: slice) -> None:
        for column, values in zip(columns, found, strict=True):
            # Positions are in range, so clipping changes nothing; it lets numpy write straight into the result.
            column.take(at[block], out=values[block], mode="clip")

    each_block(len(at), work)
    return found


@cache
def _processors() -> int:
    """Return how many processors this process may use; a container is often allowed fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
