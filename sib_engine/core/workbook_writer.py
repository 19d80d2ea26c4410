"""Write a workbook: no text becomes a formula, and the same content gives the same bytes."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from sib_engine.core.table_writer import guarded

CellValue: TypeAlias = str | int | float | Decimal | date | None

_TEXT: Final = "s"


def guarded_cell(sheet: Worksheet, row: int, column: int, value: CellValue) -> Cell:
    """Write a value and return its cell; a text that looks like a formula is written as text, with an apostrophe.

    Raises:
        TypeError: If the cell lies inside a merged range.
    """
    cell = sheet.cell(row, column)
    if not isinstance(cell, Cell):
        message = f"row {row}, column {column} lies inside merged cells"
        raise TypeError(message)
    if isinstance(value, str):
        cell.value = guarded(value)
        cell.data_type = _TEXT
    else:
        cell.value = value
    return cell


def workbook_bytes(book: Workbook, *, at: datetime) -> bytes:
    """Return the bytes of a workbook, said to be made at an instant, which is the only time in it."""
    stream = io.BytesIO()
    book.properties.created = book.properties.modified = at
    book.save(stream)
    stamp = f"{at:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(stream) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for info in made.infolist():
            content = made.read(info)
            if info.filename == "docProps/core.xml":
                content = _with_stamp(content, stamp)
            written.writestr(zipfile.ZipInfo(info.filename, at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_stamp(content: bytes, stamp: bytes) -> bytes:
    """Return the properties with the time of their last change replaced, which openpyxl takes from the clock."""
    before, opening, rest = content.partition(b"<dcterms:modified")
    tag, closing, after = rest.partition(b">")
    _, end, tail = after.partition(b"</dcterms:modified>")
    return before + opening + tag + closing + stamp + end + tail
