"""Rows as text: what their digest is taken over, and what COPY is given."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

BETWEEN_VALUES: Final = "\x1f"
AFTER_ROW: Final = "\x1e"
NOTHING: Final = "\x00"
"""What stands for a value that is not there."""


def columns_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Sequence[Any]]:
    """Return rows as columns; a name that some rows lack is None there."""
    names = tuple(rows[0])
    if all(tuple(row) == names for row in rows):
        return dict(zip(names, zip(*(row.values() for row in rows), strict=True), strict=True))
    every = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in every}


def row_texts(columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """Return each row as text: its values, as both databases give them back, in the order of the columns."""
    return list(map(BETWEEN_VALUES.join, zip(*map(_texts, columns.values()), strict=True)))


def joined(rows: Sequence[str]) -> str:
    """Return rows as one text."""
    return f"{AFTER_ROW.join(rows)}{AFTER_ROW}" if rows else ""


def text_of(value: object) -> str:
    """Return a value as both databases give it back."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """Return :func:`text_of` each value; a column of one kind is turned as a whole."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return values
    if kinds == {int}:
        return list(map(str, values))
    if kinds <= {str, type(None)}:
        return [NOTHING if value is None else value for value in values]
    if kinds <= {int, type(None)}:
        return [NOTHING if value is None else str(value) for value in values]
    if kinds <= {date, type(None)}:
        known = {day: text_of(day) for day in set(values)}
        return [known[day] for day in values]
    return list(map(text_of, values))
