"""The invoice schedule as a document: each invoice, what is outstanding and how old, what is accrued at year end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from evaluation.report.blocks import (
    Block,
    CallOut,
    CallOutKind,
    Column,
    Entry,
    KeyFigure,
    KeyFigures,
    Kind,
    Row,
    Section,
)
from evaluation.report.document import Document, Meta
from evaluation.report.values import Money, Number, day
from sib_engine.documents.invoices import InvoiceSchedule, invoice_columns, invoice_rows, sums_of
from sib_engine.documents.printed_values import money_column, payer_name, printed_currency, table, vat_note
from sib_engine.payments.billing.bills import Age

BILLED: Final = (
    *("Invoice", "Purchase order", "Payer", "Statement", "Period", "VAT treatment", "Net", "VAT", "Gross"),
    *("Issued on", "Due on"),
)
PAID: Final = ("Invoice", "Payer", "Due on", "Gross", "Paid", "Set off", "Outstanding", "Disputed", "Age")
"""Columns of the two tables of bills; who a payer is stands with the ages."""


def invoice_schedule_document(schedule: InvoiceSchedule, *, drawn_up_on: date) -> Document:
    """Return the schedule as a report model."""
    contract = schedule.contract
    return Document(
        title="Invoice schedule",
        subtitle=contract.name,
        meta=Meta(
            drawn_up_on=drawn_up_on,
            contract=contract.code,
            period=f"as at {day(schedule.as_at)}",
            entries=(
                Entry("Contract", contract.code),
                Entry("As at", day(schedule.as_at)),
                Entry("Drawn up on", day(drawn_up_on)),
            ),
        ),
        blocks=tuple(_opening(schedule)),
        sections=(
            Section("Outstanding by age", (_ages(schedule),)),
            *_disputed(schedule),
            Section(f"Accrued at {day(schedule.accrued_on)}", (_accruals(schedule),)),
            Section("Invoices", (_invoices(schedule), *_paid(schedule)), is_wide=True),
        ),
    )


def _opening(schedule: InvoiceSchedule) -> Iterator[Block]:
    currency = printed_currency(schedule.contract.currency)
    debts, sums = schedule.aged.values(), sums_of(schedule)
    overdue, disputed = sum(debt.overdue for debt in debts), sum(debt.disputed for debt in debts)
    yield KeyFigures(
        (
            KeyFigure("Billed", Money(sums["Gross"], currency), "gross, credit notes taken off"),
            KeyFigure("Outstanding", Money(sums["Outstanding"], currency), "billed, not paid or set off"),
            KeyFigure("Overdue", Money(overdue, currency), "past its due date, not disputed"),
            KeyFigure("Disputed", Money(disputed, currency), "owed, and not accepted"),
        )
    )
    is_assumed = any(bill.statement in schedule.assumed for bill in schedule.bills)
    if is_assumed or any(each.is_assumed for each in schedule.accruals):
        said = "rows marked * rest on terms that are assumed, not published or agreed. Each statement names its own."
        yield CallOut(CallOutKind.ASSUMED, said)


def _invoices(schedule: InvoiceSchedule) -> Block:
    return _some_columns(
        schedule,
        BILLED,
        f"Invoices and credit notes as at {day(schedule.as_at)}",
        notes=("Amounts of a credit note are negative.", vat_note(schedule.bills)),
        if_empty="No invoice has been issued.",
    )


def _paid(schedule: InvoiceSchedule) -> Iterator[Block]:
    if schedule.bills:
        said = "Outstanding is gross less what was paid and set off. Age is that of what is not disputed."
        yield _some_columns(schedule, PAID, "What is left of each", notes=(said,))


def _some_columns(
    schedule: InvoiceSchedule, headings: tuple[str, ...], caption: str, *, notes: tuple[str, ...], if_empty: str = ""
) -> Block:
    """Return some columns of the bills as a table, since all of them are too many for a sheet of paper."""
    columns, sums = invoice_columns(schedule), sums_of(schedule)
    place_of = {column.heading: place for place, column in enumerate(columns)}
    places = [place_of[heading] for heading in headings]
    rows = [replace(row, cells=tuple(row.cells[place] for place in places)) for row in invoice_rows(schedule)]
    currency = printed_currency(schedule.contract.currency)
    totals = {heading: Money(amount, currency) for heading, amount in sums.items()}
    cells = ("Total", *(totals.get(columns[place].heading) for place in places[1:]))
    return table(
        caption,
        tuple(columns[place] for place in places),
        rows,
        total=Row(cells) if rows else None,
        notes=notes if rows else (),
        if_empty=if_empty,
    )


def _ages(schedule: InvoiceSchedule) -> Block:
    currency, debts = schedule.contract.currency, schedule.aged

    def cells(payer: str, name: str, *amounts: int) -> Row:
        return Row((payer, name, *(Money(amount, printed_currency(currency)) for amount in amounts)))

    amounts = {payer: (*debt.ages, debt.disputed, -debt.credit, debt.outstanding) for payer, debt in debts.items()}
    rows = tuple(cells(payer, payer_name(schedule.contract, payer), *each) for payer, each in amounts.items())
    headings = (*(age.value.capitalize() for age in Age), "Disputed", "Credit", "Outstanding")
    return table(
        "Outstanding for each payer, by days after the due date",
        (
            Column("Payer", Kind.CODE),
            Column("Organisation"),
            *(money_column(heading, schedule.contract.currency) for heading in headings),
        ),
        rows,
        total=cells("Total", "", *map(sum, zip(*amounts.values(), strict=True))) if rows else None,
        notes=("Disputed amounts are owed and in no age.",) if rows else (),
        if_empty="Nothing has been billed.",
    )


def _disputed(schedule: InvoiceSchedule) -> Iterator[Section]:
    if not schedule.disputes:
        return
    currency = printed_currency(schedule.contract.currency)
    rows = [
        Row(
            (
                payer_name(schedule.contract, each.payer),
                Number(each.statement),
                Number(each.line),
                each.row,
                each.since,
                each.reason,
                Money(each.net, currency),
            ),
            is_assumed=each.statement in schedule.assumed,
        )
        for each in schedule.disputes
    ]
    columns = (
        Column("Payer"),
        Column("Statement", Kind.NUMBER),
        Column("Line", Kind.NUMBER),
        Column("Row", Kind.CODE),
        Column("Since", Kind.DATE),
        Column("Why"),
        money_column("Net", schedule.contract.currency),
    )
    total = Row(("Total", None, None, "", None, "", Money(sum(each.net for each in schedule.disputes), currency)))
    made = table("Lines that a payer does not accept, before VAT", columns, rows, total=total)
    yield Section("Disputed lines", (made,))


def _accruals(schedule: InvoiceSchedule) -> Block:
    currency = printed_currency(schedule.contract.currency)
    rows = tuple(
        Row((each.organisation, each.period, each.basis, Money(each.net, currency)), is_assumed=each.is_assumed)
        for each in schedule.accruals
    )
    total = Row(("Total", "", "", Money(sum(each.net for each in schedule.accruals), currency)))
    columns = (
        Column("Payer"),
        Column("Period"),
        Column("Basis"),
        money_column("Net", schedule.contract.currency),
    )
    return table(
        f"Owed for outcomes up to {day(schedule.accrued_on)} and on no invoice by then",
        columns,
        rows,
        total=total if rows else None,
        if_empty="Nothing is accrued: all that was owed by then had been billed.",
    )
