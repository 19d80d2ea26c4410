"""One sheet of a workbook as a table: which sheet, its heading, its rows, and what a reader of it may not see."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import numpy as np

from sib_engine.core.cell_values import ALREADY_TOLD
from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import FindingLog, RowArray, Said
from sib_engine.core.findings import Location
from sib_engine.core.headings import Layout
from sib_engine.core.personal import shown
from sib_engine.core.workbook.book import Sheet, Workbook
from sib_engine.core.workbook.sheet import Merged, Oddity, SheetRow, column_letters

_MOST_NAMED: Final = 5
_VALUES: Final = "values in place of formulas: copy, then paste special, values"


@dataclass(frozen=True, slots=True)
class SheetPlaces:
    """Where rows and columns stand in a sheet: ``letters`` is what a spreadsheet calls each column."""

    sheet: str
    letters: Mapping[str, str]

    def location(self, file: str, row: int | None, column: str) -> Location:
        """Return the place with its sheet and letter."""
        return Location(file=file, row=row, column=column, sheet=self.sheet, letter=self.letters.get(column, ""))

    def row_shown(self, row: int) -> int:
        """Return the row's number, which is that of the sheet."""
        return row

    def firsts(self, rows: RowArray, column: str) -> None:
        """Return None: each row has cells of its own."""
        del rows, column


class SheetTable:
    """A sheet that is open for reading: ``heading`` are the cells of its heading row."""

    def __init__(self, book: Workbook, layout: Layout, log: FindingLog, *, max_columns: int) -> None:
        """Choose the sheet and read down to the heading.

        Raises:
            UnreadableError: If it cannot be told which sheet is meant, or the workbook cannot be read.
        """
        self._log = log
        self._layout = layout
        self._odd: list[tuple[Oddity, int, int, str]] = []
        self._formulas: dict[int, tuple[int, int]] = {}
        self._beyond: set[int] = set()
        self._hidden: list[int] = []
        self._n_hidden = 0
        self._last_row = 0
        self._open = ExitStack()
        sheet = _chosen(book, layout)
        self.name = sheet.name
        log.places = SheetPlaces(sheet.name, {})
        if book.has_macros:
            said = Said("macros-not-run", "the workbook holds macros, which are not run", "a workbook without macros")
            log.warning(said)
        if sheet.is_hidden:
            log.warning(
                Said("sheet-hidden", f"the sheet {shown(sheet.name)} is hidden, and is read", "a visible sheet")
            )
        with self._open:
            opened = book.rows(sheet, max_columns=max_columns + 1, note=self._note)
            self._part, self._blocks = self._open.enter_context(opened)
            self.heading = self._down_to_heading()
            self._open = self._open.pop_all()

    def __enter__(self) -> Self:
        """Return the sheet, open."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        """Close the sheet; what is damaged in its last block is refused as anywhere else."""
        return self._open.__exit__(kind, problem, trace)

    def chunks(self, names: Sequence[str], n_rows: int) -> Iterator[tuple[RowArray, list[list[str]]]]:
        """Yield row numbers and cells, as many as there are names, of rows that hold something.

        Findings about hidden rows and columns, formulas and merged cells follow the last row.
        """
        width = len(names)
        numbers: list[int] = []
        cells: list[list[str]] = []
        try:
            for block in self._blocks:
                self._note_oddities(names)
                for row in block:
                    if self._is_usable(row, width):
                        numbers.append(row.number)
                        cells.append(_as_wide(row.cells, width))
                if len(numbers) >= n_rows:
                    yield np.array(numbers, dtype=np.int64), cells
                    numbers, cells = [], []
        except UnreadableError as problem:
            self._log.error(problem.said, row=problem.row or self._last_row + 1)
        if numbers:
            yield np.array(numbers, dtype=np.int64), cells
        self._note_oddities(names)
        self._note_unseen(names)

    def _down_to_heading(self) -> list[str]:
        for block in self._blocks:
            for place, row in enumerate(block):
                if row.number == self._layout.heading_row:
                    self._blocks = _chained(block[place + 1 :], self._blocks)
                    return ["" if cell == ALREADY_TOLD else cell for cell in row.cells]
                if row.number > self._layout.heading_row:
                    break
            else:
                continue
            break
        what = f"row {self._layout.heading_row} of the sheet {shown(self.name)} is empty"
        said = Said("heading-missing", what, f"the headings in row {self._layout.heading_row}")
        raise UnreadableError(said, self._layout.heading_row)

    def _is_usable(self, row: SheetRow, width: int) -> bool:
        """Return whether a row holds anything; a value to the right of the heading is noted once a column."""
        filled = [place for place, cell in enumerate(row.cells[width:], start=width) if cell.strip()]
        for place in filled:
            self._note_beyond(row.number, place, row.cells[place])
        if not filled and not any(map(str.strip, row.cells)):
            return False
        self._last_row = row.number
        if row.is_hidden:
            self._n_hidden += 1
            if len(self._hidden) < _MOST_NAMED:
                self._hidden.append(row.number)
        return True

    def _note(self, oddity: Oddity, row: int, column: int, text: str) -> None:
        if row > self._layout.heading_row:
            self._odd.append((oddity, row, column, text))

    def _note_oddities(self, names: Sequence[str]) -> None:
        for oddity, row, column, text in self._odd:
            name = names[column] if column < len(names) else ""
            if oddity is Oddity.BEYOND:
                self._note_beyond(row, column, text)
            elif not name:
                continue
            elif oddity is Oddity.FORMULA:
                count, first = self._formulas.get(column, (0, row))
                self._formulas[column] = (count + 1, first)
            else:
                self._log.error(_odd(oddity, text), row=row, column=name)
        self._odd.clear()

    def _note_beyond(self, row: int, column: int, text: str) -> None:
        if column not in self._beyond and not self._layout.passes_over_others:
            self._beyond.add(column)
            what = f"{shown(text)} stands in column {column_letters(column)}, which has no heading"
            accepted = f"a heading in row {self._layout.heading_row}, or an empty column"
            self._log.error(Said("value-without-heading", what, accepted), row=row)

    def _note_unseen(self, names: Sequence[str]) -> None:
        for column, (n_cells, row) in sorted(self._formulas.items()):
            what = f"{_cells(n_cells)} formulas; what the spreadsheet last worked out is read"
            self._log.warning(Said("formulas", what, _VALUES), row=row, column=names[column])
        for column in sorted(self._part.hidden_columns):
            if column < len(names) and names[column]:
                said = Said("column-hidden", "the column is hidden, and is read like the others", "visible columns")
                self._log.warning(said, row=self._layout.heading_row, column=names[column])
        if self._hidden:
            listed = ", ".join(map(str, self._hidden)) + (", ..." if self._n_hidden > len(self._hidden) else "")
            is_one = self._n_hidden == 1
            what = (
                f"{self._n_hidden:,} row{' is' if is_one else 's are'} hidden or filtered out ({listed}), "
                f"and {'is' if is_one else 'are'} read like the others"
            )
            accepted = "every row in sight: clear the filter, unhide rows"
            self._log.warning(Said("rows-hidden", what, accepted), row=self._hidden[0])
        for merged in self._part.merged:
            self._note_merged(merged, names)

    def _note_merged(self, merged: Merged, names: Sequence[str]) -> None:
        first = max(merged.first_row, self._layout.heading_row + 1)
        touched = [name for name in names[merged.first_column : merged.last_column + 1] if name]
        if first <= min(merged.last_row, self._last_row) and touched:
            what = f"the cells {merged.text} are merged: only the first of them holds what is seen in all"
            said = Said("cells-merged", what, "cells that are not merged, the value in each that it is meant for")
            self._log.error(said, row=first, column=touched[0])


def _chosen(book: Workbook, layout: Layout) -> Sheet:
    """Return the sheet that is meant."""
    named = {sheet.name.casefold(): sheet for sheet in reversed(book.sheets)}
    visible = [sheet for sheet in book.sheets if not sheet.is_hidden]
    listed = ", ".join(shown(sheet.name) for sheet in book.sheets[: _MOST_NAMED * 2]) or "none"
    if layout.sheet:
        if layout.sheet.casefold() in named:
            return named[layout.sheet.casefold()]
        what = f"the workbook has no sheet {shown(layout.sheet)}; its sheets: {listed}"
        raise UnreadableError(Said("sheet-missing", what, f"a sheet called {layout.sheet!r}"))
    if layout.usual_sheet.casefold() in named:
        return named[layout.usual_sheet.casefold()]
    if len(visible) == 1:
        return visible[0]
    if not book.sheets:
        raise UnreadableError(Said("sheet-missing", "the workbook has no sheet of cells", "a sheet with headings"))
    accepted = "one sheet only" + (f", or one called {layout.usual_sheet!r}" if layout.usual_sheet else "")
    many = f"{len(visible)} visible sheets" if visible else "no visible sheet"
    what = f"the workbook has {many}: which is meant? {listed}"
    raise UnreadableError(Said("sheet-unclear", what, accepted))


def _odd(oddity: Oddity, text: str) -> Said:
    if oddity is Oddity.NO_VALUE:
        what = "the cell holds a formula that has never been worked out"
        return Said("formula-without-value", what, f"{_VALUES}; or the file saved once in a spreadsheet")
    if oddity is Oddity.ERROR:
        return Said("spreadsheet-error", f"the cell shows the error {shown(text)}", "a value, or an empty cell")
    what = f"the number {shown(text)} has more than 15 digits, and the spreadsheet has lost those behind"
    return Said("digits-lost", what, "the digits as text: format the cells as text before typing them")


def _cells(n_cells: int) -> str:
    return "1 cell holds" if n_cells == 1 else f"{n_cells:,} cells hold"


def _as_wide(cells: list[str], width: int) -> list[str]:
    missing = width - len(cells)
    if missing > 0:
        cells.extend([""] * missing)
        return cells
    return cells[:width] if missing < 0 else cells


def _chained(first: list[SheetRow], rest: Iterator[list[SheetRow]]) -> Iterator[list[SheetRow]]:
    yield first
    yield from rest
