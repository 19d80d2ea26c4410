"""The table of outcomes that the kernel works on: a row is one outcome that was achieved, or a count as published."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray

NONE: Final = -1
"""Code for "no person", "no site", "no group", "no job", "not stated yet", "nothing measured"."""

NO_DAY: Final = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """A struct of arrays, each of shape ``(n,)``.

    Codes are positions: ``metric`` and ``site`` in the contract's own order, ``person``, ``group``,
    ``job`` and ``measure`` (what was measured of a cohort) in the labels of the file the rows came
    from; ``NONE`` where there is none. ``row``
    is stable: it orders rows in the same way each time more rows are known. ``stated`` is the
    ordinal of the statement that first stated the row, ``NONE`` for not yet. ``achieved_on`` is
    NaT for an undated count; ``started_on`` is the person's referral, ``claimed_on`` the day on
    which the outcome's own facts and documents were known, which deadlines for claims and prices by
    the claim go by; ``recorded_on`` the day on which all that it rests on was known, which decides
    the statement. ``ended_on`` is the last day of the job that the outcome rests on, as the metric
    counts work on; ``stated_on`` the last day whose records the statement used that first stated the
    row, even if it was taken back since. Each is NaT where not recorded, and while work goes on.
    """

    row: IntArray
    person: npt.NDArray[np.int32]
    metric: npt.NDArray[np.int16]
    site: npt.NDArray[np.int16]
    group: npt.NDArray[np.int16]
    job: npt.NDArray[np.int32]
    achieved_on: DayArray
    started_on: DayArray
    claimed_on: DayArray
    recorded_on: DayArray
    count: IntArray
    stated: npt.NDArray[np.int32]
    measure: npt.NDArray[np.int32]
    ended_on: DayArray
    stated_on: DayArray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.row)

    def take(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "OutcomeRows":
        """Return the rows selected by a mask or by positions."""
        return OutcomeRows(*(getattr(self, column.name)[which] for column in fields(self)))

    @property
    def known_on(self) -> DayArray:
        """The day from which a statement may use each row, shape ``(n,)``: when it was recorded, or later achieved.

        Nobody knows an outcome before its own day. NaT where neither day is known.
        """
        return np.fmax(self.recorded_on, self.achieved_on)

    @property
    def nbytes(self) -> int:
        """Bytes held by all columns."""
        return sum(getattr(self, column.name).nbytes for column in fields(self))
