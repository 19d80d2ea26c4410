"""A table in memory: compact columns of text, and where they stand in the file."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count, filterfalse
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.finding_log import RowArray
from sib_engine.core.table_writer import without_guard

CodeArray: TypeAlias = npt.NDArray[np.int32]

_APOSTROPHE: Final = re.compile("'")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a table may have, or must."""

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of text: each different text once, and each row's place in them, shape ``(n,)``."""

    codes: CodeArray
    values: tuple[str, ...]

    def texts(self) -> list[str]:
        """Return the text of each row."""
        return list(map(self.values.__getitem__, self.codes.tolist()))

    def blank(self) -> npt.NDArray[np.bool_]:
        """Return which rows are blank, shape ``(n,)``."""
        return np.array([not value for value in self.values], dtype=np.bool_)[self.codes]


@dataclass(frozen=True, slots=True)
class OtherColumn:
    """A column that was passed over: its heading, what a spreadsheet calls it, how many rows it is filled in."""

    heading: str
    letter: str
    n_filled: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read: ``numbers`` are the rows' numbers in a spreadsheet, ascending, shape ``(n,)``.

    ``sheet`` is the sheet of a workbook, blank for a text table; ``letters`` what a spreadsheet calls each
    column; ``others`` the columns that were passed over.
    """

    file: str
    numbers: RowArray
    columns: Mapping[str, TextColumn]
    sheet: str = ""
    letters: Mapping[str, str] = field(default_factory=dict)
    others: tuple[OtherColumn, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows below the heading."""
        return len(self.numbers)

    def has(self, name: str) -> bool:
        """Return whether the file has this column."""
        return name in self.columns

    def column(self, name: str) -> TextColumn:
        """Return a column of text, trimmed; blank in every row where the file does not have it."""
        found = self.columns.get(name)
        return found if found is not None else TextColumn(np.zeros(len(self), dtype=np.int32), ("",))


class Codes:
    """Numbers the different texts of a column in the order in which they first stand."""

    def __init__(self) -> None:
        """Start without texts."""
        self.values: list[str] = []
        self._code_of: dict[str, int] = {}

    def add(self, texts: Sequence[str]) -> tuple[CodeArray, list[str]]:
        """Return the code of each text, and the texts that were new."""
        new = list(filterfalse(self._code_of.__contains__, dict.fromkeys(texts)))
        self._code_of.update(zip(new, count(len(self.values)), strict=False))
        self.values += new
        return np.fromiter(map(self._code_of.__getitem__, texts), dtype=np.int32, count=len(texts)), new


def text_column(values: Sequence[str], pieces: Sequence[CodeArray]) -> TextColumn:
    """Return the column with its texts trimmed, composed (NFC) and without the writer's apostrophe."""
    codes = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32)
    trimmed = list(map(str.strip, values))
    if trimmed == values and all(map(str.isascii, values)) and not any(map(_APOSTROPHE.match, values)):
        return TextColumn(codes, tuple(values))
    clean = Codes()
    places, _ = clean.add(list(map(_clean, values)))
    return TextColumn(places[codes], tuple(clean.values))


def _clean(value: str) -> str:
    if value[:1] == "'":
        value = without_guard(value)
    value = value.strip()
    return value if value.isascii() else unicodedata.normalize("NFC", value)
