"""Use case: a statement as documents that people read, sign and keep."""

from collections.abc import Iterable
from datetime import date

from sib_engine.core.findings import Severity
from sib_engine.documents.statement import statement_document
from sib_engine.documents.statement_csv import statement_csv
from sib_engine.documents.statement_figures import MinimumPosition, StatementFigures, figures_of
from sib_engine.documents.statement_workbook import statement_workbook
from sib_engine.services.as_known import KNOW_LATER, KNOW_LESS
from sib_engine.services.draw_statement import DrawnStatement
from sib_engine.services.papers.printing import Printed, Printing, printed
from sib_engine.services.price_counts import MinimumLine

DRAFT = "draft: nobody has approved it"
"""What a statement is that was drawn up from files: no approval is kept there."""


def print_statement(drawn: DrawnStatement, kinds: Iterable[Printing], *, drawn_up_on: date) -> Printed:
    """Return a statement that was drawn up just now as documents; the same statement and day give the same bytes.

    Raises:
        RefusedError: If a spreadsheet cannot hold it.
    """
    return print_figures(_figures(drawn), kinds, drawn_up_on=drawn_up_on)


def print_figures(figures: StatementFigures, kinds: Iterable[Printing], *, drawn_up_on: date) -> Printed:
    """Return :func:`print_statement` for figures from elsewhere."""
    tables = {
        Printing.XLSX: lambda: statement_workbook(figures, drawn_up_on=drawn_up_on),
        Printing.CSV: lambda: statement_csv(figures),
    }
    return printed(statement_document(figures, drawn_up_on=drawn_up_on), kinds, tables)


def minimum_positions(minimums: Iterable[MinimumLine]) -> tuple[MinimumPosition, ...]:
    """Return minimums to date as the document of a statement shows them."""
    return tuple(MinimumPosition(each.minimum, each.words, each.pays_below, each.withheld) for each in minimums)


def _figures(drawn: DrawnStatement) -> StatementFigures:
    minimums = minimum_positions(drawn.minimums)
    notes = [
        finding.what
        for finding in drawn.findings
        if finding.severity is Severity.NOTE or finding.rule in {KNOW_LATER, KNOW_LESS}
    ]
    return figures_of(drawn.contract, drawn.statement, drawn.headroom, minimums=minimums, notes=notes, standing=DRAFT)
