from dataclasses import replace
from datetime import date

from evaluation.report.blocks import Section, Table
from evaluation.report.checks import flaws_of
from evaluation.report.document import Document, blocks_of
from evaluation.report.html import html_of
from evaluation.report.pdf import pdf_of
from evaluation.report.values import shown, value_of
from sib_engine.documents.invoice_schedule import invoice_schedule_document
from sib_engine.documents.invoices import InvoiceSchedule
from sib_engine.payments.billing.accruals import Accrual, last_year_end
from sib_engine.payments.billing.bills import Bill
from tests.documents.billed import BILL, DAY, schedule


def made(*bills: Bill) -> Document:
    return invoice_schedule_document(schedule(*bills), drawn_up_on=DAY)


def table(of: Document, caption: str) -> Table:
    return next(block for block in blocks_of(of) if isinstance(block, Table) and block.caption.startswith(caption))


def texts(of: Document, caption: str) -> list[list[str]]:
    found = table(of, caption)
    rows = [*found.rows, *([] if found.total is None else [found.total])]
    return [[shown(value_of(cell), bare=True) for cell in row.cells] for row in rows]


def test_disputed_amounts_stand_apart_and_the_ages_add_up_to_what_is_outstanding() -> None:
    ages = texts(made(BILL, replace(BILL, number="INV-2", paid=5000, disputed=1000)), "Outstanding for each payer")

    # £120.00, and £70.00 of which £10.00 is disputed, due on 3 February: 70 days before.
    council = ["0.00", "0.00", "0.00", "180.00", "0.00", "10.00", "0.00", "190.00"]
    assert ages == [["council", "A council", *council], ["Total", "", *council]]


def test_credit_stands_apart_and_is_taken_off() -> None:
    credit = replace(BILL, number="CN-1", net=-1000, vat=-200)
    ages = texts(made(BILL, credit), "Outstanding for each payer")

    assert ages[0][2:] == ["0.00", "0.00", "0.00", "120.00", "0.00", "0.00", "\u221212.00", "108.00"]


def test_each_disputed_line_stands_with_whose_it_is_and_why() -> None:
    rows = texts(made(replace(BILL, disputed=1200)), "Lines that a payer does not accept")

    assert rows[0] == ["A council", "1", "1", "P1/engagement", "14 Apr 2021", "denied", "10.00"]
    titles = [block.title for block in blocks_of(made(BILL)) if isinstance(block, Section)]
    assert titles == ["Outstanding by age", "Accrued at 31 March 2021", "Invoices"]


def test_each_invoice_stands_with_order_vat_and_gross_and_a_credit_note_is_negative() -> None:
    credit = replace(BILL, number="CN-1", net=-1000, vat=-200, purchase_order="none", set_off=-1200)
    document = made(replace(BILL, set_off=1200), credit)
    billed, left = texts(document, "Invoices and credit notes"), texts(document, "What is left of each")

    assert [column.heading for column in table(document, "Invoices and credit notes").columns] == [
        *("Invoice", "Purchase order", "Payer", "Statement", "Period", "VAT treatment", "Net", "VAT", "Gross"),
        *("Issued on", "Due on"),
    ]
    assert billed[0] == [
        *("INV-1", "PO-1", "council", "1", "2020-Q4", "standard, 20 %", "100.00", "20.00", "120.00"),
        *("4 Jan 2021", "3 Feb 2021"),
    ]
    assert [row[8] for row in billed] == ["120.00", "\u221212.00", "108.00"]
    assert [column.heading for column in table(document, "What is left of each").columns] == [
        *("Invoice", "Payer", "Due on", "Gross", "Paid", "Set off", "Outstanding", "Age"),
    ]
    assert [row[3:] for row in left] == [
        ["120.00", "0.00", "12.00", "108.00", "61 to 90 days"],
        ["\u221212.00", "0.00", "\u221212.00", "0.00", "settled"],
        ["108.00", "0.00", "0.00", "108.00", ""],
    ]
    assert flaws_of(document) == ()
    assert pdf_of(document).flaws == ()


def test_what_is_owed_and_on_no_invoice_is_accrued_at_the_end_of_march() -> None:
    assert texts(made(BILL), "Owed for outcomes up to 31 March 2021") == [
        ["A fund", "2021-Q1", "outcomes achieved by then", "42.00"],
        ["Total", "", "", "42.00"],
    ]


def test_what_rests_on_assumed_terms_is_marked() -> None:
    other = replace(BILL, number="INV-2", statement=2)
    accrual = Accrual("fund", "A fund", "2021-Q1", 4200, "outcomes achieved by then", is_assumed=True)
    assumed: InvoiceSchedule = replace(schedule(BILL, other), assumed=frozenset({2}), accruals=(accrual,))
    document = invoice_schedule_document(assumed, drawn_up_on=DAY)

    assert [row.is_assumed for row in table(document, "Invoices").rows] == [False, True]
    assert [row.is_assumed for row in table(document, "Owed").rows] == [True]
    assert "Assumed:" in html_of(document)
    assert "Assumed:" not in html_of(made(BILL))


def test_a_schedule_of_nothing_says_so() -> None:
    document = invoice_schedule_document(replace(schedule(), accruals=()), drawn_up_on=DAY)

    assert flaws_of(document) == ()
    assert [block.if_empty for block in blocks_of(document) if isinstance(block, Table)] == [
        "Nothing has been billed.",
        "Nothing is accrued: all that was owed by then had been billed.",
        "No invoice has been issued.",
    ]


def test_the_financial_year_ends_on_31_march() -> None:
    assert last_year_end(date(2021, 3, 30)) == date(2020, 3, 31)
    assert last_year_end(date(2021, 3, 31)) == date(2021, 3, 31)
