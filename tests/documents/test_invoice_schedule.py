from dataclasses import replace
from datetime import date

import pytest

from evaluation.report.blocks import Table
from evaluation.report.checks import flaws_of
from evaluation.report.document import Document, blocks_of
from evaluation.report.pdf import pdf_of
from evaluation.report.values import shown, value_of
from sib_engine.core.money import currency_of
from sib_engine.documents.invoice_schedule import invoice_schedule_document
from sib_engine.documents.invoices import (
    Accrual,
    Age,
    InvoiceEntry,
    InvoiceSchedule,
    age_of,
    aged,
    last_year_end,
)
from sib_engine.documents.vat import VatTreatment

DAY = date(2021, 4, 14)
INVOICE = InvoiceEntry(
    "INV-1", "PO-1", "council", "A Council", 1, "2020-Q4", VatTreatment.STANDARD, 10000, 2000,
    issued_on=date(2021, 1, 4), due_on=date(2021, 2, 3),
)  # fmt: skip


def schedule(*invoices: InvoiceEntry) -> InvoiceSchedule:
    accruals = (Accrual("fund", "A Fund", "2021-Q1", 4200, "outcomes achieved by then"),)
    return InvoiceSchedule("two-payers", "Two payers", currency_of("GBP"), DAY, invoices, accruals, date(2021, 3, 31))


def texts(of: Document, caption: str) -> list[list[str]]:
    table = next(block for block in blocks_of(of) if isinstance(block, Table) and block.caption.startswith(caption))
    rows = [*table.rows, *([] if table.total is None else [table.total])]
    return [[shown(value_of(cell), bare=True) for cell in row.cells] for row in rows]


@pytest.mark.parametrize(
    ("due_on", "age"),
    [
        (None, Age.NOT_DUE),
        (date(2021, 4, 14), Age.NOT_DUE),
        (date(2021, 4, 13), Age.TO_30),
        (date(2021, 3, 15), Age.TO_30),
        (date(2021, 3, 14), Age.TO_60),
        (date(2021, 2, 13), Age.TO_60),
        (date(2021, 2, 12), Age.TO_90),
        (date(2021, 1, 14), Age.TO_90),
        (date(2021, 1, 13), Age.OVER_90),
    ],
)
def test_debt_ages_from_the_day_after_it_is_due(due_on: date | None, age: Age) -> None:
    assert age_of(replace(INVOICE, due_on=due_on), as_at=DAY) is age


def test_disputed_amounts_stand_apart_and_the_ages_add_up_to_what_is_outstanding() -> None:
    ages = aged(schedule(INVOICE, replace(INVOICE, number="INV-2", paid=5000, disputed=1000)))

    assert ages["A Council"][Age.TO_90] == 12000 + 6000
    assert ages["A Council"][Age.DISPUTED] == 1000
    assert sum(ages["A Council"].values()) == 12000 + 7000


def test_each_invoice_stands_with_order_vat_and_gross_and_a_credit_note_is_negative() -> None:
    credit = replace(INVOICE, number="CN-1", net=-1000, vat=-200, purchase_order="")
    made = invoice_schedule_document(schedule(INVOICE, credit), drawn_up_on=DAY)
    rows = texts(made, "Invoices and credit notes")

    assert rows[0][:8] == ["INV-1", "PO-1", "A Council", "1, 2020-Q4", "standard", "100.00", "20.00", "120.00"]
    assert rows[1][1] == "to be given"
    assert [row[7] for row in rows] == ["120.00", "\u221212.00", "108.00"]
    assert flaws_of(made) == ()
    assert pdf_of(made).flaws == ()


def test_what_is_owed_and_on_no_invoice_is_accrued_at_the_end_of_march() -> None:
    made = invoice_schedule_document(schedule(INVOICE), drawn_up_on=DAY)

    assert texts(made, "Owed for outcomes up to 31 March 2021") == [
        ["A Fund", "2021-Q1", "outcomes achieved by then", "42.00"],
        ["Total", "", "", "42.00"],
    ]


def test_a_schedule_of_nothing_says_so() -> None:
    made = invoice_schedule_document(replace(schedule(), accruals=()), drawn_up_on=DAY)

    assert flaws_of(made) == ()
    assert [block.if_empty for block in blocks_of(made) if isinstance(block, Table)] == [
        "Nothing has been billed.",
        "Nothing is accrued: all that was owed by then had been billed.",
        "No invoice has been drawn up.",
    ]


def test_the_financial_year_ends_on_31_march() -> None:
    assert last_year_end(date(2021, 3, 30)) == date(2020, 3, 31)
    assert last_year_end(date(2021, 3, 31)) == date(2021, 3, 31)
