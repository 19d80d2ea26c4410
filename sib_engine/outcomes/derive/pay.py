"""What each day of work earns, as exact fractions: weekly hours or the hours of a pay period, at the job's pay."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import expanded
from sib_engine.outcomes.derive.rates import DAYS_A_WEEK, ExactArray, Parts, one_scale, paid_days, stretches_of
from sib_engine.outcomes.derive.spells import PayPieces, Spells
from sib_engine.outcomes.facts import Flags, Positions
from sib_engine.outcomes.rows import NONE

_SAFE: Final = 2**62
"""Products that stay below this are worked out in int64; others in Python's own integers."""


@dataclass(frozen=True, slots=True)
class Earning:
    """Days of a group's work that earn the same, ordered by group and day; shape ``(n,)`` each.

    A day earns ``rate / scale[group]`` ten-thousandths of the currency's unit, as far as hours and pay
    are recorded. ``scale`` has the shape ``(n_groups,)``.
    """

    group: Positions
    starts: IntArray
    ends: IntArray
    rate: ExactArray
    lacks_hours: Flags
    lacks_pay: Flags
    scale: ExactArray

    def cut(self, days: IntArray) -> "Earning":
        """Return the same days, with a new stretch beginning on each of some days, which are in order."""
        first = np.searchsorted(days, self.starts, side="right")
        stop = np.searchsorted(days, self.ends, side="right")
        owner, place = expanded(first, stop + 1)  # one more than the cuts inside
        is_first = place == first[owner]
        starts = np.where(is_first, self.starts[owner], days[np.minimum(place - 1, len(days) - 1)])
        is_last = place == stop[owner]
        ends = np.where(is_last, self.ends[owner], days[np.minimum(place, len(days) - 1)] - 1)
        flags = self.lacks_hours[owner], self.lacks_pay[owner]
        return Earning(self.group[owner], starts, ends, self.rate[owner], *flags, self.scale)


def paid_parts(spells: Spells, pay: PayPieces, group: Positions, since: IntArray) -> tuple[Parts, IntArray]:
    """Return what the days of each spell earn, and where its pay is missing (1) in each part, shape ``(n,)``.

    Args:
        spells: Spells of employment, ``n_spells`` of them.
        pay: The pay periods inside them: the days of one earn its hours instead of the spell's.
        group: Whose earnings each spell adds to, shape ``(n_spells,)``.
        since: First day that counts, shape ``(n_spells,)``.
    """
    starts, ends = np.maximum(spells.starts, since), spells.ends
    spell = np.flatnonzero(starts <= ends)
    starts, ends = starts[spell], ends[spell]
    lacks_hours, lacks_pay = ((column[spell] == NONE).astype(np.int64) for column in (spells.hours, spells.pay))
    hourly: ExactArray = np.where(lacks_pay, 0, spells.pay[spell])
    if int(hourly.max(initial=0)) * int(max(spells.hours.max(initial=1), pay.hours.max(initial=1))) >= _SAFE:
        hourly = hourly.astype(object)
    weekly = np.where(lacks_hours, 0, spells.hours[spell]) * hourly
    ones, nothing = np.ones_like(lacks_pay), np.zeros_like(lacks_pay)
    fact = spells.fact[spell]
    whole = Parts(group[spell], starts, ends, weekly, DAYS_A_WEEK * ones, ones, lacks_hours, fact)
    if not len(pay.fact):
        return whole, lacks_pay
    paid, piece = paid_days(spell, starts, ends, pay)
    days = np.maximum(pay.starts[piece], starts[paid]), np.minimum(pay.ends[piece], ends[paid])
    whose, none = group[spell][paid], nothing[paid]
    away = Parts(whose, *days, -weekly[paid], DAYS_A_WEEK * ones[paid], none, -lacks_hours[paid], pay.fact[piece])
    instead = Parts(whose, *days, pay.hours[piece] * hourly[paid], pay.days[piece], none, none, pay.fact[piece])
    together = (whole, away, instead)
    parts = Parts(*(np.concatenate([getattr(part, name) for part in together]) for name in Parts.__slots__))
    return parts, np.concatenate([lacks_pay, none, none])


def earning_of(parts: Parts, lacks_pay: IntArray, n: int, *, finest: int, largest: int) -> Earning:
    """Return what the days of ``n`` groups earn, all their jobs together.

    Args:
        parts: What the days of each spell and pay period earn.
        lacks_pay: Where the pay is missing, shape ``(n_parts,)``.
        n: Number of groups.
        finest: What rates are multiplied by when they are held against a threshold.
        largest: The largest sum that earnings are held against.
    """
    scale, rates = one_scale(parts, n, finest=finest, largest=largest)
    found = stretches_of(parts, rates)
    without_pay = stretches_of(replace(parts, unknown=lacks_pay), rates).is_unknown
    return Earning(found.run, found.starts, found.ends, found.rate, found.is_unknown, without_pay, scale)
