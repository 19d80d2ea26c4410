"""A report as plain data, every value already text: what a fixed template is handed, and what numbers its parts bear."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from evaluation.report.blocks import (
    Align,
    Block,
    Bullets,
    CallOut,
    Definitions,
    Entry,
    Figure,
    Kind,
    KeyFigures,
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

NARROW: Final = 12
"""A column of texts no longer than this is as wide as its longest."""

WIDEST: Final = 36
"""Beyond so many characters a column gets no more of the width."""


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
        "blocks": [_block(block, numbering, 1) for block in (*document.blocks, *document.sections)],
        "sources": [_runs(source.text, numbering) for source in document.sources],
    }


def running_title(document: Document) -> str:
    """Return what stands at the head of every page after the first."""
    parts = (document.title, document.meta.contract, document.meta.period)
    return " \u00b7 ".join(cleaned(part) for part in dict.fromkeys(parts) if part)


def notes_of(table: Table) -> tuple[Text, ...]:
    """Return a table's notes, with the one on assumed terms where a row is marked."""
    is_marked = any(row.is_assumed for row in table.rows)
    return (*table.notes, *([ASSUMED_NOTE] if is_marked else []))


def fills_width(table: Table) -> bool:
    """Return whether a table is stretched over the whole width: where it has a column of words."""
    return any(width is not None for width in widths_of(table))


def widths_of(table: Table) -> list[int | None]:
    """Return for each column its part of the width that is left, None for one as wide as what it holds."""
    widths: list[int | None] = []
    for index, column in enumerate(table.columns):
        if column.kind is not Kind.TEXT:
            widths.append(None)
            continue
        longest = max((len(shown(value_of(row.cells[index]))) for row in table.rows), default=0)
        widths.append(None if max(longest, len(column.heading)) <= NARROW else min(longest, WIDEST))
    return widths


def _block(block: Block, numbering: Numbering, level: int) -> Data:
    match block:
        case Section():
            return {
                "kind": "section",
                "level": level,
                "title": cleaned(block.title),
                "wide": block.is_wide,
                "new_page": block.on_new_page,
                "blocks": [_block(below, numbering, level + 1) for below in block.blocks],
            }
        case Paragraph():
            return {"kind": "paragraph", "text": _runs(block.text, numbering)}
        case Bullets():
            return {"kind": "bullets", "items": [_runs(item, numbering) for item in block.items]}
        case Definitions():
            return {"kind": "definitions", "entries": [_entry(entry, numbering) for entry in block.entries]}
        case CallOut():
            return {"kind": "callout", "word": block.kind.value, "text": _runs(block.text, numbering)}
        case KeyFigures():
            figures = [
                {"label": cleaned(each.label), "value": _run(each.value, numbering), "note": cleaned(each.note)}
                for each in block.figures
            ]
            return {"kind": "key_figures", "figures": figures}
        case Table():
            return _table(block, numbering)
        case Figure():
            return {
                "kind": "figure",
                "number": numbering.next("Figure"),
                "svg": block.svg,
                "alternative": cleaned(block.alternative),
                "caption": cleaned(block.caption),
            }
        case SignOffs():
            return {"kind": "sign_offs", "sign_offs": [_sign_off(each) for each in block.sign_offs]}
        case PageBreak():
            return {"kind": "page_break"}


def _table(table: Table, numbering: Numbering) -> Data:
    return {
        "kind": "table",
        "number": numbering.next("Table"),
        "caption": cleaned(table.caption),
        "headings": [cleaned(column.shown_heading) for column in table.columns],
        "right": [column.side is Align.RIGHT for column in table.columns],
        "code": [column.kind is Kind.CODE for column in table.columns],
        "widths": widths_of(table),
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
        "name": cleaned(sign_off.name),
        "organisation": cleaned(sign_off.organisation),
        "on": "" if sign_off.on is None else day(sign_off.on),
        "said": cleaned(sign_off.said),
    }


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
