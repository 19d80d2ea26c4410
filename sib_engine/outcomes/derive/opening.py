"""Windows that open on a day: work that was long enough before and still goes on then is achieved on that day."""

from collections.abc import Mapping
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
from sib_engine.outcomes.matching.links import first_in_window, per_of
from sib_engine.outcomes.matching.order import REFERRAL
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, Metric

Firsts: TypeAlias = Mapping[tuple[str, Per], DayArray]
"""By metric and what shares it: the day of the outcome from which windows run, of each person, shape
``(n_people,)``, or of each job, shape ``(n_jobs,)``; NaT where there is none."""


@dataclass(frozen=True, slots=True)
class Opening:
    """The first day of a metric's window, of each person or each job, as whole days; ``-FAR`` where there is none."""

    per: Per
    days: IntArray

    def of_runs(self, runs: Runs, spells: Spells) -> IntArray:
        """Return the first day of the window of each run, shape ``(n,)``."""
        codes = spells.person if self.per is Per.PERSON else spells.job
        return self.days[codes[runs.opening]]


def waits_for_window(metric: Metric) -> bool:
    """Return whether a metric asks for time in work that may be complete before its window opens.

    A job start may not: it happens on one day, and going on with a job is not starting it.
    """
    rule = metric.rule
    has_length = isinstance(rule, Employment) and (rule.days is not None or rule.months is not None)
    return has_length and metric.within is not None and metric.within.not_before is not None


def opening_of(contract: Contract, metric: Metric, referred_on: DayArray, firsts: Firsts) -> Opening | None:
    """Return when the window of a metric opens; None where it has none, or none that time in work waits for.

    Args:
        contract: The contract.
        metric: One version of the metric's terms.
        referred_on: First referral of each person, shape ``(n_people,)``, NaT without one.
        firsts: The outcomes from which windows run, as far as they are known.
    """
    if metric.within is None or not waits_for_window(metric):
        return None
    if metric.within.after == REFERRAL:
        per, since = Per.PERSON, referred_on
    else:
        per = per_of(metric, contract.metrics[contract.metric_codes.index(metric.within.after)])
        if (metric.within.after, per) not in firsts:
            return None
        since = firsts[metric.within.after, per]
    opens = first_in_window(metric.within, since)
    if opens is None:
        return None
    return Opening(per, np.where(np.isnat(opens), -FAR, as_days(opens)))


def moved_to_opening(runs: Runs, spells: Spells, opening: Opening) -> tuple[Runs, Flags]:
    """Return the runs, and which of them now wait for their window.

    A run that is complete before its window opens, and in which work still goes on when it does, is
    achieved on the first day worked inside the window. Work without a last day that is not known to have
    lasted so long is due on the day on which the window opens.
    """
    opens = opening.of_runs(runs, spells)
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
    return moved, moves
