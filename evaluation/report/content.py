"""A report as plain data, every value already text, for a fixed template; and the numbers that its parts bear."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import singledispatch
from typing import Any, Final, TypeAlias

from evaluation.report.blocks import (
    Align,
    Block,
    Bullets,
    CallOut,
    Definitions,
    Entry,
    Figure,
    KeyFigures,
    Kind,
    PageBreak,
    Paragraph,
    Row,
    Section,
    SignOff,
    SignOffs,
    Table,
)
from evaluation.report.document import Document
from evaluation.report.values import (
    Inline,
    Span,
    Text,
    cleaned,
    day,
    pieces,
    shown,
    sources_of,
    value_of,
)

Data: TypeAlias = dict[str, Any]

ASSUMED_MARK: Final = "*"
"""Stands after the first cell of a row that rests on assumed terms."""

ASSUMED_NOTE: Final = "* rests on assumed terms"
"""What a table says below itself where a row bears the mark."""

SAMPLED: Final = 4
"""So many of the longest texts of a column are measured to find how wide it has to be."""

_BREAKABLE: Final = re.compile(r"\s+|(?<=[-/])(?=[^\W\d])")
"""Where a line may be broken: at blanks, and after a hyphen or a slash before a letter."""


_DIGIT: Final = re.compile(r"[0-9]")
_LONG_STRETCH: Final = re.compile(r"\S{12}(?=\S{12})")


class Numbering:
    """Gives sources the number of their place in the list; tables and figures are numbered as they come."""

    def __init__(self, document: Document) -> None:
        """Number the document's sources from 1."""
        self._sources = {source.id: number for number, source in enumerate(document.sources, start=1)}
        self._seen: Counter[str] = Counter()

    def of_sources(self, ids: Iterable[str]) -> list[int]:
        """Return the numbers of sources; one that is not listed has none."""
        return [self._sources[name] for name in ids if name in self._sources]

    def next(self, word: str) -> str:
        """Return the next ``Table 1`` or ``Figure 1``."""
        self._seen[word] += 1
        return f"{word} {self._seen[word]}"


def content_of(document: Document) -> Data:
    """Return a document as nested lists, dictionaries, texts and flags; the keys of each block are its template's."""
    numbering = Numbering(document)
    meta = document.meta
    language, _, region = meta.language.partition("-")
    return {
        "title": cleaned(document.title),
        "subtitle": cleaned(document.subtitle),
        "by": cleaned(meta.by),
        "language": language,
        "region": region or None,
        "drawn_up_on": {"year": meta.drawn_up_on.year, "month": meta.drawn_up_on.month, "day": meta.drawn_up_on.day},
        "drawn_up": day(meta.drawn_up_on),
        "running": running_title(document),
        "digest": cleaned(meta.digest),
        "entries": [_entry(entry, numbering) for entry in meta.entries],
        "one_page": document.is_one_page,
        "scale": 1.0,
        "blocks": [_block(block, numbering, 1) for block in (*document.blocks, *document.sections)],
        "sources": [_runs(source.text, numbering) for source in document.sources],
        "annexes": [_block(annex, numbering, 1) for annex in document.annexes],
    }


def running_title(document: Document) -> str:
    """Return what stands at the head of every page after the first."""
    parts = (document.title, document.meta.contract, document.meta.period)
    return " \u00b7 ".join(
        cleaned(part) for part in parts if part and (part is document.title or part not in document.title)
    )


def notes_of(table: Table) -> tuple[Text, ...]:
    """Return a table's notes, with the one on assumed terms where a row is marked."""
    is_marked = any(row.is_assumed for row in table.rows)
    return (*table.notes, *([ASSUMED_NOTE] if is_marked else []))


def _samples(table: Table) -> tuple[list[list[str]], list[list[str]]]:
    """Return for each column its longest texts, and its longest pieces that no line break can divide."""
    texts: list[list[str]] = []
    words: list[list[str]] = []
    for index, column in enumerate(table.columns):
        found = dict.fromkeys(shown(value_of(row.cells[index]), bare=True) for row in table.rows)
        pieces_of = found
        if column.kind in {Kind.TEXT, Kind.CODE}:
            pieces_of = dict.fromkeys(word for text in found for word in _BREAKABLE.split(text))
        texts.append(_longest(found, column.kind))
        words.append(_longest(pieces_of, column.kind))
    return texts, words


def _longest(texts: Iterable[str], kind: Kind) -> list[str]:
    """Return the longest of some texts; of days one for each month, since months of as many letters differ in width."""
    if kind is Kind.DATE:
        return sorted({_DIGIT.sub("0", text) for text in texts})
    return sorted(texts, key=len, reverse=True)[:SAMPLED]


@singledispatch
def _block(block: Block, _numbering: Numbering, _level: int) -> Data:
    """Return one block with its ``kind``."""
    message = f"a {type(block).__name__} is no block of a report"
    raise TypeError(message)


@_block.register
def _section(block: Section, numbering: Numbering, level: int) -> Data:
    return {
        "kind": "section",
        "level": level,
        "title": cleaned(block.title),
        "wide": block.is_wide,
        "new_page": block.on_new_page,
        "blocks": [_block(below, numbering, level + 1) for below in block.blocks],
    }


@_block.register
def _paragraph(block: Paragraph, numbering: Numbering, _level: int) -> Data:
    return {"kind": "paragraph", "text": _runs(block.text, numbering)}


@_block.register
def _bullets(block: Bullets, numbering: Numbering, _level: int) -> Data:
    return {"kind": "bullets", "items": [_runs(item, numbering) for item in block.items]}


@_block.register
def _definitions(block: Definitions, numbering: Numbering, _level: int) -> Data:
    return {"kind": "definitions", "entries": [_entry(entry, numbering) for entry in block.entries]}


@_block.register
def _call_out(block: CallOut, numbering: Numbering, _level: int) -> Data:
    return {"kind": "callout", "word": block.kind.value, "text": _runs(block.text, numbering)}


@_block.register
def _key_figures(block: KeyFigures, numbering: Numbering, _level: int) -> Data:
    figures = [
        {"label": cleaned(each.label), "value": _run(each.value, numbering), "note": cleaned(each.note)}
        for each in block.figures
    ]
    return {"kind": "key_figures", "figures": figures}


@_block.register
def _figure(block: Figure, numbering: Numbering, _level: int) -> Data:
    return {
        "kind": "figure",
        "number": numbering.next("Figure"),
        "svg": block.svg,
        "alternative": cleaned(block.alternative),
        "caption": cleaned(block.caption),
    }


@_block.register
def _sign_offs(block: SignOffs, _numbering: Numbering, _level: int) -> Data:
    return {"kind": "sign_offs", "sign_offs": [_sign_off(each) for each in block.sign_offs]}


@_block.register
def _page_break(_here: PageBreak, _numbering: Numbering, _level: int) -> Data:
    return {"kind": "page_break"}


@_block.register
def _table(table: Table, numbering: Numbering, _level: int) -> Data:
    longest, words = _samples(table)
    return {
        "kind": "table",
        "number": numbering.next("Table"),
        "caption": cleaned(table.caption),
        "headings": [cleaned(column.shown_heading) for column in table.columns],
        "right": [column.side is Align.RIGHT for column in table.columns],
        "code": [column.kind is Kind.CODE for column in table.columns],
        "stretches": [column.kind is Kind.TEXT for column in table.columns],
        "cited": [any(sources_of(row.cells[place]) for row in table.rows) for place in range(len(table.columns))],
        "longest": longest,
        "words": words,
        "rows": [_row(row, numbering) for row in table.rows],
        "total": None if table.total is None else _row(table.total, numbering),
        "notes": [_runs(note, numbering) for note in notes_of(table)],
        "if_empty": cleaned(table.if_empty),
    }


def _row(row: Row, numbering: Numbering) -> list[str | Data]:
    """Return the cells of a row: a text where there is nothing more to a cell, which most rows of a long table have."""
    cells: list[str | Data] = [
        _run(cell, numbering, bare=True) if sources_of(cell) or isinstance(value_of(cell), Span) else _cell(cell)
        for cell in row.cells
    ]
    if row.is_assumed:
        first = row.cells[0]
        cells[0] = {**_run(first, numbering, bare=True), "mark": ASSUMED_MARK}
    return cells


def _cell(cell: Inline) -> str:
    return shown(value_of(cell), bare=True)


def _entry(entry: Entry, numbering: Numbering) -> Data:
    return {"term": cleaned(entry.term), "text": _runs(entry.text, numbering)}


def _sign_off(sign_off: SignOff) -> Data:
    return {
        "role": cleaned(sign_off.role),
        "name": _breakable(sign_off.name),
        "organisation": _breakable(sign_off.organisation),
        "on": "" if sign_off.on is None else day(sign_off.on),
        "said": _breakable(sign_off.said),
    }


def _breakable(text: str) -> str:
    """Return a text in which words that are longer than a narrow column, a digest for one, may be broken."""
    return _LONG_STRETCH.sub("\\g<0>\u200b", cleaned(text))


def _runs(text: Text, numbering: Numbering) -> Sequence[Data]:
    return [_run(piece, numbering) for piece in pieces(text)]


def _run(inline: Inline, numbering: Numbering, *, bare: bool = False) -> Data:
    value = value_of(inline)
    return {
        "text": shown(value, bare=bare),
        "strong": isinstance(value, Span) and value.is_strong,
        "code": isinstance(value, Span) and value.is_code,
        "sources": numbering.of_sources(sources_of(inline)),
        "mark": "",
    }
