"""Weekly rates of a run's days as exact fractions: spells, the pay periods that override them, and both day by day."""

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
class Parts:
    """Days of a run at one weekly rate: whole spells, and the pay periods that override them; shape ``(n,)`` each.

    The rate, in hundredths of an hour a week, is the fraction ``top / bottom``: a pay period of ``h``
    hundredths over ``d`` days held has ``7h / d``. A pay period is two parts, one of which takes the
    rate of the spell away. ``jobs`` is 1 for a spell and else 0; ``unknown`` is 1 for a spell without
    hours and -1 for a pay period that supplies them. ``fact`` is the position in the facts.
    """

    run: Positions
    starts: IntArray
    ends: IntArray
    top: IntArray
    bottom: IntArray
    jobs: IntArray
    unknown: IntArray
    fact: Positions


@dataclass(frozen=True, slots=True)
class Stretches:
    """Unbroken worked days of a run on which nothing changes, ordered by run and day; shape ``(n,)`` each.

    ``rate`` is over the run's common denominator, all jobs together, and no rate at all where it ``is_unknown``.
    """

    run: Positions
    starts: IntArray
    ends: IntArray
    rate: ExactArray
    is_unknown: Flags


def parts_of(runs: Runs, spells: Spells, pay: PayPieces, rule: Employment) -> Parts:
    """Return the parts of the days that lie between the start and the end of each run."""
    run, place = expanded(runs.first, runs.stop)
    spell = runs.order[place]
    starts = np.maximum(spells.starts[spell], runs.starts[run])
    ends = np.minimum(spells.ends[spell], runs.ends[run])
    met = starts <= ends
    run, spell, starts, ends = run[met], spell[met], starts[met], ends[met]
    weekly = spells.hours[spell]
    lacks = (weekly == NONE).astype(np.int64)
    weekly = np.where(lacks, 0, weekly)
    ones = np.ones_like(lacks)
    whole = Parts(run, starts, ends, weekly, ones, ones, lacks, spells.fact[spell])
    if rule.hours is HoursRule.CONTRACTED or not len(pay.fact):
        return whole
    paid, piece = paid_days(spell, starts, ends, pay)
    days = np.maximum(pay.starts[piece], starts[paid]), np.minimum(pay.ends[piece], ends[paid])
    fact, one, nothing = pay.fact[piece], ones[paid], np.zeros_like(lacks)[paid]
    away = Parts(run[paid], *days, -weekly[paid], one, nothing, -lacks[paid], fact)
    instead = Parts(run[paid], *days, DAYS_A_WEEK * pay.hours[piece], pay.days[piece], nothing, nothing, fact)
    together = (whole, away, instead)
    return Parts(*(np.concatenate([getattr(part, name) for part in together]) for name in Parts.__slots__))


def paid_days(spell: Positions, starts: IntArray, ends: IntArray, pay: PayPieces) -> tuple[Positions, Positions]:
    """Return pairs of a run's spell and a pay period that overlap in the days counted."""
    owner, piece = expanded(pay.begins[spell], pay.begins[spell + 1])
    met = (pay.starts[piece] <= ends[owner]) & (pay.ends[piece] >= starts[owner])
    return owner[met], piece[met]


def over_one_scale(parts: Parts, n: int, rule: Employment) -> tuple[ExactArray, ExactArray]:
    """Return a denominator for each of ``n`` runs and the rate of each part over it, both whole numbers.

    They are int64 where that holds every sum over the days of a run, and every comparison with the rule's edges.
    """
    return one_scale(parts, n, finest=_finest(rule), largest=_LARGEST_EDGE * _STEPS)


def one_scale(parts: Parts, n: int, *, finest: int, largest: int) -> tuple[ExactArray, ExactArray]:
    """Return a denominator for each of ``n`` runs and the rate of each part over it, both whole numbers.

    They are int64 where that holds every sum over the days of a run times ``finest``, and every
    denominator times ``largest`` and ``finest``.
    """
    shared = np.gcd(parts.top, parts.bottom)
    top, bottom = parts.top // shared, parts.bottom // shared
    scale: ExactArray = np.ones(n, dtype=object)
    uneven = np.flatnonzero(bottom > 1)
    uneven = uneven[np.argsort(parts.run[uneven], kind="stable")]
    begins = np.flatnonzero(first_of_group(parts.run[uneven]))
    if len(begins):
        scale[parts.run[uneven][begins]] = np.lcm.reduceat(bottom[uneven].astype(object), begins)
    most = max(int(np.abs(top).max(initial=1)) * _STEPS, largest)
    if int(max(scale, default=1)) * most * finest < _SAFE:
        scale = scale.astype(np.int64)
    return scale, top * (scale[parts.run] // bottom)


def _finest(rule: Employment) -> int:
    edges = (edge for edge in (rule.hours_from, rule.hours_below) if edge is not None)
    return max(((Fraction(edge) * HUNDREDTHS).denominator for edge in edges), default=1)


def stretches_of(parts: Parts, rates: ExactArray) -> Stretches:
    """Return the worked days of each run, cut wherever a rate, a job or what is known changes."""
    run = np.concatenate([parts.run, parts.run])
    day = np.concatenate([parts.starts, parts.ends + 1])
    order = np.lexsort((day, run))
    run, day = run[order], day[order]
    rate, jobs = (np.cumsum(np.concatenate([steps, -steps])[order]) for steps in (rates, parts.jobs))
    settled = np.ones(len(run), dtype=np.bool_)
    settled[:-1] = (run[1:] != run[:-1]) | (day[1:] != day[:-1])
    worked = np.flatnonzero(settled & (jobs > 0))
    unknown = np.zeros(len(worked), dtype=np.bool_)
    if parts.unknown.any():
        unknown = np.cumsum(np.concatenate([parts.unknown, -parts.unknown])[order])[worked] > 0
    return Stretches(run[worked], day[worked], day[worked + 1] - 1, rate[worked], unknown)


def is_less(rate: ExactArray, edge: Decimal | None, scale: ExactArray, *, missing: bool = False) -> Flags:
    """Return where ``rate / scale`` hundredths are below an edge in hours; ``missing`` where there is no edge."""
    if edge is None:
        return np.full(len(rate), missing, dtype=np.bool_)
    exact = Fraction(edge) * HUNDREDTHS
    found: Flags = (rate * exact.denominator < exact.numerator * scale).astype(np.bool_)
    return found
