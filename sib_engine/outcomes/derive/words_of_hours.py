"""In words: how the hours of a run stand to the band of its metric, and which metric they belong to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.other_bands import Others, Rules, beside
from sib_engine.outcomes.derive.ranges import first_of_group
from sib_engine.outcomes.derive.rates import Stretches, is_less, over_one_scale, parts_of, stretches_of
from sib_engine.outcomes.derive.spells import PayPieces, as_dates
from sib_engine.outcomes.derive.words_of_work import RunsFound
from sib_engine.outcomes.facts import HUNDREDTHS, Flags, Positions
from sib_engine.outcomes.reasons import Reason
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.words import Words, no_days, span_text
from sib_engine.terms.metric import Employment, HoursRule

_IF: Final = ", if it goes on at the hours of the job"

_MEASURED: Final = (Reason.HOURS_BELOW, Reason.HOURS_ABOVE)


@dataclass(frozen=True, slots=True, eq=False)
class HoursFound:
    """Runs whose hours were measured, arrays of shape ``(n,)``.

    ``weekly`` is the average in hundredths, ``NONE`` where not measured. Runs ``ahead`` still last, and are
    measured to their due day as though they go on at the weekly hours of the job.
    """

    runs: RunsFound
    weekly: IntArray
    ahead: Flags


def words_of_hours(measured: HoursFound, pay: PayPieces, others: Others | None) -> Iterator[Words]:
    """Yield the words for HOURS_BELOW, HOURS_ABOVE and HOURS_UNKNOWN.

    Args:
        measured: The runs and their hours.
        pay: The pay periods inside the spells.
        others: The other metrics of the band; None where there is no band.
    """
    found = measured.runs
    if found.rule.hours is HoursRule.AVERAGE:
        yield from (_on_average(measured, reason, others) for reason in _MEASURED)
    else:
        yield from (_in_a_stretch(measured, reason, pay, others) for reason in _MEASURED)
    yield _unknown(found, pay)


def wanted_hours(rule: Employment) -> str:
    """Return the weekly hours that a rule asks for, in words."""
    least, below = _number(rule.hours_from), _number(rule.hours_below)
    if least and below:
        return f"{least} hours or more and less than {below}"
    return f"{least} hours or more" if least else f"less than {below} hours"


def _on_average(measured: HoursFound, reason: Reason, others: Others | None) -> Words:
    found = measured.runs
    at = found.against(reason)
    runs, asked = found.runs, wanted_hours(found.rule)
    hours = measured.weekly[at].tolist()
    starts, ends = _texts(runs.starts[at]), _texts(runs.ends[at])
    texts = [
        f"{_hours(each)} hours a week on average {span_text(start, end)}{_IF * is_ahead}; the metric asks for {asked}"
        for each, start, end, is_ahead in zip(hours, starts, ends, measured.ahead[at].tolist(), strict=True)
    ]
    fitting = _fitting(hours, beside(found, at, others))
    if reason is Reason.HOURS_ABOVE:
        mends = [
            f"nothing as this metric: such hours belong to {belongs}" if belongs else _wrong_record(asked)
            for belongs in fitting
        ]
        return Words(reason, at, texts, mends, no_days(len(at)))
    mends = [
        f"pay records or hours that come to {asked} a week {span_text(start, end)}"
        + (f"; as it is, such hours belong to {belongs}" if belongs else "")
        for belongs, start, end in zip(fitting, starts, ends, strict=True)
    ]
    return Words(reason, at, texts, mends, None)


def _in_a_stretch(measured: HoursFound, reason: Reason, pay: PayPieces, others: Others | None) -> Words:
    """Return the words where every stretch of days has to lie in the band: those of the first that does not."""
    found = measured.runs
    at = found.against(reason)
    runs = found.runs.take(at)
    parts = parts_of(runs, found.spells, pay, found.rule)
    scale, rates = over_one_scale(parts, len(at), found.rule)
    stretches = stretches_of(parts, rates)
    each = scale[stretches.run]
    if reason is Reason.HOURS_BELOW:
        outside = is_less(stretches.rate, found.rule.hours_from, each)
    else:
        outside = ~is_less(stretches.rate, found.rule.hours_below, each, missing=True)
    firsts = _firsts(stretches, outside & ~stretches.is_unknown, len(at))
    asked = wanted_hours(found.rule)
    texts, mends = [], []
    is_above = reason is Reason.HOURS_ABOVE
    noun = "weekly hours of the job" if found.rule.hours is HoursRule.CONTRACTED else "pay records"
    for row, (stretch, rules) in enumerate(zip(firsts.tolist(), beside(found, at, others), strict=True)):
        belongs = f"; {' or '.join(code for code, _ in rules)}, if all its hours fit" if rules else ""
        rate = int(stretches.rate[stretch] // scale[row])
        start, end = _text(stretches.starts[stretch]), _text(stretches.ends[stretch])
        span, goes_on = span_text(start, end), _IF * bool(measured.ahead[at[row]])
        texts.append(f"{_hours(rate)} hours a week {span}{goes_on}; the metric asks for {asked} all the time")
        right = f"{noun} that give {asked} {span}{belongs}"
        mends.append(_wrong_record(asked) + belongs if is_above else right)
    return Words(reason, at, texts, mends, no_days(len(at)) if is_above else None)


def _unknown(found: RunsFound, pay: PayPieces) -> Words:
    at = found.against(Reason.HOURS_UNKNOWN)
    parts = parts_of(found.runs.take(at), found.spells, pay, found.rule)
    _, rates = over_one_scale(parts, len(at), found.rule)
    stretches = stretches_of(parts, rates)
    firsts = _firsts(stretches, stretches.is_unknown, len(at))
    lengths = np.zeros(len(at), dtype=np.int64)
    without = stretches.is_unknown
    np.add.at(lengths, stretches.run[without], (stretches.ends - stretches.starts + 1)[without])
    needed = found.runs.worked[at]
    spans = [
        "" if stretch == NONE else span_text(_text(stretches.starts[stretch]), _text(stretches.ends[stretch]))
        for stretch in firsts.tolist()
    ]
    texts = [
        f"no hours are recorded for {n_days} of {n} day{'' if n == 1 else 's'}, the first of them {span}"
        for n_days, n, span in zip(lengths.tolist(), needed.tolist(), spans, strict=True)
    ]
    noun = "weekly hours of the job"
    noun = noun if found.rule.hours is HoursRule.CONTRACTED else f"{noun}, or hours of each pay period,"
    mends = [f"{noun} for every day {span}" for span in spans]
    return Words(Reason.HOURS_UNKNOWN, at, texts, mends, None)


def _firsts(stretches: Stretches, which: Flags, n: int) -> Positions:
    """Return the first stretch of each of ``n`` runs among those marked, ``NONE`` where there is none."""
    firsts = np.full(n, NONE, dtype=np.intp)
    at = np.flatnonzero(which)
    begins = at[first_of_group(stretches.run[at])] if len(at) else at
    firsts[stretches.run[begins]] = begins
    return firsts


def _fitting(hundredths: Sequence[int], in_force: Sequence[Rules]) -> list[str]:
    """Return the metrics of the band whose hours these are, in turn."""
    known: dict[tuple[int, int], str] = {}
    for each, rules in zip(hundredths, in_force, strict=True):
        if (each, id(rules)) not in known:
            hours = Decimal(each) / HUNDREDTHS
            fits = (
                code
                for code, rule in rules
                if (rule.hours_from is None or hours >= rule.hours_from)
                and (rule.hours_below is None or hours < rule.hours_below)
            )
            known[each, id(rules)] = " or ".join(fits)
    return [known[each, id(rules)] for each, rules in zip(hundredths, in_force, strict=True)]


def _wrong_record(asked: str) -> str:
    return f"nothing as this metric, which is for {asked} a week, unless the hours on record are wrong"


def _number(edge: Decimal | None) -> str:
    return "" if edge is None else f"{edge.normalize():f}"


def _hours(hundredths: int) -> str:
    return f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02d}"


def _text(day: np.int64) -> str:
    return str(np.datetime64(int(day), "D"))


def _texts(days: IntArray) -> list[str]:
    found: list[str] = np.datetime_as_string(as_dates(days)).tolist()
    return found
