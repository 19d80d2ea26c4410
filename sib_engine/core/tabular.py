"""Read a table, from a delimited text file or a workbook, into compact columns of text, with all its mistakes at once.

:mod:`sib_engine.core.cells` turns the columns of text into dates, numbers and choices;
:mod:`sib_engine.core.table_writer` writes tables.
"""

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from sib_engine.core.columns import CodeArray, Codes, Column, OtherColumn, Table, TextColumn, text_column
from sib_engine.core.delimited import DELIMITERS, DelimitedFile, UnreadableError, open_delimited
from sib_engine.core.file_kind import FileKind, kind_of, note_other_name
from sib_engine.core.finding_log import READABLE, FindingLog, Listing, RowArray, Said
from sib_engine.core.headings import Layout, column_names, delimiter_of, none_known, plain_heading
from sib_engine.core.personal import shown
from sib_engine.core.sheet_table import SheetPlaces, SheetTable
from sib_engine.core.workbook.book import Workbook
from sib_engine.core.workbook.sheet import column_letters

__all__ = ["CodeArray", "Column", "Layout", "Table", "TextColumn", "headings_in", "read_table"]

MAX_ROWS: Final = 2_000_000
MAX_COLUMNS: Final = 200
MAX_CELL_CHARS: Final = 2_000
MAX_TEXT_BYTES: Final = 512 << 20
"""Memory for different texts: a text that repeats is kept once in each column."""

CHUNK_ROWS: Final = 5_000
_BYTES_A_TEXT: Final = 130
"""What a dict entry, its code and a list slot take beside the text itself."""

_DIVIDE: Final = "divide the file by site or by person"
_PLAIN: Final = Layout()

_Chunks = Iterator[tuple[RowArray, list[list[str]]]]


def read_table(
    path: Path,
    columns: Sequence[Column],
    *,
    at_least: int = 1,
    layout: Layout = _PLAIN,
    listing: Listing = READABLE,
    label: str = "",
) -> tuple[Table | None, FindingLog]:
    """Return the table in ``path`` and what is wrong with it.

    Whether it is text or a workbook is told by its content, whatever its name. Text: UTF-8 with or
    without a byte order mark; LF, CRLF or CR; commas, semicolons or tabs. Headings may stand in any
    order and any case. Memory is bounded by the declared limits of this module, of
    :mod:`sib_engine.core.delimited` and of :mod:`sib_engine.core.workbook.limits`, however large the file.

    Args:
        path: The file.
        columns: The columns that the table may have, or must; any other heading is an error, unless
            the layout passes them over.
        at_least: How many rows it must have below the heading.
        layout: Where in the file the table lies.
        listing: How many findings are put into words.
        label: What findings call the file; blank for its path.

    Returns:
        The table, ``None`` only where not even the heading can be used; and a log of findings that
        later checks of the same file add to. Rows of the wrong length are left out of the table, and
        a table that breaks off holds the rows before: look at ``log.has_errors`` before using it.
    """
    log = FindingLog(label or str(path), listing=listing)
    try:
        with open_delimited(path) as stream:
            kind = kind_of(stream)
            read = _from_workbook if kind is FileKind.WORKBOOK else _from_text
            table = read(stream, columns, layout, log)
            note_other_name(label or path.name, kind, log)
    except UnreadableError as problem:
        log.error(problem.said, row=problem.row)
        return None, log
    except OSError as problem:
        log.error(Said("file-not-readable", f"the file cannot be read: {(problem.strerror or 'unknown').lower()}"))
        return None, log
    if table is not None and len(table) < at_least and not log.has_errors:
        what = f"there is a heading and {'no row' if len(table) == 0 else f'only {len(table)}'} below it"
        log.error(Said("no-rows", what, f"at least {at_least}"), row=layout.heading_row)
    return table, log


def headings_in(path: Path, layout: Layout = _PLAIN) -> tuple[str, ...]:
    """Return the headings of the table in ``path`` as they stand, whatever divides them; none where unreadable."""
    try:
        with open_delimited(path) as stream:
            if kind_of(stream) is FileKind.WORKBOOK:
                log = FindingLog(str(path))
                with SheetTable(Workbook(stream), layout, log, max_columns=MAX_COLUMNS) as sheet:
                    return tuple(sheet.heading)
            file = DelimitedFile(stream)
            headings = [file.heading(mark, row=layout.heading_row) for mark in DELIMITERS]
            longest = max(headings, key=len)
            return tuple(longest)
    except (UnreadableError, OSError):
        return ()


def _from_text(stream: BinaryIO, columns: Sequence[Column], layout: Layout, log: FindingLog) -> Table | None:
    file = DelimitedFile(stream)
    delimiter = delimiter_of(file, columns, layout, log)
    if delimiter is None:
        return None
    records = islice(file.records(delimiter), layout.heading_row - 1, None)
    heading = next(records)
    names = _usable_names(heading, columns, layout, log)
    if names is None:
        return None
    chunks = _chunks(records, layout.heading_row + 1, len(names), log)
    return _table(chunks, heading, names, log, passes_over_others=layout.passes_over_others)


def _from_workbook(stream: BinaryIO, columns: Sequence[Column], layout: Layout, log: FindingLog) -> Table | None:
    with SheetTable(Workbook(stream), layout, log, max_columns=MAX_COLUMNS) as sheet:
        known = {plain_heading(column.name) for column in columns}
        if not known & set(map(plain_heading, sheet.heading)):
            log.error(none_known(columns, layout.heading_row), row=layout.heading_row)
            return None
        names = _usable_names(sheet.heading, columns, layout, log)
        if names is None:
            return None
        log.places = SheetPlaces(sheet.name, {name: column_letters(at) for at, name in enumerate(names) if name})
        chunks = sheet.chunks(names, CHUNK_ROWS)
        return _table(chunks, sheet.heading, names, log, passes_over_others=layout.passes_over_others, sheet=sheet.name)


def _usable_names(
    heading: Sequence[str], columns: Sequence[Column], layout: Layout, log: FindingLog
) -> list[str] | None:
    if len(heading) > MAX_COLUMNS:
        what = f"row {layout.heading_row} has {len(heading):,} headings"
        log.error(Said("too-many-columns", what, f"at most {MAX_COLUMNS}"), row=layout.heading_row)
        return None
    return column_names(heading, columns, layout, log)


def _table(
    chunks: _Chunks,
    heading: Sequence[str],
    names: Sequence[str],
    log: FindingLog,
    *,
    passes_over_others: bool,
    sheet: str = "",
) -> Table:
    encoders = {place: Codes() for place, name in enumerate(names) if name}
    pieces: dict[int, list[CodeArray]] = {place: [] for place in encoders}
    others = {place: 0 for place, name in enumerate(names) if not name}
    numbers: list[RowArray] = []
    n_bytes = 0
    for rows, cells in chunks:
        columns = list(zip(*cells, strict=True))
        for place in others:
            others[place] += sum(map(bool, columns[place]))
            if not heading[place].strip() and not passes_over_others:
                _note_unnamed(columns[place], rows, column_letters(place) if sheet else str(place + 1), log)
        for place, encoder in encoders.items():
            codes, new = encoder.add(columns[place])
            if max(map(len, new), default=0) > MAX_CELL_CHARS:
                _note_long_cells(columns[place], rows, names[place], log)
            n_bytes += sum(map(sys.getsizeof, new)) + _BYTES_A_TEXT * len(new)
            pieces[place].append(codes)
        numbers.append(rows)
        _check_texts(n_bytes, int(rows[-1]))
    passed_over = [
        OtherColumn(heading[place].strip(), column_letters(place), n_filled)
        for place, n_filled in others.items()
        if heading[place].strip() or n_filled
    ]
    return Table(
        file=log.file,
        numbers=np.concatenate(numbers) if numbers else np.zeros(0, dtype=np.int64),
        columns={names[place]: text_column(encoders[place].values, pieces[place]) for place in encoders},
        sheet=sheet,
        letters={names[place]: column_letters(place) for place in encoders},
        others=tuple(passed_over),
    )


def _check_rows(n_rows: int, first: int) -> None:
    if n_rows > MAX_ROWS:
        what = f"the file has more than {MAX_ROWS:,} rows"
        raise UnreadableError(Said("too-many-rows", what, f"at most {MAX_ROWS:,} rows; {_DIVIDE}"), MAX_ROWS + first)


def _check_texts(n_bytes: int, row: int) -> None:
    if n_bytes > MAX_TEXT_BYTES:
        what = f"the different texts in the file take more than {MAX_TEXT_BYTES >> 20:,} MiB"
        raise UnreadableError(Said("too-much-text", what, f"shorter texts, or fewer rows; {_DIVIDE}"), row)


def _chunks(records: Iterator[list[str]], start: int, width: int, log: FindingLog) -> _Chunks:
    """Yield row numbers and cells of the rows that are as long as the heading and not blank."""
    first = start
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
        _check_rows(first - start, start)
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


def _note_unnamed(cells: Sequence[str], rows: RowArray, column: str, log: FindingLog) -> None:
    filled = np.flatnonzero(np.fromiter(map(str.strip, cells), dtype=np.bool_, count=len(cells)))
    if len(filled):
        first = int(filled[0])
        what = f"{shown(cells[first])} stands in column {column}, which has no heading"
        log.error(Said("value-without-heading", what, "a heading in row 1, or an empty column"), row=int(rows[first]))


def _note_long_cells(cells: Sequence[str], rows: RowArray, name: str, log: FindingLog) -> None:
    for row, cell in zip(rows.tolist(), cells, strict=True):
        if len(cell) > MAX_CELL_CHARS:
            said = Said("cell-too-long", f"the cell has {len(cell):,} characters", f"at most {MAX_CELL_CHARS:,}")
            log.error(said, row=row, column=name)
