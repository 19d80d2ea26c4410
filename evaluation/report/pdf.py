"""A report as PDF/UA-1 and PDF/A-2a, through one fixed typst template that reads its content as data."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time
from importlib import resources
from typing import Final

import typst

from evaluation.report.checks import Flaw
from evaluation.report.content import Data, content_of
from evaluation.report.document import Document
from evaluation.report.values import UNREADABLE

STANDARDS: Final = ("ua-1", "a-2a")
"""Tagged for screen readers (ISO 14289-1), and complete in itself for archives (ISO 19005-2, level A)."""

SCALES: Final = (1.0, 0.94, 0.88, 0.82, 0.76)
"""Sizes of type that are tried for a document of one page, the largest first; the last is 7.2 points."""

_PAGE: Final = re.compile(rb"/Type\s*/Page\b")
_NO_GLYPH: Final = re.compile(r'the text `"(?P<text>(?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{(?P<code>[0-9a-f]+)\}")
_MAX_ATTEMPTS: Final = 20


@dataclass(frozen=True, slots=True)
class PrintedPdf:
    """The file, and the characters that its fonts do not have, each replaced by a mark that says so."""

    content: bytes
    flaws: tuple[Flaw, ...]


def pdf_of(document: Document) -> PrintedPdf:
    """Return a document as PDF. The same document gives the same bytes: the only day is that of its ``meta``.

    The template is fixed and takes the content as JSON, so nothing in a text is read as code. Fonts are
    those inside typst's wheel; no file is opened and nothing is fetched. A document of one page is set
    in smaller type until it fits on one.

    Raises:
        RuntimeError: If typst cannot print it, which is a fault of the template.
    """
    content = content_of(document)
    at = datetime.combine(document.meta.drawn_up_on, time(), tzinfo=UTC)
    if not document.is_one_page:
        return _printed(content, at)
    for scale in SCALES:
        printed = _printed(content | {"scale": scale}, at)
        if _n_pages(printed.content) == 1:
            return printed
    what = f"the document is meant for one page and has {_n_pages(printed.content)}"
    return PrintedPdf(printed.content, (*printed.flaws, Flaw("page-overrun", "document", what)))


def _n_pages(pdf: bytes) -> int:
    return len(_PAGE.findall(pdf))


def _printed(content: Data, at: datetime) -> PrintedPdf:
    """Return the content as PDF, with the characters that no font has replaced."""
    template = resources.files("evaluation.report").joinpath("pdf.typ").read_bytes()
    data = json.dumps(content, ensure_ascii=False)
    missing: dict[str, None] = {}
    for _ in range(_MAX_ATTEMPTS):
        compiler = typst.Compiler(template, ignore_system_fonts=True)
        try:
            made = compiler.compile(
                format="pdf", sys_inputs={"content": data}, pdf_standards=list(STANDARDS), timestamp=at
            )
        except typst.TypstError as problem:
            found = _without_glyph(str(problem.diagnostic))
            if not found:
                raise
            missing |= dict.fromkeys(found)
            data = data.translate({ord(character): UNREADABLE for character in found})
            continue
        if not isinstance(made, bytes):
            message = "typst gave no PDF"
            raise TypeError(message)
        return PrintedPdf(made, _flaws(missing))
    message = "typst keeps finding characters that no font has"
    raise RuntimeError(message)


def _without_glyph(diagnostic: str) -> list[str]:
    """Return the characters that typst names as missing from its fonts."""
    texts = [_ESCAPED.sub(_character, found["text"]) for found in _NO_GLYPH.finditer(diagnostic)]
    return [character for text in texts for character in text if not character.isascii()]


def _character(escaped: re.Match[str]) -> str:
    return chr(int(escaped["code"], 16))


def _flaws(missing: dict[str, None]) -> tuple[Flaw, ...]:
    if not missing:
        return ()
    named = ", ".join(f"U+{ord(character):04X}" for character in sorted(missing))
    what = f"the fonts of the PDF have no character {named}; {UNREADABLE} stands in its place"
    return (Flaw("glyph-missing", "document", what),)
