import csv
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import currency_of
from sib_engine.documents.statement_csv import statement_csv
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.documents.statement_workbook import statement_workbook
from sib_engine.documents.xlsx import Cell, Formula, Sheet, column_letters, workbook_bytes
from tests.documents.sheets import cells, formulas, worked_out
from tests.documents.stated import DAY, figures, second

OFFICE = shutil.which("soffice") or ""


def in_currency(of: StatementFigures, code: str) -> StatementFigures:
    return replace(of, contract=replace(of.contract, currency=currency_of(code)))


def test_every_total_is_a_live_sum_that_comes_to_what_was_stated(tmp_path: Path) -> None:
    found = cells(statement_workbook(second(tmp_path), drawn_up_on=DAY))
    sums = [each for each in formulas(found) if each[1].startswith("ROUND(SUM(")]

    assert len(sums) == 3 + 4 + 4
    assert all(worked_out(found, sheet, formula) == Decimal(value) for sheet, formula, value in sums)


def test_each_payers_live_sum_stands_beside_what_was_stated(tmp_path: Path) -> None:
    found = cells(statement_workbook(figures(tmp_path), drawn_up_on=DAY))["Statement"]
    stated = {value: found.get(f"E{place[1:]}", ("", ""))[1] for place, (_, value) in found.items() if place[0] == "A"}

    assert (stated["council"], stated["fund"], stated["Together"]) == ("928.02", "672.01", "1600.03")


@pytest.mark.skipif(OFFICE == "", reason="LibreOffice is not installed")
@pytest.mark.slow
def test_libreoffice_works_out_the_same_totals(tmp_path: Path) -> None:
    made = statement_workbook(second(tmp_path), drawn_up_on=DAY)
    (tmp_path / "made.xlsx").write_bytes(made)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"]
    subprocess.run([*command, tmp_path / "again", tmp_path / "made.xlsx"], check=True, capture_output=True)  # noqa: S603 - a program found on the path

    again = openpyxl.load_workbook(tmp_path / "again" / "made.xlsx", data_only=True)

    for sheet, on in cells(made).items():
        for place, (formula, value) in on.items():
            if formula:
                assert round(Decimal(again[sheet][place].value), 2) == Decimal(value)


@pytest.mark.parametrize(
    ("code", "amounts", "number_format"),
    [
        ("GBP", {"300.01", "700.00"}, "#,##0.00;-#,##0.00"),
        ("JPY", {"30001", "70000"}, "#,##0;-#,##0"),
        ("BHD", {"30.001", "70.000"}, "#,##0.000;-#,##0.000"),
    ],
)
def test_amounts_are_written_exactly_with_the_places_of_the_currency(
    tmp_path: Path, code: str, amounts: set[str], number_format: str
) -> None:
    workbook = statement_workbook(in_currency(figures(tmp_path), code), drawn_up_on=DAY)
    lines = cells(workbook)["Lines"]

    assert {lines[f"M{row}"][1] for row in range(2, 6)} == amounts
    assert openpyxl.load_workbook(BytesIO(workbook))["Lines"]["M2"].number_format == number_format


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\uff1d1+1", " =HYPERLINK()"]
)
def test_no_text_is_taken_for_a_formula(tmp_path: Path, text: str) -> None:
    harmful = replace(figures(tmp_path), lines=tuple(replace(line, row=text) for line in figures(tmp_path).lines))
    workbook = statement_workbook(harmful, drawn_up_on=DAY)
    cell = openpyxl.load_workbook(BytesIO(workbook))["Lines"]["A2"]
    (row, *_) = csv.DictReader(StringIO(statement_csv(harmful).decode()))

    assert (cell.data_type, str(cell.value)[0]) == ("s", "'")
    assert row["Row"].startswith("'")


def test_the_same_statement_and_day_give_the_same_bytes(tmp_path: Path) -> None:
    made = figures(tmp_path)

    assert statement_workbook(made, drawn_up_on=DAY) == statement_workbook(made, drawn_up_on=DAY)
    assert statement_workbook(made, drawn_up_on=DAY) != statement_workbook(made, drawn_up_on=date(2020, 10, 15))


def test_a_workbook_opens_in_another_reader_with_days_as_days(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(statement_workbook(figures(tmp_path), drawn_up_on=DAY)))

    assert book.sheetnames == ["Statement", "Caps", "Lines"]
    assert book["Lines"]["D2"].value.date() == date(2020, 4, 20)
    assert book["Lines"].freeze_panes == "A2"
    assert book["Lines"].auto_filter.ref == "A1:P5"


def test_a_statement_of_nothing_has_a_workbook_too(tmp_path: Path) -> None:
    nothing = figures(tmp_path, "row,person,metric,achieved_on,recorded_on")
    found = cells(statement_workbook(nothing, drawn_up_on=DAY))

    assert "Nothing is due that is not stated already." in {value for _, value in found["Statement"].values()}


def test_headroom_is_worked_out_in_the_sheet(tmp_path: Path) -> None:
    caps = cells(statement_workbook(figures(tmp_path), drawn_up_on=DAY))["Caps"]

    assert (caps["C2"][1], caps["D2"][1], caps["E2"]) == ("2000.00", "1600.03", ("MAX(C2-D2,0)", "399.97"))


def test_an_amount_that_a_spreadsheet_cannot_hold_is_refused() -> None:
    held = Sheet("A", (9.0,), ([Cell(Decimal("9999999999999.99"))],))
    beyond = Sheet("A", (9.0,), ([Cell(Decimal("12345678901234.56"))],))

    assert cells(workbook_bytes([held], title="t", drawn_up_on=DAY))["A"]["A1"][1] == "9999999999999.99"
    with pytest.raises(RefusedError, match="15 digits"):
        workbook_bytes([beyond], title="t", drawn_up_on=DAY)


@pytest.mark.parametrize("amount", ["9.7", "0.1", "1234567.89", "0.07", "-0.29", "1000000000000.00", "0.00"])
def test_a_number_is_the_text_of_its_decimal(amount: str) -> None:
    sheet = Sheet("A", (9.0,), ([Cell(Decimal(amount)), Cell(Formula("A1", Decimal(amount)))],))

    assert cells(workbook_bytes([sheet], title="t", drawn_up_on=DAY))["A"] == {"A1": ("", amount), "B1": ("A1", amount)}


@pytest.mark.parametrize("text", ["<b>&\"'", "_x0041_", "line\u000bbreak", "naïve £", "\ud800"])
def test_any_text_can_stand_in_a_cell(text: str) -> None:
    sheet = Sheet("A", (9.0,), ([Cell(text)],))

    assert openpyxl.load_workbook(BytesIO(workbook_bytes([sheet], title=text, drawn_up_on=DAY)))["A"]["A1"].value


def test_columns_are_lettered_as_a_spreadsheet_does() -> None:
    assert [column_letters(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_csv_has_a_row_for_each_line_with_plain_amounts(tmp_path: Path) -> None:
    rows = list(csv.DictReader(StringIO(statement_csv(second(tmp_path)).decode())))

    assert [(row["Row"], row["Achieved on"], row["Payable (GBP)"]) for row in rows] == [
        ("P1/job_start", "2020-05-04", "-700.00"),
        ("P3/engagement", "2020-06-25", "300.01"),
        ("P2/engagement", "2020-07-06", "300.01"),
    ]
