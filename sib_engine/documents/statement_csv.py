"""The lines of a statement as CSV."""

from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.documents.statement_lines import line_columns, line_rows
from sib_engine.documents.table_csv import table_csv


def statement_csv(figures: StatementFigures) -> bytes:
    """Return the lines as CSV with the headings of the annex.

    It is a view: what later statements read is the file of :mod:`sib_engine.payments.statement.lines_file`.
    """
    return table_csv(line_columns(figures), line_rows(figures))
