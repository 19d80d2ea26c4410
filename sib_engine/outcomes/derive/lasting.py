"""What work that still lasts will have come to on the day on which it falls due, at the weekly hours of the job."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.hours import Measured, measure
from sib_engine.outcomes.derive.ranges import expanded
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import FAR, PayPieces, Spells
from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.reasons import Reason, bit
from sib_engine.terms.metric import Employment

_LONGEST_MONTH: Final = 31


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """Runs as they will be if the work lasts: those ``told`` to their due day, all others as they are so far.

    ``spells`` are made longer where they still last, and ``hours`` those of the runs over them. A run is told
    where it still lasts and the hours of all its jobs are known; ``told`` has shape ``(n,)``.
    """

    runs: Runs
    spells: Spells
    hours: Measured
    told: Flags


def expected_hours(
    runs: Runs, spells: Spells, pay: PayPieces, rule: Employment, so_far: Measured, *, recorded: IntArray
) -> Expected:
    """Return what the runs will have come to if the work lasts, at the weekly hours of each job from now on.

    The hours so far decide nothing: with a second job begun half way, or fewer hours agreed since, an average can
    still come to lie in another band. Only where hours are missing is a run judged by its days so far.

    Args:
        runs: The runs, ``n`` of them.
        spells: The spells that they are made of.
        pay: The pay periods inside the spells.
        rule: The metric's band and way of measuring.
        so_far: The hours of the days so far.
        recorded: Day on which each fact became known, shape ``(n_facts,)``.
    """
    if not runs.is_running.any():
        return Expected(runs, spells, so_far, runs.is_running)
    ahead = lasting(runs, spells, rule)
    whole = _as_due(runs, runs.is_running)
    found = measure(whole, ahead, pay, rule, recorded=recorded)
    told = runs.is_running & (found.mask != bit(Reason.HOURS_UNKNOWN))
    hours = Measured(
        weekly=np.where(told, found.weekly, so_far.weekly),
        mask=np.where(told, found.mask, so_far.mask),
        recorded=so_far.recorded,
    )
    return Expected(_as_due(runs, told), ahead, hours, told)


def lasting(runs: Runs, spells: Spells, rule: Employment) -> Spells:
    """Return the spells, those that still last so long that any period begun by now is complete."""
    run, place = expanded(runs.first, runs.stop)
    spell = runs.order[place]
    to = last_days(runs, spells)[run] + longest(rule)
    ends = spells.ends.copy()
    ends[spell] = np.where(spells.is_open[spell], to, ends[spell])
    return replace(spells, ends=ends)


def longest(rule: Employment) -> int:
    """Return the most days that a rule can ask for."""
    return rule.days or _LONGEST_MONTH * (rule.months or 0)


def last_days(runs: Runs, spells: Spells) -> IntArray:
    """Return the last day that each run is known to have lasted, shape ``(n,)``."""
    run, place = expanded(runs.first, runs.stop)
    last = np.full(len(runs), -FAR, dtype=np.int64)
    np.maximum.at(last, run, spells.ends[runs.order[place]])
    return last


def _as_due(runs: Runs, which: Flags) -> Runs:
    """Return the runs, those marked as they are when they fall due."""
    return replace(
        runs, ends=np.where(which, runs.achieved, runs.ends), worked=np.where(which, runs.needed, runs.worked)
    )
