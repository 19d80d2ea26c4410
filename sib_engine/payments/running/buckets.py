"""The statement and day of each row as one small integer, in the order in which rows meet a running total."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.rows import NONE, OutcomeRows


@dataclass(frozen=True, slots=True, eq=False)
class Buckets:
    """How the rows of a table fall into statements and days."""

    rows: OutcomeRows
    scale: DayScale
    n_statements: int

    @classmethod
    def of(cls, rows: OutcomeRows) -> Self:
        """Return the buckets of a table; statement ordinals are small and not stated is -1."""
        return cls(rows, DayScale.of(rows.achieved_on), int(rows.stated.max(initial=NONE)) + 1)

    @property
    def n_buckets(self) -> int:
        """Number of buckets: for each statement, and for not stated yet, no date and each day."""
        return (self.n_statements + 1) * (self.scale.n_days + 1)

    def places(self, block: slice) -> npt.NDArray[np.intp]:
        """Return the bucket of each row of a block."""
        numbers = as_numbers(self.rows.achieved_on[block])
        places = numbers - (self.scale.first - 1)
        if self.scale.has_undated:
            places[np.isnat(self.rows.achieved_on[block])] = 0
        if self.n_statements:
            stated = self.rows.stated[block]
            places += np.where(stated == NONE, self.n_statements, stated).astype(np.int64) * (self.scale.n_days + 1)
        return places
