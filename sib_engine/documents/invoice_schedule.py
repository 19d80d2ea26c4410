"""The invoice schedule as a document: each invoice, what is outstanding and how old, what is accrued at year end."""

from datetime import date

from evaluation.report.blocks import Column, Entry, KeyFigure, KeyFigures, Kind, Paragraph, Row, Section, Table
from evaluation.report.document import Document, Meta
from evaluation.report.values import Money, day
from sib_engine.documents.invoices import Age, InvoiceSchedule, age_of, aged
from sib_engine.documents.printed_values import money_column, printed_currency, table
from sib_engine.documents.vat import VatTreatment, vat_words


def invoice_schedule_document(schedule: InvoiceSchedule, *, drawn_up_on: date) -> Document:
    """Return the schedule as a report model."""
    currency = printed_currency(schedule.currency)
    outstanding = sum(each.outstanding for each in schedule.invoices)
    disputed = sum(each.disputed for each in schedule.invoices)
    overdue = sum(
        amount
        for ages in aged(schedule).values()
        for age, amount in ages.items()
        if age not in {Age.NOT_DUE, Age.DISPUTED}
    )
    figures = KeyFigures(
        (
            KeyFigure("Billed", Money(sum(each.gross for each in schedule.invoices), currency), "gross, to date"),
            KeyFigure("Outstanding", Money(outstanding, currency), "billed and not paid"),
            KeyFigure("Overdue", Money(overdue, currency), "past its due date, disputed amounts apart"),
            KeyFigure("Disputed", Money(disputed, currency), "not accepted by the payer"),
        )
    )
    return Document(
        title="Invoice schedule",
        subtitle=schedule.contract_name,
        meta=Meta(
            drawn_up_on=drawn_up_on,
            contract=schedule.contract_code,
            period=f"as at {day(schedule.as_at)}",
            entries=(
                Entry("Contract", schedule.contract_code),
                Entry("As at", day(schedule.as_at)),
                Entry("Drawn up on", day(drawn_up_on)),
            ),
        ),
        blocks=(figures,),
        sections=(
            Section("Outstanding by age", (_ages(schedule),)),
            Section(f"Accrued at {day(schedule.accrued_on)}", (_accruals(schedule),)),
            Section("Invoices", (_invoices(schedule), Paragraph(_treatments(schedule))), is_wide=True),
        ),
    )


def _invoices(schedule: InvoiceSchedule) -> Table:
    currency = printed_currency(schedule.currency)
    rows = [
        Row(
            (
                each.number or "not issued",
                each.purchase_order or "to be given",
                each.organisation,
                f"{each.statement}, {each.period}",
                each.vat_treatment.value.replace("_", " "),
                Money(each.net, currency),
                Money(each.vat, currency),
                Money(each.gross, currency),
                each.issued_on,
                each.due_on,
                Money(each.paid, currency),
                Money(each.outstanding, currency),
                Money(each.disputed, currency) if each.disputed else None,
                age_of(each, as_at=schedule.as_at).value if each.outstanding else "paid",
            )
        )
        for each in schedule.invoices
    ]
    columns = (
        Column("Invoice", Kind.CODE),
        Column("Purchase order", Kind.CODE),
        Column("Payer"),
        Column("Statement"),
        Column("VAT treatment"),
        money_column("Net", schedule.currency),
        money_column("VAT", schedule.currency),
        money_column("Gross", schedule.currency),
        Column("Issued on", Kind.DATE),
        Column("Due on", Kind.DATE),
        money_column("Paid", schedule.currency),
        money_column("Outstanding", schedule.currency),
        money_column("Disputed", schedule.currency),
        Column("Age"),
    )
    net, vat, paid, disputed = (
        sum(getattr(each, name) for each in schedule.invoices) for name in ("net", "vat", "paid", "disputed")
    )
    sums = [Money(amount, currency) for amount in (net, vat, net + vat)]
    later = [Money(amount, currency) for amount in (paid, net + vat - paid, disputed)]
    total = Row(("Total", "", "", "", "", *sums, None, None, *later, ""))
    return table(
        f"Invoices and credit notes as at {day(schedule.as_at)}",
        columns,
        rows,
        total=total if rows else None,
        notes=("A due date runs from a valid invoice. Outstanding is gross less paid.",),
        if_empty="No invoice has been drawn up.",
    )


def _ages(schedule: InvoiceSchedule) -> Table:
    currency = printed_currency(schedule.currency)
    by_payer = aged(schedule)
    rows = [
        Row((payer, *(Money(ages[age], currency) for age in Age), Money(sum(ages.values()), currency)))
        for payer, ages in by_payer.items()
    ]
    sums = [sum(ages[age] for ages in by_payer.values()) for age in Age]
    total = Row(("Total", *(Money(amount, currency) for amount in (*sums, sum(sums)))))
    columns = (
        Column("Payer"),
        *(money_column(age.value.capitalize(), schedule.currency) for age in Age),
        money_column("Outstanding", schedule.currency),
    )
    caption = "Outstanding for each payer, by days after the due date"
    nothing = "Nothing has been billed."
    return Table(caption, columns, tuple(rows), total=total if rows else None, if_empty=nothing)


def _accruals(schedule: InvoiceSchedule) -> Table:
    currency = printed_currency(schedule.currency)
    rows = tuple(
        Row((each.organisation, each.period, each.basis, Money(each.net, currency))) for each in schedule.accruals
    )
    total = Row(("Total", "", "", Money(sum(each.net for each in schedule.accruals), currency)))
    columns = (Column("Payer"), Column("Period"), Column("Basis"), money_column("Net", schedule.currency))
    return Table(
        f"Owed for outcomes up to {day(schedule.accrued_on)} and on no invoice by then",
        columns,
        rows,
        total=total if rows else None,
        if_empty="Nothing is accrued: all that was owed by then had been billed.",
    )


def _treatments(schedule: InvoiceSchedule) -> str:
    used = [each for each in VatTreatment if any(invoice.vat_treatment is each for invoice in schedule.invoices)]
    said = "; ".join(f"{each.value.replace('_', ' ')}: {vat_words(each)}" for each in used)
    return f"VAT treatment: {said}." if said else "No VAT treatment applies, as there is no invoice."
