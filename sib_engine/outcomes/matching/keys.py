"""Who a row is about, as a small integer: the person, or the person's job."""

from enum import Enum, auto
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block, gathered
from sib_engine.outcomes.rows import NONE

CodeArray: TypeAlias = npt.NDArray[np.int32] | npt.NDArray[np.int64]

_DENSE: Final = 2
"""Codes that run to this many times the number of rows are used as they are."""

_FLAGGED: Final = 64
"""Codes that run to this many times the number of rows are renumbered by a table of flags; larger ones by sorting."""


class Per(Enum):
    """What an outcome counts once for."""

    PERSON = auto()
    JOB = auto()


def person_keys(people: CodeArray) -> CodeArray:
    """Return a key for each row's person, from 0 and not much larger than the number of rows."""
    return _dense(people)


def job_keys(people: CodeArray, jobs: CodeArray) -> CodeArray:
    """Return a key for each row's job, from 0 and not much larger than the number of rows.

    Rows of one person without a job reference are about one unnamed job. A reference that two
    people share names two jobs.
    """
    n_jobs = int(jobs.max(initial=NONE)) + 1
    named = jobs != NONE
    owner = np.full(n_jobs, NONE, dtype=np.int64)
    owner[jobs[named]] = people[named]
    if np.array_equal(owner[jobs[named]], people[named]):
        return _dense(np.where(named, jobs, np.int64(n_jobs) + people))
    return _dense(people.astype(np.int64) * (n_jobs + 1) + jobs + 1)


def _dense(codes: CodeArray) -> CodeArray:
    """Return the codes, renumbered where they leave large gaps, so that tables by code stay small."""
    n_codes = int(codes.max(initial=NONE)) + 1
    if n_codes <= _DENSE * len(codes):
        return codes
    if n_codes > _FLAGGED * len(codes):
        return np.unique(codes, return_inverse=True)[1]
    is_used = np.zeros(n_codes, dtype=np.bool_)

    def use(block: slice) -> None:
        is_used[codes[block]] = True

    each_block(len(codes), use)
    used = np.flatnonzero(is_used)
    numbers = np.empty(n_codes, dtype=np.int32)
    numbers[used] = np.arange(len(used), dtype=np.int32)
    found: CodeArray
    (found,) = gathered(codes, numbers)
    return found
