"""Reasons that a row's own dates give, whatever else happened to the person."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.dates import DayArray
from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.matching.links import first_in_window, last_in_window
from sib_engine.outcomes.matching.order import REFERRAL
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.outcomes.versions import deciding_days, in_force
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import Metric, Window
from sib_engine.terms.money_clauses import Replaces
from sib_engine.terms.versions import Version, metric_versions

_NO_LIMIT: Final = np.iinfo(np.int32).max
"""Days within which an outcome may be recorded where the contract sets no limit; beyond the calendar."""


def add_row_reasons(contract: Contract, rows: OutcomeRows, scale: DayScale, reasons: MaskArray) -> None:
    """Add to ``reasons``, shape ``(n,)``, what the contract's dates and claim deadlines say of each row.

    A rule about a date that is not recorded is silent. The date that the price depends on is asked
    of rows about people and of measured results only: pricing refuses the counts that it cannot place.
    Whether a site is the contract's own is known where it is read.
    """
    by_day = _reasons_by_day(contract, scale)
    good = _good_days(by_day, scale)
    closes_on = np.datetime64(contract.claims_close, "D").astype(np.int64)
    limits = _Limits.of(contract)
    decides = deciding_days(contract, rows)
    # The last entry is for a row of no metric.
    of_cohorts = np.array([*(rule is not None for rule in contract.measured), False])

    def work(block: slice) -> None:
        own = reasons[block]
        numbers = as_numbers(rows.achieved_on[block])
        outside = np.flatnonzero((numbers < good[0]) | (numbers > good[1]))
        own[outside] |= by_day.take(scale.places(rows.achieved_on[block][outside]))
        late = as_numbers(rows.claimed_on[block]) > closes_on
        if limits is not None:
            within = limits.on(rows.metric[block], decides[block])
            late |= rows.claimed_on[block] > rows.achieved_on[block] + within
        _add(own, late, Reason.RECORDED_LATE)
        if contract.price_date is not PriceDate.OUTCOME:
            dates = rows.started_on if contract.price_date is PriceDate.START else rows.claimed_on
            is_single = (rows.person[block] != NONE) | of_cohorts[rows.metric[block]]
            _add(own, np.isnat(dates[block]) & is_single, Reason.NO_CLAIM_DATE)

    each_block(len(rows), work)
    quick = {tariff.metric for tariff in contract.tariffs if tariff.quick is not None}
    for index, metric in enumerate(contract.metrics):
        if metric.code in quick:
            at = np.flatnonzero((rows.metric == index) & (rows.person != NONE) & np.isnat(rows.started_on))
            reasons[at] |= np.uint64(bit(Reason.NO_CLAIM_DATE))
        for version in metric_versions(contract, metric):
            window = version.terms.within
            if window is not None and window.after == REFERRAL:
                judged = (rows.metric == index) & (rows.person != NONE) & in_force(version, decides)
                _add_outside_window(rows, np.flatnonzero(judged), window, reasons)


def _add_outside_window(rows: OutcomeRows, at: Positions, window: Window, reasons: MaskArray) -> None:
    """Add what a window that runs from the referral says of some rows."""
    referred_on, achieved_on = rows.started_on[at], rows.achieved_on[at]
    first, last = first_in_window(window, referred_on), last_in_window(window, referred_on)
    if first is not None:
        reasons[at[achieved_on < first]] |= np.uint64(bit(Reason.TOO_SOON))
    if last is not None:
        reasons[at[achieved_on > last]] |= np.uint64(bit(Reason.OUTSIDE_WINDOW))


@dataclass(frozen=True, slots=True)
class _Limits:
    """Days within which an outcome may be recorded: of each metric as first agreed, and of its later versions."""

    first: npt.NDArray[np.timedelta64]
    later: tuple[tuple[int, Version[Metric]], ...]

    @classmethod
    def of(cls, contract: Contract) -> "_Limits | None":
        """Return the limits, or None where no metric has any at any time."""
        versions = [metric_versions(contract, metric) for metric in contract.metrics]
        if all(version.terms.claim_within_days is None for listed in versions for version in listed):
            return None
        first = np.array([_limit(listed[0].terms.claim_within_days) for listed in versions], dtype="timedelta64[D]")
        return cls(first, tuple((place, version) for place, listed in enumerate(versions) for version in listed[1:]))

    def on(self, metric: npt.NDArray[np.int16], decides: DayArray) -> npt.NDArray[np.timedelta64]:
        """Return the limit of each row, by its metric and by the day that chooses the version, same shape."""
        limits = self.first[metric]
        for place, version in self.later:
            limits[(metric == place) & in_force(version, decides)] = np.timedelta64(
                _limit(version.terms.claim_within_days), "D"
            )
        return limits


def _limit(days: int | None) -> int:
    return _NO_LIMIT if days is None else days


def _add(reasons: MaskArray, where: npt.NDArray[np.bool_], reason: Reason) -> None:
    if where.any():
        reasons[where] |= np.uint64(bit(reason))


def _reasons_by_day(contract: Contract, scale: DayScale) -> MaskArray:
    """Return the reasons of each day in use, shape ``(n_days + 1,)``; the last entry is for no date: none."""
    days = scale.all_days
    reasons = np.zeros(scale.n_days + 1, dtype=np.uint64)
    of_days = reasons[:-1]
    of_days[days < np.datetime64(contract.start, "D")] |= bit(Reason.BEFORE_START)
    of_days[days > np.datetime64(contract.last_outcome_on, "D")] |= bit(Reason.AFTER_END)
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
