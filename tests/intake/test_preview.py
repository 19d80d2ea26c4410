from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.outcomes.facts_file import read_facts
from sib_engine.outcomes.intake.preview import file_label, preview
from tests.intake.trackers import terms


def facts_workbook(path: Path, *rows: Sequence[Any], title: str = "Facts") -> Path:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.create_sheet("Lists")
    book.save(path)
    return path


ROWS: list[list[Any]] = [
    ["person", "fact", "on", "hours", "competitive"],
    ["P1", "referral", date(2020, 4, 1), None, None],
    ["P1", "employment", "2020-05-01", 16, True],
    ["P2", "referral", date(2020, 4, 2), None, None],
]


def test_a_workbook_of_facts_is_read_like_the_same_facts_as_text(tmp_path: Path) -> None:
    text = tmp_path / "facts.csv"
    text.write_text(
        "person,fact,on,hours,competitive\nP1,referral,2020-04-01,,\nP1,employment,2020-05-01,16,yes\n"
        "P2,referral,2020-04-02,,\n",
        encoding="utf-8",
    )
    book = facts_workbook(tmp_path / "facts.xlsx", *ROWS)

    from_book, from_text = preview(book, terms()), preview(text, terms())

    assert from_book.findings == from_text.findings == ()
    assert from_book.facts is not None
    assert from_book.facts.hours.tolist() == [-1, 1600, -1]
    assert from_book.facts.competitive.tolist() == [-1, 1, -1]
    assert from_book.facts.line.tolist() == [2, 3, 4]
    assert from_book.content_digest == from_text.content_digest
    assert from_book.bytes_digest != from_text.bytes_digest


def test_the_same_content_is_recognised_in_another_order_and_another_content_is_not(tmp_path: Path) -> None:
    first = preview(facts_workbook(tmp_path / "a.xlsx", *ROWS), terms()).content_digest
    turned = [row[::-1] for row in (ROWS[0], *ROWS[:0:-1])]
    changed = [*ROWS[:3], ["P2", "referral", date(2020, 4, 3), None, None]]
    twice = [*ROWS, ROWS[3]]

    assert preview(facts_workbook(tmp_path / "b.xlsx", *turned), terms()).content_digest == first
    assert preview(facts_workbook(tmp_path / "c.xlsx", *changed), terms()).content_digest != first
    assert preview(facts_workbook(tmp_path / "d.xlsx", *twice), terms()).content_digest != first
    assert first.startswith("facts1:")


def test_every_mistake_is_listed_with_sheet_row_letter_and_heading(tmp_path: Path) -> None:
    rows = [["P1", "employment", "04/05/2020", "16 hrs", "yes"] for _ in range(500)]

    found = preview(facts_workbook(tmp_path / "a.xlsx", ROWS[0], *rows), terms())

    assert found.facts is None
    errors = [each for each in found.findings if each.severity == "error"]
    assert len(errors) == 1_000
    assert str(errors[0]).startswith("error: a.xlsx, sheet Facts, row 2, column C (on): '04/05/2020' could mean")
    assert errors[-1].at.row == 501
    assert errors[-1].as_dict() | {"what": "", "accepted": ""} == {
        "severity": "error",
        "rule": "not-a-number",
        "file": "a.xlsx",
        "key": "",
        "row": 501,
        "column": "hours",
        "what": "",
        "accepted": "",
        "sheet": "Facts",
        "letter": "D",
    }


def test_read_facts_takes_a_workbook_and_lists_a_readable_number_of_mistakes(tmp_path: Path) -> None:
    good = facts_workbook(tmp_path / "a.xlsx", *ROWS)
    bad = facts_workbook(tmp_path / "b.xlsx", ROWS[0], *(["P1", "referral", "x", None, None] for _ in range(500)))

    facts, findings = read_facts(good)
    assert facts is not None
    assert len(facts) == 3
    assert findings == ()
    assert len(read_facts(bad)[1]) < 110


def test_of_several_sheets_the_one_called_facts_is_read(tmp_path: Path) -> None:
    book = facts_workbook(tmp_path / "a.xlsx", *ROWS, title="Claims")

    assert [each.rule for each in preview(book, terms()).findings] == ["sheet-unclear"]
    assert preview(facts_workbook(tmp_path / "b.xlsx", *ROWS, title="FACTS"), terms()).findings == ()


def test_a_name_is_shown_without_folders_and_bounded() -> None:
    assert file_label("C:\\Users\\me\\claims.xlsx") == "claims.xlsx"
    assert file_label("../../etc/passwd") == "passwd"
    assert file_label("a\u202egnp.xlsx") == "a?gnp.xlsx"
    assert file_label("..") == "the file"
    assert len(file_label("x" * 5_000 + ".xlsx")) <= 120
    assert file_label("x" * 5_000 + ".xlsx").endswith(".xlsx")
