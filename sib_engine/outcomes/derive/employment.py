"""Candidates of a metric that is achieved by being in work."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.any_period import asks_any_period, measure_any
from sib_engine.outcomes.derive.candidates import Candidates
from sib_engine.outcomes.derive.hours import measure
from sib_engine.outcomes.derive.lasting import expected_hours
from sib_engine.outcomes.derive.opening import Awaited, Waiting
from sib_engine.outcomes.derive.other_bands import Others
from sib_engine.outcomes.derive.ranges import expanded
from sib_engine.outcomes.derive.runs import Runs, job_starts, runs_of
from sib_engine.outcomes.derive.spells import FAR, PayPieces, Spells, as_dates, as_days
from sib_engine.outcomes.derive.turns import Turn
from sib_engine.outcomes.derive.words_of_hours import HoursFound, words_of_hours
from sib_engine.outcomes.derive.words_of_work import RunsFound, words_of_work
from sib_engine.outcomes.facts import HUNDREDTHS, Facts, Flags
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NO_DAY, NONE
from sib_engine.outcomes.why.words import span_text
from sib_engine.terms.metric import Counts, Earnings, Employment


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that the facts say about people's work; made once, used by every metric."""

    facts: Facts
    spells: Spells
    pay: PayPieces


def in_work(
    rule: Employment,
    counts: Counts,
    work: Work,
    sites: npt.NDArray[np.int32],
    *,
    turn: Turn | None = None,
    others: Others | None = None,
    awaited: Awaited | None = None,
    last_day: int = FAR,
) -> tuple[Candidates, Turn]:
    """Return the candidates of one employment metric, and what the next version of its terms has to know.

    A job start is one candidate for each spell. A metric with a length is one for each run: spells
    of a person are added up across breaks of up to ``gap_days`` and across jobs, unless the contract
    starts again with a new employer or counts the metric per job. Work that cannot count
    (volunteering, sheltered, excluded self-employment) is a run of its own and never adds to another.

    Args:
        rule: What the contract asks for.
        counts: How often a person can achieve it.
        work: The spells and pay periods.
        sites: Each person's own site, used where the spell names none, shape ``(n_people,)``.
        turn: The days of this version of the terms, where outcomes are judged by the version in force on
            their day; every candidate without it.
        others: The other metrics of the same band, for what is said of hours outside this one's.
        awaited: What time in work waits for; nothing where it is not given.
        last_day: The last day of the contract, as whole days, for what is said of work that was too short.
    """
    whole = Turn.first(len(work.facts.job.labels)) if turn is None else turn
    follows = awaited or Awaited()
    facts, spells = work.facts, follows.counted(work.spells)
    fits = fitting(spells, rule)
    runs = _runs(spells, rule, counts, fits)
    first_spell, opened = runs.opening, runs.starts
    recorded = as_days(facts.recorded_on)
    if asks_any_period(rule):
        runs, hours = measure_any(runs, spells, work.pay, rule, recorded=recorded, earliest=whole.begins)
    else:
        hours = measure(runs, spells, work.pay, rule, recorded=recorded)
    ahead = expected_hours(runs, spells, work.pay, rule, hours, recorded=recorded)
    runs = whole.moved(runs, opened, spells, rule)
    runs, waits = follows.moved(runs, spells)
    mask = ahead.hours.mask | _shortfalls(runs)
    if rule.competitive:
        mask[~spells.competitive[first_spell]] |= bit(Reason.NOT_COMPETITIVE)
    if not rule.self_employment:
        mask[spells.self_employed[first_spell]] |= bit(Reason.SELF_EMPLOYED)
    if not rule.employer_change and _has_length(rule):
        mask[_broken_by_change(runs, spells, rule, fits)] |= bit(Reason.EMPLOYER_CHANGED)
    achieved_on = as_dates(runs.achieved)
    own_site = facts.site.codes[spells.fact[first_spell]]
    owner, place = expanded(runs.first, runs.stop)
    kept = whole.takes(runs, spells)
    told = RunsFound(facts, spells, runs, rule, counts, mask, waits, last_day)
    in_hours = replace(told, spells=ahead.spells, runs=replace(ahead.runs, achieved=runs.achieved))
    found = Candidates(
        person=spells.person[first_spell],
        job=spells.job[first_spell],
        site=np.where(own_site == NONE, sites[spells.person[first_spell]], own_site),
        achieved_on=achieved_on,
        shown_from=achieved_on,
        work_from=as_dates(opened),
        recorded_on=as_dates(hours.recorded),
        due_on=np.where(runs.is_running, achieved_on, NO_DAY),
        mask=mask,
        hours=hours.weekly,
        details=_details(runs, rule, mask, waits),
        job_owner=owner,
        job_code=spells.job[runs.order[place]],
        ended_on=np.where(runs.is_open, NO_DAY, as_dates(runs.over)),
        fact=spells.fact[first_spell],
        words=(
            *words_of_work(told),
            *words_of_hours(HoursFound(in_hours, ahead.hours.weekly, ahead.told), work.pay, others),
        ),
    )
    return found if kept.all() else found.taken(kept), whole.followed(runs, kept, spells, mask)


def _has_length(rule: Employment) -> bool:
    return rule.days is not None or rule.months is not None


def fitting(spells: Spells, rule: Employment | Earnings) -> Flags:
    """Return which spells are of a kind that can count, shape ``(n_spells,)``."""
    fits = np.ones(len(spells), dtype=np.bool_)
    if rule.competitive:
        fits &= spells.competitive
    if not rule.self_employment:
        fits &= ~spells.self_employed
    return fits


def _runs(spells: Spells, rule: Employment, counts: Counts, fits: Flags) -> Runs:
    if not _has_length(rule):
        return job_starts(spells)
    if counts is Counts.ONCE_PER_JOB:
        keys = spells.job.astype(np.int64)
    elif rule.employer_change:
        keys = spells.person.astype(np.int64)
    else:
        keys = spells.employer
    return runs_of(spells, apart(keys, spells, fits), rule)


def apart(keys: IntArray, spells: Spells, fits: Flags) -> IntArray:
    """Return the keys, with one of its own for each job that cannot count."""
    beyond = int(keys.max(initial=0)) + 1
    return np.where(fits, keys, beyond + spells.job)


def _shortfalls(runs: Runs) -> MaskArray:
    mask = np.zeros(len(runs), dtype=np.uint64)
    mask[runs.is_running] = bit(Reason.STILL_RUNNING)
    mask[~runs.is_complete & ~runs.is_running] = bit(Reason.NOT_LONG_ENOUGH)
    mask[runs.pause_too_long] |= bit(Reason.GAP_TOO_LONG)
    return mask


def _broken_by_change(runs: Runs, spells: Spells, rule: Employment, fits: Flags) -> Flags:
    """Return where the days would be reached if the run before it, with another employer, were added."""
    whole = runs_of(spells, apart(spells.person.astype(np.int64), spells, fits), rule)
    owner, place = expanded(whole.first, whole.stop)
    of_spell = np.zeros(len(spells), dtype=np.intp)
    of_spell[whole.order[place]] = owner
    across = of_spell[runs.opening] if len(runs) else np.zeros(0, dtype=np.intp)
    found: Flags = ~runs.is_complete & ~runs.is_running & whole.is_complete[across]
    found &= (whole.starts[across] < runs.starts) & (whole.achieved[across] >= runs.starts)
    if len(runs):
        found &= spells.employer[whole.opening[across]] != spells.employer[runs.opening]
    return found


def _details(runs: Runs, rule: Employment, mask: MaskArray, waits: Waiting) -> list[str]:
    """Return in words what each run holds; the reasons name the rule, this gives the days and dates."""
    starts, ends = _texts(runs.starts), _texts(runs.ends)
    if not _has_length(rule):
        return [f"first day {start}" for start in starts]
    can_count = (mask & bit(Reason.NOT_COMPETITIVE) == 0).tolist()
    kinds = ("of work that is not competitive", "in work")
    texts = [
        f"{worked} of {needed} days {kinds[counts]} {span_text(start, end)}"
        for worked, needed, counts, start, end in zip(
            runs.worked.tolist(), runs.needed.tolist(), can_count, starts, ends, strict=True
        )
    ]
    for row in np.flatnonzero(runs.is_complete & (runs.achieved > runs.ends)).tolist():
        when = "when its window had opened" if waits.which[row] else "when new terms were in force"
        when = "when what must come first was achieved" if waits.of_first[row] else when
        texts[row] += f", and still in work on {as_dates(runs.achieved[row : row + 1])[0]}, {when}"
    for row in np.flatnonzero(mask & bit(Reason.GAP_TOO_LONG)).tolist():
        limit = f"{rule.gap_days} allowed" if rule.within_days is None else f"all within {rule.within_days}"
        texts[row] += f", after a break of {int(runs.pause[row])} days ({limit})"
    return texts


def _texts(days: IntArray) -> list[str]:
    dates: DayArray = as_dates(days)
    found: list[str] = np.datetime_as_string(dates).tolist()
    return found


def hours_text(hundredths: int) -> str:
    """Return weekly hours as they are printed: ``16.00``, or nothing where they were not measured."""
    return "" if hundredths == NONE else f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"
