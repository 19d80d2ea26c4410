"""Whose turn it is where a maximum is passed: an outcome beyond it takes nobody's turn, so turns go one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.keys import CodeArray
from sib_engine.outcomes.matching.packing import DAY_SHIFT, MAX_LEVEL
from sib_engine.outcomes.matching.packing import ROW_BITS as LEVEL_SHIFT
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.metric import Counts, Metric


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """A maximum, and of each outcome what it is counted with (``NONE``: not at all) and whether it may be left out."""

    maximum: int
    scopes: IntArray
    may_leave_out: npt.NDArray[np.bool_]


class _Room:
    """What room a maximum has left in each scope; plain lists, as one outcome after another is looked up."""

    def __init__(self, limit: Limit) -> None:
        self._maximum = limit.maximum
        self._scopes: list[int] = limit.scopes.tolist()
        self._may_leave_out: list[bool] = limit.may_leave_out.tolist()
        self._used: dict[int, int] = {}

    def is_reached(self, place: int) -> bool:
        """Return whether no more outcomes count where the one at a place would."""
        return self._may_leave_out[place] and self._used.get(self._scopes[place], 0) >= self._maximum

    def count(self, place: int) -> None:
        """Count the outcome at a place."""
        scope = self._scopes[place]
        if scope != NONE:
            self._used[scope] = self._used.get(scope, 0) + 1


@dataclass(slots=True, eq=False)
class _Turns:
    """What counts so far: the metric (by level) that each person or job has, and how often and when last a person."""

    metrics: Sequence[Metric]
    undated: int
    has: dict[int, int] = field(default_factory=dict)
    repeats: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def against(self, level: int, key: int, person: int, day: int) -> Reason | None:
        """Return why it is not an outcome's turn; None where it is."""
        metric, has = self.metrics[level], self.has.get(key, level)
        if has != level:
            return Reason.OTHER_BAND
        if metric.counts is not Counts.EVERY_TIME:
            return Reason.DUPLICATE if key in self.has else None
        number, last = self.repeats.get((level, person), (0, 0))
        if number and number == metric.at_most:
            return Reason.TOO_OFTEN
        is_close = number and metric.days_apart is not None and day < min(last + metric.days_apart, self.undated)
        return Reason.TOO_CLOSE if is_close else None

    def take(self, level: int, key: int, person: int, day: int) -> None:
        """Note an outcome that counts."""
        metric = self.metrics[level]
        if len(self.metrics) > 1 or metric.counts is not Counts.EVERY_TIME:
            self.has.setdefault(key, level)
        if metric.is_repeated_in_bounds:
            number, _ = self.repeats.get((level, person), (0, 0))
            self.repeats[level, person] = (number + 1, day)


def reasons_in_turn(
    metrics: Sequence[Metric],
    level: npt.NDArray[np.intp],
    packed: IntArray,
    keys: CodeArray,
    people: CodeArray,
    limits: Sequence[Limit],
    scale: DayScale,
) -> MaskArray:
    """Return what keeps each outcome from its turn, shape ``(n,)``: another one of the person, or a maximum.

    Outcomes are taken one by one: by day, undated last, on one day the higher band first, then by row id.
    Each decides what those after it meet, in ways that cross (persons, bands, sites, periods), so there is
    no sum that would tell; it is only done where some maximum is passed.

    Args:
        metrics: The metrics that are settled together, lowest band first.
        level: Which of them each outcome is of, shape ``(n,)``.
        packed: Packed keys (:mod:`sib_engine.outcomes.matching.packing`), shape ``(n,)``.
        keys: The person, or the job, that each counts once for, shape ``(n,)``.
        people: Whose each is, shape ``(n,)``.
        limits: The maxima of the metrics.
        scale: The days of the outcomes.
    """
    found = [0] * len(packed)
    rooms = [_Room(limit) for limit in limits]
    turns = _Turns(metrics, scale.undated)
    bands = (MAX_LEVEL - level.astype(np.int64)) << LEVEL_SHIFT
    columns = (level.tolist(), keys.tolist(), people.tolist(), (packed >> DAY_SHIFT).tolist())
    outcomes = list(zip(*columns, strict=True))
    for place in np.argsort(packed | bands, kind="stable").tolist():
        reason = turns.against(*outcomes[place])
        if reason is None and any(room.is_reached(place) for room in rooms):
            reason = Reason.BEYOND_MAXIMUM
        if reason is not None:
            found[place] = bit(reason)
            continue
        turns.take(*outcomes[place])
        for room in rooms:
            room.count(place)
    return np.array(found, dtype=np.uint64)
