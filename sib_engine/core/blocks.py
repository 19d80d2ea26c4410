"""Work on long arrays in blocks: temporaries stay in the processor's cache, and large inputs use every processor.

numpy lets other threads run while it computes, so threads are enough. What a block writes must depend on
nothing that another block writes; what blocks share is guarded by a lock of the caller.
"""

import os
from collections.abc import Callable
from functools import cache
from threading import Lock, get_ident
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

NEAR_PLACES: Final = 1 << 17
"""Places of a table that each thread can have for itself."""

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


def summed(
    n_places: int, places: Callable[[slice], npt.NDArray[np.intp]], units: npt.NDArray[np.int64]
) -> npt.NDArray[Any]:
    """Return what stands at each place in all, shape ``(n_places,)``; whole numbers of 4 or 8 bytes.

    Args:
        n_places: Number of places.
        places: Gives the place of each row of a block; may be asked for a block twice.
        units: What each row adds, not negative, shape ``(n,)``; the sums are exact.
    """
    if n_places <= NEAR_PLACES:
        return _summed_near(n_places, places, units)
    # Half-sized numbers stay twice as long in the processor's cache. One that ran over lowers the sum of all.
    found = _summed_far(n_places, places, units, np.uint32)
    if int(found.sum(dtype=np.int64)) != int(units.sum()):
        found = _summed_far(n_places, places, units, np.int64)
    return found


def _summed_near(
    n_places: int, places: Callable[[slice], npt.NDArray[np.intp]], units: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the sums; each thread adds up in a small table of its own, so that none waits for another."""
    tables: dict[int, npt.NDArray[np.int64]] = {}

    def work(block: slice) -> None:
        table = tables.get(get_ident())
        if table is None:
            table = tables[get_ident()] = np.zeros(n_places, dtype=np.int64)
        np.add.at(table, places(block), units[block])

    each_block(len(units), work)
    found: npt.NDArray[np.int64] = np.sum(
        list(tables.values()) or [np.zeros(n_places, dtype=np.int64)], axis=0, dtype=np.int64
    )
    return found


def _summed_far(
    n_places: int,
    places: Callable[[slice], npt.NDArray[np.intp]],
    units: npt.NDArray[np.int64],
    kind: type[np.uint32 | np.int64],
) -> npt.NDArray[Any]:
    table = np.zeros(n_places, dtype=kind)
    lock = Lock()

    def work(block: slice) -> None:
        at, added = places(block), units[block].astype(kind, copy=False)
        with lock:
            np.add.at(table, at, added)

    each_block(len(units), work)
    return table


def copied(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a copy of a long array."""
    found = np.empty_like(values)

    def work(block: slice) -> None:
        found[block] = values[block]

    each_block(len(values), work)
    return found


@cache
def _pool(_process: int, n_threads: int) -> "ThreadPoolExecutor":
    """Return the threads of this process, started once: a kernel run asks for them a dozen times."""
    # Imported here because small inputs, and `sib --help`, never need it.
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - small inputs never start threads, nor load the module

    return ThreadPoolExecutor(n_threads, thread_name_prefix="blocks")


def found_in_blocks(n_rows: int, holds: Callable[[slice], npt.NDArray[np.bool_]]) -> npt.NDArray[np.intp]:
    """Return the positions, ascending, of the rows for which ``holds`` is true of their block."""
    found: dict[int, npt.NDArray[np.intp]] = {}

    def work(block: slice) -> None:
        found[block.start] = np.flatnonzero(holds(block)) + block.start

    each_block(n_rows, work)
    return np.concatenate([found[start] for start in sorted(found)] or [np.empty(0, dtype=np.intp)])


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
