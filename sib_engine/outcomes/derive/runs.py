"""Runs: how spells of employment add up to the days that a metric asks for."""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from sib_engine.core.dates import days_add_months
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import first_of_group
from sib_engine.outcomes.derive.spells import Spells, as_dates, as_days, packed
from sib_engine.outcomes.facts import Flags, Positions
from sib_engine.terms.metric import Employment

NO_WINDOW: Final = 2**19
"""Days of a window that never closes."""


@dataclass(frozen=True, slots=True)
class Runs:
    """Attempts at the days that a metric asks for, each array of shape ``(n,)``.

    ``order`` lists spells, and ``first:stop`` is a run's range in it. ``starts`` is the first day and
    ``ends`` the last day that is counted; ``worked`` of ``needed`` days lie between them, breaks left
    out. ``achieved`` is the day on which the last required day is completed, or would be if the run
    lasts; where it ended too early, its last day. ``pause`` is the break before the run in days,
    0 for the first one; ``pause_too_long`` says that without it the days would have been reached.
    ``over`` is the last day of the work that the run belongs to, breaks that the metric allows inside
    it left aside, as far as it is known to have lasted; ``is_open`` says that it still lasts.
    """

    order: Positions
    first: Positions
    stop: Positions
    starts: IntArray
    ends: IntArray
    worked: IntArray
    needed: IntArray
    achieved: IntArray
    is_complete: Flags
    is_running: Flags
    pause: IntArray
    pause_too_long: Flags
    over: IntArray
    is_open: Flags

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.first)

    def take(self, at: Positions) -> "Runs":
        """Return the runs at some positions; ``order`` stays."""
        names = (each.name for each in fields(self) if each.name != "order")
        return replace(self, **{name: getattr(self, name)[at] for name in names})

    @property
    def opening(self) -> Positions:
        """The spell with which each run begins, shape ``(n,)``."""
        return self.order[self.first]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """Unbroken days in work of one stream: spells that overlap or follow one another, merged."""

    stream: IntArray
    first: Positions
    stop: Positions
    starts: IntArray
    ends: IntArray
    is_open: Flags
    before: IntArray
    total: IntArray


def job_starts(spells: Spells) -> Runs:
    """Return one complete run of one day for each job: its first day.

    All spells of one reference, kind of work and employer are one job, however long the break between
    them (decision 31). Another employer, named where one was named before, is another job after a break only.
    The work lasts to the first break.
    """
    kind = 2 * spells.competitive + spells.self_employed
    job = 4 * spells.job.astype(np.int64) + kind
    order = np.lexsort((spells.starts, job))
    begins = first_of_group(job[order])
    resumes = begins.copy()
    resumes[1:] |= spells.starts[order][1:] > spells.ends[order][:-1] + 1
    first = np.flatnonzero(begins | (resumes & ~_known_before(job, spells, order)))
    first_day = spells.starts[order][first]
    following = np.append(np.flatnonzero(resumes), len(order))
    last = following[np.searchsorted(following, first, side="right")] - 1 if len(first) else first
    one, no = np.ones(len(first), dtype=np.int64), np.zeros(len(first), dtype=np.bool_)
    return Runs(
        order=order,
        first=first,
        stop=first + 1,
        starts=first_day,
        ends=first_day,
        worked=one,
        needed=one,
        achieved=first_day,
        is_complete=~no,
        is_running=no,
        pause=np.zeros_like(one),
        pause_too_long=no,
        over=spells.ends[order][last],
        is_open=spells.is_open[order][last],
    )


def _known_before(job: IntArray, spells: Spells, order: Positions) -> Flags:
    """Return which spells, in an order by job and day, are with no employer that is new to their job, shape ``(n,)``.

    A spell that names none is with one that the job had; the first that does name one is with that too.
    """
    known = ~spells.has_employer[order]
    named = order[~known]
    of_employer = np.lexsort((np.arange(len(named)), spells.employer[named], job[named]))
    again = np.zeros(len(named), dtype=np.bool_)
    changes = first_of_group(job[named][of_employer]) | first_of_group(spells.employer[named][of_employer])
    again[of_employer] = ~changes
    known[~known] = again | first_of_group(job[named])
    return known


def runs_of(spells: Spells, streams: IntArray, rule: Employment) -> Runs:
    """Return the runs of every stream: spells with the same key may be added up.

    A run begins anew on the day from which days count, and is called by the job that began last by then.
    Without ``within_days`` a run ends where a break is longer than ``gap_days`` (never where any is
    allowed). With it a run is a window that opens on the first day after a break: the first in which the
    days are reached uses them up, and the next opens after it.
    """
    streams = 2 * streams + spells.is_past
    order = np.lexsort((-spells.began, spells.starts, streams))
    if not len(order):
        return job_starts(spells)
    blocks = _merged(spells, order, streams[order])
    needed = days_needed(blocks.starts, rule)
    done = np.searchsorted(blocks.total, blocks.before + needed, side="left")
    if rule.within_days is None:
        opens, last, closes = _chained(blocks, rule.gap_days)
    else:
        opens, last, closes = _windowed(blocks, needed, done, rule.within_days)
    return _measured(order, blocks, opens, last, closes, needed[opens], done[opens])


def _merged(spells: Spells, order: Positions, keys: IntArray) -> _Blocks:
    begins = first_of_group(keys)
    stream = np.cumsum(begins) - 1
    starts, ends = spells.starts[order], spells.ends[order]
    reached = np.maximum.accumulate(packed(stream, ends))
    begins[1:] |= packed(stream, starts)[1:] > reached[:-1] + 1
    first = np.flatnonzero(begins)
    block_ends = np.maximum.reduceat(ends, first)
    total = np.cumsum(block_ends - starts[first] + 1)
    return _Blocks(
        stream=stream[first],
        first=first,
        stop=np.append(first[1:], len(order)),
        starts=starts[first],
        ends=block_ends,
        is_open=np.logical_or.reduceat(spells.is_open[order], first),
        before=np.concatenate([[0], total[:-1]]),
        total=total,
    )


def days_needed(starts: IntArray, rule: Employment) -> IntArray:
    """Return the days in work asked of a run that begins on each day, same shape; calendar months differ in length."""
    if rule.months is not None:
        return as_days(days_add_months(as_dates(starts), rule.months)) - starts
    return np.full(len(starts), rule.days or 1, dtype=np.int64)


def _last_of_stream(blocks: _Blocks) -> Positions:
    return np.searchsorted(blocks.stream, blocks.stream, side="right") - 1


def _chained(blocks: _Blocks, gap_days: int) -> tuple[Positions, Positions, IntArray]:
    begins = first_of_group(blocks.stream)
    begins[1:] |= blocks.starts[1:] - blocks.ends[:-1] - 1 > gap_days
    opens = np.flatnonzero(begins)
    last = np.append(opens[1:], len(begins)) - 1
    return opens, last, blocks.starts[opens] + NO_WINDOW


def _windowed(
    blocks: _Blocks, needed: IntArray, done: Positions, within_days: int
) -> tuple[Positions, Positions, IntArray]:
    closes = blocks.starts + within_days - 1
    keys = packed(blocks.stream, blocks.starts)
    last = np.searchsorted(keys, packed(blocks.stream, closes), side="right") - 1
    end_of_stream = _last_of_stream(blocks)
    reached = np.minimum(done, end_of_stream)
    day = blocks.starts[reached] + (blocks.before + needed - blocks.before[reached]) - 1
    complete = (done <= end_of_stream) & (day <= closes)
    lasts = ~complete & blocks.is_open[last] & (blocks.ends[last] < closes)
    lasts &= blocks.ends[last] + needed - (blocks.total[last] - blocks.before) <= closes
    following = np.where(complete, reached + 1, np.arange(len(day)) + 1)
    following[lasts] = end_of_stream[lasts] + 1
    used = np.zeros(len(day), dtype=np.bool_)
    at = np.flatnonzero(first_of_group(blocks.stream))
    while len(at):  # once for each further window of the person with the most
        used[at] = True
        stream = blocks.stream[at]
        at = following[at]
        inside = at < len(day)
        at, stream = at[inside], stream[inside]
        at = at[blocks.stream[at] == stream]
    opens = np.flatnonzero(used)
    last = np.where(complete, reached, last)
    return opens, last[opens], closes[opens]


def _measured(
    order: Positions,
    blocks: _Blocks,
    opens: Positions,
    last: Positions,
    closes: IntArray,
    needed: IntArray,
    done: Positions,
) -> Runs:
    before = blocks.before[opens]
    over = np.maximum(blocks.ends[last] - closes, 0)
    in_reach = blocks.total[last] - before - over
    complete = (done <= last) & (in_reach >= needed)
    completing = np.minimum(done, last)
    day = blocks.starts[completing] + before + needed - blocks.before[completing] - 1
    ends = blocks.ends[last] - over
    due = ends + needed - in_reach
    running = ~complete & blocks.is_open[last] & (due <= closes)
    pause = np.zeros(len(opens), dtype=np.int64)
    follows = np.flatnonzero(blocks.stream[opens[1:]] == blocks.stream[opens[:-1]]) + 1
    pause[follows] = blocks.starts[opens[follows]] - blocks.ends[opens[follows] - 1] - 1
    return Runs(
        order=order,
        first=blocks.first[opens],
        stop=blocks.stop[last],
        starts=blocks.starts[opens],
        ends=np.where(complete, day, ends),
        worked=np.where(complete, needed, in_reach),
        needed=needed,
        achieved=np.where(complete, day, np.where(running, due, ends)),
        is_complete=complete,
        is_running=running,
        pause=pause,
        pause_too_long=_would_have_made_it(blocks, opens, last, complete, needed) & ~complete & ~running,
        over=blocks.ends[last],
        is_open=blocks.is_open[last],
    )


def _would_have_made_it(blocks: _Blocks, opens: Positions, last: Positions, complete: Flags, needed: IntArray) -> Flags:
    """Return where the days would be reached if the failed runs just before it were chained to a run."""
    places = np.arange(len(opens))
    begins = first_of_group(blocks.stream[opens]) | complete
    begins[1:] |= complete[:-1]
    streak = np.maximum.accumulate(np.where(begins, places, 0))
    together = blocks.total[last] - blocks.before[opens[streak]]
    found: Flags = (places > streak) & (together >= needed)
    return found
