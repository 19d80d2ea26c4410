import io
from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.outcomes.facts_file import COLUMNS, EXAMPLE_PERSON, read_facts
from sib_engine.outcomes.intake.explained import EXPLAINED
from sib_engine.outcomes.intake.preview import preview
from sib_engine.outcomes.intake.template import template, template_csv
from sib_engine.terms.metric import EvidenceRule
from tests.intake.trackers import terms
from tests.oracle.build import contract, metric

ON = date(2020, 4, 1)


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def sheet_of(book: Workbook, name: str) -> Worksheet:
    sheet = book[name]
    assert isinstance(sheet, Worksheet)
    return sheet


def test_every_column_of_a_file_of_facts_is_explained_in_its_order() -> None:
    assert list(EXPLAINED) == [column.name for column in COLUMNS]


def test_the_template_has_the_headings_of_facts_and_a_sheet_that_explains_each() -> None:
    book = opened(template(terms(), on=ON))

    assert book.sheetnames == ["Facts", "Columns", "Lists"]
    assert [cell.value for cell in sheet_of(book, "Facts")[1]] == [column.name for column in COLUMNS]
    columns = sheet_of(book, "Columns")
    assert columns["A1"].value == terms().name
    assert "2020-04-01" in str(columns["A2"].value)
    assert [columns.cell(row, 1).value for row in range(6, 6 + len(COLUMNS))] == [column.name for column in COLUMNS]


def test_the_spreadsheet_checks_lists_dates_and_numbers_while_it_is_filled_in() -> None:
    book = opened(template(terms(), on=ON))
    rules = {str(rule.sqref)[0]: rule for rule in sheet_of(book, "Facts").data_validations.dataValidation}
    lists = sheet_of(book, "Lists")

    assert (rules["B"].type, rules["B"].formula1) == ("list", "Lists!$A$2:$A$3")
    assert [lists["A2"].value, lists["A3"].value] == ["north", "south"]
    assert [lists["D2"].value, lists["D3"].value] == ["engagement", "sustained"]
    assert (rules["H"].type, rules["H"].errorStyle) == ("list", "stop")
    assert (rules["D"].type, rules["D"].operator) == ("date", "between")
    assert int(str(rules["D"].formula2)) == (terms().claims_close - date(1899, 12, 30)).days
    assert (rules["G"].type, rules["G"].formula1, rules["G"].formula2) == ("decimal", "0", "744")
    assert str(rules["B"].sqref) == "B2:B1048576"


def test_the_example_row_is_refused_while_it_is_left_in(tmp_path: Path) -> None:
    for name, content in (("t.xlsx", template(terms(), on=ON)), ("t.csv", template_csv(terms()))):
        path = tmp_path / name
        path.write_bytes(content)

        found = preview(path, terms())

        assert found.facts is None
        assert [(each.rule, each.at.row, each.at.column) for each in found.findings] == [("example-row", 2, "person")]
        assert read_facts(path)[0] is None


def test_a_filled_template_without_its_example_is_read(tmp_path: Path) -> None:
    book = opened(template(terms(), on=ON))
    facts = sheet_of(book, "Facts")
    facts.delete_rows(2)
    facts.append(["0042", "north", "referral", date(2020, 5, 1)])
    book.save(tmp_path / "t.xlsx")

    found = preview(tmp_path / "t.xlsx", terms())

    assert found.findings == ()
    assert found.facts is not None
    assert found.facts.person.labels == ("0042",)


def test_the_same_contract_and_day_give_the_same_bytes() -> None:
    assert template(terms(), on=ON) == template(terms(), on=ON)
    assert template(terms(), on=ON) != template(terms(), on=date(2020, 4, 2))


def test_texts_of_a_contract_never_become_formulas() -> None:
    evil = "=HYPERLINK(1)"
    terms_with = contract(sites=("north",), metrics=(metric("m", evidence=EvidenceRule((evil, "+1", "@x"))),))
    book = opened(template(replace(terms_with, name="=cmd|' /C calc'!A0"), on=ON))

    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in values if cell.data_type == "f"] == []
    assert [sheet_of(book, "Lists").cell(row, 3).value for row in (2, 3, 4)] == ["'=HYPERLINK(1)", "'+1", "'@x"]


def test_the_text_template_opens_as_utf_8_in_a_spreadsheet() -> None:
    content = template_csv(terms())

    assert content.startswith(b"\xef\xbb\xbfperson,site,fact,on,")
    assert EXAMPLE_PERSON.encode() in content
    assert content.count(b"\r\n") == 2
