"""What kept outcomes from their turn, in words: how many count already, since when, and when another would count."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.keys import person_keys
from sib_engine.outcomes.matching.packing import Positions, packed
from sib_engine.outcomes.matching.published import words_of_count
from sib_engine.outcomes.matching.repeats import repeats_of, too_often_or_close
from sib_engine.outcomes.matching.volume import beyond, numbers_in, volumes_of
from sib_engine.outcomes.reasons import MaskArray, Reason, bit, mask_of
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.outcomes.why.words import NOTHING, Words, no_days
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Metric

_IN_TURN: Final = (Reason.GRANT_MONTH, Reason.TOO_OFTEN, Reason.TOO_CLOSE)
"""What an outcome that takes its turn among a person's may have against it: nothing but the turn itself."""

_ONLY_IF_WRONG: Final = f"{NOTHING}, unless an outcome that counts is wrong and is corrected"


def with_turns(contract: Contract, rows: OutcomeRows, mask: MaskArray, details: Sequence[str]) -> tuple[str, ...]:
    """Return what was found about each row with what kept it from its turn put behind, where anything did.

    Args:
        contract: The terms.
        rows: Outcomes, shape ``(n,)``.
        mask: Their reasons after matching, shape ``(n,)``.
        details: What was found so far, ``n`` texts; what already stands there is not said again.
    """
    found = list(details)
    for turn in _turns(contract, rows, mask):
        if turn.found not in found[turn.place]:
            found[turn.place] = f"{found[turn.place]}; {turn.found}" if found[turn.place] else turn.found
    return tuple(found)


def words_of_turns(contract: Contract, rows: OutcomeRows, mask: MaskArray) -> Iterator[Words]:
    """Yield the words for TOO_OFTEN, TOO_CLOSE and BEYOND_MAXIMUM, where a row's mask has them."""
    for turn in _turns(contract, rows, mask):
        if int(mask[turn.place]) & bit(turn.reason):
            at = np.array([turn.place], dtype=np.intp)
            yield Words(turn.reason, at, [turn.found], [turn.mend], no_days(1))


def turn_of(contract: Contract, rows: OutcomeRows, mask: MaskArray, place: int) -> tuple[str, str] | None:
    """Return the clause that kept the outcome at a place from its turn (a maximum, or its metric), and the words.

    None where nothing of that kind speaks against it; the arguments are those of :func:`with_turns`.
    """
    return next(((turn.clause, turn.found) for turn in _turns(contract, rows, mask) if turn.place == place), None)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What kept the outcome at a place from its turn, by which clause, and what would make it count."""

    place: int
    reason: Reason
    clause: str
    found: str
    mend: str


def _turns(contract: Contract, rows: OutcomeRows, mask: MaskArray) -> Iterator[_Turn]:
    scale = DayScale.of(rows.achieved_on)
    is_of_a_person = (rows.person != NONE) & (rows.count > 0)
    is_beyond = (mask & np.uint64(bit(Reason.BEYOND_MAXIMUM))) != 0
    is_achieved = (rows.measure == NONE) & (rows.count > 0)
    for index, metric in enumerate(contract.metrics):
        own = is_of_a_person & (rows.metric == index)
        if metric.is_repeated_in_bounds:
            at = np.flatnonzero(own & ((mask & ~np.uint64(mask_of(_IN_TURN))) == 0))
            yield from _repeats(metric, rows, at, scale, _packed(rows, scale, at))
        maxima = volumes_of(contract, metric.code)
        if maxima:
            own = is_achieved & (rows.metric == index)
            at = np.flatnonzero(own & ((mask & ~np.uint64(mask_of((Reason.GRANT_MONTH, Reason.BEYOND_MAXIMUM)))) == 0))
        left = rows.count.copy()
        for held in maxima:
            volume, keys, site = held.clause, _packed(rows, scale, at), rows.site[at]
            numbers = numbers_in(contract, held, scale, keys, site, left[at])
            left_out = beyond(contract, held, scale, keys, site, numbers)
            left_out = left_out[is_beyond[at[left_out]] | (rows.person[at[left_out]] == NONE)]
            for place, number in zip(at[left_out].tolist(), numbers[left_out].tolist(), strict=True):
                before = int(left[place])
                left[place] = max(before - (number - volume.maximum), 0)
                found = f"number {number:,} of at most {volume.maximum:,} ({volume.id})"
                if rows.person[place] == NONE:
                    found = words_of_count(volume, before, int(left[place]))
                yield _Turn(place, Reason.BEYOND_MAXIMUM, volume.id, found, _ONLY_IF_WRONG)
            at = at[left[at] > 0]


def _repeats(metric: Metric, rows: OutcomeRows, at: Positions, scale: DayScale, keys: IntArray) -> Iterator[_Turn]:
    repeats = repeats_of(metric, scale, person_keys(rows.person[at]), keys)
    place_of = np.empty(len(at), dtype=np.intp)
    place_of[repeats.order] = np.arange(len(at))
    for left_out in too_often_or_close(metric, repeats):
        counted = repeats.counted[place_of[left_out]]
        numbers = repeats.numbers[counted] + 1
        days = rows.achieved_on[at]
        befores = _days(days[repeats.order[counted]])
        for place, number, before, day in zip(
            at[left_out].tolist(), numbers.tolist(), befores, _days(days[left_out]), strict=True
        ):
            yield _repeat(metric, place, number, before, day)


def _repeat(metric: Metric, place: int, number: int, before: date | None, day: date | None) -> _Turn:
    """Return what is said of an outcome left out after ``number`` that count, the last on the day ``before``."""
    if number == metric.at_most:
        found = f"{number} of at most {number} are counted already, the last on {before or 'no date'}"
        return _Turn(place, Reason.TOO_OFTEN, metric.code, found, _ONLY_IF_WRONG)
    if before is None or day is None or metric.days_apart is None:
        message = "an outcome without a date is too close to no other"
        raise ValueError(message)
    soonest = before + timedelta(days=metric.days_apart)
    found = f"{(day - before).days} days after {before}, the last that counts; another counts from {soonest}"
    return _Turn(place, Reason.TOO_CLOSE, metric.code, found, f"another outcome on or after {soonest}")


def _packed(rows: OutcomeRows, scale: DayScale, at: Positions) -> IntArray:
    return packed(scale.places(rows.achieved_on[at]), rows.row[at])


def _days(days: DayArray) -> list[date | None]:
    found: list[date | None] = days.astype("datetime64[D]").tolist()
    return found
