"""Stretches of work across a change of terms: which version of a metric judges each, and on which day.

An outcome is achieved on the first day worked on which the terms in force on that day are met by the
work up to that day. Each version is worked out as if it had always held; it then has its turn at what
falls on the days on which it is in force, and at what it found complete before it began.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import expanded
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import FAR, Spells
from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.terms.metric import Employment

_RUNNING: Final = np.uint64(bit(Reason.STILL_RUNNING))


@dataclass(frozen=True, slots=True)
class Turn:
    """One version's days, and what earlier versions made of each job, arrays of shape ``(n_jobs,)``.

    ``begins`` is the first day on which it is in force and ``ends`` the first on which it no longer is, as
    whole days; None where there is none. ``judged`` is the last day on which an earlier version found work
    of the job to be long enough, ``achieved`` the last on which nothing in the work spoke against it either;
    ``-FAR`` for no such day.
    """

    begins: int | None
    ends: int | None
    judged: IntArray
    achieved: IntArray

    @classmethod
    def first(cls, n_jobs: int) -> "Turn":
        """Return a turn without bounds, before any version has judged."""
        return cls(None, None, np.full(n_jobs, -FAR), np.full(n_jobs, -FAR))

    def moved(self, runs: Runs, opened: IntArray, spells: Spells, rule: Employment) -> Runs:
        """Return the runs, those complete before the version began achieved on the first day worked under it.

        That is so where the work lasts to such a day (inside the window, with ``within_days``) and no
        earlier version found it long enough. Work that has no last day is then due on the version's first.

        Args:
            runs: The runs under this version.
            opened: First day of each run, shape ``(n,)``.
            spells: The spells that they are made of.
            rule: What this version asks for.
        """
        if self.begins is None or not (rule.days or rule.months):
            return runs
        run, place = expanded(runs.first, runs.stop)
        spell = runs.order[place]
        reaches = spells.ends[spell] >= self.begins
        day = np.full(len(runs), FAR, dtype=np.int64)
        np.minimum.at(day, run[reaches], np.maximum(spells.starts[spell[reaches]], self.begins))
        lasts = np.zeros(len(runs), dtype=np.bool_)
        lasts[run[spells.is_open[spell]]] = True
        is_worked = day < FAR
        day = np.where(is_worked, day, self.begins)
        moves = (runs.is_complete | runs.is_running) & (runs.achieved < self.begins) & (is_worked | lasts)
        moves &= ~self._covers(self.judged, runs, spells)
        if rule.within_days is not None:
            moves &= day <= opened + rule.within_days - 1
        return replace(
            runs,
            achieved=np.where(moves, day, runs.achieved),
            is_complete=np.where(moves, is_worked, runs.is_complete),
            is_running=np.where(moves, ~is_worked, runs.is_running),
        )

    def takes(self, runs: Runs, spells: Spells) -> Flags:
        """Return which runs this version judges: dated in its days, and not achieved under an earlier one."""
        found: Flags = ~self._covers(self.achieved, runs, spells)
        if self.begins is not None:
            found &= runs.achieved >= self.begins
        if self.ends is not None:
            found &= runs.achieved < self.ends
        return found

    def followed(self, runs: Runs, kept: Flags, spells: Spells, mask: MaskArray) -> "Turn":
        """Return the next version's turn, without its days: what this one judged is noted of each job."""
        judged, achieved = self.judged.copy(), self.achieved.copy()
        long_enough = kept & (runs.is_complete | runs.is_running)
        run, place = expanded(runs.first, runs.stop)
        job = spells.job[runs.order[place]]
        for days, which in ((judged, long_enough), (achieved, long_enough & ((mask & ~_RUNNING) == 0))):
            held = which[run]
            np.maximum.at(days, job[held], runs.achieved[run[held]])
        return Turn(None, None, judged, achieved)

    def _covers(self, days: IntArray, runs: Runs, spells: Spells) -> Flags:
        """Return which runs had begun by the day noted of one of their jobs."""
        run, place = expanded(runs.first, runs.stop)
        spell = runs.order[place]
        last, began = np.full(len(runs), -FAR), np.full(len(runs), FAR)
        np.maximum.at(last, run, days[spells.job[spell]])
        np.minimum.at(began, run, spells.began[spell])
        covers: Flags = last >= began
        return covers
