import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest

from sib_engine.documents.invoice_csv import invoice_csv
from sib_engine.documents.invoice_workbook import invoice_workbook
from sib_engine.documents.invoices import InvoiceSchedule
from tests.documents.billed import BILL, DAY, schedule
from tests.documents.sheets import cells, formulas, worked_out

CREDIT = replace(BILL, number="CN-1", net=-1001, vat=-200)
FUND = replace(BILL, number="INV-3", payer="fund", due_on=date(2021, 5, 1), paid=30)
DISPUTED = replace(BILL, number="INV-2", paid=5000, disputed=1000)


def made(*, organisation: str = "A council") -> InvoiceSchedule:
    return schedule(BILL, DISPUTED, CREDIT, FUND, organisation=organisation)


def test_every_formula_comes_to_what_is_written_beside_it() -> None:
    found = cells(invoice_workbook(made(), drawn_up_on=DAY))
    live = list(formulas(found))

    # Eight amounts by age for two payers and in all, two for each bill, seven sums of bills, accruals, disputes.
    assert len(live) == 3 * 8 + 4 * 2 + 7 + 1 + 1
    assert [each for each in live if worked_out(found, each[0], each[1]) != Decimal(each[2])] == []


def test_the_ages_of_each_payer_are_live_sums_over_the_invoices() -> None:
    on = cells(invoice_workbook(made(), drawn_up_on=DAY))["Schedule"]
    (council,) = [place[1:] for place, (_, value) in on.items() if value == "council"]

    # Due on 3 February, 70 days before: £120.00, and £70.00 of which £10.00 is disputed; £12.01 is in credit.
    assert [on[f"{letter}{council}"][1] for letter in "CDEFGHIJ"] == [
        *("0.00", "0.00", "0.00", "180.00", "0.00", "10.00", "-12.01", "177.99"),
    ]
    assert 'SUMIFS(Invoices!$O$2:$O$5,Invoices!$C$2:$C$5,$A11,Invoices!$Q$2:$Q$5,"61 to 90 days")' in on["F11"][0]


def test_a_workbook_opens_in_another_reader() -> None:
    book = openpyxl.load_workbook(BytesIO(invoice_workbook(made(), drawn_up_on=DAY)))

    assert book.sheetnames == ["Schedule", "Disputed", "Accrued 2021-03-31", "Invoices"]
    sheet = book["Invoices"]
    assert (sheet["A2"].value, sheet["H2"].value, sheet["J2"].value) == ("INV-1", 100, "=ROUND(H2+I2,2)")
    assert sheet["L2"].value.date() == date(2021, 2, 3)
    assert sheet.auto_filter.ref == "A1:R5"


def test_a_schedule_of_nothing_has_a_workbook_too() -> None:
    nothing = replace(schedule(), accruals=())
    found = cells(invoice_workbook(nothing, drawn_up_on=DAY))

    said = {value for on in found.values() for _, value in on.values()}
    assert {"Nothing has been billed.", "Nothing is accrued at 31 March 2021."} <= said
    assert list(formulas(found)) == []


@pytest.mark.parametrize(
    "text", ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\uff1d1+1", " =HYPERLINK()"]
)
def test_no_text_is_taken_for_a_formula_and_the_ages_do_not_rest_on_names(text: str) -> None:
    harmful = replace(made(organisation=text), bills=(replace(BILL, purchase_order=text), FUND))
    workbook = invoice_workbook(harmful, drawn_up_on=DAY)
    sheet = openpyxl.load_workbook(BytesIO(workbook))["Invoices"]
    (row, _) = csv.DictReader(StringIO(invoice_csv(harmful).decode()))

    for place in ("B2", "D2"):
        assert (sheet[place].data_type, str(sheet[place].value)[0]) == ("s", "'")
    assert row["Organisation"].startswith("'")
    assert row["Purchase order"].startswith("'")
    found = cells(workbook)
    assert [each for each in formulas(found) if worked_out(found, each[0], each[1]) != Decimal(each[2])] == []


def test_csv_has_a_row_for_each_bill_with_plain_amounts_and_every_column() -> None:
    rows = list(csv.DictReader(StringIO(invoice_csv(schedule(BILL, CREDIT)).decode())))

    assert rows[0] == {
        "Invoice": "INV-1",
        "Purchase order": "PO-1",
        "Payer": "council",
        "Organisation": "A council",
        "Statement": "1",
        "Period": "2020-Q4",
        "VAT treatment": "standard, 20 %",
        "Net (GBP)": "100.00",
        "VAT (GBP)": "20.00",
        "Gross (GBP)": "120.00",
        "Issued on": "2021-01-04",
        "Due on": "2021-02-03",
        "Paid (GBP)": "0.00",
        "Set off (GBP)": "",
        "Outstanding (GBP)": "120.00",
        "Disputed (GBP)": "",
        "Age": "61 to 90 days",
        "Assumed": "no",
    }
    assert (rows[1]["Gross (GBP)"], rows[1]["Age"]) == ("-12.01", "credit")


def test_the_same_schedule_and_day_give_the_same_bytes() -> None:
    assert invoice_workbook(made(), drawn_up_on=DAY) == invoice_workbook(made(), drawn_up_on=DAY)
