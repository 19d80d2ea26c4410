"""Ranges of positions: which row of one table meets which rows of another, without a loop."""

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.facts import Flags, Positions


def expanded(firsts: npt.NDArray[np.integer], stops: npt.NDArray[np.integer]) -> tuple[Positions, Positions]:
    """Return every position of every half-open range, and the range that each belongs to.

    Args:
        firsts: First position of each range, shape ``(n,)``.
        stops: Position after the last, not below ``firsts``; an empty range gives nothing.

    Returns:
        ``(owners, positions)``, each of shape ``(sum(stops - firsts),)``, in the order of the ranges.
    """
    lengths = (stops - firsts).astype(np.intp)
    owners = np.repeat(np.arange(len(lengths), dtype=np.intp), lengths)
    begins = np.cumsum(lengths) - lengths
    positions = np.arange(len(owners), dtype=np.intp) - begins[owners] + firsts[owners].astype(np.intp)
    return owners, positions


def group_ranges(keys: npt.NDArray[np.integer], wanted: npt.NDArray[np.integer]) -> tuple[Positions, Positions]:
    """Return where each wanted key begins and stops in ``keys``, which is sorted; empty where it is absent."""
    return np.searchsorted(keys, wanted, side="left"), np.searchsorted(keys, wanted, side="right")


def first_of_group(keys: npt.NDArray[np.integer]) -> Flags:
    """Return where a new group begins in sorted ``keys``, same shape."""
    begins = np.ones(len(keys), dtype=np.bool_)
    begins[1:] = keys[1:] != keys[:-1]
    return begins


def place_in_group(keys: npt.NDArray[np.integer]) -> Positions:
    """Return the place of each row within its group of sorted ``keys``, counted from 0."""
    begins = np.flatnonzero(first_of_group(keys))
    lengths = np.diff(np.append(begins, len(keys)))
    return np.arange(len(keys), dtype=np.intp) - np.repeat(begins, lengths)
