"""Candidates of a metric that is achieved by earning a sum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.candidates import Candidates
from sib_engine.outcomes.derive.employment import Work, apart, fitting
from sib_engine.outcomes.derive.pay import Earning, earning_of, paid_parts
from sib_engine.outcomes.derive.ranges import first_of_group
from sib_engine.outcomes.derive.rates import ExactArray
from sib_engine.outcomes.derive.spells import FAR, Spells, as_dates, as_days
from sib_engine.outcomes.derive.thresholds import UNIT, Threshold
from sib_engine.outcomes.facts import HUNDREDTHS, Flags, Positions
from sib_engine.outcomes.reasons import TEXTS, MaskArray, Reason, bit
from sib_engine.outcomes.rows import NO_DAY, NONE
from sib_engine.outcomes.why.words import Words
from sib_engine.terms.metric import Counts, Earnings

_AHEAD: Final = 36_525
"""Days that work which still lasts is looked ahead: a hundred years."""

_NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class _Groups:
    """Whose earnings are added up: a person's, or those of one job; ``of_spell`` has the shape ``(n_spells,)``.

    The rest has the shape ``(n,)``: the ``opening`` spell, the ``last`` day worked as far as known, and the
    last day ``sure_to`` which work that still lasts is known to have lasted, ``_NEVER`` without any.
    """

    of_spell: Positions
    opening: Positions
    last: IntArray
    sure_to: IntArray

    @property
    def is_open(self) -> Flags:
        """Where some work still lasts."""
        found: Flags = self.sure_to != _NEVER
        return found


@dataclass(frozen=True, slots=True)
class _Reached:
    """The day on which each group reaches the threshold, ``_NEVER`` where it does not; shape ``(n,)``.

    ``place`` is which sum of the threshold that was, ``NONE`` where there is no day that earned.
    """

    day: IntArray
    place: IntArray


def earned_enough(
    rule: Earnings,
    counts: Counts,
    threshold: Threshold,
    work: Work,
    sites: npt.NDArray[np.int32],
    *,
    since: DayArray | None,
) -> Candidates:
    """Return the candidates of one earnings metric: one for each person, or each job where it counts once per job.

    Days are added up in whole numbers over one denominator, so earnings of exactly the threshold reach
    it. Where hours or pay are missing on or before the day on which the rest reaches it, or at all where
    the rest does not, it cannot be told. Work that still lasts goes on earning by its weekly hours,
    which gives the due date. Work that cannot count (volunteering, sheltered, excluded
    self-employment) is a candidate of its own and adds nothing to another.

    Args:
        rule: What the contract asks for.
        counts: How often a person can achieve it.
        threshold: The sum, or sums.
        work: The spells and pay periods.
        sites: Each person's own site, used where the first spell names none, shape ``(n_people,)``.
        since: First day that counts for each person, NaT where all do; ``None``: all days of all people.

    Raises:
        RefusedError: If the wage has no value on a day that decides.
    """
    facts, spells = work.facts, work.spells
    fits = fitting(spells, rule)
    per_job = counts is Counts.ONCE_PER_JOB
    groups = _groups(spells, apart((spells.job if per_job else spells.person).astype(np.int64), spells, fits))
    n = len(groups.opening)
    first_days = np.full(len(spells), -FAR) if since is None else as_days(since)[spells.person]
    ahead = replace(spells, ends=np.where(spells.is_open, spells.ends + _AHEAD, spells.ends))
    parts, lacks_pay = paid_parts(ahead, work.pay, groups.of_spell, first_days)
    largest = max(threshold.amounts.tolist(), default=0)
    earning = earning_of(parts, lacks_pay, n, finest=threshold.scale, largest=largest)
    if threshold.moves:
        earning = earning.cut(threshold.starts)
    reached = _reached(earning, threshold, n)
    complete = reached.day <= groups.sure_to
    complete &= reached.day != _NEVER
    running = groups.is_open & ~complete
    is_due = running & (reached.day != _NEVER)
    lacks = [_lacks(earning, flags, reached.day) for flags in (earning.lacks_hours, earning.lacks_pay)]
    unknown = lacks[0] | lacks[1]
    mask = np.where(running, bit(Reason.STILL_RUNNING), 0).astype(np.uint64)
    mask[(reached.day == _NEVER) & ~unknown] |= bit(Reason.EARNINGS_BELOW)
    mask[lacks[0]] |= bit(Reason.HOURS_UNKNOWN)
    mask[lacks[1]] |= bit(Reason.PAY_UNKNOWN)
    opening = groups.opening
    if rule.competitive:
        mask[~spells.competitive[opening]] |= bit(Reason.NOT_COMPETITIVE)
    if not rule.self_employment:
        mask[spells.self_employed[opening]] |= bit(Reason.SELF_EMPLOYED)
    achieved = np.where(reached.day == _NEVER, groups.last, reached.day)
    known = np.minimum(achieved, np.minimum(groups.last, groups.sure_to))
    recorded = np.full(n, np.iinfo(np.int64).min)
    used = parts.starts <= known[parts.run]
    np.maximum.at(recorded, parts.run[used], as_days(facts.recorded_on)[parts.fact[used]])
    nothing = recorded == np.iinfo(np.int64).min
    recorded[nothing] = as_days(facts.recorded_on)[spells.fact[opening[nothing]]]
    person, own_site = spells.person[opening], facts.site.codes[spells.fact[opening]]
    achieved_on = as_dates(achieved)
    details = _details(earning, threshold, reached, known)
    return Candidates(
        person=person,
        job=np.where(fits[opening] & (not per_job), NONE, spells.job[opening]).astype(np.int32),
        site=np.where(own_site == NONE, sites[person], own_site),
        achieved_on=achieved_on,
        shown_from=achieved_on,
        work_from=np.full(n, NO_DAY),
        recorded_on=as_dates(recorded),
        due_on=np.where(is_due & ~unknown, achieved_on, NO_DAY),
        mask=mask,
        hours=np.full(n, NONE, dtype=np.int64),
        details=details,
        job_owner=groups.of_spell,
        job_code=spells.job,
        ended_on=np.full(n, NO_DAY),
        fact=spells.fact[opening],
        words=[_words(reason, mask, details) for reason in (Reason.EARNINGS_BELOW, Reason.PAY_UNKNOWN)],
    )


def _words(reason: Reason, mask: MaskArray, details: Sequence[str]) -> Words:
    """Return what is said of the groups with a reason: what was earned by then, and that more has to be recorded."""
    at = np.flatnonzero(mask & np.uint64(bit(reason)))
    return Words(reason, at, [details[place] for place in at.tolist()], [TEXTS[reason].mend] * len(at), None)


def _groups(spells: Spells, keys: IntArray) -> _Groups:
    _, opening, of_spell = np.unique(keys, return_index=True, return_inverse=True)
    last, sure_to = np.full(len(opening), -FAR), np.full(len(opening), _NEVER)
    np.maximum.at(last, of_spell, spells.ends)
    np.minimum.at(sure_to, of_spell[spells.is_open], spells.ends[spells.is_open])
    return _Groups(of_spell.astype(np.intp), opening, last, sure_to)


def _reached(earning: Earning, threshold: Threshold, n: int) -> _Reached:
    """Return the first day on which what was earned by the end of it is at least the threshold."""
    day, place = np.full(n, _NEVER), np.full(n, NONE, dtype=np.int64)
    if not len(earning.group):
        return _Reached(day, place)
    begins = np.flatnonzero(first_of_group(earning.group))
    which = np.cumsum(first_of_group(earning.group)) - 1
    deciding = earning.starts if threshold.moves else earning.starts[begins][which]
    places = threshold.places_on(deciding)
    place[earning.group] = places  # the last stretch is written last, so it stays
    target = threshold.amounts.astype(earning.scale.dtype)[places] * earning.scale[earning.group]
    rate = earning.rate * threshold.scale
    in_all = np.cumsum(rate * (earning.ends - earning.starts + 1))
    before = in_all - rate * (earning.ends - earning.starts + 1)
    before = before - before[begins][which]  # int64 totals may wrap around; their difference is exact all the same
    needed = target - before
    hit = np.flatnonzero(needed <= rate * (earning.ends - earning.starts + 1))
    hit = hit[first_of_group(earning.group[hit])]
    group = earning.group[hit]
    # A threshold that has just come down may be passed already: then on the first day of work after that.
    is_passed = needed[hit] <= 0
    n_days = np.where(is_passed, 1, -(-needed[hit] // np.where(is_passed, 1, rate[hit]))).astype(np.int64)
    day[group] = earning.starts[hit] + n_days - 1
    place[group] = places[hit]
    return _Reached(day, place)


def _lacks(earning: Earning, flags: Flags, day: IntArray) -> Flags:
    """Return where something is missing on or before a day of each group, shape ``(n,)``."""
    found = np.zeros(len(day), dtype=np.bool_)
    missing = flags & (earning.starts <= day[earning.group])
    found[earning.group[missing]] = True
    return found


def _details(earning: Earning, threshold: Threshold, reached: _Reached, known: IntArray) -> list[str]:
    """Return in words what each group has earned, as far as it is recorded, and of what."""
    n_days = np.maximum(np.minimum(earning.ends, known[earning.group]) - earning.starts + 1, 0)
    total: ExactArray = np.zeros(len(known), dtype=earning.rate.dtype)
    np.add.at(total, earning.group, earning.rate * n_days)
    pennies = (total // (earning.scale * (UNIT // HUNDREDTHS))).tolist()
    days = np.datetime_as_string(as_dates(known)).tolist()
    place = reached.place
    if threshold.moves:
        now = np.searchsorted(threshold.starts, known, side="right") - 1
        place = np.where(reached.day == _NEVER, now, place)
    return [
        f"earned {penny // HUNDREDTHS}.{penny % HUNDREDTHS:02d} of {threshold.texts[max(place, 0)]} by {day}"
        for penny, place, day in zip(pennies, place.tolist(), days, strict=True)
    ]
