"""Candidates: what may be an outcome of one metric, before evidence, eligibility and matching."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.facts import FactName, Facts, Flags, Positions
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.words import Words


@dataclass(frozen=True, slots=True)
class Candidates:
    """Candidates of one metric, each array of shape ``(n,)``; codes are those of the facts.

    ``achieved_on`` is NaT where nothing is complete yet; for work that still lasts it is the day on
    which the outcome falls due, and so is ``due_on`` (else NaT); for work that ended too early it is
    the last day worked. Documents are accepted from ``shown_from`` on, or from ``work_from``, the first day
    of the work that it rests on (NaT where it rests on none), as the metric says. ``hours`` are weekly, in
    hundredths, ``NONE`` where not measured. ``job_owner`` and ``job_code`` pair each candidate with
    every job whose documents may show it. ``ended_on`` is the last day of the work that it rests on,
    NaT while that lasts and where it rests on none. ``fact`` is the position of the fact that completes
    each, or with which it begins. ``words`` say what was found against them.
    """

    person: npt.NDArray[np.int32]
    job: npt.NDArray[np.int32]
    site: npt.NDArray[np.int32]
    achieved_on: DayArray
    shown_from: DayArray
    work_from: DayArray
    recorded_on: DayArray
    due_on: DayArray
    mask: MaskArray
    hours: IntArray
    details: Sequence[str]
    job_owner: Positions
    job_code: npt.NDArray[np.int32]
    ended_on: DayArray
    fact: Positions
    words: Sequence[Words]

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.person)

    def taken(self, which: Flags) -> "Candidates":
        """Return the candidates that a mask selects."""
        at = np.flatnonzero(which)
        place = np.full(len(self), NONE, dtype=np.intp)
        place[at] = np.arange(len(at))
        held = which[self.job_owner]
        listed = {"details", "job_owner", "job_code", "words"}
        columns = {each.name: getattr(self, each.name)[at] for each in fields(self) if each.name not in listed}
        return replace(
            self,
            details=[self.details[row] for row in at.tolist()],
            job_owner=place[self.job_owner[held]],
            job_code=self.job_code[held],
            words=[each.moved(place) for each in self.words],
            **columns,
        )


def no_candidates() -> Candidates:
    """Return no candidates, for a metric that single people cannot achieve."""
    codes, days = np.zeros(0, dtype=np.int32), np.zeros(0, dtype="datetime64[D]")
    return Candidates(
        person=codes,
        job=codes,
        site=codes,
        achieved_on=days,
        shown_from=days,
        work_from=days,
        recorded_on=days,
        due_on=days,
        mask=np.zeros(0, dtype=np.uint64),
        hours=np.zeros(0, dtype=np.int64),
        details=[],
        job_owner=np.zeros(0, dtype=np.intp),
        job_code=codes,
        ended_on=days,
        fact=np.zeros(0, dtype=np.intp),
        words=(),
    )


def home_sites(facts: Facts) -> npt.NDArray[np.int32]:
    """Return each person's own site, shape ``(n_people,)``: that of the first referral, else of the first fact."""
    sites = np.full(facts.n_people, NONE, dtype=np.int32)
    named = np.flatnonzero(facts.site.codes != NONE)
    other = ~facts.name.is_any_of((FactName.REFERRAL,))[named]
    named = named[np.lexsort((facts.line[named], facts.starts_on[named], other))][::-1]
    sites[facts.person.codes[named]] = facts.site.codes[named]  # the first is written last, so it stays
    return sites
