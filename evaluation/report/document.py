"""A report as a whole: its title, what it is about, its sections and its sources."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluation.report.blocks import (
    Block,
    Bullets,
    CallOut,
    Definitions,
    Entry,
    KeyFigures,
    Paragraph,
    Section,
    Table,
)
from evaluation.report.values import Inline, Text, pieces


@dataclass(frozen=True, slots=True)
class Meta:
    """What a document is about, and what makes it this one.

    ``drawn_up_on`` is the only day that printing knows, so the same document gives the same bytes.
    ``entries`` are shown below the title in this order; ``digest`` stands on every page.
    """

    drawn_up_on: date
    contract: str = ""
    period: str = ""
    digest: str = ""
    entries: tuple[Entry, ...] = ()
    language: str = "en-GB"
    by: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number comes from: a clause, a publication; ``id`` is what :class:`Cited` names."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Document:
    """One report. ``blocks`` come before the first section; ``is_one_page`` asks for narrower spacing."""

    title: str
    meta: Meta
    sections: tuple[Section, ...]
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    is_one_page: bool = False


def blocks_of(document: Document) -> Iterator[Block]:
    """Yield every block in reading order, sections before what they hold."""
    yield from _below((*document.blocks, *document.sections))


def _below(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _below(block.blocks)


def inlines_of(block: Block) -> Iterator[Inline]:
    """Yield every value that may cite a source in one block, those of sections below it left out."""
    match block:
        case Paragraph() | CallOut():
            yield from pieces(block.text)
        case Bullets():
            for item in block.items:
                yield from pieces(item)
        case Definitions():
            for entry in block.entries:
                yield from pieces(entry.text)
        case KeyFigures():
            for figure in block.figures:
                yield figure.value
        case Table():
            for row in (*block.rows, *([] if block.total is None else [block.total])):
                yield from row.cells
            for note in block.notes:
                yield from pieces(note)
        case _:
            return
