"""Reasons that a row's own dates give, whatever else happened to the person."""

from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.matching.links import last_in_window
from sib_engine.outcomes.matching.order import REFERRAL
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import Window
from sib_engine.terms.money_clauses import Replaces

_NO_LIMIT: Final = np.iinfo(np.int32).max
"""Days within which an outcome may be recorded where the contract sets no limit; beyond the calendar."""


def add_row_reasons(contract: Contract, rows: OutcomeRows, scale: DayScale, reasons: MaskArray) -> None:
    """Add to ``reasons``, shape ``(n,)``, what the contract's dates and claim deadlines say of each row.

    A rule about a date that is not recorded is silent. The date that the price depends on is asked
    of rows about people only: pricing refuses the counts that it cannot place. Whether a site is
    the contract's own is known where it is read.
    """
    by_day = _reasons_by_day(contract, scale)
    good = _good_days(by_day, scale)
    closes_on = np.datetime64(contract.claims_close, "D").astype(np.int64)
    limits = np.array([_limit(metric.claim_within_days) for metric in contract.metrics], dtype="timedelta64[D]")
    has_limits = any(metric.claim_within_days is not None for metric in contract.metrics)

    def work(block: slice) -> None:
        own = reasons[block]
        numbers = as_numbers(rows.achieved_on[block])
        outside = np.flatnonzero((numbers < good[0]) | (numbers > good[1]))
        own[outside] |= by_day.take(scale.places(rows.achieved_on[block][outside]))
        late = as_numbers(rows.recorded_on[block]) > closes_on
        if has_limits:
            late |= rows.recorded_on[block] > rows.achieved_on[block] + limits[rows.metric[block]]
        _add(own, late, Reason.RECORDED_LATE)
        if contract.price_date is not PriceDate.OUTCOME:
            dates = rows.started_on if contract.price_date is PriceDate.START else rows.recorded_on
            _add(own, np.isnat(dates[block]) & (rows.person[block] != NONE), Reason.NO_CLAIM_DATE)

    each_block(len(rows), work)
    for index, metric in enumerate(contract.metrics):
        if metric.within is not None and metric.within.after == REFERRAL:
            _add_outside_window(rows, index, metric.within, reasons)


def _add_outside_window(rows: OutcomeRows, metric: int, window: Window, reasons: MaskArray) -> None:
    at = np.flatnonzero((rows.metric == metric) & (rows.person != NONE))
    last = last_in_window(window, rows.started_on[at])
    reasons[at[rows.achieved_on[at] > last]] |= np.uint32(bit(Reason.OUTSIDE_WINDOW))


def _limit(days: int | None) -> int:
    return _NO_LIMIT if days is None else days


def _add(reasons: MaskArray, where: npt.NDArray[np.bool_], reason: Reason) -> None:
    if where.any():
        reasons[where] |= np.uint32(bit(reason))


def _reasons_by_day(contract: Contract, scale: DayScale) -> MaskArray:
    """Return the reasons of each day in use, shape ``(n_days + 1,)``; the last entry is for no date: none."""
    days = scale.all_days
    reasons = np.zeros(scale.n_days + 1, dtype=np.uint32)
    of_days = reasons[:-1]
    of_days[days < np.datetime64(contract.start, "D")] |= bit(Reason.BEFORE_START)
    of_days[days > np.datetime64(contract.end, "D")] |= bit(Reason.AFTER_END)
    for grant in contract.grants:
        if grant.replaces is Replaces.OUTCOME_PAYMENTS:
            inside = (days >= np.datetime64(grant.starts_on, "D")) & (days <= np.datetime64(grant.ends_on, "D"))
            of_days[inside] |= bit(Reason.GRANT_MONTH)
    return reasons


def _good_days(by_day: MaskArray, scale: DayScale) -> tuple[int, int]:
    """Return the longest run of days without a reason, as numbers since 1970, so that only other rows are looked up."""
    ends = np.flatnonzero(np.concatenate([[1], by_day[:-1], [1]]))
    longest = int(np.argmax(np.diff(ends)))
    return scale.first + int(ends[longest]), scale.first + int(ends[longest + 1]) - 2
