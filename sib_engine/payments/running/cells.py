"""Where rows stand in a small table: by metric and site, and by statement and day in the order of running totals.

Every count over metrics, sites or the contract is read from this one table, however many clauses ask.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block, summed
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract

ALWAYS_CELLS: Final = 1 << 16
"""The table is used up to this size, or up to one cell for each row; beyond it, rows are put in order instead."""


@dataclass(frozen=True, eq=False)
class Cells:
    """The table of some rows: ``n_places`` places (metric and site) with ``n_buckets`` each (statement and day).

    Metrics and sites are counted from 1, with 0 for none, sites fastest. Buckets are in the order in
    which rows meet a running total: for each statement, and last for not stated yet, no date and then
    each day.
    """

    rows: OutcomeRows
    scale: DayScale
    n_metrics: int
    n_sites: int
    n_statements: int

    @classmethod
    def of(cls, contract: Contract, rows: OutcomeRows) -> Self:
        """Return the table of ``rows``; statement ordinals are small and not stated is -1."""
        n_statements = int(rows.stated.max(initial=NONE)) + 1
        return cls(rows, DayScale.of(rows.achieved_on), len(contract.metrics), len(contract.sites), n_statements)

    @property
    def n_places(self) -> int:
        """Number of metrics times number of sites, each with one more for none."""
        return (self.n_metrics + 1) * (self.n_sites + 1)

    @property
    def n_buckets(self) -> int:
        """Number of statements, with one more for not stated yet, times number of days, with one more for no date."""
        return (self.n_statements + 1) * (self.scale.n_days + 1)

    def is_small(self, n_scopes: int) -> bool:
        """Return whether a table of so many scopes is worth its size."""
        limit = max(ALWAYS_CELLS, len(self.rows))
        return max(n_scopes, self.n_places) * self.n_buckets <= limit

    @cached_property
    def of_rows(self) -> npt.NDArray[np.int32]:
        """The cell of each row, shape ``(n,)``; only where the table is small."""
        cells = np.empty(len(self.rows), dtype=np.int32)
        n_buckets, no_date = self.n_buckets, self.scale.first - 1
        # Metric and site are counted from 1 and days from the one before the first, all in one addition.
        shift = (self.n_sites + 2) * n_buckets - no_date

        def work(block: slice) -> None:
            own = cells[block]
            np.multiply(self.rows.metric[block], (self.n_sites + 1) * n_buckets, out=own, dtype=np.int32)
            own += np.multiply(self.rows.site[block], n_buckets, dtype=np.int32)
            numbers = as_numbers(self.rows.achieved_on[block])
            if self.scale.has_undated:
                numbers = np.maximum(numbers, no_date)
            np.add(own, numbers + shift, out=own, casting="unsafe")
            if self.n_statements:
                stated = self.rows.stated[block]
                own += np.where(stated == NONE, self.n_statements, stated) * np.int32(self.scale.n_days + 1)

        each_block(len(cells), work)
        return cells


@dataclass(frozen=True, eq=False)
class Tally:
    """What is counted of each row (minor units or outcomes), not negative, shape ``(n,)``; the sum is exact."""

    cells: Cells
    units: IntArray

    @property
    def rows(self) -> OutcomeRows:
        """The rows that are counted."""
        return self.cells.rows

    @cached_property
    def sums(self) -> IntArray:
        """Units in each cell, shape ``(n_places, n_buckets)``; only where the table is small."""
        cells, shape = self.cells.of_rows, (self.cells.n_places, self.cells.n_buckets)
        return summed(shape[0] * shape[1], lambda block: cells[block].astype(np.intp), self.units).reshape(shape)
