"""Tables in the terminal: every number whole, every word unbroken, whatever the width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table

NUMBER_PREFIX: Final = ">"
"""A heading that begins with this is right-aligned: its column holds numbers."""

READABLE_WIDTH: Final = 24
"""A column of words is not made narrower than this, unless its words are fewer."""

GAP: Final = 3
"""Blank columns between two columns of a table."""


def print_table(
    to: Console,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    total: Sequence[str] = (),
    drop_blank: bool = False,
) -> None:
    """Print a table; a heading that begins with ``>`` is of numbers and is right-aligned.

    No number and no word is ever broken or cut off: a table too wide for the terminal is printed in
    parts below each other, each with the first column. Columns with nothing in them are left out
    where ``drop_blank`` says so.
    """
    cells = [tuple(row) for row in rows]
    columns = [_Column.of(heading, [row[place] for row in cells]) for place, heading in enumerate(headings)]
    if total:
        columns = [replace(column, total=text) for column, text in zip(columns, total, strict=True)]
    if drop_blank:
        columns = [column for column in columns if any(column.cells)]
    if title:
        to.print(title, style="bold")
    for part in _parts(columns, to.width):
        to.print(_table(part, to.width, has_total=bool(total)), crop=False)
        to.print()


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a table: its heading, its cells from top to bottom, and the text of the last line."""

    heading: str
    cells: tuple[str, ...]
    is_number: bool
    total: str = ""

    @classmethod
    def of(cls, heading: str, cells: Sequence[str]) -> Self:
        is_number = heading.startswith(NUMBER_PREFIX)
        return cls(heading.removeprefix(NUMBER_PREFIX), tuple(cells), is_number)

    @property
    def least_width(self) -> int:
        """Width below which a number or a word would break, or words read badly."""
        words = (word for text in (self.heading, self.total, *self.cells) for word in text.split())
        longest = max(map(cell_len, (self.total, *self.cells)))
        return max(max(map(cell_len, words), default=0), longest if self.is_number else min(longest, READABLE_WIDTH))

    @property
    def full_width(self) -> int:
        """Width at which nothing is broken over lines."""
        return max(map(cell_len, (self.heading, self.total, *self.cells)))


def _parts(columns: Sequence[_Column], width: int) -> list[list[_Column]]:
    """Return the columns in parts that each fit in a width, the first column repeated in each."""
    parts = [list(columns[:1])]
    for column in columns[1:]:
        together = [*parts[-1], column]
        if len(together) > 2 and sum(each.least_width + GAP for each in together) - GAP > width:  # noqa: PLR2004 - the first and one more
            parts.append([columns[0]])
        parts[-1].append(column)
    return parts


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Return a width for each column: what it needs at least, and of what is left what it can use, share and share alike."""
    widths = [column.least_width for column in columns]
    left = width - sum(widths) - GAP * (len(columns) - 1)
    while left > 0:
        wanting = [place for place, column in enumerate(columns) if widths[place] < column.full_width]
        if not wanting:
            break
        for place in wanting[:left]:
            widths[place] += 1
        left -= len(wanting[:left])
    return widths


def _table(columns: Sequence[_Column], width: int, *, has_total: bool) -> Table:
    made = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        show_footer=has_total,
        footer_style="bold",
    )
    for column, column_width in zip(columns, _widths(columns, width), strict=True):
        justify: JustifyMethod = "right" if column.is_number else "left"
        made.add_column(column.heading, footer=column.total, justify=justify, width=column_width, overflow="fold")
    for cells in zip(*(column.cells for column in columns), strict=True):
        made.add_row(*cells)
    return made
