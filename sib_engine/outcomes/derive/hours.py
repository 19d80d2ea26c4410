"""Weekly hours of a run, measured as the contract says and compared with a band without rounding."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import expanded, first_of_group
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import PayPieces, Spells
from sib_engine.outcomes.facts import HUNDREDTHS, Flags, Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.metric import Employment, HoursRule

DAYS_A_WEEK: Final = 7

_SAFE: Final = 2**60
"""Sums that stay below this are added up in int64; others in Python's own integers."""

_STEPS: Final = 2**24
"""Bound on what one rate is multiplied by on the way to a sum: the days, and the parts that are added up."""

_LARGEST_EDGE: Final = 168 * HUNDREDTHS

ExactArray: TypeAlias = npt.NDArray[Any]
"""int64, or Python integers (dtype object) where int64 might not hold the sums."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the hours of each run are, and where they stand to the band; each array of shape ``(n,)``.

    ``weekly`` is the average over the days counted, in hundredths of an hour rounded down (``NONE``
    where hours are missing for any of the days): for reading, never for comparing. ``recorded_on`` is
    the latest day on which a spell or pay period that was used became known, as whole days.
    """

    weekly: IntArray
    mask: MaskArray
    recorded: IntArray


@dataclass(frozen=True, slots=True)
class _Parts:
    """Days of a run at one weekly rate: whole spells, and the pay periods that override them.

    The rate, in hundredths of an hour a week, is the fraction ``top / bottom``: a pay period of ``h``
    hundredths over ``d`` days held has ``7h / d``.
    """

    run: Positions
    starts: IntArray
    ends: IntArray
    top: IntArray
    bottom: IntArray


def measure(runs: Runs, spells: Spells, pay: PayPieces, rule: Employment, *, recorded: IntArray) -> Measured:
    """Return the hours of the days that each run counts, and the reasons that they give.

    Hours of jobs held at once are added up. ``average over the period`` divides the hours of all
    counted days by the counted weeks; ``every pay period`` and ``contracted`` ask every stretch of
    days at one rate to lie in the band, the latter by the weekly hours of the job alone.

    Args:
        runs: The runs, ``n`` of them.
        spells: The spells that they are made of.
        pay: The pay periods inside the spells.
        rule: The metric's band and way of measuring.
        recorded: Day on which each fact became known, shape ``(n_facts,)``.
    """
    run, place = expanded(runs.first, runs.stop)
    spell = runs.order[place]
    starts = np.maximum(spells.starts[spell], runs.starts[run])
    ends = np.minimum(spells.ends[spell], runs.ends[run])
    met = starts <= ends
    run, spell, starts, ends = run[met], spell[met], starts[met], ends[met]
    latest = _latest(len(runs), run, recorded[spells.fact[spell]])
    weekly = spells.hours[spell]
    known = weekly != NONE
    parts = [_Parts(run, starts, ends, np.where(known, weekly, 0), np.ones_like(weekly))]
    unknown_days = np.where(known, 0, ends - starts + 1)
    if rule.hours is not HoursRule.CONTRACTED and len(pay.fact):
        paid, piece = _paid(spell, starts, ends, pay)
        from_day, to_day = np.maximum(pay.starts[piece], starts[paid]), np.minimum(pay.ends[piece], ends[paid])
        np.subtract.at(unknown_days, paid, np.where(known[paid], 0, to_day - from_day + 1))
        ones = np.ones(len(paid), dtype=np.int64)
        parts.append(_Parts(run[paid], from_day, to_day, -parts[0].top[paid], ones))
        parts.append(_Parts(run[paid], from_day, to_day, DAYS_A_WEEK * pay.hours[piece], pay.days[piece]))
        latest = np.maximum(latest, _latest(len(runs), run[paid], recorded[pay.fact[piece]]))
    unknown = np.zeros(len(runs), dtype=np.bool_)
    unknown[run[unknown_days > 0]] = True
    scale, rates = _common(parts, len(runs), finest=_finest(rule))
    merged = _Parts(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Parts.__slots__))
    total = np.zeros(len(runs), dtype=rates.dtype)
    np.add.at(total, merged.run, rates * (merged.ends - merged.starts + 1))
    if rule.hours is HoursRule.AVERAGE:
        days = runs.worked
        below = _less(total, rule.hours_from, days * scale)
        above = ~_less(total, rule.hours_below, days * scale, missing=True)
    else:
        least, most = _extremes(merged, rates, len(parts[0].run), len(runs))
        below, above = _less(least, rule.hours_from, scale), ~_less(most, rule.hours_below, scale, missing=True)
    mask = np.where(below, bit(Reason.HOURS_BELOW), 0) | np.where(above, bit(Reason.HOURS_ABOVE), 0)
    if rule.hours_from is None and rule.hours_below is None:
        mask[:] = 0
    else:
        mask[unknown] = bit(Reason.HOURS_UNKNOWN)
    average = (total // (runs.worked * scale)).astype(np.int64)
    return Measured(np.where(unknown, NONE, average), mask.astype(np.uint32), latest)


def _latest(n: int, run: Positions, days: IntArray) -> IntArray:
    latest = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(latest, run, days)
    return latest


def _paid(spell: Positions, starts: IntArray, ends: IntArray, pay: PayPieces) -> tuple[Positions, Positions]:
    """Return pairs of a run's spell and a pay period that overlap in the days counted."""
    owner, piece = expanded(pay.begins[spell], pay.begins[spell + 1])
    met = (pay.starts[piece] <= ends[owner]) & (pay.ends[piece] >= starts[owner])
    return owner[met], piece[met]


def _finest(rule: Employment) -> int:
    edges = (edge for edge in (rule.hours_from, rule.hours_below) if edge is not None)
    return max(((Fraction(edge) * HUNDREDTHS).denominator for edge in edges), default=1)


def _common(parts: list[_Parts], n: int, *, finest: int) -> tuple[ExactArray, ExactArray]:
    """Return a common denominator for each run and the rate of each part over it, both whole numbers."""
    run = np.concatenate([part.run for part in parts])
    top = np.concatenate([part.top for part in parts])
    bottom = np.concatenate([part.bottom for part in parts])
    shared = np.gcd(top, bottom)
    top, bottom = top // shared, bottom // shared
    scale: ExactArray = np.ones(n, dtype=object)
    uneven = np.flatnonzero(bottom > 1)
    uneven = uneven[np.argsort(run[uneven], kind="stable")]
    begins = np.flatnonzero(first_of_group(run[uneven]))
    if len(begins):
        scale[run[uneven][begins]] = np.lcm.reduceat(bottom[uneven].astype(object), begins)
    largest = int(max(scale, default=1)) * int(np.abs(top).max(initial=_LARGEST_EDGE))
    if largest * finest * _STEPS < _SAFE:
        scale = scale.astype(np.int64)
    return scale, top * (scale[run] // bottom)


def _extremes(parts: _Parts, rates: ExactArray, n_spells: int, n: int) -> tuple[ExactArray, ExactArray]:
    """Return the least and the greatest weekly rate of any worked day of each run, shape ``(n,)``."""
    held = np.zeros(len(parts.run), dtype=np.int64)
    held[:n_spells] = 1
    run = np.concatenate([parts.run, parts.run])
    day = np.concatenate([parts.starts, parts.ends + 1])
    step = np.concatenate([rates, -rates])
    jobs = np.concatenate([held, -held])
    order = np.lexsort((day, run))
    run, day = run[order], day[order]
    rate, n_jobs = np.cumsum(step[order]), np.cumsum(jobs[order])
    settled = np.ones(len(run), dtype=np.bool_)
    settled[:-1] = (run[1:] != run[:-1]) | (day[1:] != day[:-1])
    worked = settled & (n_jobs > 0)
    run, rate = run[worked], rate[worked]
    least, most = np.zeros(n, dtype=rates.dtype), np.zeros(n, dtype=rates.dtype)
    begins = np.flatnonzero(first_of_group(run))
    if len(begins):
        least[run[begins]] = np.minimum.reduceat(rate, begins)
        most[run[begins]] = np.maximum.reduceat(rate, begins)
    return least, most


def _less(rate: ExactArray, edge: Decimal | None, scale: ExactArray, *, missing: bool = False) -> Flags:
    """Return where ``rate / scale`` hundredths are below an edge in hours; ``missing`` where there is no edge."""
    if edge is None:
        return np.full(len(rate), missing, dtype=np.bool_)
    exact = Fraction(edge) * HUNDREDTHS
    found: Flags = (rate * exact.denominator < exact.numerator * scale).astype(np.bool_)
    return found
