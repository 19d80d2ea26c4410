"""In words: what the contract's days, other outcomes of the person, and the order of outcomes have against a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.deadlines import deadlines_of
from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.matching.order import Unit, units_in_order
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.outcomes.why.standing import Standing
from sib_engine.outcomes.why.words import Words, no_days
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import BandRule, Counts, Metric
from sib_engine.terms.money_clauses import Replaces


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Rows after matching, and what they are called.

    ``against``, shape ``(n,)``, holds the reasons to be put into words; ``standing`` is the world in which
    they hold. ``mask`` says of each row what is against it in the end, ``could_count`` whether something
    to be recorded could mend all of it, and ``in_time`` whether that can still be recorded in time.
    ``lines`` are row numbers in a file, each called a ``line_noun``.
    """

    contract: Contract
    rows: OutcomeRows
    row_ids: Sequence[str]
    lines: IntArray
    line_noun: str
    against: MaskArray
    standing: Standing
    mask: MaskArray
    could_count: Flags
    in_time: Flags

    def having(self, reason: Reason) -> Positions:
        """Return the positions of the rows that have a reason against them."""
        return np.flatnonzero(self.against & np.uint64(bit(reason)))

    def named(self, places: Positions) -> list[str]:
        """Return each of several rows by its id, day and row in the file: ``E11/job_start of 2021-01-04 (row 5)``."""
        days = np.datetime_as_string(self.rows.achieved_on[places].astype("datetime64[D]")).tolist()
        codes, lines = self.rows.row[places].tolist(), self.lines[places].tolist()
        return [
            f"{self.row_ids[code]}{'' if day == 'NaT' else f' of {day}'}{f' ({self.line_noun} {line})' if line else ''}"
            for code, day, line in zip(codes, days, lines, strict=True)
        ]


def words_of_rows(matched: Matched) -> Iterator[Words]:
    """Yield the words for what the contract's days have against each row by itself."""
    yield from _outside(matched)
    yield _recorded_late(matched)
    yield _grant_month(matched)
    yield _no_claim_date(matched)


def words_of_places(matched: Matched) -> Iterator[Words]:
    """Yield the words for DUPLICATE and OTHER_BAND: which outcome takes the place of each row."""
    of_metric = {metric: unit for unit in units_in_order(matched.contract) for metric in unit.metrics}
    for metric, unit in of_metric.items():
        for reason in (Reason.DUPLICATE, Reason.OTHER_BAND):
            at = matched.having(reason)
            at = at[matched.rows.metric[at] == metric]
            if len(at):
                yield _beaten(matched, reason, metric, unit, at)


def rivals(matched: Matched, metric: Metric, at: Positions) -> tuple[list[str], DayArray]:
    """Return what counts already where only one of several outcomes may, and its day, for rows ``at`` of one metric.

    A duplicate is only called one where nothing else speaks against it, so what mends the rest has to say that
    an earlier day is needed. Blank, and NaT, where nothing that counts stands in the way.
    """
    place = matched.contract.metric_codes.index(metric.code)
    unit = next(unit for unit in units_in_order(matched.contract) if place in unit.metrics)
    names, days = [""] * len(at), no_days(len(at))
    if metric.counts is Counts.EVERY_TIME and len(unit.metrics) == 1:
        return names, days
    winner = matched.standing.first(unit.metrics, unit.per)[matched.standing.key(unit.per)[at]]
    counts = (winner != NONE) & ((matched.mask[winner] & ~np.uint64(bit(Reason.GRANT_MONTH))) == 0)
    days[counts] = matched.rows.achieved_on[winner[counts]]
    for row in np.flatnonzero(counts & ~np.isnat(days)).tolist():
        (names[row],) = matched.named(winner[row : row + 1])
    return names, days


def _beaten(matched: Matched, reason: Reason, metric: int, unit: Unit, at: Positions) -> Words:
    winner = matched.standing.first(unit.metrics, unit.per)[matched.standing.key(unit.per)[at]]
    terms = matched.contract.metrics[metric]
    known = winner != NONE
    names = np.full(len(at), "", dtype=object)
    names[known] = matched.named(winner[known])
    final = np.where(known, matched.mask[winner], 0)
    what = f"{terms.code!r} counts {terms.counts}"
    noun = "job or person" if terms.counts is Counts.ONCE_PER_JOB else "person"
    if reason is Reason.OTHER_BAND:
        what = f"one of {', '.join(_band_of(matched.contract, terms.code))} is paid"
    found = []
    for name, mask in zip(names.tolist(), final.tolist(), strict=True):
        if not name:
            found.append(f"{what}, and another outcome comes first")
        elif mask == 0:
            found.append(f"{name} is counted already; {what}")
        elif mask == bit(Reason.GRANT_MONTH):
            found.append(f"{name} was achieved already, in a month that a grant paid for; {what}")
        else:
            found.append(f"{name} would count first, once what it lacks is recorded; {what}")
    first = f"nothing can, while that one stands; if it is another {noun}'s, a corrected record"
    mend = "nothing can, while that one stands" if reason is Reason.OTHER_BAND else first
    return Words(reason, at, found, [mend] * len(at), no_days(len(at)))


def _band_of(contract: Contract, code: str) -> tuple[str, ...]:
    return next(
        (band.metrics for band in contract.bands if code in band.metrics and band.rule is BandRule.EXCLUSIVE), (code,)
    )


def _outside(matched: Matched) -> Iterator[Words]:
    contract, rows = matched.contract, matched.rows
    early, late = matched.having(Reason.BEFORE_START), matched.having(Reason.AFTER_END)
    start, end = np.datetime64(contract.start, "D"), np.datetime64(contract.end, "D")
    found = [
        f"dated {day}, {days_text(n)} before the contract's first day, {start}"
        for day, n in _both(rows.achieved_on[early], start - rows.achieved_on[early])
    ]
    mend = f"nothing can for this date: an outcome on or after {start} would"
    yield Words(Reason.BEFORE_START, early, found, [mend] * len(early), no_days(len(early)))
    found = [
        f"dated {day}, {days_text(n)} after the contract's last day, {end}"
        for day, n in _both(rows.achieved_on[late], rows.achieved_on[late] - end)
    ]
    mend = f"nothing can for this date: an outcome on or before {end} would"
    yield Words(Reason.AFTER_END, late, found, [mend] * len(late), no_days(len(late)))


def _recorded_late(matched: Matched) -> Words:
    at, contract = matched.having(Reason.RECORDED_LATE), matched.contract
    last = deadlines(matched, at)
    claimed = matched.rows.claimed_on[at]
    after = (last - matched.rows.achieved_on[at]).astype(np.int64)
    is_close = last == np.datetime64(contract.claims_close, "D")
    found = []
    is_ahead = (matched.mask[at] & np.uint64(bit(Reason.STILL_RUNNING))) != 0
    for day, until, n, n_days, closes, ahead in zip(
        texts_of(claimed),
        texts_of(last),
        (claimed - last).astype(np.int64).tolist(),
        after.tolist(),
        is_close.tolist(),
        is_ahead.tolist(),
        strict=True,
    ):
        rule = "the contract's last day for claims" if closes else f"{days_text(n_days)} after the outcome"
        when = f"to be recorded on {day} at the earliest" if ahead else f"recorded on {day}"
        found.append(f"{when}, {days_text(n)} after the deadline of {until} ({rule})")
    return Words(
        Reason.RECORDED_LATE, at, found, ["nothing can, unless the contract is amended"] * len(at), no_days(len(at))
    )


def _grant_month(matched: Matched) -> Words:
    at = matched.having(Reason.GRANT_MONTH)
    grants = [each for each in matched.contract.grants if each.replaces is Replaces.OUTCOME_PAYMENTS]
    found = []
    for day in matched.rows.achieved_on[at].tolist():
        grant = next((each for each in grants if each.starts_on <= day <= each.ends_on), None)
        said = "" if grant is None else f" {grant.id!r} paid for {grant.starts_on} to {grant.ends_on}"
        found.append(f"dated {day}, and the grant{said} instead of outcomes")
    return Words(Reason.GRANT_MONTH, at, found, ["nothing can: the grant paid"] * len(at), no_days(len(at)))


def _no_claim_date(matched: Matched) -> Words:
    at = matched.having(Reason.NO_CLAIM_DATE)
    by_claim = (matched.contract.price_date is PriceDate.CLAIM) & np.isnat(matched.rows.claimed_on[at])
    found, mend = [], []
    for is_claim in by_claim.tolist():
        what, column = ("claim", "claimed_on, or recorded_on") if is_claim else ("referral", "started_on")
        found.append(f"the price goes by the day of the {what}, and none is recorded")
        mend.append(f"the day of the {what} ({column})")
    return Words(Reason.NO_CLAIM_DATE, at, found, mend, deadlines(matched, at))


def deadlines(matched: Matched, at: Positions, *, days: DayArray | None = None) -> DayArray:
    """Return the last day on which the outcomes ``at`` and their evidence may be recorded, shape ``(n,)``.

    With ``days`` it is that of the same outcomes if they were dated so, under the terms in force then.
    """
    rows = matched.rows.take(at)
    return deadlines_of(matched.contract, rows if days is None else replace(rows, achieved_on=days))


def _both(days: DayArray, lengths: np.ndarray[tuple[int, ...], np.dtype[np.timedelta64]]) -> Iterator[tuple[str, int]]:
    return zip(texts_of(days), lengths.astype(np.int64).tolist(), strict=True)


def days_text(n_days: int) -> str:
    """Return a number of days in words."""
    return f"{n_days} day{'' if n_days == 1 else 's'}"


def texts_of(days: DayArray) -> list[str]:
    """Return days as text, ``NaT`` for none."""
    found: list[str] = np.datetime_as_string(days.astype("datetime64[D]")).tolist()
    return found
