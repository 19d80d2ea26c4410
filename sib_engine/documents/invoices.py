"""Every invoice of a contract with what became of it, and the table of them: on paper, in the workbook, as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from evaluation.report.blocks import Column, Kind, Row
from evaluation.report.values import Inline, Money, Number
from sib_engine.documents.printed_values import money_column, payer_name, printed_currency, treatment_words
from sib_engine.payments.billing.accruals import Accrual
from sib_engine.payments.billing.bills import AgedDebt, Bill, aged
from sib_engine.terms.contract import Contract

AMOUNTS: Final[Mapping[str, str]] = {
    "Net": "net",
    "VAT": "vat",
    "Gross": "gross",
    "Paid": "paid",
    "Set off": "set_off",
    "Outstanding": "outstanding",
    "Disputed": "disputed",
}
"""The amounts of a bill, by the headings of their columns."""


@dataclass(frozen=True, slots=True)
class DisputedPart:
    """What a payer disputes of one line of a statement, net minor units, since when and why.

    ``row`` and ``reason`` are blank for a reader who may see no row about a person.
    """

    statement: int
    line: int
    row: str
    payer: str
    net: int
    since: date
    reason: str


@dataclass(frozen=True, slots=True)
class InvoiceSchedule:
    """Every bill of a contract as at a day, and the accruals at the end of the financial year ``accrued_on``.

    ``assumed`` are the numbers of the statements that rest on assumed terms.
    """

    contract: Contract
    as_at: date
    bills: tuple[Bill, ...]
    disputes: tuple[DisputedPart, ...]
    accruals: tuple[Accrual, ...]
    accrued_on: date
    assumed: frozenset[int] = frozenset()

    @property
    def aged(self) -> dict[str, AgedDebt]:
        """What is outstanding for each payer that was billed, by age; in contract order."""
        billed = {bill.payer for bill in self.bills}
        return {
            payer: aged([bill for bill in self.bills if bill.payer == payer], on=self.as_at)
            for payer in self.contract.payers
            if payer in billed
        }


def invoice_columns(schedule: InvoiceSchedule) -> tuple[Column, ...]:
    """Return the columns of :func:`invoice_rows`."""
    currency = schedule.contract.currency
    return (
        Column("Invoice", Kind.CODE),
        Column("Purchase order", Kind.CODE),
        Column("Payer", Kind.CODE),
        Column("Organisation"),
        Column("Statement", Kind.NUMBER),
        Column("Period"),
        Column("VAT treatment"),
        money_column("Net", currency),
        money_column("VAT", currency),
        money_column("Gross", currency),
        Column("Issued on", Kind.DATE),
        Column("Due on", Kind.DATE),
        money_column("Paid", currency),
        money_column("Set off", currency),
        money_column("Outstanding", currency),
        money_column("Disputed", currency),
        Column("Age"),
    )


def invoice_rows(schedule: InvoiceSchedule) -> tuple[Row, ...]:
    """Return one row for each invoice and credit note, oldest first; those on assumed terms are marked."""
    return tuple(Row(_cells(schedule, bill), is_assumed=bill.statement in schedule.assumed) for bill in schedule.bills)


def sums_of(schedule: InvoiceSchedule) -> dict[str, int]:
    """Return each amount of the bills added up, by the heading of its column."""
    return {heading: sum(getattr(bill, name) for bill in schedule.bills) for heading, name in AMOUNTS.items()}


def age_words(bill: Bill, as_at: date) -> str:
    """Return how long what is open on a bill has been due; what stands in its place where nothing is."""
    if bill.open_amount > 0:
        return bill.age(as_at).value
    if bill.outstanding < 0:
        return "credit"
    return "disputed" if bill.outstanding else "settled"


def _cells(schedule: InvoiceSchedule, bill: Bill) -> tuple[Inline, ...]:
    currency = printed_currency(schedule.contract.currency)
    return (
        bill.number,
        bill.purchase_order,
        bill.payer,
        payer_name(schedule.contract, bill.payer),
        Number(bill.statement),
        bill.period,
        treatment_words(bill),
        *(Money(amount, currency) for amount in (bill.net, bill.vat, bill.gross)),
        bill.issued_on,
        bill.due_on,
        Money(bill.paid, currency),
        Money(bill.set_off, currency) if bill.set_off else None,
        Money(bill.outstanding, currency),
        Money(bill.disputed, currency) if bill.disputed else None,
        age_words(bill, schedule.as_at),
    )
