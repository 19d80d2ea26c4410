"""The lines of a statement as CSV, for whoever wants them in a program of their own."""

from decimal import Decimal

from evaluation.report import values
from sib_engine.core.table_writer import Cell, table_bytes
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.documents.statement_lines import line_columns, line_rows


def statement_csv(figures: StatementFigures) -> bytes:
    """Return the lines as CSV with the headings of the annex: plain amounts, days as ``2020-04-30``, formulas defused.

    It is a view: what later statements read is the file of :mod:`sib_engine.payments.statement.lines_file`.
    """
    code = figures.contract.currency.code
    heading = [
        column.heading if column.currency is None else f"{column.heading} ({code})" for column in line_columns(figures)
    ]
    rows = ([*(_cell(cell) for cell in row.cells), "yes" if row.is_assumed else "no"] for row in line_rows(figures))
    return table_bytes([*heading, "Assumed"], rows)


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
