"""A table of a report as CSV, for whoever wants it in a program of their own."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from evaluation.report import blocks, values
from sib_engine.core.table_writer import Cell, table_bytes


def table_csv(columns: Sequence[blocks.Column], rows: Iterable[blocks.Row]) -> bytes:
    """Return a table as CSV: plain amounts, days as ``2020-04-30``, formulas defused; a last column ``Assumed``."""
    heading = [
        column.heading if column.currency is None else f"{column.heading} ({column.currency.code})"
        for column in columns
    ]
    cells = ([*map(_cell, row.cells), "yes" if row.is_assumed else "no"] for row in rows)
    return table_bytes([*heading, "Assumed"], cells)


def _cell(inline: values.Inline) -> Cell:
    value = values.value_of(inline)
    match value:
        case values.Money():
            return f"{value.amount:f}"
        case values.Number():
            return value.amount if isinstance(value.amount, int | Decimal) else values.shown(value)
        case values.Share() | values.Span():
            return values.shown(value)
        case _:
            return value
