"""In words: an outcome before its window opens or after it closes, whatever the window runs from."""

from collections.abc import Iterator, Sequence

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.matching.links import first_in_window, is_time_in_work, last_in_window
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import Reason
from sib_engine.outcomes.why.matched import Matched, days_text, deadlines, rivals, texts_of
from sib_engine.outcomes.why.words import NOTHING, Words
from sib_engine.terms.metric import Activity, Counts, Earnings, Employment, Length, Metric


def words_of_window(
    matched: Matched, metric: Metric, at: Positions, *, since: DayArray, names: Sequence[str]
) -> Iterator[Words]:
    """Yield the words for TOO_SOON and OUTSIDE_WINDOW that the window of a metric gives.

    Args:
        matched: The rows.
        metric: The terms that judge the rows ``at``, with a window.
        at: Rows of one metric, ``n`` of them.
        since: The day from which the window of each runs, shape ``(n,)``.
        names: What happened on that day, of length ``n``.
    """
    window = metric.within
    if window is None:
        return
    days, first, last = matched.rows.achieved_on[at], first_in_window(window, since), last_in_window(window, since)
    if first is not None and window.not_before is not None:
        early = np.flatnonzero((days < first) & np.isin(at, matched.having(Reason.TOO_SOON)))
        length = _length(window.not_before)
        until = [""] * len(early) if last is None else [f" and on or before {day}" for day in texts_of(last[early])]
        found = [
            f"dated {day}, {days_text(n)} before {start}, the first day: {length} from {names[place]}"
            for day, n, start, place in _each(days, first - days, first, early)
        ]
        mend = later_mends(matched, metric, at[early], first[early], until)
        yield Words(Reason.TOO_SOON, at[early], found, mend, later_days(matched, at[early], first[early], mend))
    if last is not None and window.no_later is not None:
        late = np.flatnonzero((days > last) & np.isin(at, matched.having(Reason.OUTSIDE_WINDOW)))
        length = _length(window.no_later)
        start = [""] * len(late) if first is None else [f" on or after {day} and" for day in texts_of(first[late])]
        found = [
            f"dated {day}, {days_text(n)} after {end}, the last day: {length} from {names[place]}"
            for day, n, end, place in _each(days, days - last, last, late)
        ]
        before, _ = rivals(matched, metric, at[late])
        mend = [
            f"a date{begin} on or before {day}{_before(rival)}, if the record is wrong; else nothing"
            for day, begin, rival in zip(texts_of(last[late]), start, before, strict=True)
        ]
        yield Words(Reason.OUTSIDE_WINDOW, at[late], found, mend, deadlines(matched, at[late]))


def later_mends(
    matched: Matched, metric: Metric, at: Positions, first: DayArray, until: Sequence[str] | None = None
) -> list[str]:
    """Return what rows that came too soon take, which could count from the days ``first`` on.

    Args:
        matched: The rows.
        metric: The terms that judge the rows ``at``.
        at: Rows of one metric, ``n`` of them.
        first: The first day on which each could count, shape ``(n,)``.
        until: What is said of the last such day, ``n`` texts; nothing where it is not given.
    """
    names, days = rivals(matched, metric, at)
    end = matched.contract.last_outcome_on
    ended = texts_of(matched.rows.ended_on[at])
    found = []
    for day, before, rival, rival_on, over in zip(
        first.tolist(), until or [""] * len(at), names, days.tolist(), ended, strict=True
    ):
        if day > end:
            found.append(f"{NOTHING} can: the contract's last day is {end}, before {day}")
        elif rival and rival_on <= day:
            found.append(f"{NOTHING} can, while {rival} counts: {metric.code!r} counts {metric.counts}")
        elif rival and is_time_in_work(metric) and over != "NaT":
            found.append(f"{NOTHING} for this work, which ended on {over}; {rival} counts already")
        else:
            found.append(_in_time(metric, f"on or after {day}{before}{_before(rival)}", over))
    return found


def later_days(matched: Matched, at: Positions, first: DayArray, mends: Sequence[str]) -> DayArray:
    """Return by when what :func:`later_mends` says has to be recorded, shape ``(n,)``; NaT where nothing can be."""
    by = deadlines(matched, at, days=first)
    by[[text.startswith(NOTHING) for text in mends]] = np.datetime64("NaT", "D")
    return by


def _before(rival: str) -> str:
    return f" and before {rival}, which counts already" if rival else ""


def _in_time(metric: Metric, wanted: str, ended: str) -> str:
    """Return what an outcome that came too soon takes, ``wanted`` being days in words, ``ended`` the end of its work.

    Time in work waits for the window while it goes on, so that what is too soon has ended. An activity that does
    not count every time, and a sum earned, are reached on one day and on no other.
    """
    match metric.rule:
        case Activity() | Earnings() if metric.counts is not Counts.EVERY_TIME:
            return f"{NOTHING} can, unless the dates of its facts are wrong: it is reached once, on its first day"
        case Employment(days=None, months=None):
            return f"a job that begins {wanted}"
        case Employment() if ended != "NaT":
            return f"{NOTHING} for this work, which ended on {ended}: other work that is long enough {wanted} would"
    return f"the same outcome {wanted}"


def _each(
    days: DayArray, off: np.ndarray[tuple[int, ...], np.dtype[np.timedelta64]], edge: DayArray, which: Positions
) -> Iterator[tuple[str, int, str, int]]:
    """Yield of some rows the day, by how many days it is off, the edge of the window, and the row's place."""
    n_days = off[which].astype(np.int64).tolist()
    return zip(texts_of(days[which]), n_days, texts_of(edge[which]), which.tolist(), strict=True)


def _length(length: Length) -> str:
    """Return a length in words; it may be none: the window then opens on the day from which it runs."""
    months = f"{length.months} month{'' if length.months == 1 else 's'}" if length.months else ""
    days = days_text(length.days) if length.days else ""
    return " and ".join(filter(None, (months, days))) or "0 days"
