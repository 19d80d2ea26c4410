"""What time in work waits for: the job start from which its days count, and the day before which it is too soon."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import expanded
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import FAR, Spells, as_days
from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.links import first_in_window, is_job_start, is_time_in_work, per_of
from sib_engine.outcomes.matching.order import REFERRAL
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Metric
from sib_engine.terms.versions import metric_versions

Asked: TypeAlias = tuple[str, Per]
"""An earlier metric, and what its outcomes share with those that wait for them."""

Firsts: TypeAlias = Mapping[Asked, DayArray]
"""The day of the earlier outcome that others wait for, of each person, shape ``(n_people,)``, or of each job, shape
``(n_jobs,)``; NaT where there is none."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A day of each person or each job, as whole days; ``-FAR`` where there is none."""

    per: Per
    days: IntArray

    @classmethod
    def of(cls, per: Per, days: DayArray) -> "Opening":
        """Return the opening on some days, NaT for none."""
        return cls(per, np.where(np.isnat(days), -FAR, as_days(days)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which runs wait for the day on which they are achieved, shape ``(n,)`` each.

    Those that wait for an outcome ``of_first`` do so until it is achieved, all others until their window opens.
    """

    which: Flags
    of_first: Flags


@dataclass(frozen=True, slots=True)
class Awaited:
    """What one version of a metric waits for.

    Its days count from ``starts``, the first days of jobs. It is too soon before ``required``, the days of other
    outcomes that must come first, and before ``window``, the first day of its own.
    """

    starts: tuple[Opening, ...] = ()
    required: tuple[Opening, ...] = ()
    window: tuple[Opening, ...] = ()

    def counted(self, spells: Spells) -> Spells:
        """Return the spells, without their days before the job start that counts.

        A spell that was over by then keeps its days: they lie in the past, and add nothing to what follows.
        """
        since = _latest(self.starts, spells)
        starts = np.maximum(spells.starts, since)
        is_past = (spells.ends < since) & ~spells.is_open
        return replace(
            spells,
            starts=np.where(is_past, spells.starts, starts),
            ends=np.where(spells.is_open, np.maximum(spells.ends, starts), spells.ends),
            is_past=is_past,
        )

    def moved(self, runs: Runs, spells: Spells) -> tuple[Runs, Waiting]:
        """Return the runs, and which of them wait for the day before which they are too soon.

        A run that is complete before that day, and in which work still goes on then, is achieved on the first day
        worked from it on. Work without a last day that is not known to have lasted so long is due on that day.
        """
        required, window = (_latest(days, spells)[runs.opening] for days in (self.required, self.window))
        opens = np.maximum(required, window)
        run, place = expanded(runs.first, runs.stop)
        spell = runs.order[place]
        reaches = spells.ends[spell] >= opens[run]
        day = np.full(len(runs), FAR, dtype=np.int64)
        np.minimum.at(day, run[reaches], np.maximum(spells.starts[spell[reaches]], opens[run[reaches]]))
        lasts = np.zeros(len(runs), dtype=np.bool_)
        lasts[run[spells.is_open[spell]]] = True
        is_worked = day < FAR
        moves = (runs.is_complete | runs.is_running) & (runs.achieved < opens) & (is_worked | lasts)
        moved = replace(
            runs,
            achieved=np.where(moves, np.where(is_worked, day, opens), runs.achieved),
            is_complete=np.where(moves, is_worked, runs.is_complete),
            is_running=np.where(moves, ~is_worked, runs.is_running),
        )
        return moved, Waiting(moves, moves & (required > window))


def asked_of(contract: Contract, metric: Metric) -> tuple[Asked, ...]:
    """Return the earlier metrics on whose days one version of a metric waits, each once."""
    if not is_time_in_work(metric):
        return ()
    asked = (*_starts_of(contract, metric), *_required_by(contract, metric), *_window_of(contract, metric))
    return tuple(dict.fromkeys(asked))


def awaited(contract: Contract, metric: Metric, referred_on: DayArray, firsts: Firsts) -> Awaited:
    """Return what time in work waits for; nothing for any other metric.

    Days count from the first day of the job start that a metric requires, whether it says so itself or a metric that
    it requires does: 91 days from it are asked for, and no others. All else that it requires, or from which its
    window runs, only has to lie before the outcome; the work may have begun by then.

    Args:
        contract: The contract.
        metric: One version of the metric's terms.
        referred_on: First referral of each person, shape ``(n_people,)``, NaT without one.
        firsts: The days of the earlier outcomes, for all of :func:`asked_of`.
    """
    if not is_time_in_work(metric):
        return Awaited()
    starts = tuple(Opening.of(per, firsts[code, per]) for code, per in _starts_of(contract, metric))
    required = tuple(Opening.of(per, firsts[code, per]) for code, per in _required_by(contract, metric))
    window = metric.within
    if window is None or window.not_before is None:
        return Awaited(starts, required)
    per, since = Per.PERSON, referred_on
    for code, per in _window_of(contract, metric):
        since = firsts[code, per]
    opens = first_in_window(window, since)
    return Awaited(starts, required, () if opens is None else (Opening.of(per, opens),))


def _starts_of(contract: Contract, metric: Metric) -> tuple[Asked, ...]:
    """Return the job starts that a metric requires, directly or not."""
    reached = dict.fromkeys(metric.requires)
    waiting = list(reached)
    while waiting:
        earlier = _named(contract, waiting.pop())
        for version in metric_versions(contract, earlier):
            waiting += (code for code in version.terms.requires if code not in reached)
            reached.update(dict.fromkeys(version.terms.requires))
    return _shared(contract, metric, (code for code in reached if is_job_start(_named(contract, code))))


def _required_by(contract: Contract, metric: Metric) -> tuple[Asked, ...]:
    """Return what a metric requires besides job starts."""
    return _shared(contract, metric, (code for code in metric.requires if not is_job_start(_named(contract, code))))


def _window_of(contract: Contract, metric: Metric) -> tuple[Asked, ...]:
    """Return the metric whose outcome opens the window, if one does."""
    window = metric.within
    opens = window is not None and window.after != REFERRAL and window.not_before is not None
    return _shared(contract, metric, [window.after] if window is not None and opens else ())


def _shared(contract: Contract, metric: Metric, codes: Iterable[str]) -> tuple[Asked, ...]:
    return tuple((code, per_of(metric, _named(contract, code))) for code in codes)


def _named(contract: Contract, code: str) -> Metric:
    return contract.metrics[contract.metric_codes.index(code)]


def _latest(openings: Iterable[Opening], spells: Spells) -> IntArray:
    """Return the latest of some openings for each spell, shape ``(n_spells,)``."""
    found = np.full(len(spells), -FAR, dtype=np.int64)
    for opening in openings:
        codes = spells.person if opening.per is Per.PERSON else spells.job
        np.maximum(found, opening.days[codes], out=found)
    return found
