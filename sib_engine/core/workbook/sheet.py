"""The rows of one sheet, in a stream: each cell as the text that a text table would hold, and what is odd about it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, Final

from sib_engine.core.cell_values import ALREADY_TOLD
from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import Said
from sib_engine.core.workbook.limits import DIVIDE, MAX_CELLS, MAX_DEPTH, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS
from sib_engine.core.workbook.number_formats import PLAIN, NumberFormat, number_text
from sib_engine.core.workbook.xml import Attributes, XmlPart, damaged, main_names

MAX_RANGES: Final = 10_000
_MAX_KNOWN_NUMBERS: Final = 100_000

_TEXT, _CELL, _ROW, _FORMULA, _PHONETIC, _MERGED, _COLUMN = "text", "cell", "row", "formula", "rPh", "merged", "col"
_KINDS: Final = {
    **dict.fromkeys(main_names("v", "t"), _TEXT),
    **dict.fromkeys(main_names("c"), _CELL),
    **dict.fromkeys(main_names("row"), _ROW),
    **dict.fromkeys(main_names("f"), _FORMULA),
    **dict.fromkeys(main_names("rPh"), _PHONETIC),
    **dict.fromkeys(main_names("mergeCell"), _MERGED),
    **dict.fromkeys(main_names("col"), _COLUMN),
}
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})", re.ASCII)
_LETTERS: Final = 26


class Oddity(Enum):
    """What is odd about a cell."""

    FORMULA = "formula"
    NO_VALUE = "formula without a value"
    ERROR = "error"
    DIGITS_LOST = "digits lost"
    BEYOND = "beyond the last column"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number from 1, its cells up to the last that is filled, whether it is hidden."""

    number: int
    cells: list[str]
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A range of cells that are shown as one; rows from 1, columns from 0, all inside."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    text: str


@dataclass(frozen=True, slots=True)
class SheetTexts:
    """What the cells of a sheet refer to: shared texts, number formats, the date system."""

    shared: Sequence[str]
    formats: Sequence[NumberFormat]
    is_1904: bool


class SheetPart(XmlPart):
    """A sheet as it is read.

    ``merged`` and ``hidden_columns`` (from 0) are complete once every row has been read.
    """

    def __init__(
        self, name: str, texts: SheetTexts, *, max_columns: int, note: Callable[[Oddity, int, int, str], None]
    ) -> None:
        """Prepare to read a sheet.

        Args:
            name: Name of the part, for messages.
            texts: What its cells refer to.
            max_columns: Columns that are kept; a value to the right of them is noted.
            note: Told of each odd cell: what is odd, row from 1, column from 0, its text.
        """
        super().__init__(name)
        self.merged: list[Merged] = []
        self.hidden_columns: set[int] = set()
        self._texts = texts
        self._max_columns = max_columns
        self._note = note
        self._rows: list[SheetRow] = []
        self._numbers: dict[tuple[str, str], str | None] = {}
        self._columns: dict[str, int] = {}
        self._n_cells = 0
        self._row, self._column = 0, -1
        self._is_hidden = False
        self._cells: list[str] = []
        self._type, self._style, self._value = "", "", ""
        self._has_formula = False
        self._n_phonetic = 0

    def rows(self, stream: IO[bytes]) -> Iterator[list[SheetRow]]:
        """Yield the rows that hold something, in blocks, ascending.

        Raises:
            UnreadableError: If the part is damaged, or larger than a sheet can be.
        """
        for _ in self.fed(stream):
            if self._rows:
                yield self._rows
                self._rows = []

    def started(self, name: str, attributes: Attributes) -> None:
        """Take the start of an element of the sheet."""
        self.depth += 1
        kind = _KINDS.get(name)
        if kind is _TEXT:
            self.parts.clear()
        elif kind is _CELL:
            self._start_cell(attributes)
        elif kind is not None:
            self._start_other(kind, attributes)
        elif self.depth > MAX_DEPTH:
            raise UnreadableError(damaged(self.name, f"elements stand more than {MAX_DEPTH} deep in each other"))

    def ended(self, name: str) -> None:
        """Take the end of an element of the sheet."""
        self.depth -= 1
        kind = _KINDS.get(name)
        if kind is _TEXT:
            if self._n_phonetic == 0:
                parts = self.parts
                text = parts[0] if len(parts) == 1 else "".join(parts)
                self._value = self._value + text if self._value else text
        elif kind is _CELL:
            self._end_cell()
        elif kind is _ROW:
            if self._cells:
                self._rows.append(SheetRow(self._row, self._cells, self._is_hidden))
        elif kind is _PHONETIC:
            self._n_phonetic -= 1

    def _start_other(self, kind: str, attributes: Attributes) -> None:
        if kind is _ROW:
            self._start_row(attributes)
        elif kind is _FORMULA:
            self._has_formula = True
            self.parts.clear()
        elif kind is _PHONETIC:
            self._n_phonetic += 1
        elif kind is _MERGED and len(self.merged) < MAX_RANGES:
            self.merged.append(_merged(self.name, attributes.get("ref", "")))
        elif kind is _COLUMN:
            self._note_hidden(attributes)

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        row = self._row + 1 if number is None else _whole(number)
        if row <= self._row:
            raise UnreadableError(damaged(self.name, f"row {number!r} comes after row {self._row:,}"[:120]))
        if row > MAX_SHEET_ROWS:
            what = f"the sheet has a row {row:,}, more than a spreadsheet can have"
            raise UnreadableError(Said("too-many-rows", what, f"at most {MAX_SHEET_ROWS:,} rows; {DIVIDE}"))
        self._row, self._column = row, -1
        self._is_hidden = attributes.get("hidden") in {"1", "true"}
        self._cells = []

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = self._column_of(reference)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._value = ""
        self._has_formula = False
        self._n_cells += 1
        if self._n_cells > MAX_CELLS:
            what = f"the sheet has more than {MAX_CELLS:,} cells, those that are only formatted among them"
            accepted = "no formatting to the right of the last column and below the last row"
            raise UnreadableError(Said("too-many-cells", what, accepted), self._row)

    def _column_of(self, reference: str) -> int:
        found = _REFERENCE.fullmatch(reference)
        column = column_number(found[1]) if found is not None else MAX_SHEET_COLUMNS
        if column >= MAX_SHEET_COLUMNS:
            raise UnreadableError(damaged(self.name, f"{reference[:20]!r} is no cell that a spreadsheet can have"))
        return column

    def _end_cell(self) -> None:
        text = self._text()
        if not text:
            return
        if self._has_formula and text != ALREADY_TOLD:
            self._note(Oddity.FORMULA, self._row, self._column, text)
        missing = self._column - len(self._cells)
        if missing == 0:
            self._cells.append(text)
        elif missing < 0:
            raise UnreadableError(damaged(self.name, f"row {self._row:,} holds a cell twice, or out of order"))
        elif self._column >= self._max_columns:
            self._note(Oddity.BEYOND, self._row, self._column, text)
        else:
            self._cells.extend([""] * missing)
            self._cells.append(text)

    def _text(self) -> str:
        kind, value = self._type, self._value
        if not value:
            if self._has_formula and kind != "str":
                return self._told(Oddity.NO_VALUE, "")
            return ""
        if kind == "s":
            return self._shared(value)
        if kind == "inlineStr" or kind == "str":  # noqa: PLR1714 - called for every cell; a set is slower
            return value if "_x" not in value else plain_text(value)
        if kind == "n":
            return self._number(value)
        return self._told(Oddity.ERROR, value) if kind == "e" else self._rare(kind, value)

    def _rare(self, kind: str, value: str) -> str:
        if kind == "b":
            return "yes" if value == "1" else "no"
        if kind == "d":
            return value.removesuffix("Z").removesuffix(".000").removesuffix("T00:00:00")
        return plain_text(value)

    def _shared(self, value: str) -> str:
        shared = self._texts.shared
        try:
            place = int(value)
        except ValueError:
            place = len(shared)
        if not 0 <= place < len(shared):
            raise UnreadableError(damaged(self.name, f"row {self._row:,} points to a text that is not there"))
        return shared[place]

    def _number(self, value: str) -> str:
        key = (self._style, value)
        text = self._numbers.get(key, ALREADY_TOLD)
        if text == ALREADY_TOLD:
            style = _whole(self._style) if self._style else 0
            formats = self._texts.formats
            chosen = formats[style] if style < len(formats) else PLAIN
            text = number_text(value, chosen, is_1904=self._texts.is_1904)
            if len(self._numbers) >= _MAX_KNOWN_NUMBERS:
                self._numbers.clear()
            self._numbers[key] = text
        return self._told(Oddity.DIGITS_LOST, value) if text is None else text

    def _told(self, oddity: Oddity, text: str) -> str:
        self._note(oddity, self._row, self._column, text)
        return ALREADY_TOLD

    def _note_hidden(self, attributes: Attributes) -> None:
        if attributes.get("hidden") in {"1", "true"}:
            first, last = _whole(attributes.get("min", "1")), _whole(attributes.get("max", "1"))
            self.hidden_columns.update(range(first - 1, min(last, self._max_columns)))


def column_number(letters: str) -> int:
    """Return the number from 0 of a column that a spreadsheet calls by letters: ``A`` is 0, ``AA`` 26."""
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(number: int) -> str:
    """Return what a spreadsheet calls a column, counted from 0: 0 is ``A``, 26 ``AA``."""
    letters = ""
    number += 1
    while number > 0:
        number, rest = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def plain_text(text: str) -> str:
    """Return a text with its ``_x000D_`` escapes undone (ECMA-376 part 1, 22.9.2.19); NUL becomes a space."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.replace("\0", " ").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):  # noqa: PLR2004 - what a row or a place can have
        raise UnreadableError(damaged("a sheet", f"{text[:20]!r} stands where a number should"))
    return int(text)


def _merged(part: str, reference: str) -> Merged:
    first, _, last = reference.partition(":")
    corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
    if corners[0] is None or corners[1] is None:
        raise UnreadableError(damaged(part, f"{reference[:40]!r} is no range of cells"))
    (left, top), (right, bottom) = ((column_number(at[1]), int(at[2])) for at in corners if at is not None)
    return Merged(top, bottom, left, right, reference)
