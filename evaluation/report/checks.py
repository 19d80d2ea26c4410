"""What is wrong with a report before anybody reads it: parts that say nothing, sources that lead nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from evaluation.report.blocks import (
    Block,
    Bullets,
    CallOut,
    Definitions,
    KeyFigures,
    Paragraph,
    Section,
    SignOffs,
    Table,
)
from evaluation.report.document import Document, blocks_of, inlines_of
from evaluation.report.values import pieces, plain_text, sources_of, value_of


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with a report: a stable code, where, and what."""

    rule: str
    place: str
    what: str


def flaws_of(document: Document) -> tuple[Flaw, ...]:
    """Return everything that is wrong with a report, in reading order."""
    return (*_whole(document), *_parts(document), *_sources(document))


def _whole(document: Document) -> Iterator[Flaw]:
    if not document.title.strip():
        yield Flaw("title-missing", "document", "the document has no title")
    if not document.meta.language.strip():
        yield Flaw("language-missing", "document", "the document does not say its language")
    if not (document.blocks or document.sections or document.annexes):
        yield Flaw("document-empty", "document", "the document has nothing in it")


def _parts(document: Document) -> Iterator[Flaw]:
    place = "document"
    for block in blocks_of(document):
        if isinstance(block, Section):
            place = f"section {block.title!r}"
        yield from _of_block(block, place)


@singledispatch
def _of_block(_block: Block, _place: str) -> Iterator[Flaw]:
    """Yield what is wrong with one block; nothing can be with a page break or a figure."""
    return iter(())


@_of_block.register
def _section(section: Section, place: str) -> Iterator[Flaw]:
    if not section.title.strip():
        yield Flaw("heading-blank", place, "a section has no heading")
    if not section.blocks:
        yield Flaw("section-empty", place, "nothing stands below the heading")


@_of_block.register
def _running_text(block: Paragraph | CallOut, place: str) -> Iterator[Flaw]:
    if not plain_text(block.text).strip():
        yield Flaw("text-blank", place, "a text is blank")


@_of_block.register
def _listed(block: Bullets | Definitions | SignOffs, place: str) -> Iterator[Flaw]:
    match block:
        case Bullets(items=parts) | Definitions(entries=parts) | SignOffs(sign_offs=parts):
            if not parts:
                yield Flaw("list-empty", place, "a list has nothing in it")


@_of_block.register
def _key_figures(block: KeyFigures, place: str) -> Iterator[Flaw]:
    if not block.figures:
        yield Flaw("list-empty", place, "key figures are announced and none is given")
    for figure in block.figures:
        if value_of(figure.value) in {None, ""}:
            yield Flaw("figure-blank", place, f"key figure {figure.label!r} has no value")


@_of_block.register
def _table(table: Table, place: str) -> Iterator[Flaw]:
    if not table.caption.strip():
        yield Flaw("caption-missing", place, "a table has no caption")
    if not table.rows and not table.if_empty:
        yield Flaw("table-empty", place, f"table {table.caption!r} has no rows, and does not say what that means")
    for index, column in enumerate(table.columns):
        if not column.heading.strip():
            yield Flaw("heading-blank", place, f"column {index + 1} of table {table.caption!r} has no heading")
        if table.rows and all(value_of(row.cells[index]) in {None, ""} for row in table.rows):
            yield Flaw("column-blank", place, f"column {column.heading!r} of table {table.caption!r} has no value")


def _sources(document: Document) -> Iterator[Flaw]:
    known = [source.id for source in document.sources]
    for name in sorted({name for name in known if known.count(name) > 1}):
        yield Flaw("source-twice", "sources", f"source {name!r} is listed twice")
    cited = {name for block in blocks_of(document) for inline in inlines_of(block) for name in sources_of(inline)}
    cited |= {name for entry in document.meta.entries for inline in pieces(entry.text) for name in sources_of(inline)}
    for name in sorted(cited - set(known)):
        yield Flaw("source-unknown", "sources", f"a value cites {name!r}, which is no source of the document")
    for name in sorted(set(known) - cited):
        yield Flaw("source-unused", "sources", f"source {name!r} is listed and nothing rests on it")
