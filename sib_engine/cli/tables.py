"""Tables in the terminal: every number whole, every word unbroken, whatever the width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.table import Table

NUMBER_PREFIX: Final = ">"
"""A heading that begins with this is right-aligned: its column holds numbers."""

READABLE_WIDTH: Final = 20
"""A column of words is not made narrower than this, unless its words are fewer."""

BREAK: Final = "\u200b"
"""Stands in a cell, once, where its line may be broken though there is no space."""

GAP: Final = 2
"""Blank columns between two columns of a table."""


def print_table(
    to: Console,
    title: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    total: Sequence[str] = (),
    n_keys: int = 1,
    drop_blank: bool = False,
) -> None:
    """Print a table and a blank line; a heading that begins with ``>`` is of numbers and is right-aligned.

    No number and no word is broken or cut off: a table too wide for the terminal is printed in parts
    below each other, each with the first ``n_keys`` columns, which say what a row is about.
    ``drop_blank`` leaves out columns with nothing in them.
    """
    cells = [tuple(row) for row in rows]
    totals = tuple(total) or ("",) * len(headings)
    kept = [place for place in range(len(headings)) if not drop_blank or any(row[place] for row in cells)]
    columns = [_column(headings[place], [row[place] for row in cells], totals[place]) for place in kept]
    keys = columns[: sum(place < n_keys for place in kept)]
    if title:
        to.print(title, style="bold")
    for part in _parts(keys, columns[len(keys) :], to.width):
        to.print(_table(part, to.width, has_total=bool(total)), crop=False)
        to.print()


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: ``least`` is the width below which it would break a number or a word, ``full`` what it can use."""

    heading: str
    cells: Sequence[str]
    total: str
    justify: JustifyMethod
    least: int
    full: int


def _column(heading: str, cells: Sequence[str], total: str) -> _Column:
    is_number = heading.startswith(NUMBER_PREFIX)
    heading = heading.removeprefix(NUMBER_PREFIX)
    longest = max(map(cell_len, (total, *cells)))
    texts = {heading, total, *cells}
    word = max(cell_len(word) for text in texts for word in text.replace(BREAK, " ").split() or ("",))
    least = max(word, longest if is_number else min(longest, READABLE_WIDTH))
    return _Column(heading, cells, total, "right" if is_number else "left", least, max(longest, cell_len(heading)))


def _parts(keys: Sequence[_Column], others: Sequence[_Column], width: int) -> list[list[_Column]]:
    """Return the columns in parts that each fit into a width, the keys at the head of each."""
    parts: list[list[_Column]] = [[]]
    beside_keys = left = width - sum(key.least + GAP for key in keys)
    for column in others:
        if column.least > left and parts[-1]:
            parts.append([])
            left = beside_keys
        parts[-1].append(column)
        left -= column.least + GAP
    return [[*keys, *part] for part in parts]


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """Return a width for each column: the least, and of what is left what each can use, share and share alike."""
    widths = [column.least for column in columns]
    left = width - sum(widths) - GAP * (len(columns) - 1)
    while left > 0:
        wanting = [place for place, column in enumerate(columns) if widths[place] < column.full][:left]
        if not wanting:
            break
        for place in wanting:
            widths[place] += 1
        left -= len(wanting)
    return widths


def _table(columns: Sequence[_Column], width: int, *, has_total: bool) -> Table:
    widths = _widths(columns, width)
    whole = sum(widths) + GAP * (len(widths) - 1)
    made = Table(
        width=whole if whole > width else None,  # rich would squeeze the columns to fit
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, GAP - 1, 0, 0),
        show_footer=has_total,
        footer_style="bold",
    )
    for column, column_width in zip(columns, widths, strict=True):
        made.add_column(
            column.heading, footer=column.total, justify=column.justify, width=column_width, overflow="fold"
        )
    breaks = ["\n" if width < column.full else "" for column, width in zip(columns, widths, strict=True)]
    for cells in zip(*(column.cells for column in columns), strict=True):
        made.add_row(*(cell.replace(BREAK, end) for cell, end in zip(cells, breaks, strict=True)))
    return made
