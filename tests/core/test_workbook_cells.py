"""What cells of a workbook are read as: the text that a text table would hold."""

from pathlib import Path

import pytest

from sib_engine.core.findings import Finding
from sib_engine.core.tabular import Column, Table, read_table
from tests.core.made_workbook import MAIN, parts, row, sheet, styles, text_cell, texts, workbook, written

COLUMNS = (Column("id", required=True), Column("note"))


def read(path: Path) -> tuple[Table | None, tuple[Finding, ...]]:
    table, log = read_table(path, COLUMNS)
    return table, log.findings()


def column(table: Table | None, name: str = "note") -> list[str]:
    assert table is not None
    return table.column(name).texts()


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str]]:
    return [(finding.rule, finding.at.row, finding.at.letter) for finding in findings]


def one_cell(tmp_path: Path, cell: str, *codes: str, date_1904: bool = False) -> tuple[list[str], tuple[Finding, ...]]:
    """Return what is read of one cell B2, its style counted from 1 in the number formats ``codes``."""
    content = sheet(texts(1, "id", "note"), row(2, text_cell("A2", "x"), cell))
    path = written(
        tmp_path / "t.xlsx", parts({"S": content}, date_1904=date_1904, more={"xl/styles.xml": styles(*codes)})
    )
    table, findings = read(path)
    return column(table), findings


@pytest.mark.parametrize(
    ("stored", "code", "text"),
    [
        ("16", "General", "16"),
        ("16.0", "0.00", "16"),
        ("16.100000000000001", "General", "16.1"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E-3", "General", "0.001"),
        ("1.5E3", "General", "1500"),
        ("-2.5", "General", "-2.5"),
        ("123456789012345", "General", "123456789012345"),
        ("42", "00000", "00042"),
        ("43951", "yyyy-mm-dd", "2020-04-30"),
        ("43951", "dd/mm/yyyy;@", "2020-04-30"),
        ("43951", "[$-809]dd mmmm yyyy", "2020-04-30"),
        ("43951", "mmm-yy", "2020-04-30"),
        ("43951.5625", "dd/mm/yyyy hh:mm", "2020-04-30T13:30"),
        ("43951.99999999999", "yyyy-mm-dd", "2020-05-01"),
        ("43951", "#,##0.00 &quot;days&quot;", "43951"),
        ("43951", "[Red]0.00", "43951"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("60", "yyyy-mm-dd", "60"),
        ("61", "yyyy-mm-dd", "1900-03-01"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("99999999", "yyyy-mm-dd", "99999999"),
        ("0.5625", "hh:mm", "13:30"),
        ("1.5", "[h]:mm", "36:00"),
        ("NaN", "General", "NaN"),
    ],
)
def test_a_number_is_read_as_it_is_shown(tmp_path: Path, stored: str, code: str, text: str) -> None:
    found, findings = one_cell(tmp_path, f'<c r="B2" s="1"><v>{stored}</v></c>', code)

    assert found == [text]
    assert findings == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="B2" t="b"><v>1</v></c>', "yes"),
        ('<c r="B2" t="b"><v>0</v></c>', "no"),
        ('<c r="B2" t="d"><v>2020-04-30T00:00:00</v></c>', "2020-04-30"),
        ('<c r="B2" t="str"><v>two_x000D_\nlines</v></c>', "two\r\nlines"),
        ('<c r="B2" t="inlineStr"><is><r><t>Ha</t></r><r><t>nd</t></r><rPh><t>x</t></rPh></is></c>', "Hand"),
        ('<c r="B2" t="inlineStr"><is><t>  =1+1 </t></is></c>', "=1+1"),
        ('<c r="B2" s="1"/>', ""),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', ""),
    ],
)
def test_other_kinds_of_cells_are_read(tmp_path: Path, cell: str, text: str) -> None:
    assert one_cell(tmp_path, cell, "General") == ([text], ())


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    found, _ = one_cell(tmp_path, '<c r="B2" s="1"><v>42489</v></c>', "yyyy-mm-dd", date_1904=True)

    assert found == ["2020-04-30"]


def test_shared_texts_are_looked_up(tmp_path: Path) -> None:
    shared = (
        f'<sst xmlns="{MAIN}"><si><t>id</t></si><si><t>note</t></si><si><r><t>caf</t></r><r><t>é</t></r></si></sst>'
    )
    cells = ('<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>', '<c r="A2" t="s"><v>2</v></c>')
    path = workbook(tmp_path / "t.xlsx", row(1, cells[0]), row(2, cells[1]), more={"xl/sharedStrings.xml": shared})

    table, findings = read(path)

    assert findings == ()
    assert column(table, "id") == ["café"]


@pytest.mark.parametrize(
    ("cell", "rule", "words"),
    [
        ('<c r="B2" t="e"><v>#REF!</v></c>', "spreadsheet-error", "'#REF!'"),
        ('<c r="B2"><f>TODAY()</f></c>', "formula-without-value", "never been worked out"),
        ('<c r="B2"><v>1234567890123456</v></c>', "digits-lost", "more than 15 digits"),
    ],
)
def test_a_cell_that_cannot_be_taken_over_is_an_error_at_its_letter(
    tmp_path: Path, cell: str, rule: str, words: str
) -> None:
    _, findings = one_cell(tmp_path, cell)

    assert rules(findings) == [(rule, 2, "B")]
    assert words in findings[0].what
    assert "sheet S, row 2, column B (note)" in str(findings[0])


def test_a_formula_is_read_as_last_worked_out_and_said_once_for_its_column(tmp_path: Path) -> None:
    rows = (row(at, text_cell(f"A{at}", "x"), f'<c r="B{at}"><f>1+{at}</f><v>{at + 1}</v></c>') for at in range(2, 5))

    table, findings = read(workbook(tmp_path / "t.xlsx", texts(1, "id", "note"), *rows))

    assert column(table) == ["3", "4", "5"]
    assert [(each.severity, each.rule, each.at.row, each.what) for each in findings] == [
        ("warning", "formulas", 2, "3 cells hold formulas; what the spreadsheet last worked out is read")
    ]


def test_hidden_rows_and_columns_are_read_and_said(tmp_path: Path) -> None:
    content = sheet(
        texts(1, "id", "note"),
        texts(2, "a", "b"),
        texts(3, "c", attributes='hidden="1"'),
        texts(4, attributes='hidden="1"'),
        before='<cols><col min="2" max="2" hidden="1"/></cols>',
    )

    table, findings = read(written(tmp_path / "t.xlsx", parts({"S": content})))

    assert column(table, "id") == ["a", "c"]
    assert rules(findings) == [("column-hidden", 1, "B"), ("rows-hidden", 3, "")]
    assert "1 row is hidden or filtered out (3), and is read like the others" in findings[1].what


def test_merged_cells_among_the_rows_are_an_error_and_above_the_heading_none(tmp_path: Path) -> None:
    merged = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="D1:F1"/><mergeCell ref="A90:B95"/></mergeCells>'

    _, findings = read(
        workbook(tmp_path / "t.xlsx", texts(1, "id", "note"), texts(2, "a", "b"), texts(3, "", "c"), after=merged)
    )

    assert rules(findings) == [("cells-merged", 2, "A")]
    assert "A2:A3" in findings[0].what


def test_empty_rows_at_the_end_and_between_are_passed_over_and_counted(tmp_path: Path) -> None:
    rows = [row(at, f'<c r="A{at}" s="0"/><c r="B{at}"/>') for at in range(6, 40)]

    table, findings = read(
        workbook(
            tmp_path / "t.xlsx", texts(1, "id", "note"), texts(2, "a"), texts(5, "b", " "), texts(45, " "), *rows[:0]
        )
    )

    assert findings == ()
    assert table is not None
    assert table.numbers.tolist() == [2, 5]
    assert len(read(workbook(tmp_path / "u.xlsx", texts(1, "id"), texts(2, "a"), *rows))[0] or ()) == 1


def test_a_value_to_the_right_of_the_headings_is_an_error_at_its_letter(tmp_path: Path) -> None:
    far = row(2, text_cell("A2", "a"), text_cell("D2", "stray"), text_cell("ZZ2", "far"))

    _, findings = read(workbook(tmp_path / "t.xlsx", texts(1, "id", "note"), far))

    assert [(each.rule, each.at.row, each.what) for each in findings] == [
        ("value-without-heading", 2, "'far' stands in column ZZ, which has no heading"),
        ("value-without-heading", 2, "'stray' stands in column D, which has no heading"),
    ]


def test_which_sheet_is_read_is_told_and_never_guessed(tmp_path: Path) -> None:
    one, two = sheet(texts(1, "id"), texts(2, "one")), sheet(texts(1, "id"), texts(2, "two"))
    unclear = read(written(tmp_path / "a.xlsx", parts({"A": one, "B": two})))
    only_visible = read(written(tmp_path / "b.xlsx", parts({"A": one, "B": two}, hidden=["A"])))
    hidden = read(written(tmp_path / "c.xlsx", parts({"A": one}, hidden=["A"])))

    assert rules(unclear[1]) == [("sheet-unclear", None, "")]
    assert "'A', 'B'" in unclear[1][0].what
    assert column(only_visible[0], "id") == ["two"]
    assert rules(hidden[1]) == [("sheet-unclear", None, "")]
