"""Which outcome of each person, or job, comes first: the one that others are duplicates of, and later ones follow."""

from dataclasses import dataclass, field

import numpy as np

from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.matching.keys import CodeArray, Per, job_keys, person_keys
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE, OutcomeRows

_AGAINST = ~np.uint64(bit(Reason.GRANT_MONTH))


@dataclass(slots=True, eq=False)
class Standing:
    """Rows about people after matching, ``mask`` of shape ``(n,)``; an outcome that a grant paid for stands."""

    rows: OutcomeRows
    mask: MaskArray
    _keys: dict[Per, CodeArray] = field(init=False, default_factory=dict)
    _firsts: dict[tuple[tuple[int, ...], Per], Positions] = field(init=False, default_factory=dict)

    def key(self, kind: Per) -> CodeArray:
        """Return a number for each row's person or job, shape ``(n,)``; rows without a person are one more person's."""
        if kind not in self._keys:
            rows = self.rows
            people = np.where(rows.person == NONE, rows.person.max(initial=NONE) + 1, rows.person).astype(np.int64)
            self._keys[kind] = person_keys(people) if kind is Per.PERSON else job_keys(people, rows.job)
        return self._keys[kind]

    def first(self, metrics: tuple[int, ...], kind: Per) -> Positions:
        """Return the position of the first outcome that stands of some metrics, for each key; ``NONE`` without one.

        The earliest is the first; of two on one day that of the metric named later, then that of the
        smaller row number, as in matching.
        """
        asked = (metrics, kind)
        if asked not in self._firsts:
            stands = ((self.mask & _AGAINST) == 0) & (self.rows.person != NONE) & (self.rows.count != 0)
            level = np.zeros(len(self.rows), dtype=np.int64)
            for place, metric in enumerate(metrics):
                level[self.rows.metric == metric] = -place
            self._firsts[asked] = self._first_of(stands & np.isin(self.rows.metric, metrics), kind, level)
        return self._firsts[asked]

    def nearest(self, metric: int, kind: Per, could_count: Flags) -> Positions:
        """Return which row of a metric would be the first to count for each key; ``NONE`` where there is no row.

        Rows that ``could_count`` once something is recorded, shape ``(n,)``, go before all others.
        """
        are_some = (self.rows.metric == metric) & (self.rows.person != NONE) & (self.rows.count != 0)
        return self._first_of(are_some, kind, (~could_count).astype(np.int64), by_rank=True)

    def _first_of(self, which: Flags, kind: Per, rank: Positions, *, by_rank: bool = False) -> Positions:
        """Return the first row for each key: by day, then rank; or by rank, then day."""
        at = np.flatnonzero(which)
        key, day = self.key(kind), self.rows.achieved_on[at]
        order = (day, rank[at]) if by_rank else (rank[at], day)
        last_first = at[np.lexsort((self.rows.row[at], *order, key[at]))][::-1]
        found = np.full(int(key.max(initial=NONE)) + 1, NONE, dtype=np.intp)
        found[key[last_first]] = last_first  # the first is written last, so it stays
        return found
