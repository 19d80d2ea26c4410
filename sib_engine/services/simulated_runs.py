"""Runs of the kernel with more outcomes after a position, matched and priced as a file with them would be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.outcome_table import RowLabels
from sib_engine.outcomes.reasons import TEXTS, MaskArray, Reason, code_of, reasons_in
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.outcomes.turns import turn_of
from sib_engine.payments.due import Due, due
from sib_engine.payments.payable import joined
from sib_engine.payments.scheduled.entries import scheduled
from sib_engine.payments.worth import Totals, totals
from sib_engine.services.as_achieved import mask_of_rows, rows_within
from sib_engine.terms.contract import Contract, PriceDate

STATED: Final = 1
"""The position is taken as stated, so that what is more comes after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Position:
    """Outcomes that count so far and what their codes stand for; of the outcomes more, who, when and which group.

    ``days`` are those of the outcome and of the referral; ``person`` and ``group`` are codes of the labels. Without
    a person each outcome more is the first of a person of its own. ``until`` is the last day of which scheduled
    amounts are taken.
    """

    contract: Contract
    rows: OutcomeRows
    labels: RowLabels
    days: tuple[date | None, date | None]
    person: int
    group: int
    until: date


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run: what is due for ``rows``, whose ``mask`` says which of them do not count (due as a count of 0)."""

    contract: Contract
    rows: OutcomeRows
    mask: MaskArray
    due: Due

    @property
    def totals(self) -> Totals:
        """What it comes to."""
        return totals(self.due)

    def against(self, place: int) -> tuple[str, str] | None:
        """Return why the row at a place does not count, with the clause; None where it does."""
        reasons = reasons_in(int(self.mask[place]))
        if not reasons:
            return None
        metric = self.contract.metric_codes[int(self.rows.metric[place])]
        turn = turn_of(self.contract, self.rows, self.mask, place)
        if turn is not None:
            return turn[0], f"does not count: {code_of(reasons[0])}: {turn[1]}"
        return metric, "; ".join(f"does not count: {code_of(reason)}: {TEXTS[reason].title}" for reason in reasons)


class Runs:
    """Runs of the kernel on a position, and on it with rows more or with another measured result."""

    def __init__(self, position: Position) -> None:
        """Take a position."""
        self.position = position

    @cached_property
    def start(self) -> Run:
        """The run of the position alone."""
        return self._run(self.position.rows, self.position.labels.measures)

    def with_more(self, n_more: int, metric: int, site: int) -> Run:
        """Return the run with so many outcomes more of a metric at a site, which stand last."""
        if n_more == 0:
            return self.start
        more = self.rows_more(n_more, metric, site)
        return self._run(joined(self.position.rows, more), self.position.labels.measures)

    def with_result(self, metric: int, site: int, measured: Measurement, count: int) -> Position:
        """Return the position with one measured result more, which stands last."""
        position = self.position
        labels = replace(position.labels, measures=(*position.labels.measures, measured))
        row = replace(
            self.rows_more(1, metric, site),
            person=np.array([NONE], dtype=np.int32),
            measure=np.array([len(labels.measures) - 1], dtype=np.int32),
            count=np.array([count], dtype=np.int64),
        )
        return replace(position, rows=joined(position.rows, row), labels=labels)

    def with_measured(self, place: int, measured: Measurement) -> Run:
        """Return the run in which the result at a place was measured otherwise."""
        rows = self.position.rows
        measures = (*self.position.labels.measures, measured)
        codes = rows.measure.copy()
        codes[place] = len(measures) - 1
        return self._run(replace(rows, measure=codes), measures)

    def reasons_of_one(self, metric: int, site: int) -> tuple[Reason, ...]:
        """Return the reasons against one outcome more that its own day and site give, whatever the position is."""
        (mask,) = self._mask(self.rows_more(1, metric, site)).tolist()
        return tuple(reasons_in(mask))

    def rows_more(self, n_rows: int, metric: int, site: int) -> OutcomeRows:
        """Return so many rows of one outcome each, not stated yet."""
        position, rows = self.position, plain_rows(n_rows)
        new = int(position.rows.person.max(initial=NONE)) + 1
        on, started = (np.full(n_rows, NO_DAY if day is None else np.datetime64(day, "D")) for day in position.days)
        first = int(position.rows.row.max(initial=NONE)) + 1
        return replace(
            rows,
            row=rows.row + first,
            person=rows.person + 1 + (rows.row.astype(np.int32) + new if position.person == NONE else position.person),
            metric=np.full(n_rows, metric, dtype=np.int16),
            site=np.full(n_rows, site, dtype=np.int16),
            group=np.full(n_rows, position.group, dtype=np.int16),
            achieved_on=on,
            started_on=started,
            claimed_on=on,
            recorded_on=on,
        )

    def _run(self, rows: OutcomeRows, measures: Sequence[Measurement]) -> Run:
        contract = self.position.contract
        within = rows_within(contract, rows, self._mask(rows))
        counted = replace(rows, count=np.where(within.mask == 0, within.counts, 0))
        entries = scheduled(contract, counted, self.position.until)
        found = due(
            contract,
            counted,
            entries=entries,
            groups=self.position.labels.groups,
            measures=measures,
            stated_entries=np.full(len(entries), STATED, dtype=np.int32),
        )
        return Run(contract, rows, within.mask, found)

    def _mask(self, rows: OutcomeRows) -> MaskArray:
        """Return the reasons; that the day which decides its price is not known keeps no outcome more from counting.

        It is refused where more than one price could apply, as a count is.
        """
        return mask_of_rows(replace(self.position.contract, price_date=PriceDate.OUTCOME), rows)


def plain_rows(n_rows: int) -> OutcomeRows:
    """Return so many rows of one outcome each: of the first metric, of nobody, without a day, and not stated."""
    ids, codes, never = (
        np.arange(n_rows, dtype=np.int64),
        np.full(n_rows, NONE, dtype=np.int32),
        np.full(n_rows, NO_DAY),
    )
    no_place = np.full(n_rows, NONE, dtype=np.int16)
    return OutcomeRows(
        row=ids,
        person=codes,
        metric=np.zeros(n_rows, dtype=np.int16),
        site=no_place,
        group=no_place,
        job=codes,
        achieved_on=never,
        started_on=never,
        claimed_on=never,
        recorded_on=never,
        count=np.ones(n_rows, dtype=np.int64),
        stated=codes,
        measure=codes,
        ended_on=never,
        stated_on=never,
    )
