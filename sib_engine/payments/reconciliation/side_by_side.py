"""Plans, payments, maxima and payers of one contract side by side, for people to read.

A span of months is a row of its own and is never divided: a payment for nine months stands beside
no single quarter of a plan, and a payment for two months of a quarter not in the quarter's row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sib_engine.core.dates import add_months
from sib_engine.payments.reconciliation.case import Case, StatedMaximum
from sib_engine.terms.published import Months, PaymentKind, Publication, published_order
from sib_engine.terms.schedule import Plan


@dataclass(frozen=True, slots=True)
class PlanColumn:
    """A payment plan, the months (first days) from and to which it was in force, and its total in minor units."""

    id: str
    in_force_from: date
    in_force_to: date | None
    total: int


@dataclass(frozen=True, slots=True)
class SpanRow:
    """What was planned and paid for one span of months, in minor units; ``None`` where nothing is stated.

    ``planned`` has one entry for each plan, in the order of the columns. ``is_one_period`` says
    whether the span is exactly one statement period of the contract.
    """

    months: Months
    planned: tuple[int | None, ...]
    outcomes: int | None
    grants: int | None
    is_one_period: bool

    @property
    def paid(self) -> int | None:
        """Return outcome payments and grants together; ``None`` where neither is recorded."""
        recorded = [amount for amount in (self.outcomes, self.grants) if amount is not None]
        return sum(recorded) if recorded else None


@dataclass(frozen=True, slots=True)
class PayerRow:
    """One payer: its maximum and what it paid as stated last, and the maxima stated before, oldest first."""

    party: str
    organisation: str
    maximum: int | None
    paid: int | None
    earlier_maxima: tuple[tuple[Publication, int], ...]


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric: its target in the contract's high case, and the count of each publication, oldest first."""

    metric: str
    name: str
    target: int | None
    achieved: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Everything published about one contract's money and results. Amounts are minor units.

    ``paid`` is ``None`` where no payment is published; ``payers_paid`` and ``payers_maximum`` where
    any payer's figure is missing. ``published`` names the publications of the counts, oldest first.
    """

    plans: tuple[PlanColumn, ...]
    spans: tuple[SpanRow, ...]
    paid: int | None
    grants: int
    maxima: tuple[StatedMaximum, ...]
    payers: tuple[PayerRow, ...]
    payers_maximum: int | None
    payers_paid: int | None
    published: tuple[date, ...]
    metrics: tuple[MetricRow, ...]


def side_by_side(case: Case) -> SideBySide:
    """Return the tables of one contract, rows in order of their first and last month."""
    plans = case.contract.plans
    planned = [_by_months(plan) for plan in plans]
    spans = {months for column in planned for months in column}
    spans |= {payment.months for payment in case.record.payments} | {total.months for total in case.record.totals}
    rows = tuple(
        SpanRow(
            months=months,
            planned=tuple(column.get(months) for column in planned),
            outcomes=_recorded(
                [entry.amount for entry in case.record.payments if entry.months == months and not _is_grant(entry.kind)]
                + [entry.amount for entry in case.record.totals if entry.months == months]
            ),
            grants=_recorded(
                entry.amount for entry in case.record.payments if entry.months == months and _is_grant(entry.kind)
            ),
            is_one_period=_is_one_period(case, months),
        )
        for months in sorted(spans)
    )
    published = tuple(sorted(case.counts))
    return SideBySide(
        plans=tuple(PlanColumn(plan.id, plan.in_force_from, plan.in_force_to, sum(plan.amounts)) for plan in plans),
        spans=rows,
        paid=case.payments_total(),
        grants=case.grants_total(),
        maxima=case.maxima(),
        payers=tuple(_payer_row(case, party) for party in case.contract.payers),
        payers_maximum=case.payers_maximum(),
        payers_paid=case.payers_paid(),
        published=published,
        metrics=tuple(_metric_row(case, metric, published) for metric in case.contract.metric_codes),
    )


def _by_months(plan: Plan) -> dict[Months, int]:
    amounts = {}
    for place, amount in enumerate(plan.amounts):
        first = add_months(plan.starts_on.replace(day=1), place * plan.months)
        amounts[Months(first, add_months(first, plan.months - 1))] = amount
    return amounts


def _recorded(amounts: Iterable[int]) -> int | None:
    recorded = list(amounts)
    return sum(recorded) if recorded else None


def _is_grant(kind: PaymentKind) -> bool:
    return kind is PaymentKind.GRANT


def _is_one_period(case: Case, months: Months) -> bool:
    rule = case.contract.periods
    period = rule.period(rule.index_of(months.first))
    return (period.start, period.end) == (months.first, months.ends_on)


def _payer_row(case: Case, party: str) -> PayerRow:
    history = case.history(party)
    maxima = [(entry.as_published, entry.maximum) for entry in history if entry.maximum is not None]
    return PayerRow(
        party=party,
        organisation=case.payer_name(party),
        maximum=case.payer_maxima().get(party),
        paid=case.payer_payments().get(party),
        earlier_maxima=tuple(sorted(maxima[:-1], key=lambda stated: published_order(stated[0]))),
    )


def _metric_row(case: Case, metric: str, published: tuple[date, ...]) -> MetricRow:
    return MetricRow(
        metric=metric,
        name=case.metric_name(metric),
        target=case.targets().get(metric),
        achieved=tuple(case.counts[month].get(metric) for month in published),
    )
