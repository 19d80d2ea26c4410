"""In words: what an outcome that must come first, or from which a time limit runs, has against a later one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.deadlines import last_days_to_record
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.links import due_after, is_job_start, is_time_in_work, per_of
from sib_engine.outcomes.matching.order import REFERRAL, earlier_metrics, units_in_order
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import TEXTS, Reason, names_of, reasons_in
from sib_engine.outcomes.rows import NO_DAY, NONE
from sib_engine.outcomes.versions import deciding_days, in_force
from sib_engine.outcomes.why.matched import Matched, days_text, deadlines, texts_of
from sib_engine.outcomes.why.windows import later_days, later_mends, words_of_window
from sib_engine.outcomes.why.words import NOTHING, Words, no_days
from sib_engine.terms.metric import Employment, Metric
from sib_engine.terms.versions import metric_versions

_MAX_MEND: Final = 300
"""Characters of what a missing prerequisite lacks; what is longer is left to its own row."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Rows ``at`` of one metric and, ``first``, the first outcome of an earlier metric that stands for each of them.

    ``metric`` are the terms that judge these rows; ``earlier`` are those first agreed of the earlier one.
    """

    matched: Matched
    metric: Metric
    earlier: Metric
    at: Positions
    first: Positions

    def with_reason(self, reason: Reason, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> "_Pair":
        """Return the pairs marked, of those that have a reason against them."""
        return self.of(which & np.isin(self.at, self.matched.having(reason)))

    def of(self, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> "_Pair":
        """Return the pairs marked."""
        return _Pair(self.matched, self.metric, self.earlier, self.at[which], self.first[which])

    @property
    def days(self) -> DayArray:
        """The day of each row."""
        return self.matched.rows.achieved_on[self.at]

    @property
    def earlier_days(self) -> DayArray:
        """The day of each earlier outcome."""
        return self.matched.rows.achieved_on[self.first]


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said so far of rows, by their positions: what would mend them, and the first of the days for it."""

    mends: dict[int, list[str]]
    days: dict[int, np.datetime64]

    def note(self, words: Words) -> None:
        """Take what is said of some rows into account."""
        days = no_days(len(words.at)) if words.by is None else words.by
        for place, mend, day in zip(words.at.tolist(), words.mend, days, strict=True):
            self.mends.setdefault(place, []).append(mend)
            self.days[place] = np.fmin(day, self.days.get(place, day))


def words_of_links(worlds: Sequence[Matched], before: Sequence[Words]) -> Iterator[Words]:
    """Yield the words for PREREQUISITE_MISSING, PREREQUISITE_LATER, TOO_SOON and OUTSIDE_WINDOW.

    Metrics go in the order of their prerequisites, so that what a prerequisite lacks is known, also
    where it holds in another world.

    Args:
        worlds: The rows, of one contract, with the reasons that hold in different worlds.
        before: The words of all other reasons against any row.
    """
    if not worlds:
        return
    said = _Said({}, {})
    for words in before:
        said.note(words)
    for unit in units_in_order(worlds[0].contract):
        for index in unit.metrics:
            for matched in worlds:
                for words in _of_metric(matched, index, said):
                    said.note(words)
                    yield words


def _of_metric(matched: Matched, index: int, said: _Said) -> Iterator[Words]:
    asked = (Reason.PREREQUISITE_MISSING, Reason.PREREQUISITE_LATER, Reason.TOO_SOON, Reason.OUTSIDE_WINDOW)
    at = np.unique(np.concatenate([matched.having(reason) for reason in asked]))
    at = at[matched.rows.metric[at] == index]
    if not len(at):
        return
    found: list[Words] = []
    decides = deciding_days(matched.contract, matched.rows)[at]
    for version in metric_versions(matched.contract, matched.contract.metrics[index]):
        judged = at[in_force(version, decides)]
        if len(judged):
            found += _of_terms(matched, version.terms, judged, said)
    for reason in asked:
        yield from _together([words for words in found if words.reason is reason and len(words.at)])


def _of_terms(matched: Matched, metric: Metric, at: Positions, said: _Said) -> Iterator[Words]:
    """Yield the words for the rows ``at`` of one metric, all judged by the terms ``metric``."""
    if metric.within is not None and metric.within.after == REFERRAL:
        referred = matched.rows.started_on[at]
        names = [f"the referral of {day}" for day in texts_of(referred)]
        yield from words_of_window(matched, metric, at, since=referred, names=names)
    for code in earlier_metrics(metric):
        place = matched.contract.metric_codes.index(code)
        earlier = matched.contract.metrics[place]
        kind = per_of(metric, earlier)
        first = matched.standing.first((place,), kind)[matched.standing.key(kind)[at]]
        pair = _Pair(matched, metric, earlier, at, first)
        yield _missing(pair.with_reason(Reason.PREREQUISITE_MISSING, first == NONE), place, kind, said)
        stands = first != NONE
        if code in metric.requires:
            later = stands & (pair.earlier_days > pair.days)
            yield _later(pair.with_reason(Reason.PREREQUISITE_LATER, later))
            yield from _too_soon(pair, stands & ~later)
            stands &= ~later
        if metric.within is not None and metric.within.after == code:
            pair = pair.of(stands)
            names = matched.named(pair.first)
            yield from words_of_window(matched, metric, pair.at, since=pair.earlier_days, names=names)


def _together(words: Sequence[Words]) -> Iterator[Words]:
    """Yield the words of one reason, those of one row joined where several earlier outcomes give it."""
    if len(words) <= 1:
        yield from words
        return
    said: dict[int, list[tuple[str, str, np.datetime64]]] = {}
    for each in words:
        by = np.asarray(each.by)
        for number, place in enumerate(each.at.tolist()):
            said.setdefault(place, []).append((each.found[number], each.mend[number], by[number]))
    yield Words(
        words[0].reason,
        np.array(list(said), dtype=np.intp),
        ["; ".join(found for found, _, _ in parts) for parts in said.values()],
        ["; and ".join(mend for _, mend, _ in parts) for parts in said.values()],
        np.array([min(day for _, _, day in parts) for parts in said.values()], dtype="datetime64[D]"),
    )


def _missing(pair: _Pair, earlier: int, kind: Per, said: _Said) -> Words:
    matched, code = pair.matched, pair.earlier.code
    nearest = _nearest(pair, earlier, kind)
    has_row = nearest != NONE
    names = np.full(len(nearest), "", dtype=object)
    names[has_row] = matched.named(nearest[has_row])
    decides = deciding_days(matched.contract, matched.rows)[pair.at]
    by = last_days_to_record(matched.contract, pair.earlier, pair.days, decides=decides)
    is_open = np.where(has_row, matched.could_count[nearest], ~np.isnat(by))
    by[has_row] = [
        said.days.get(place, NO_DAY) if matched.could_count[place] else NO_DAY for place in nearest[has_row].tolist()
    ]
    whose = "job" if kind is Per.JOB else "person"
    found, wanted = [], []
    for name, place, day, can_be in zip(
        names.tolist(), nearest.tolist(), texts_of(pair.days), is_open.tolist(), strict=True
    ):
        if not name:
            found.append(f"no {code!r} of this {whose} is recorded, and it must come first")
            dated = "" if day == "NaT" else f" on or before {day}"
            wanted.append(f"{code!r}{dated}, recorded with its evidence")
            continue
        found.append(f"{name}, which must come first, does not count: {names_of(int(matched.mask[place]))}")
        lacks = said.mends.get(place) or [TEXTS[reason].mend for reason in reasons_in(int(matched.mask[place]))]
        wanted.append(_wanted(matched.row_ids[int(matched.rows.row[place])], lacks, is_open=can_be))
    return Words(Reason.PREREQUISITE_MISSING, pair.at, found, wanted, by)


def _nearest(pair: _Pair, earlier: int, kind: Per) -> Positions:
    """Return which earlier outcome each row waits for: one that is no later and still in time, else the nearest."""
    matched, key = pair.matched, pair.matched.standing.key(kind)[pair.at]
    nearest = matched.standing.nearest(earlier, kind, matched.could_count)[key]
    timely = matched.standing.nearest(earlier, kind, matched.in_time)[key]
    is_better = (timely != NONE) & matched.in_time[timely] & ~(matched.rows.achieved_on[timely] > pair.days)
    return np.where(is_better, timely, nearest)


def _wanted(row: str, mends: Sequence[str], *, is_open: bool) -> str:
    """Return what a prerequisite that does not count takes to count."""
    if any(mend.startswith(NOTHING) for mend in mends):
        return f"{NOTHING} can: {row} cannot count"
    lacks = "; ".join(mends)
    if len(lacks) > _MAX_MEND:
        return f"{row} counting; what that takes is said of that row"
    if is_open:
        return lacks if lacks.startswith("for ") else f"for {row}: {lacks}"
    return f"{row} counting, which takes: {lacks}"


def _later(pair: _Pair) -> Words:
    late = (pair.earlier_days - pair.days).astype(np.int64).tolist()
    rows = zip(pair.matched.named(pair.first), texts_of(pair.days), late, strict=True)
    found = [f"dated {day}, {days_text(n)} before {name}, which must come first" for name, day, n in rows]
    if is_time_in_work(pair.metric):
        mend = later_mends(pair.matched, pair.metric, pair.at, pair.earlier_days)
        by = later_days(pair.matched, pair.at, pair.earlier_days, mend)
        return Words(Reason.PREREQUISITE_LATER, pair.at, found, mend, by)
    mend = [
        f"{pair.metric.code!r} on or after {first}; or corrected dates, if the record is wrong"
        for first in texts_of(pair.earlier_days)
    ]
    return Words(Reason.PREREQUISITE_LATER, pair.at, found, mend, deadlines(pair.matched, pair.at))


def _too_soon(pair: _Pair, which: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Iterator[Words]:
    if not is_job_start(pair.earlier):
        return
    pair = pair.with_reason(Reason.TOO_SOON, which)
    due = due_after(pair.metric, pair.earlier_days)
    rule = pair.metric.rule
    if due is None or not isinstance(rule, Employment):
        return
    is_early = pair.days < due
    pair = pair.with_reason(Reason.TOO_SOON, is_early)
    due = due[is_early]
    length = f"{rule.days} days" if rule.days is not None else f"{rule.months} months"
    early = (due - pair.days).astype(np.int64).tolist()
    rows = zip(pair.matched.named(pair.first), texts_of(pair.days), texts_of(due), early, strict=True)
    found = [
        f"dated {day}, {days_text(n)} too early: {length} from {name} are complete on {last}"
        for name, day, last, n in rows
    ]
    mend = later_mends(pair.matched, pair.metric, pair.at, due)
    yield Words(Reason.TOO_SOON, pair.at, found, mend, later_days(pair.matched, pair.at, due, mend))
