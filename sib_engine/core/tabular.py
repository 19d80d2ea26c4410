"""Read a delimited text file into compact columns of text, with everything that is wrong with it at once.

:mod:`sib_engine.core.cells` turns the columns of text into dates, numbers and choices;
:mod:`sib_engine.core.table_writer` writes tables.
"""

import difflib
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, filterfalse, islice
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.delimited import (
    DELIMITER_NAMES,
    DELIMITERS,
    DelimitedFile,
    UnreadableError,
    open_delimited,
)
from sib_engine.core.finding_log import FindingLog, RowArray, Said
from sib_engine.core.personal import shown
from sib_engine.core.table_writer import without_guard

MAX_ROWS: Final = 2_000_000
MAX_COLUMNS: Final = 200
MAX_CELL_CHARS: Final = 2_000
MAX_TEXT_BYTES: Final = 512 << 20
"""Memory for different texts: a text that repeats is kept once in each column."""

CHUNK_ROWS: Final = 5_000
_BYTES_A_TEXT: Final = 130
"""What a dict entry, its code and a list slot take beside the text itself."""

_DIVIDE: Final = "divide the file by site or by person"
_APOSTROPHE: Final = re.compile("'")

CodeArray: TypeAlias = npt.NDArray[np.int32]


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
class Table:
    """A table as read: ``numbers`` are the rows' numbers in a spreadsheet, ascending, shape ``(n,)``."""

    file: str
    numbers: RowArray
    columns: Mapping[str, TextColumn]

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


def read_table(path: Path, columns: Sequence[Column], *, at_least: int = 1) -> tuple[Table | None, FindingLog]:
    """Return the table in ``path`` and what is wrong with it.

    UTF-8 with or without a byte order mark; LF, CRLF or CR; commas, semicolons or tabs. Headings may
    stand in any order and any case. Memory is bounded by the declared limits of this module and of
    :mod:`sib_engine.core.delimited`, however large the file.

    Args:
        path: The file.
        columns: The columns that the table may have, or must; any other heading is an error.
        at_least: How many rows it must have below the heading.

    Returns:
        The table, ``None`` only where not even the heading can be used; and a log of findings that
        later checks of the same file add to. Rows of the wrong length are left out of the table, and
        a table that breaks off holds the rows before: look at ``log.has_errors`` before using it.
    """
    log = FindingLog(str(path))
    try:
        with open_delimited(path) as stream:
            file = DelimitedFile(stream)
            delimiter = _delimiter(file, columns, log)
            if delimiter is None:
                return None, log
            records = file.records(delimiter)
            heading = next(records)
            if len(heading) > MAX_COLUMNS:
                said = Said("too-many-columns", f"row 1 has {len(heading):,} headings", f"at most {MAX_COLUMNS}")
                log.error(said, row=1)
                return None, log
            names = _names(heading, columns, log)
            unnamed = [place for place, cell in enumerate(heading) if not cell.strip()]
            table = _table(records, names, unnamed, log)
    except UnreadableError as problem:
        log.error(problem.said, row=problem.row)
        return None, log
    except OSError as problem:
        log.error(Said("file-not-readable", f"the file cannot be read: {(problem.strerror or 'unknown').lower()}"))
        return None, log
    if len(table) < at_least and not log.has_errors:
        what = f"there is a heading and {'no row' if len(table) == 0 else f'only {len(table)}'} below it"
        log.error(Said("no-rows", what, f"at least {at_least}"), row=1)
    return table, log


def headings_in(path: Path) -> frozenset[str]:
    """Return the headings of the table in ``path`` in small letters, whatever divides them; none where unreadable."""
    try:
        with open_delimited(path) as stream:
            file = DelimitedFile(stream)
            cells = max((file.heading(delimiter) for delimiter in DELIMITERS), key=len)
    except (UnreadableError, OSError):
        return frozenset()
    return frozenset(map(_heading, cells))


def _delimiter(file: DelimitedFile, columns: Sequence[Column], log: FindingLog) -> str | None:
    known = {_heading(column.name) for column in columns}
    n_known = {delimiter: len(known & {_heading(cell) for cell in file.heading(delimiter)}) for delimiter in DELIMITERS}
    most = max(n_known.values())
    expected = f"headings in row 1, among them {_listed(column.name for column in columns if column.required)}"
    if most == 0:
        log.error(Said("heading-missing", "row 1 holds no heading that is known here", expected), row=1)
        return None
    best = [delimiter for delimiter in DELIMITERS if n_known[delimiter] == most]
    apart = [delimiter for delimiter in best if len(file.heading(delimiter)) > 1]
    if len(apart) > 1:
        names = " and by ".join(DELIMITER_NAMES[delimiter] for delimiter in apart)
        log.error(Said("delimiter-unclear", f"the headings are divided by {names}", "one of them throughout"), row=1)
        return None
    return (apart or best)[0]


def _heading(cell: str) -> str:
    return cell.strip().casefold()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _names(cells: Sequence[str], columns: Sequence[Column], log: FindingLog) -> list[str]:
    """Return the column name of each cell of the heading, blank where it is to be ignored."""
    known = {_heading(column.name): column.name for column in columns}
    names: list[str] = []
    for cell in cells:
        heading = _heading(cell)
        name = known.get(heading, "")
        if name and name in names:
            log.error(Said("heading-repeated", f"the heading {name!r} stands twice", "each heading once"), row=1)
            name = ""
        elif heading and not name:
            close = difflib.get_close_matches(heading, known, n=1)
            accepted = f"{close[0]!r}, perhaps; known here: {_listed(known)}" if close else _listed(known)
            log.error(Said("heading-unknown", f"the heading {shown(cell.strip())} is not known", accepted), row=1)
        names.append(name)
    for column in columns:
        if column.required and column.name not in names:
            said = Said("heading-missing", f"there is no column {column.name!r}", f"a heading {column.name!r}")
            log.error(said, row=1, column=column.name)
    return names


class _Codes:
    """Numbers the different texts of a column in the order in which they first stand."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._code_of: dict[str, int] = {}

    def add(self, texts: Sequence[str]) -> tuple[CodeArray, list[str]]:
        """Return the code of each text, and the texts that were new."""
        new = list(filterfalse(self._code_of.__contains__, dict.fromkeys(texts)))
        self._code_of.update(zip(new, count(len(self.values)), strict=False))
        self.values += new
        return np.fromiter(map(self._code_of.__getitem__, texts), dtype=np.int32, count=len(texts)), new


def _table(records: Iterator[list[str]], names: Sequence[str], unnamed: Sequence[int], log: FindingLog) -> Table:
    encoders = {place: _Codes() for place, name in enumerate(names) if name}
    pieces: dict[int, list[CodeArray]] = {place: [] for place in encoders}
    numbers: list[RowArray] = []
    n_bytes = 0
    for rows, cells in _chunks(records, len(names), log):
        columns = list(zip(*cells, strict=True))
        for place in unnamed:
            _note_unnamed(columns[place], rows, place, log)
        for place, encoder in encoders.items():
            codes, new = encoder.add(columns[place])
            if max(map(len, new), default=0) > MAX_CELL_CHARS:
                _note_long_cells(columns[place], rows, names[place], log)
            n_bytes += sum(map(sys.getsizeof, new)) + _BYTES_A_TEXT * len(new)
            pieces[place].append(codes)
        numbers.append(rows)
        _check_texts(n_bytes, int(rows[-1]))
    return Table(
        file=log.file,
        numbers=np.concatenate(numbers) if numbers else np.zeros(0, dtype=np.int64),
        columns={names[place]: _text_column(encoders[place].values, pieces[place]) for place in encoders},
    )


def _check_rows(n_rows: int) -> None:
    if n_rows > MAX_ROWS:
        what = f"the file has more than {MAX_ROWS:,} rows"
        raise UnreadableError(Said("too-many-rows", what, f"at most {MAX_ROWS:,} rows; {_DIVIDE}"), MAX_ROWS + 2)


def _check_texts(n_bytes: int, row: int) -> None:
    if n_bytes > MAX_TEXT_BYTES:
        what = f"the different texts in the file take more than {MAX_TEXT_BYTES >> 20:,} MiB"
        raise UnreadableError(Said("too-much-text", what, f"shorter texts, or fewer rows; {_DIVIDE}"), row)


def _chunks(records: Iterator[list[str]], width: int, log: FindingLog) -> Iterator[tuple[RowArray, list[list[str]]]]:
    """Yield row numbers and cells of the rows that are as long as the heading and not blank."""
    first = 2
    n_read = CHUNK_ROWS
    while n_read == CHUNK_ROWS:
        cells: list[list[str]] = []
        try:
            cells.extend(islice(records, CHUNK_ROWS))
        except UnreadableError as problem:
            log.error(problem.said, row=problem.row)
        n_read = len(cells)
        rows = np.arange(first, first + n_read, dtype=np.int64)
        first += n_read
        _check_rows(first - 2)
        right = np.fromiter((len(row) == width for row in cells), dtype=np.bool_, count=n_read)
        filled = np.fromiter(map(any, cells), dtype=np.bool_, count=n_read)
        for place in np.flatnonzero(filled & ~right).tolist():
            _note_wrong_length(len(cells[place]), width, int(rows[place]), log)
        usable = right & filled
        if not usable.all():
            cells = [cells[place] for place in np.flatnonzero(usable).tolist()]
            rows = rows[usable]
        if cells:
            yield rows, cells


def _note_wrong_length(n_cells: int, width: int, row: int, log: FindingLog) -> None:
    what = f"the row has {n_cells} cell{'' if n_cells == 1 else 's'}, the heading {width}"
    log.error(Said("cell-count", what, "as many cells as headings; a cell that holds a delimiter is quoted"), row=row)


def _note_unnamed(cells: Sequence[str], rows: RowArray, place: int, log: FindingLog) -> None:
    filled = np.flatnonzero(np.fromiter(map(str.strip, cells), dtype=np.bool_, count=len(cells)))
    if len(filled):
        first = int(filled[0])
        what = f"{shown(cells[first])} stands in column {place + 1}, which has no heading"
        log.error(Said("value-without-heading", what, "a heading in row 1, or an empty column"), row=int(rows[first]))


def _note_long_cells(cells: Sequence[str], rows: RowArray, name: str, log: FindingLog) -> None:
    for row, cell in zip(rows.tolist(), cells, strict=True):
        if len(cell) > MAX_CELL_CHARS:
            said = Said("cell-too-long", f"the cell has {len(cell):,} characters", f"at most {MAX_CELL_CHARS:,}")
            log.error(said, row=row, column=name)


def _text_column(values: Sequence[str], pieces: Sequence[CodeArray]) -> TextColumn:
    """Return the column with its texts trimmed, composed (NFC) and without the writer's apostrophe."""
    codes = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32)
    trimmed = list(map(str.strip, values))
    if trimmed == values and all(map(str.isascii, values)) and not any(map(_APOSTROPHE.match, values)):
        return TextColumn(codes, tuple(values))
    clean = _Codes()
    places, _ = clean.add(list(map(_clean, values)))
    return TextColumn(places[codes], tuple(clean.values))


def _clean(value: str) -> str:
    if value[:1] == "'":
        value = without_guard(value)
    value = value.strip()
    return value if value.isascii() else unicodedata.normalize("NFC", value)
