"""Write an XLSX workbook from rows: exact decimals, formulas with their results, the same bytes for the same rows.

openpyxl writes every number through a binary float and stamps the time; here a number is the text of its
decimal, and the only day is the one that is handed in.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from io import BytesIO
from typing import Final, TypeAlias

from evaluation.report.values import cleaned
from sib_engine.core.errors import RefusedError
from sib_engine.core.table_writer import guarded
from sib_engine.documents import xlsx_parts

MAX_DIGITS: Final = 15
"""A spreadsheet holds a number as a binary float, which is exact up to so many significant digits."""

MAX_ROWS: Final = 1_048_576
"""Rows of a sheet, as ECMA-376 and every program have it."""

TITLE_HEIGHT: Final = 24
"""Of a row with a title, in points; other rows are as high as their text."""

_EPOCH: Final = date(1899, 12, 30)
_FIRST_CERTAIN_DAY: Final = date(1900, 3, 1)
"""Programs disagree about the number of an earlier day."""

_ESCAPE_LIKE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LETTERS: Final = 26


@dataclass(frozen=True, slots=True)
class Look:
    """How a cell looks; ``number_format`` in the words of a spreadsheet, blank for none."""

    number_format: str = ""
    is_bold: bool = False
    is_title: bool = False
    is_quiet: bool = False
    is_total: bool = False
    is_heading: bool = False
    is_right: bool = False
    is_left: bool = False


PLAIN: Final = Look()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign, and what it comes to: shown until the program works it out again."""

    text: str
    result: Decimal | int


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell. Text is always text: none of it is ever read as a formula."""

    value: str | int | Decimal | date | Formula | None
    look: Look = PLAIN


Row: TypeAlias = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, the width of each column in characters, its rows.

    The first ``n_frozen`` rows stay in view. ``filters`` is the range that can be filtered, blank for none.
    """

    name: str
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    n_frozen: int = 0
    filters: str = ""
    is_wide: bool = False


def workbook_bytes(sheets: Sequence[Sheet], *, title: str, drawn_up_on: date) -> bytes:
    """Return an XLSX file.

    Raises:
        RefusedError: If a sheet has too many rows, or a number more digits than a spreadsheet holds exactly.
    """
    looks: dict[Look, int] = {PLAIN: 0}
    bodies = [_sheet(sheet, looks) for sheet in sheets]
    names = [escape(cleaned(sheet.name)) for sheet in sheets]
    files = {
        "[Content_Types].xml": xlsx_parts.content_types(len(sheets)),
        "_rels/.rels": xlsx_parts.ROOT_RELATIONS,
        "docProps/core.xml": xlsx_parts.core_properties(escape(cleaned(title)), drawn_up_on),
        "xl/workbook.xml": xlsx_parts.workbook(names, [sheet.n_frozen for sheet in sheets]),
        "xl/_rels/workbook.xml.rels": xlsx_parts.workbook_relations(len(sheets)),
        "xl/styles.xml": xlsx_parts.styles(list(looks)),
        **{f"xl/worksheets/sheet{number}.xml": body for number, body in enumerate(bodies, start=1)},
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode())
    return packed.getvalue()


def column_letters(place: int) -> str:
    """Return the letters of a column by its place from 0: ``A``, ``Z``, ``AA``."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _sheet(sheet: Sheet, looks: dict[Look, int]) -> str:
    if len(sheet.rows) > MAX_ROWS:
        message = f"sheet {sheet.name!r} would have {len(sheet.rows):,} rows; a spreadsheet has at most {MAX_ROWS:,}"
        raise RefusedError(message)
    return "".join(
        (
            xlsx_parts.sheet_head(sheet.widths, n_frozen=sheet.n_frozen),
            *_rows(sheet.rows, looks),
            xlsx_parts.sheet_foot(escape(sheet.filters), is_wide=sheet.is_wide),
        )
    )


def _rows(rows: Iterable[Row], looks: dict[Look, int]) -> Iterator[str]:
    for number, row in enumerate(rows, start=1):
        cells = "".join(
            _cell(cell, f"{column_letters(place)}{number}", looks.setdefault(cell.look, len(looks)))
            for place, cell in enumerate(row)
            if cell.value is not None or cell.look is not PLAIN
        )
        height = f' ht="{TITLE_HEIGHT}" customHeight="1"' if any(cell.look.is_title for cell in row) else ""
        yield f'<row r="{number}"{height}>{cells}</row>'


def _cell(cell: Cell, place: str, look: int) -> str:
    at = f'<c r="{place}" s="{look}"'
    match cell.value:
        case None:
            return f"{at}/>"
        case str():
            said = _ESCAPE_LIKE.sub("_x005F_", guarded(cleaned(cell.value)))
            return f'{at} t="inlineStr"><is><t xml:space="preserve">{escape(said, quote=False)}</t></is></c>'
        case Formula():
            return f"{at}><f>{escape(cell.value.text, quote=False)}</f><v>{_number(cell.value.result)}</v></c>"
        case date():
            if cell.value < _FIRST_CERTAIN_DAY:
                return f'{at} t="inlineStr"><is><t>{cell.value.isoformat()}</t></is></c>'
            return f"{at}><v>{(cell.value - _EPOCH).days}</v></c>"
        case _:
            return f"{at}><v>{_number(cell.value)}</v></c>"


def _number(value: Decimal | int) -> str:
    digits = len(str(abs(int(Decimal(value).scaleb(-(_exponent(value)))))).rstrip("0"))
    if digits > MAX_DIGITS:
        message = f"{value:,} has more than the {MAX_DIGITS} digits that a spreadsheet holds exactly"
        raise RefusedError(message)
    return f"{Decimal(value):f}"


def _exponent(value: Decimal | int) -> int:
    exponent = Decimal(value).as_tuple().exponent
    return min(exponent, 0) if isinstance(exponent, int) else 0
