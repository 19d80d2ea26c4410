"""Claw-back: where the job that an outcome rests on ends soon, part of what the outcome earned is taken back."""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.errors import OverflowRefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.payments.price.steps import Mechanism, PriceStep, Pricing
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import ClawBack, ClawBackFrom, Metric
from sib_engine.terms.plain_words import percentage

_OF_THE: Final = {ClawBackFrom.OUTCOME: "the outcome", ClawBackFrom.STATEMENT: "the statement"}


def claw_back(pricing: Pricing, amounts: IntArray) -> Iterator[PriceStep]:
    """Yield the amounts less what is taken back, for each metric with a claw-back.

    It comes last: what is taken back is a share of all that the outcome earned, bonuses included. The
    outcome still counts, for tiers, bonuses and whatever requires it.
    """
    contract, rows = pricing.contract, pricing.rows
    for index, metric in enumerate(contract.metrics):
        terms = metric.claw_back
        if terms is None:
            continue
        at = np.flatnonzero((rows.metric == index) & ~np.isnat(rows.ended_on))
        at = at[rows.ended_on[at] <= window_starts(contract, terms, rows, at) + np.timedelta64(terms.days, "D")]
        at = at[amounts[at] > 0]
        if at.size == 0:
            continue
        after = amounts.copy()
        after[at] -= _part(pricing, terms, amounts[at])
        words = _Words(contract, metric, terms, rows, at)
        yield PriceStep(Mechanism.CLAW_BACK, f"metric.{metric.code}", metric.provenance, amounts, after, words)
        amounts = after


def window_starts(contract: Contract, terms: ClawBack, rows: OutcomeRows, at: Positions) -> DayArray:
    """Return the day from which the window of some rows runs, shape ``(n,)``; NaT where the outcome has no date.

    A row of which no statement is known is taken as stated on the last day of the period in which it
    was achieved and recorded.
    """
    if terms.runs_from is ClawBackFrom.OUTCOME:
        return rows.achieved_on[at]
    starts = rows.stated_on[at].copy()
    unstated = np.flatnonzero(np.isnat(starts) & ~np.isnat(rows.achieved_on[at]))
    known_on = np.fmax(rows.achieved_on[at[unstated]], rows.recorded_on[at[unstated]])
    periods, places = np.unique(contract.periods.index_of_days(known_on), return_inverse=True)
    ends = np.array([contract.periods.period(index).end for index in periods.tolist()], dtype="datetime64[D]")
    starts[unstated] = ends[places]
    return starts


def _part(pricing: Pricing, terms: ClawBack, amounts: IntArray) -> IntArray:
    """Return the share of amounts that is taken back, rounded by the contract's rule."""
    numerator, divisor = terms.share.as_integer_ratio()
    if int(amounts.max()) * numerator > np.iinfo(np.int64).max:
        message = f"an amount times the share {terms.share} that is taken back is too large to be exact"
        raise OverflowRefusedError(message)
    return rounded_quotient(amounts * numerator, divisor, pricing.contract.rounding.mode)


class _Words:
    """Says why part of what some rows earned is taken back."""

    def __init__(self, contract: Contract, metric: Metric, terms: ClawBack, rows: OutcomeRows, at: Positions) -> None:
        self._contract = contract
        self._terms = terms
        self._rows = rows
        self._at = set(at.tolist())
        self._assumed = metric.provenance.assumes("claw_back")

    def __call__(self, which: Positions) -> str:
        terms = self._terms
        places = np.array([place for place in which.tolist() if place in self._at], dtype=np.intp)
        share = f"{percentage(terms.share)} is taken back"
        mode = self._contract.rounding.mode
        rounded = f", {'each ' if places.size > 1 else ''}rounded {mode}" if terms.share != 1 else ""
        if places.size != 1:
            ended = f"{places.size:,} jobs ended within {terms.days} days of {_OF_THE[terms.runs_from]}"
            return f"{ended}: {share}{rounded}"
        ended_on = _day(self._rows.ended_on[places])
        starts_on = _day(window_starts(self._contract, terms, self._rows, places))
        since = f"within {terms.days} days of {_OF_THE[terms.runs_from]} of {starts_on}"
        return f"the job ended on {ended_on}, {since}: {share}{rounded}"


def _day(days: DayArray) -> date:
    found: date = days.astype("datetime64[D]").tolist()[0]
    return found
