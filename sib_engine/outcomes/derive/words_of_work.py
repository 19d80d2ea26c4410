"""In words: why a run of work does not make an outcome: the kind of work, its length, its breaks and its employers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.core.personal import shown
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import Spells, as_dates
from sib_engine.outcomes.facts import Facts, Flags, Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.why.words import Words, no_days
from sib_engine.terms.metric import ANY_GAP, Counts, Employment

_FROM_THEN_ON: Final = " under the terms in force from then on"


@dataclass(frozen=True, slots=True, eq=False)
class RunsFound:
    """Runs of one metric, ``n`` of them, with the reasons found against each, ``mask`` of shape ``(n,)``.

    ``waits``, shape ``(n,)``, says which of them are achieved on the day on which their window opens.
    """

    facts: Facts
    spells: Spells
    runs: Runs
    rule: Employment
    counts: Counts
    mask: MaskArray
    waits: Flags

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
        f"{worked} of {needed} days in work, from {start} to {end}: {_days(n_days)} short"
        for worked, needed, start, end, n_days in zip(
            runs.worked[at].tolist(),
            runs.needed[at].tolist(),
            _texts(runs.starts[at]),
            _texts(ends),
            short.tolist(),
            strict=True,
        )
    ]
    if rule.within_days is None and rule.gap_days == ANY_GAP:
        mends = [f"{_further(found)} for {_days(n)} more, however late it begins" for n in short.tolist()]
        return Words(Reason.NOT_LONG_ENOUGH, at, texts, mends, no_days(len(at)))
    if rule.within_days is None:
        latest = ends + rule.gap_days + 1
        mends = [f"{_further(found)} from {day} at the latest, for {_days(n)} more" for day, n in _both(latest, short)]
        return Words(Reason.NOT_LONG_ENOUGH, at, texts, mends, as_dates(latest))
    closes = runs.starts[at] + rule.within_days - 1
    is_possible = ends + short <= closes
    mends = [
        f"{_days(n_days)} more in work by {day}, the last of the {rule.within_days} days"
        if possible
        else f"nothing: the {rule.within_days} days end on {day}, before {_days(n_days)} more could be worked"
        for (day, n_days), possible in zip(_both(closes, short), is_possible.tolist(), strict=True)
    ]
    return Words(Reason.NOT_LONG_ENOUGH, at, texts, mends, np.where(is_possible, as_dates(closes), no_days(len(at))))


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
        f"a break of {_days(n_days)}, from {first} to {last} ({limit})"
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
    return [
        f"{_days(n_days)} in work {where}: {first} to {last}, if there is no break"
        for n_days, first, last in zip(runs.needed[at].tolist(), _texts(runs.starts[at]), _texts(reached), strict=True)
    ]


def _still_running(found: RunsFound) -> Words:
    at = found.against(Reason.STILL_RUNNING)
    runs = found.runs
    texts = [
        f"{worked} of {needed} days in work so far, from {start} to {end}"
        for worked, needed, start, end in zip(
            runs.worked[at].tolist(),
            runs.needed[at].tolist(),
            _texts(runs.starts[at]),
            _texts(runs.ends[at]),
            strict=True,
        )
    ]
    is_later = runs.achieved[at] > (runs.ends + runs.needed - runs.worked)[at]
    mends = [
        f"the work lasting to {day}, {'when its window opens' if waits else f'its due date{_FROM_THEN_ON * later}'},"
        " with evidence"
        for day, later, waits in zip(
            _texts(runs.achieved[at]), is_later.tolist(), found.waits[at].tolist(), strict=True
        )
    ]
    return Words(Reason.STILL_RUNNING, at, texts, mends, None)


def _both(days: IntArray, numbers: IntArray) -> Iterator[tuple[str, int]]:
    return zip(_texts(days), numbers.tolist(), strict=True)


def _days(n_days: int) -> str:
    return f"{n_days} day{'' if n_days == 1 else 's'}"


def _texts(days: IntArray) -> Sequence[str]:
    found: list[str] = np.datetime_as_string(as_dates(days)).tolist()
    return found
