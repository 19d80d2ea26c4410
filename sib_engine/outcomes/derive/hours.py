"""Weekly hours of a run, measured as the contract says and compared with a band without rounding."""

from dataclasses import dataclass

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import first_of_group
from sib_engine.outcomes.derive.rates import ExactArray, Parts, is_less, over_one_scale, parts_of, stretches_of
from sib_engine.outcomes.derive.runs import Runs
from sib_engine.outcomes.derive.spells import PayPieces, Spells
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.metric import Employment, HoursRule


@dataclass(frozen=True, slots=True)
class Measured:
    """What the hours of each run are, and where they stand to the band; each array of shape ``(n,)``.

    ``weekly`` is the average over the days counted, in hundredths of an hour rounded down (``NONE``
    where hours are missing for any of the days): for reading, never for comparing. ``recorded`` is
    the latest day on which a spell, or a pay period where there is a band, became known, as whole days.
    """

    weekly: IntArray
    mask: MaskArray
    recorded: IntArray


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
    parts = parts_of(runs, spells, pay, rule)
    days = parts.ends - parts.starts + 1
    has_band = rule.hours_from is not None or rule.hours_below is not None
    latest = np.full(len(runs), np.iinfo(np.int64).min)
    rests_on = np.flatnonzero((parts.jobs == 1) | has_band)
    np.maximum.at(latest, parts.run[rests_on], recorded[parts.fact[rests_on]])
    unknown_days = np.zeros(len(runs), dtype=np.int64)
    told = np.flatnonzero(parts.unknown)
    np.add.at(unknown_days, parts.run[told], (parts.unknown * days)[told])
    unknown = unknown_days > 0
    scale, rates = over_one_scale(parts, len(runs), rule)
    total = np.zeros(len(runs), dtype=rates.dtype)
    np.add.at(total, parts.run, rates * days)
    if rule.hours is HoursRule.AVERAGE:
        counted = runs.worked * scale
        below, above = (
            is_less(total, rule.hours_from, counted),
            ~is_less(total, rule.hours_below, counted, missing=True),
        )
    else:
        least, most = _extremes(parts, rates, len(runs))
        below, above = is_less(least, rule.hours_from, scale), ~is_less(most, rule.hours_below, scale, missing=True)
    mask = np.where(below, bit(Reason.HOURS_BELOW), 0) | np.where(above, bit(Reason.HOURS_ABOVE), 0)
    mask[unknown] = bit(Reason.HOURS_UNKNOWN)
    if not has_band:
        mask[:] = 0
    average = (total // (runs.worked * scale)).astype(np.int64)
    return Measured(np.where(unknown, NONE, average), mask.astype(np.uint64), latest)


def _extremes(parts: Parts, rates: ExactArray, n: int) -> tuple[ExactArray, ExactArray]:
    """Return the least and the greatest weekly rate of any worked day of each run, shape ``(n,)``."""
    found = stretches_of(parts, rates)
    least, most = np.zeros(n, dtype=rates.dtype), np.zeros(n, dtype=rates.dtype)
    begins = np.flatnonzero(first_of_group(found.run))
    if len(begins):
        least[found.run[begins]] = np.minimum.reduceat(found.rate, begins)
        most[found.run[begins]] = np.maximum.reduceat(found.rate, begins)
    return least, most
