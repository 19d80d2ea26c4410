"""Print a document in the kinds that somebody asks for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evaluation.report.checks import Flaw, flaws_of
from evaluation.report.document import Document
from evaluation.report.html import html_of
from evaluation.report.pdf import pdf_of
from sib_engine.core.findings import Finding, warning


class Printing(StrEnum):
    """What a document can be printed as."""

    PDF = "pdf"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Printed:
    """The files by kind, and what is wrong with them: a character that no font has, a part that says nothing."""

    files: dict[Printing, bytes]
    findings: tuple[Finding, ...]


def printed(
    document: Document, kinds: Iterable[Printing], tables: Mapping[Printing, Callable[[], bytes]] | None = None
) -> Printed:
    """Return a document as files; the same document gives the same bytes.

    Args:
        document: What PDF and HTML are made from.
        kinds: Which files.
        tables: How those are made that are no pages: workbook and CSV.

    Raises:
        RefusedError: If a spreadsheet cannot hold it.
    """
    flaws: list[Flaw] = list(flaws_of(document))
    files: dict[Printing, bytes] = {}
    for kind in kinds:
        if kind is Printing.PDF:
            pdf = pdf_of(document)
            files[kind] = pdf.content
            flaws += pdf.flaws
        elif kind is Printing.HTML:
            files[kind] = html_of(document).encode()
        else:
            files[kind] = (tables or {})[kind]()
    return Printed(files, tuple(warning(flaw.rule, f"{flaw.place}: {flaw.what}") for flaw in flaws))
