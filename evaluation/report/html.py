"""A report as one HTML page: everything inside it, no script, readable aloud and on paper."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import singledispatch
from html import escape
from importlib import resources
from typing import Final

from evaluation.report.blocks import (
    Align,
    Block,
    Bullets,
    CallOut,
    Column,
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
from evaluation.report.content import Numbering, notes_of, running_title
from evaluation.report.document import Document
from evaluation.report.values import Inline, Span, Text, cleaned, day, pieces, shown, sources_of, value_of

DEEPEST: Final = 6
"""HTML has no heading below this level."""

NOTHING: Final = "nothing to show"
"""Stands in a table without rows that does not say what that means."""


def html_of(document: Document) -> str:
    """Return a document as a page that stands alone: no script, no address fetched, every text escaped.

    Its content policy allows the one style sheet inside it, by digest, and pictures inside it; nothing else.
    """
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    style = resources.files("evaluation.report").joinpath("html.css").read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    meta = document.meta
    numbering = Numbering(document)
    yield "<!doctype html>"
    yield f'<html lang="{_text(meta.language)}">'
    yield '<head>\n<meta charset="utf-8">'
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(running_title(document))}</title>"
    yield f"<style>{style}</style>\n</head>\n<body>\n<header>"
    yield f"<h1>{_text(document.title)}</h1>"
    if document.subtitle:
        yield f'<p class="subtitle">{_text(document.subtitle)}</p>'
    if meta.entries:
        yield from _entries(meta.entries, numbering)
    yield "</header>\n<main>"
    for block in (*document.blocks, *document.sections):
        yield from _block(block, numbering, 2)
    if document.sources:
        yield from _sources(document, numbering)
    for annex in document.annexes:
        yield from _block(annex, numbering, 2)
    yield "</main>\n<footer>"
    yield f"<p>Drawn up on {day(meta.drawn_up_on)}</p>"
    if meta.digest:
        yield f"<p>Digest <code>{_text(meta.digest)}</code></p>"
    yield "</footer>\n</body>\n</html>"


@singledispatch
def _block(block: Block, _numbering: Numbering, _level: int) -> Iterator[str]:
    """Yield the lines of one block; the level is that of a heading in it."""
    message = f"a {type(block).__name__} is no block of a report"
    raise TypeError(message)


@_block.register
def _section(section: Section, numbering: Numbering, level: int) -> Iterator[str]:
    names = [name for name, is_set in (("wide", section.is_wide), ("new-page", section.on_new_page)) if is_set]
    yield f'<section class="{" ".join(names)}">' if names else "<section>"
    tag = f"h{min(level, DEEPEST)}"
    yield f"<{tag}>{_text(section.title)}</{tag}>"
    for block in section.blocks:
        yield from _block(block, numbering, level + 1)
    yield "</section>"


@_block.register
def _paragraph(block: Paragraph, numbering: Numbering, _level: int) -> Iterator[str]:
    yield f"<p>{_runs(block.text, numbering)}</p>"


@_block.register
def _bullets(block: Bullets, numbering: Numbering, _level: int) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{_runs(item, numbering)}</li>" for item in block.items)
    yield "</ul>"


@_block.register
def _definitions(block: Definitions, numbering: Numbering, _level: int) -> Iterator[str]:
    yield from _entries(block.entries, numbering)


@_block.register
def _call_out(block: CallOut, numbering: Numbering, _level: int) -> Iterator[str]:
    word = block.kind.value
    said = f'<strong class="word">{word}:</strong> {_runs(block.text, numbering)}'
    yield f'<div class="callout {word.lower()}" role="note"><p>{said}</p></div>'


@_block.register
def _sign_offs(block: SignOffs, _numbering: Numbering, _level: int) -> Iterator[str]:
    yield '<ul class="signoffs">'
    yield from (_sign_off(each) for each in block.sign_offs)
    yield "</ul>"


@_block.register
def _page_break(_here: PageBreak, _numbering: Numbering, _level: int) -> Iterator[str]:
    yield '<div class="new-page"></div>'


def _entries(entries: Iterable[Entry], numbering: Numbering) -> Iterator[str]:
    yield '<dl class="entries">'
    for entry in entries:
        yield f"<dt>{_text(entry.term)}</dt><dd>{_runs(entry.text, numbering)}</dd>"
    yield "</dl>"


@_block.register
def _key_figures(block: KeyFigures, numbering: Numbering, _level: int) -> Iterator[str]:
    yield '<dl class="figures">'
    for each in block.figures:
        note = f'<dd class="note">{_text(each.note)}</dd>' if each.note else ""
        value = f'<dd class="value">{_run(each.value, numbering)}</dd>'
        yield f"<div><dt>{_text(each.label)}</dt>{value}{note}</div>"
    yield "</dl>"


@_block.register
def _table(table: Table, numbering: Numbering, _level: int) -> Iterator[str]:
    number = numbering.next("Table")
    label = _text(f"{number}: {table.caption}")
    yield f'<div class="scroll" role="region" aria-label="{label}" tabindex="0">\n<table>'
    yield f'<caption><span class="number">{number}.</span> {_text(table.caption)}</caption>'
    headings = "".join(
        f'<th scope="col"{_classes(column)}>{_text(column.shown_heading)}</th>' for column in table.columns
    )
    yield f"<thead><tr>{headings}</tr></thead>\n<tbody>"
    for row in table.rows:
        yield _row(row, table.columns, numbering)
    if not table.rows:
        said = _text(table.if_empty or NOTHING)
        yield f'<tr><td class="empty" colspan="{len(table.columns)}">{said}</td></tr>'
    yield "</tbody>"
    if table.total is not None:
        yield f"<tfoot>{_row(table.total, table.columns, numbering)}</tfoot>"
    yield "</table>\n</div>"
    notes = notes_of(table)
    if notes:
        yield f'<div class="notes">{"".join(f"<p>{_runs(note, numbering)}</p>" for note in notes)}</div>'


def _row(row: Row, columns: tuple[Column, ...], numbering: Numbering) -> str:
    cells = []
    for place, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        inner = _run(cell, numbering, bare=True)
        if column.kind is Kind.CODE and inner:
            inner = f"<code>{inner}</code>"
        if place == 0:
            if row.is_assumed:
                inner += '<span aria-hidden="true">*</span><span class="hidden"> (assumed)</span>'
            cells.append(f'<th scope="row"{_classes(column)}>{inner}</th>')
        else:
            cells.append(f"<td{_classes(column)}>{inner}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _classes(column: Column) -> str:
    if column.side is Align.RIGHT:
        return ' class="right"'
    return ' class="whole"' if column.kind is Kind.DATE else ""


@_block.register
def _figure(figure: Figure, numbering: Numbering, _level: int) -> Iterator[str]:
    inside = base64.b64encode(figure.svg.encode()).decode()
    yield f'<figure><img src="data:image/svg+xml;base64,{inside}" alt="{_text(figure.alternative)}">'
    yield f"<figcaption>{numbering.next('Figure')}. {_text(figure.caption)}</figcaption></figure>"


def _sign_off(sign_off: SignOff) -> str:
    if not sign_off.name:
        below = "Name, signature, date"
    else:
        on = "" if sign_off.on is None else day(sign_off.on)
        below = "<br>".join(_text(part) for part in (sign_off.organisation, on, sign_off.said) if part)
    role, name = _text(sign_off.role), _text(sign_off.name)
    return f'<li><strong>{role}</strong><div class="line">{name}</div><div class="small">{below}</div></li>'


def _sources(document: Document, numbering: Numbering) -> Iterator[str]:
    yield "<section>\n<h2>Sources</h2>\n<ol>"
    for number, source in enumerate(document.sources, start=1):
        yield f'<li id="source-{number}">{_runs(source.text, numbering)}</li>'
    yield "</ol>\n</section>"


def _runs(text: Text, numbering: Numbering) -> str:
    return "".join(_run(piece, numbering) for piece in pieces(text))


def _run(inline: Inline, numbering: Numbering, *, bare: bool = False) -> str:
    value = value_of(inline)
    said = escape(shown(value, bare=bare))
    if isinstance(value, Span):
        said = f"<code>{said}</code>" if value.is_code else said
        said = f"<strong>{said}</strong>" if value.is_strong else said
    links = ", ".join(
        f'<a href="#source-{number}"><span class="hidden">source </span>{number}</a>'
        for number in numbering.of_sources(sources_of(inline))
    )
    return f"{said}<sup>{links}</sup>" if links else said


def _text(text: str) -> str:
    return escape(cleaned(text))
