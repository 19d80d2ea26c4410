"""The earliest period of a run whose weekly hours lie in the band, for contracts that do not only ask the first one."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.hours import Measured, measure
from sib_engine.outcomes.derive.lasting import last_days, lasting, longest
from sib_engine.outcomes.derive.ranges import expanded, first_of_group
from sib_engine.outcomes.derive.rates import ExactArray, Stretches, is_less, over_one_scale, parts_of, stretches_of
from sib_engine.outcomes.derive.runs import Runs, days_needed
from sib_engine.outcomes.derive.spells import FAR, STRIDE, PayPieces, Spells, packed
from sib_engine.outcomes.facts import Flags, Positions
from sib_engine.terms.metric import Employment, HoursOver, HoursRule

_DAYS_AT_ONCE: Final = 2**20
"""Days that are looked at together: bounds the memory, never the result."""

_NO_PERIOD: Final = np.iinfo(np.int64).max


def asks_any_period(rule: Employment) -> bool:
    """Return whether the band may be met in a later period than the first.

    A job start has no period, and ``within_days`` has windows of its own: both keep to the first.
    """
    has_length = rule.days is not None or rule.months is not None
    has_band = rule.hours_from is not None or rule.hours_below is not None
    return rule.hours_over is HoursOver.ANY and has_length and has_band and rule.within_days is None


def measure_any(
    runs: Runs, spells: Spells, pay: PayPieces, rule: Employment, *, recorded: IntArray, earliest: int | None = None
) -> tuple[Runs, Measured]:
    """Return the runs, each narrowed to the period that decides, and the hours of that period.

    A period begins on any day worked and holds the days in work that a run which begins there would
    need. The one that is complete first, among those inside the band, decides. If there is none, the
    first one does; where hours are missing in that one, the first in which they are not.

    Work that still lasts is taken to go on at the weekly hours of the job: a period that has begun and
    would come to fit makes the run one that still lasts, and its last day the day on which it is due.
    Where those hours are missing, the first period falls due as its days so far say. The hours returned are
    those so far.

    Args:
        runs: The runs of a rule for which :func:`asks_any_period`, ``n`` of them.
        spells: The spells that they are made of.
        pay: The pay periods inside the spells.
        rule: The metric's length, band and way of measuring.
        recorded: Day on which each fact became known, shape ``(n_facts,)``.
        earliest: First day, as whole days, on which a period may be complete: that of these terms.
    """
    first = measure(runs, spells, pay, rule, recorded=recorded)
    is_early = np.zeros(len(runs), dtype=np.bool_) if earliest is None else runs.achieved < earliest
    wanted = np.flatnonzero((runs.is_complete & ((first.mask != 0) | is_early)) | runs.is_running)
    if not len(wanted):
        return runs, first
    ahead = lasting(runs, spells, rule)
    chosen = _with(runs, wanted, _narrowed(runs.take(wanted), _Facts(spells, ahead, pay, rule, earliest)))
    return chosen, measure(chosen, spells, pay, rule, recorded=recorded)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is known of the work; ``ahead`` are the spells with those that still last made longer.

    No period that is complete before ``earliest`` is looked for.
    """

    spells: Spells
    ahead: Spells
    pay: PayPieces
    rule: Employment
    earliest: int | None


@dataclass(frozen=True, slots=True)
class _Days:
    """Every day worked of some runs, in order, each array of shape ``(n_days,)``; ``keys`` order run and day."""

    run: Positions
    day: IntArray
    stretch: Positions
    keys: IntArray


def _with(runs: Runs, at: Positions, narrowed: Runs) -> Runs:
    """Return the runs with some of them replaced."""
    columns = {each.name: getattr(runs, each.name).copy() for each in fields(runs) if each.name != "order"}
    for name, column in columns.items():
        column[at] = getattr(narrowed, name)
    return replace(runs, **columns)


def _narrowed(runs: Runs, facts: _Facts) -> Runs:
    last = last_days(runs, facts.spells)
    whole = replace(runs, ends=last + longest(facts.rule))
    chunks = [_periods(whole.take(at), last[at], facts) for at in _in_turn(whole)]
    starts, ends, worked = (np.concatenate(columns) for columns in zip(*chunks, strict=True))
    found = starts != _NO_PERIOD
    complete = np.where(found, ends <= last, runs.is_complete)
    return replace(
        runs,
        starts=np.where(found, starts, runs.starts),
        ends=np.where(found, np.minimum(ends, last), runs.ends),
        worked=np.where(found, worked, runs.worked),
        needed=np.where(found, days_needed(np.where(found, starts, 0), facts.rule), runs.needed),
        achieved=np.where(found, ends, runs.achieved),
        is_complete=complete,
        is_running=~complete,
    )


def _in_turn(runs: Runs) -> Iterator[Positions]:
    """Yield the runs a part at a time, none of which has many more days than may be looked at together."""
    turn = np.cumsum(runs.ends - runs.starts + 1) // _DAYS_AT_ONCE
    yield from np.split(np.arange(len(runs)), np.flatnonzero(first_of_group(turn))[1:])


def _periods(runs: Runs, last: IntArray, facts: _Facts) -> tuple[IntArray, IntArray, IntArray]:
    """Return first day, last day and days worked by now of each run's period; ``_NO_PERIOD`` where none is better."""
    parts = parts_of(runs, facts.ahead, facts.pay, facts.rule)
    scale, rates = over_one_scale(parts, len(runs), facts.rule)
    stretches = stretches_of(parts, rates)
    stretch, day = expanded(stretches.starts, stretches.ends + 1)
    run = stretches.run[stretch]
    days = _Days(run, day, stretch, packed(run, day))
    needed = days_needed(day, facts.rule)
    begin = np.arange(len(day))
    stop = begin + needed
    possible = (stop <= np.searchsorted(run, run, side="right")) & (day <= last[run])
    begin, stop = begin[possible], stop[possible]
    if facts.earliest is not None:
        late_enough = day[stop - 1] >= facts.earliest
        begin, stop = begin[late_enough], stop[late_enough]
    run = run[begin]
    lacks = _sums(stretches.is_unknown.astype(np.int64)[stretch], begin, stop) > 0
    fits = ~lacks & _inside(days, stretches, begin, stop, scale=scale, rule=facts.rule)
    end = day[stop - 1]
    best, known = (np.full(len(runs), _NO_PERIOD) for _ in range(2))
    key = packed(end, day[begin])
    np.minimum.at(best, run[fits], key[fits])
    is_known = ~lacks & (end <= last[run])
    np.minimum.at(known, run[is_known], key[is_known])
    best = np.where(best == _NO_PERIOD, known, best)
    found = best != _NO_PERIOD
    starts = np.where(found, best % STRIDE - FAR, _NO_PERIOD)
    ends = np.where(found, best // STRIDE, _NO_PERIOD)
    rows = np.arange(len(runs))
    by_now = np.searchsorted(days.keys, packed(rows, np.where(found, np.minimum(ends, last), 0)), side="right")
    return starts, ends, by_now - np.searchsorted(days.keys, packed(rows, np.where(found, starts, 0)))


def _inside(
    days: _Days, stretches: Stretches, begin: Positions, stop: Positions, *, scale: ExactArray, rule: Employment
) -> Flags:
    """Return which periods, each a range of days, lie in the band."""
    if rule.hours is HoursRule.AVERAGE:
        rate = _sums(stretches.rate[days.stretch], begin, stop)
        weeks = (stop - begin) * scale[days.run[begin]]
        found: Flags = ~is_less(rate, rule.hours_from, weeks) & is_less(rate, rule.hours_below, weeks, missing=True)
        return found
    each = scale[stretches.run]
    outside = is_less(stretches.rate, rule.hours_from, each)
    outside |= ~is_less(stretches.rate, rule.hours_below, each, missing=True)
    none: Flags = _sums(outside.astype(np.int64)[days.stretch], begin, stop) == 0
    return none


def _sums(values: ExactArray, begin: Positions, stop: Positions) -> ExactArray:
    """Return the sum of each range; int64 totals before it may wrap around, their difference is exact all the same."""
    total = np.concatenate([np.zeros(1, dtype=values.dtype), np.cumsum(values)])
    found: ExactArray = total[stop] - total[begin]
    return found
