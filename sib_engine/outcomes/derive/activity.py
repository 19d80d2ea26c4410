"""Candidates of a metric that is achieved by recorded facts: activities, and facts of one name."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.candidates import Candidates
from sib_engine.outcomes.derive.ranges import place_in_group
from sib_engine.outcomes.derive.spells import as_dates, as_days
from sib_engine.outcomes.facts import Facts, Flags, Positions
from sib_engine.outcomes.reasons import Reason, bit
from sib_engine.outcomes.rows import NO_DAY, NONE
from sib_engine.outcomes.why.words import Words
from sib_engine.terms.metric import Activity, Component, Counts, Needed, Recorded

_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Progress:
    """How far each group (a person, a person's job, or an occurrence) is with one component, ``(n_groups,)``.

    ``day`` and ``fact`` are those that complete it, ``_NEVER`` and ``NONE`` while it is not complete.
    """

    component: Component
    n_recorded: IntArray
    day: IntArray
    fact: Positions
    recorded: IntArray


def recorded_facts(rule: Recorded, counts: Counts, facts: Facts, sites: npt.NDArray[np.int32]) -> Candidates:
    """Return one candidate for each fact of the metric's name; matching decides which of them count."""
    at = facts.named(rule.fact)
    order = np.lexsort((facts.line[at], facts.starts_on[at], facts.person.codes[at]))
    at = at[order]
    own_site, person = facts.site.codes[at], facts.person.codes[at]
    job = facts.job.codes[at] if counts is Counts.ONCE_PER_JOB else np.full(len(at), NONE, dtype=np.int32)
    n = len(at)
    return Candidates(
        person=person,
        job=job,
        site=np.where(own_site == NONE, sites[person], own_site),
        achieved_on=facts.starts_on[at],
        shown_from=facts.starts_on[at],
        work_from=np.full(n, NO_DAY),
        recorded_on=facts.recorded_on[at],
        due_on=np.full(n, NO_DAY),
        mask=np.zeros(n, dtype=np.uint64),
        hours=np.full(n, NONE, dtype=np.int64),
        details=[f"{rule.fact} on {day}" for day in np.datetime_as_string(facts.starts_on[at]).tolist()],
        job_owner=np.flatnonzero(job != NONE),
        job_code=job[job != NONE],
        ended_on=np.full(n, NO_DAY),
        fact=at,
        words=(),
    )


def activities(rule: Activity, counts: Counts, facts: Facts, sites: npt.NDArray[np.int32]) -> Candidates:
    """Return one candidate for each person (job, occurrence) with any component recorded.

    A component is complete on the day of its n-th fact. Any of several: achieved on the earliest
    complete one; all of them: on the latest. Facts of one day are taken in the order of the file.
    A metric that counts every time begins again after each ``at_least`` facts. Of any of several, each
    component then makes outcomes of its own; of all of them, the first occurrence takes the first facts of
    each component, the second those that follow, and so on.
    """
    at, group_of_fact, places = _grouped(rule, counts, facts)
    groups, group = np.unique(group_of_fact, return_inverse=True)
    progress = [_progress(component, facts, at, group, places, len(groups)) for component in rule.components]
    days = np.stack([part.day for part in progress])
    earliest, latest = days.min(axis=0), days.max(axis=0)
    complete = latest if rule.needed is Needed.ALL else earliest
    reached = complete != _NEVER
    deciding = np.argmax(days == complete, axis=0)
    fact = np.stack([part.fact for part in progress])[deciding, np.arange(len(groups))]
    first_fact = np.full(len(groups), NONE, dtype=np.intp)
    first_fact[group[::-1]] = at[::-1]
    fact = np.where(reached, fact, first_fact)
    recorded = _recorded(rule, progress, days, complete, reached)
    recorded[~reached] = as_days(facts.recorded_on[fact[~reached]])
    person = facts.person.codes[fact]
    job = facts.job.codes[fact] if counts is Counts.ONCE_PER_JOB else np.full(len(fact), NONE, dtype=np.int32)
    own_site = facts.site.codes[fact]
    return Candidates(
        person=person,
        job=job,
        site=np.where(own_site == NONE, sites[person], own_site),
        achieved_on=np.where(reached, as_dates(np.where(reached, complete, 0)), NO_DAY),
        shown_from=np.where(reached, as_dates(np.where(reached, earliest, 0)), NO_DAY),
        work_from=np.full(len(fact), NO_DAY),
        recorded_on=as_dates(recorded),
        due_on=np.full(len(fact), NO_DAY),
        mask=np.where(reached, 0, bit(Reason.COMPONENT_MISSING)).astype(np.uint64),
        hours=np.full(len(fact), NONE, dtype=np.int64),
        details=_details(rule, counts, progress, reached),
        job_owner=np.flatnonzero(job != NONE),
        job_code=job[job != NONE],
        ended_on=np.full(len(fact), NO_DAY),
        fact=fact,
        words=(_incomplete(rule, counts, progress, np.flatnonzero(~reached)),),
    )


def _grouped(rule: Activity, counts: Counts, facts: Facts) -> tuple[Positions, IntArray, Positions]:
    """Return the facts that the components name, in order of day; the group of each; its place in the group."""
    names = [component.fact for component in rule.components]
    at = np.flatnonzero(facts.name.is_any_of(names))
    keys = (facts.job.codes if counts is Counts.ONCE_PER_JOB else facts.person.codes)[at].astype(np.int64)
    if counts is Counts.ONCE_PER_JOB:
        keys = np.where(keys == NONE, len(facts.job.labels) + facts.person.codes[at], keys)
    part = np.zeros(len(at), dtype=np.int64)
    for number, name in enumerate(names):
        part[facts.name.is_any_of((name,))[at]] = number
    order = np.lexsort((facts.line[at], facts.starts_on[at], part, keys))
    at, keys, part = at[order], keys[order], part[order]
    places = place_in_group(keys * len(names) + part)
    if counts is Counts.EVERY_TIME:
        size = np.array([component.at_least for component in rule.components], dtype=np.intp)[part]
        occurrence, places = places // size, places % size
        keys = keys * (len(facts) + 1) + occurrence
        if rule.needed is Needed.ANY:
            keys = keys * len(names) + part
    return at, keys, places


def _progress(
    component: Component, facts: Facts, at: Positions, group: Positions, places: Positions, n: int
) -> _Progress:
    of_name = facts.name.is_any_of((component.fact,))[at]
    n_recorded = np.bincount(group[of_name], minlength=n)
    completing = of_name & (places == component.at_least - 1)
    used = of_name & (places < component.at_least)
    day, fact = np.full(n, _NEVER), np.full(n, NONE, dtype=np.intp)
    day[group[completing]] = as_days(facts.starts_on[at[completing]])
    fact[group[completing]] = at[completing]
    recorded = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(recorded, group[used], as_days(facts.recorded_on[at[used]]))
    return _Progress(component, n_recorded, day, fact, recorded)


def _recorded(
    rule: Activity, progress: list[_Progress], days: IntArray, complete: IntArray, reached: Flags
) -> IntArray:
    """Return the latest day on which a fact that the outcome rests on became known."""
    known = np.stack([part.recorded for part in progress])
    if rule.needed is Needed.ALL:
        latest: IntArray = known.max(axis=0)
        return latest
    deciding = (days == complete) & reached
    found: IntArray = np.where(deciding, known, _NEVER).min(axis=0)
    return found


def _lacking(rule: Activity, counts: Counts, progress: list[_Progress], row: int) -> list[_Progress]:
    """Return the components that a row lacks; only the one begun where each makes outcomes of its own."""
    is_apart = rule.needed is Needed.ANY and counts is Counts.EVERY_TIME
    return [part for part in progress if part.day[row] == _NEVER and (part.n_recorded[row] or not is_apart)]


def _details(rule: Activity, counts: Counts, progress: list[_Progress], reached: Flags) -> list[str]:
    joined = " and " if rule.needed is Needed.ALL else " or "
    texts = [""] * len(reached)
    for row, done in enumerate(reached.tolist()):
        if done:
            parts = [_completed(part, row) for part in progress if part.day[row] != _NEVER]
            texts[row] = ", ".join(parts)
        else:
            parts = [_missing(part, row) for part in _lacking(rule, counts, progress, row)]
            texts[row] = "missing: " + joined.join(parts)
    return texts


def _incomplete(rule: Activity, counts: Counts, progress: list[_Progress], at: Positions) -> Words:
    """Return in words what is recorded of each part that is not complete, and what it still takes."""
    joined = " and " if rule.needed is Needed.ALL else " or "
    texts, mends = [], []
    for row in at.tolist():
        parts = _lacking(rule, counts, progress, row)
        texts.append(
            ", ".join(
                f"{part.component.fact}: {int(part.n_recorded[row])} of {part.component.at_least} recorded"
                for part in parts
            )
        )
        wanted = ((part.component.at_least - int(part.n_recorded[row]), part.component.fact) for part in parts)
        mends.append(joined.join(f"{n} more {fact}" for n, fact in wanted) + ", with its date")
    return Words(Reason.COMPONENT_MISSING, at, texts, mends, None)


def _completed(part: _Progress, row: int) -> str:
    times = "" if part.component.at_least == 1 else f"{part.component.at_least} x "
    return f"{times}{part.component.fact} by {np.datetime64(int(part.day[row]), 'D')}"


def _missing(part: _Progress, row: int) -> str:
    least, n_recorded = part.component.at_least, int(part.n_recorded[row])
    if least == 1:
        return part.component.fact
    return f"{part.component.fact} ({n_recorded} of {least} recorded)"
