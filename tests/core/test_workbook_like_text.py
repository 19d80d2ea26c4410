"""A workbook and a text table that hold the same are read as the same table, with the same findings."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.core import cells
from sib_engine.core.finding_log import IN_FULL
from sib_engine.core.tabular import Column, read_table

COLUMNS = (Column("id", required=True), Column("on"), Column("hours"), Column("open"))
TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="\x7f"), max_size=12)
ODD = st.sampled_from(
    ["", "x", "2020-04-30", "04/05/2020", "16", "16.5", "-1", "yes", "maybe", " P1 ", "'=1", "_x0041_"]
)


def read(path: Path) -> tuple[list[int], dict[str, list[object]], list[tuple[object, ...]]]:
    """Return rows, values and findings; where something stands without sheet and letter, as the rest must agree."""
    table, log = read_table(path, COLUMNS, at_least=0, listing=IN_FULL)
    assert table is not None
    values: dict[str, list[object]] = {
        "id": list(cells.references(table, "id", log, required=True).texts()),
        "on": cells.days(table, "on", log).tolist(),
        "hours": cells.decimals(table, "hours", log, places=2).tolist(),
        "open": cells.answers(table, "open", log).tolist(),
    }
    findings: list[tuple[object, ...]] = [
        (each.rule, each.at.row, each.at.column, each.what, each.accepted) for each in log.findings()
    ]
    return table.numbers.tolist(), values, findings


@given(st.lists(st.tuples(TEXT, TEXT | ODD, ODD, ODD), max_size=8))
def test_the_same_texts_are_read_the_same(rows: list[tuple[str, str, str, str]]) -> None:
    kept = [row for row in rows if not any(text.isspace() for text in row)]
    with TemporaryDirectory() as folder:
        text, book = Path(folder) / "t.csv", Path(folder) / "t.xlsx"
        with text.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([[column.name for column in COLUMNS], *kept])
        made = Workbook()
        sheet = made.active
        assert isinstance(sheet, Worksheet)
        for number, row in enumerate([[column.name for column in COLUMNS], *kept], start=1):
            for place, value in enumerate(row, start=1):
                cell = sheet.cell(number, place, value.replace("_x", "_x005F_x"))
                cell.data_type = "s"
        made.save(book)

        assert read(book) == read(text)


@given(hours=st.integers(0, 16_800), day=st.dates(min_value=date(1900, 3, 1)))
def test_numbers_and_days_of_a_workbook_are_those_that_were_typed(hours: int, day: object) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.xlsx"
        made = Workbook()
        sheet = made.active
        assert isinstance(sheet, Worksheet)
        sheet.append(["id", "on", "hours", "open"])
        sheet.append(["P1", day, hours / 100, True])
        made.save(path)

        _, values, findings = read(path)

    is_in_range = str(day) <= "2199-12-31"
    assert values["hours"] == [hours]
    assert values["open"] == [1]
    assert values["on"] == [day if is_in_range else None]
    assert [rule for rule, *_ in findings] == ([] if is_in_range else ["date-out-of-range"])
