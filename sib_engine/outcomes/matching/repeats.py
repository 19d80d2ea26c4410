"""Outcomes that a person may repeat, at most so often and so many days apart: which of them count."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DAY_BITS, DayScale
from sib_engine.outcomes.matching.keys import CodeArray
from sib_engine.outcomes.matching.packing import DAY_SHIFT, Positions
from sib_engine.terms.metric import Metric

_NOT_COUNTED: Final = -1
"""Number of an outcome that does not count."""


@dataclass(frozen=True, slots=True, eq=False)
class Repeats:
    """One metric's outcomes of people, in order: by person, then day, then row id; all of shape ``(n,)``.

    ``order`` are the places of the outcomes as they were given, ``days`` their places on the day scale.
    ``numbers`` says which of the person's each is that counts, from 0; -1 where it does not.
    ``counted`` is the place in this order of the last one before it, or itself, that counts.
    """

    order: Positions
    days: IntArray
    numbers: IntArray
    counted: Positions


def repeats_of(metric: Metric, scale: DayScale, keys: CodeArray, packed: IntArray) -> Repeats:
    """Return which outcomes of a metric count: from the earliest, each that comes enough days after the last.

    A person's outcomes are settled all at once, the k-th that counts of everybody in round k. An
    undated outcome comes after every dated one and is not held to any number of days.

    Args:
        metric: The metric, which counts every time.
        scale: The days of the outcomes.
        keys: Whose each outcome is, not negative, shape ``(n,)``.
        packed: Their packed keys (:mod:`sib_engine.outcomes.matching.packing`), shape ``(n,)``.
    """
    order = np.lexsort((packed, keys))
    people, days = keys[order].astype(np.int64), packed[order] >> DAY_SHIFT
    numbers = np.full(len(order), _NOT_COUNTED, dtype=np.int64)
    place_of_day = (people << DAY_BITS) | days
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = people[1:] != people[:-1]
    at = np.flatnonzero(begins)
    number = 0
    while at.size and (metric.at_most is None or number < metric.at_most):
        numbers[at] = number
        number += 1
        # A gap that reaches past the last day leads to what has no date, which is never too close.
        soonest = np.minimum(days[at] + (metric.days_apart or 0), scale.undated)
        found = np.searchsorted(place_of_day, (people[at] << DAY_BITS) | soonest)
        found = np.maximum(found, at + 1)
        is_another = found < len(order)
        is_another[is_another] = people[found[is_another]] == people[at[is_another]]
        at = found[is_another]
    counted = np.maximum.accumulate(np.where(numbers != _NOT_COUNTED, np.arange(len(order)), 0))
    return Repeats(order, days, numbers, counted)


def too_often_or_close(metric: Metric, repeats: Repeats) -> tuple[Positions, Positions]:
    """Return the places, as given, of outcomes beyond the last that counts, and of those too soon after one.

    Where as many count as may, later ones are only too many: no other day would help them.
    """
    left_out = repeats.numbers == _NOT_COUNTED
    n_counted = repeats.numbers[repeats.counted] + 1
    is_beyond = left_out & (n_counted == metric.at_most) if metric.at_most is not None else np.zeros_like(left_out)
    return repeats.order[is_beyond], repeats.order[left_out & ~is_beyond]
