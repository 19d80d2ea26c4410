"""Use case: a statement as documents that people read, sign and keep."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evaluation.report.checks import Flaw, flaws_of
from evaluation.report.html import html_of
from evaluation.report.pdf import pdf_of
from sib_engine.core.findings import Finding, Severity, warning
from sib_engine.documents.statement import statement_document
from sib_engine.documents.statement_figures import MinimumPosition, StatementFigures, figures_of
from sib_engine.documents.statement_workbook import statement_workbook
from sib_engine.services.as_known import KNOW_LATER, KNOW_LESS
from sib_engine.services.draw_statement import DrawnStatement

DRAFT = "draft: nobody has approved it"
"""What a statement is that was drawn up from files: no approval is kept there."""


class Printing(StrEnum):
    """What a statement can be printed as."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """The documents by kind, and what is wrong with them: a character that no font has, a part that says nothing."""

    files: dict[Printing, bytes]
    findings: tuple[Finding, ...]


def print_statement(drawn: DrawnStatement, kinds: Iterable[Printing], *, drawn_up_on: date) -> PrintedStatement:
    """Return a statement that was drawn up just now as documents; the same statement and day give the same bytes.

    Raises:
        RefusedError: If a spreadsheet cannot hold it.
    """
    return print_figures(_figures(drawn), kinds, drawn_up_on=drawn_up_on)


def print_figures(figures: StatementFigures, kinds: Iterable[Printing], *, drawn_up_on: date) -> PrintedStatement:
    """Return :func:`print_statement` for figures from elsewhere."""
    document = statement_document(figures, drawn_up_on=drawn_up_on)
    flaws: list[Flaw] = list(flaws_of(document))
    files: dict[Printing, bytes] = {}
    for kind in kinds:
        if kind is Printing.PDF:
            printed = pdf_of(document)
            files[kind] = printed.content
            flaws += printed.flaws
        elif kind is Printing.HTML:
            files[kind] = html_of(document).encode()
        else:
            files[kind] = statement_workbook(figures, drawn_up_on=drawn_up_on)
    return PrintedStatement(files, tuple(warning(flaw.rule, f"{flaw.place}: {flaw.what}") for flaw in flaws))


def _figures(drawn: DrawnStatement) -> StatementFigures:
    minimums = [MinimumPosition(each.minimum, each.words, each.pays_below, each.withheld) for each in drawn.minimums]
    notes = [
        finding.what
        for finding in drawn.findings
        if finding.severity is Severity.NOTE or finding.rule in {KNOW_LATER, KNOW_LESS}
    ]
    return figures_of(drawn.contract, drawn.statement, drawn.headroom, minimums=minimums, notes=notes, standing=DRAFT)
