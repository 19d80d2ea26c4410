"""In words: why a run of work does not make an outcome: the kind of work, its length, its breaks and its employers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.core.personal import shown
from sib_engine.outcomes.derive.opening import Waiting
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import Spells, as_dates
from sib_engine.outcomes.facts import Facts, Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.why.words import Words, no_days, span_text
from sib_engine.terms.metric import ANY_GAP, Counts, Employment

_FROM_THEN_ON: Final = " under the terms in force from then on"


@dataclass(frozen=True, slots=True, eq=False)
class RunsFound:
    """Runs of one metric, ``n`` of them, with the reasons found against each, ``mask`` of shape ``(n,)``.

    ``waits`` says which of them are achieved on a day that they wait for; ``last_day`` is the contract's, as whole
    days.
    """

    facts: Facts
    spells: Spells
    runs: Runs
    rule: Employment
    counts: Counts
    mask: MaskArray
    waits: Waiting
    last_day: int

    def against(self, reason: Reason) -> Positions:
        """Return the positions of the runs that have a reason against them."""
        return np.flatnonzero(self.mask & np.uint64(bit(reason)))


def words_of_work(found: RunsFound) -> Iterator[Words]:
    """Yield the words for the reasons that the work gives, other than its hours."""
    yield _of_kind(found, Reason.NOT_COMPETITIVE, "not recorded as competitive work", "a competitive, paid job")
    yield _of_kind(found, Reason.SELF_EMPLOYED, "recorded as self-employment", "a job with an employer")
    yield _not_long_enough(found)
    yield _gap_too_long(found)
    yield _employer_changed(found)
    yield _still_running(found)


def _of_kind(found: RunsFound, reason: Reason, what: str, mend: str) -> Words:
    at = found.against(reason)
    fact = found.spells.fact[found.runs.opening[at]]
    lines = found.facts.line[fact].tolist()
    jobs = [found.facts.job.text(code) for code in found.facts.job.codes[fact].tolist()]
    column = "competitive" if reason is Reason.NOT_COMPETITIVE else "self_employed"
    texts = [f"job {shown(job)} (facts row {line}) is {what}" for job, line in zip(jobs, lines, strict=True)]
    mends = [f"{mend}; or {column!r} corrected in facts row {line}, if it is wrong" for line in lines]
    return Words(reason, at, texts, mends, None)


def _not_long_enough(found: RunsFound) -> Words:
    at = found.against(Reason.NOT_LONG_ENOUGH)
    runs, rule = found.runs, found.rule
    short = (runs.needed - runs.worked)[at]
    ends = runs.ends[at]
    texts = [
        f"{worked} of {needed} days in work, {span_text(start, end)}: {_days(n_days)} short"
        for worked, needed, start, end, n_days in zip(
            runs.worked[at].tolist(),
            runs.needed[at].tolist(),
            _texts(runs.starts[at]),
            _texts(ends),
            short.tolist(),
            strict=True,
        )
    ]
    mends, by = _further_work(found, at, short) if rule.within_days is None else _in_window(found, at, short)
    by = by.copy()
    for place in np.flatnonzero(found.spells.is_past[runs.opening[at]]).tolist():
        mends[place] = "nothing for this work: it was over before the job start from which days count"
        by[place] = np.datetime64("NaT", "D")
    return Words(Reason.NOT_LONG_ENOUGH, at, texts, mends, by)


def _further_work(found: RunsFound, at: Positions, short: IntArray) -> tuple[list[str], DayArray]:
    """Return what would make up for the days that are short, and by when it has to begin, where any break ends."""
    ends, rule = found.runs.ends[at], found.rule
    last = found.last_day - short + 1
    is_possible = ends < last
    is_any = rule.gap_days == ANY_GAP
    latest = last if is_any else np.minimum(ends + rule.gap_days + 1, last)
    mends = [
        f"{_further(found)}{'' if is_any else f' from {day} at the latest,'} for {_days(n)} more"
        f"{f', however late it begins up to {day}' if is_any else ''}"
        if possible
        else _over(found, n)
        for (day, n), possible in zip(_both(latest, short), is_possible.tolist(), strict=True)
    ]
    return mends, np.where(is_possible & (not is_any), as_dates(latest), no_days(len(at)))


def _in_window(found: RunsFound, at: Positions, short: IntArray) -> tuple[list[str], DayArray]:
    """Return what would make up for the days that are short inside a window, and by when."""
    within = found.rule.within_days or 0
    ends, closes = found.runs.ends[at], found.runs.starts[at] + within - 1
    last = np.minimum(closes, found.last_day)
    is_possible = ends + short <= last
    mends = []
    for (day, n), possible, is_window in zip(
        _both(last, short), is_possible.tolist(), (closes <= found.last_day).tolist(), strict=True
    ):
        if possible:
            what = f"the last of the {within} days" if is_window else "the contract's last day"
            mends.append(f"{_days(n)} more in work by {day}, {what}")
        elif is_window:
            mends.append(f"nothing: the {within} days end on {day}, before {_days(n)} more could be worked")
        else:
            mends.append(_over(found, n))
    return mends, np.where(is_possible, as_dates(last), no_days(len(at)))


def _over(found: RunsFound, n_days: int) -> str:
    (last,) = _texts(np.array([found.last_day]))
    return f"nothing: the contract's last day is {last}, before {_days(n_days)} more could be worked"


def _further(found: RunsFound) -> str:
    if found.counts is Counts.ONCE_PER_JOB:
        return "the same job going on"
    return "a further job" if found.rule.employer_change else "work with the same employer"


def _gap_too_long(found: RunsFound) -> Words:
    at = found.against(Reason.GAP_TOO_LONG)
    runs, rule = found.runs, found.rule
    starts, pause = runs.starts[at], runs.pause[at]
    limit = f"{rule.gap_days} allowed" if rule.within_days is None else f"all days within {rule.within_days}"
    texts = [
        f"a break of {_days(n_days)}, {span_text(first, last)} ({limit})"
        for n_days, first, last in zip(pause.tolist(), _texts(starts - pause), _texts(starts - 1), strict=True)
    ]
    return Words(Reason.GAP_TOO_LONG, at, texts, _anew(found, at, "from the new job on"), no_days(len(at)))


def _employer_changed(found: RunsFound) -> Words:
    at = found.against(Reason.EMPLOYER_CHANGED)
    days = _texts(found.runs.starts[at])
    texts = [f"the employer changed on {day}, and days with the one before are not added" for day in days]
    return Words(Reason.EMPLOYER_CHANGED, at, texts, _anew(found, at, "with the new employer"), no_days(len(at)))


def _anew(found: RunsFound, at: Positions, where: str) -> list[str]:
    runs = found.runs
    reached = runs.starts[at] + runs.needed[at] - 1
    rows = zip(runs.needed[at].tolist(), _texts(runs.starts[at]), _texts(reached), strict=True)
    mends = [
        f"{_days(n_days)} in work {where}: {first} to {last}, if there is no break" for n_days, first, last in rows
    ]
    short = (runs.needed - runs.worked)[at].tolist()
    beyond = (reached > found.last_day).tolist()
    return [_over(found, n) if is_over else mend for mend, n, is_over in zip(mends, short, beyond, strict=True)]


def _still_running(found: RunsFound) -> Words:
    at = found.against(Reason.STILL_RUNNING)
    runs = found.runs
    texts = [
        f"{worked} of {needed} days in work so far, {span_text(start, end)}"
        for worked, needed, start, end in zip(
            runs.worked[at].tolist(),
            runs.needed[at].tolist(),
            _texts(runs.starts[at]),
            _texts(runs.ends[at]),
            strict=True,
        )
    ]
    is_later = runs.achieved[at] > (runs.ends + runs.needed - runs.worked)[at]
    when = np.where(is_later, f"its due date{_FROM_THEN_ON}", "its due date")
    when = np.where(found.waits.which[at], "when its window opens", when)
    when = np.where(found.waits.of_first[at], "when what must come first is achieved", when)
    mends = [
        f"the work lasting to {day}, {until}, with evidence"
        for day, until in zip(_texts(runs.achieved[at]), when.tolist(), strict=True)
    ]
    return Words(Reason.STILL_RUNNING, at, texts, mends, None)


def _both(days: IntArray, numbers: IntArray) -> Iterator[tuple[str, int]]:
    return zip(_texts(days), numbers.tolist(), strict=True)


def _days(n_days: int) -> str:
    return f"{n_days} day{'' if n_days == 1 else 's'}"


def _texts(days: IntArray) -> Sequence[str]:
    found: list[str] = np.datetime_as_string(as_dates(days)).tolist()
    return found
