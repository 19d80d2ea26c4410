"""The template that a provider fills in: a workbook or a text file with the headings of facts, for one contract."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.core.table_writer import guarded
from sib_engine.core.workbook_writer import guarded_cell, workbook_bytes
from sib_engine.outcomes.facts_checks.terms import known_documents, known_facts, known_metrics
from sib_engine.outcomes.facts_file import COLUMNS, FACTS_SHEET
from sib_engine.outcomes.intake.explained import EXPLAINED
from sib_engine.outcomes.intake.mapping import DATE_COLUMNS
from sib_engine.outcomes.intake.validation import HELD_LIST, YES_NO, Lists, validate
from sib_engine.terms.contract import Contract

COLUMNS_SHEET: Final = "Columns"
LISTS_SHEET: Final = "Lists"

_TEXT_COLUMNS: Final = ("person", "job", "specialist", "age_band", "group")
"""Formatted as text, so that a spreadsheet keeps the noughts before a reference and makes no date of ``3-4``."""

_WIDTHS: Final = {
    "person": 30,
    "fact": 20,
    "detail": 24,
    "metric": 22,
    "site": 22,
    "self_employed": 16,
    "diagnosis_group": 18,
}
_HEADING: Final = PatternFill("solid", fgColor="1D4F5C")
_NEEDED: Final = PatternFill("solid", fgColor="0B2E36")
_EXAMPLE: Final = PatternFill("solid", fgColor="FBE3D6")
_BAND: Final = PatternFill("solid", fgColor="EEF3F4")
_FACE: Final = "Calibri"
_THIN: Final = Border(bottom=Side(style="thin", color="C3CED1"))
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")
_LINE_POINTS: Final = 16
_LETTERS: Final = 1.15
"""Letters that fit where a column is one digit wide."""

_DATE_FORMAT: Final = "yyyy-mm-dd"


def template(contract: Contract, *, on: date) -> bytes:
    """Return the template as an Excel workbook; the same bytes for the same contract and day.

    Its sheets: the facts to fill in, with lists and ranges that a spreadsheet checks while typing; an
    explanation of each column; the lists of the contract. The example row is refused if it is left in.

    Args:
        contract: The contract whose sites, facts, documents and metrics are listed.
        on: The day that the template says it was made on.
    """
    book = Workbook()
    facts = book.active
    if not isinstance(facts, Worksheet):
        message = "a new workbook has a sheet"
        raise TypeError(message)
    facts.title = FACTS_SHEET
    lists = _lists(contract)
    _fill_facts(facts, contract, on)
    _fill_columns(book.create_sheet(COLUMNS_SHEET), contract, on)
    _fill_lists(book.create_sheet(LISTS_SHEET), lists)
    validate(facts, contract, lists, LISTS_SHEET)
    book.properties.title = f"Facts for {contract.name}"
    book.properties.creator = "sib-engine"
    return workbook_bytes(book, at=datetime(on.year, on.month, on.day))  # noqa: DTZ001 - a workbook's times have no zone


def template_csv(contract: Contract) -> bytes:
    """Return the template as a text file: the headings and the example row, marked for Excel as UTF-8."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerow([guarded(_as_text(cell)) for cell in _example(contract)])
    return stream.getvalue().encode("utf-8-sig")


def _lists(contract: Contract) -> Lists:
    return Lists(
        {
            "site": contract.site_codes,
            "fact": known_facts(contract),
            "detail": known_documents(contract),
            "metric": known_metrics(contract),
            "competitive": YES_NO,
            "self_employed": YES_NO,
            "held": HELD_LIST,
            "group": tuple(dict.fromkeys(group for tariff in contract.tariffs for group in tariff.groups)),
        }
    )


def _example(contract: Contract) -> list[str | date | int]:
    """Return the cells of the example row, which stands for a job that began in the contract's first weeks."""
    started_on = contract.start + timedelta(days=30)
    cells: dict[str, str | date | int] = {name: each.example for name, each in EXPLAINED.items()}
    cells |= {"on": started_on, "recorded_on": started_on + timedelta(days=2), "hours": 18, "detail": "Harbour Cafe"}
    cells["site"] = contract.site_codes[0] if contract.site_codes else ""
    return [cells[column.name] for column in COLUMNS]


def _as_text(cell: str | date | int) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _fill_facts(sheet: Worksheet, contract: Contract, on: date) -> None:
    required = {column.name for column in COLUMNS if column.required}
    for place, (column, value) in enumerate(zip(COLUMNS, _example(contract), strict=True), start=1):
        name, letter = column.name, get_column_letter(place)
        dimension = sheet.column_dimensions[letter]
        dimension.width = _WIDTHS.get(name, 14)
        dimension.number_format = _number_format(name)
        heading = guarded_cell(sheet, 1, place, name)
        heading.font = Font(name=_FACE, bold=True, color="FFFFFF")
        heading.fill = _NEEDED if name in required else _HEADING
        cell = guarded_cell(sheet, 2, place, value if value != "" else None)
        cell.number_format = _number_format(name)
        cell.font = Font(name=_FACE, italic=True, color="9C2A00")
        cell.fill = _EXAMPLE
        cell.alignment = heading.alignment = Alignment(horizontal="left", vertical="center")
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 20
    sheet.print_title_rows = "1:1"
    header = HeaderFooterItem()
    header.left.text = f"{contract.name}, facts; template of {on.isoformat()}".replace("&", "&&")
    sheet.HeaderFooter.oddHeader = header
    _fit_to_page(sheet)


def _number_format(name: str) -> str:
    if name in DATE_COLUMNS:
        return _DATE_FORMAT
    return "@" if name in _TEXT_COLUMNS else "General"


def _fill_columns(sheet: Worksheet, contract: Contract, on: date) -> None:
    guarded_cell(sheet, 1, 1, contract.name).font = Font(name=_FACE, bold=True, size=14)
    guarded_cell(sheet, 2, 1, f"Contract {contract.code}. Template of {on.isoformat()}.")
    how = (
        f"Fill in the sheet {FACTS_SHEET}, one row for each fact, and delete the example row. "
        "Headings may be left out or moved, and not renamed. Dark headings are needed in every row."
    )
    guarded_cell(sheet, 3, 1, how)
    titles = {"heading": 18, "used for": 28, "what it means": 58, "what may stand in it": 54, "needed": 10}
    for place, (title, width) in enumerate(titles.items(), start=1):
        cell = guarded_cell(sheet, 5, place, title)
        cell.font = Font(name=_FACE, bold=True, color="FFFFFF")
        cell.fill = _HEADING
        sheet.column_dimensions[get_column_letter(place)].width = width
    for row, column in enumerate(COLUMNS, start=6):
        each = EXPLAINED[column.name]
        cells = (column.name, each.used_for, each.meaning, each.accepted, "yes" if column.required else "")
        n_lines = max(
            -(-len(text) // int(width * _LETTERS)) for text, width in zip(cells, titles.values(), strict=True)
        )
        sheet.row_dimensions[row].height = _LINE_POINTS * n_lines
        for place, text in enumerate(cells, start=1):
            cell = guarded_cell(sheet, row, place, text)
            cell.alignment = _WRAPPED
            cell.border = _THIN
            cell.font = Font(name=_FACE, bold=place == 1)
    sheet.freeze_panes = "A6"
    _fit_to_page(sheet)


def _fill_lists(sheet: Worksheet, lists: Lists) -> None:
    titles = {"detail": "kinds of evidence", "fact": "facts", "site": "sites", "metric": "metrics", "group": "groups"}
    for place, (name, texts) in enumerate(lists.by_column.items(), start=1):
        # An empty list keeps its column, so that the places of the others do not depend on it.
        if not texts:
            continue
        heading = guarded_cell(sheet, 1, place, titles.get(name, name))
        heading.font = Font(name=_FACE, bold=True, color="FFFFFF")
        heading.fill = _HEADING
        longest = max((len(text) for text in (*texts, titles.get(name, name))), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 3, 12), 50)
        _write_down(sheet, place, texts)
    sheet.freeze_panes = "A2"
    _fit_to_page(sheet)


def _write_down(sheet: Worksheet, place: int, texts: Sequence[str]) -> None:
    for row, text in enumerate(texts, start=2):
        cell = guarded_cell(sheet, row, place, text)
        if row % 2:
            cell.fill = _BAND


def _fit_to_page(sheet: Worksheet) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
