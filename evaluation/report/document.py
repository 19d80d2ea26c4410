"""A report as a whole: its title, what it is about, its sections and its sources."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from itertools import chain

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
    """One report. ``blocks`` come before the first section, ``annexes`` after the sources.

    ``is_one_page`` asks for narrower spacing.
    """

    title: str
    meta: Meta
    sections: tuple[Section, ...]
    subtitle: str = ""
    blocks: tuple[Block, ...] = ()
    sources: tuple[Source, ...] = ()
    annexes: tuple[Section, ...] = ()
    is_one_page: bool = False


def blocks_of(document: Document) -> Iterator[Block]:
    """Yield every block in reading order, sections before what they hold."""
    yield from _below((*document.blocks, *document.sections, *document.annexes))


def _below(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _below(block.blocks)


@singledispatch
def inlines_of(_block: Block) -> Iterator[Inline]:
    """Yield every value that may cite a source in one block, those of sections below it left out."""
    return iter(())


@inlines_of.register
def _of_running_text(block: Paragraph | CallOut) -> Iterator[Inline]:
    return pieces(block.text)


@inlines_of.register
def _of_bullets(block: Bullets) -> Iterator[Inline]:
    return chain.from_iterable(map(pieces, block.items))


@inlines_of.register
def _of_definitions(block: Definitions) -> Iterator[Inline]:
    return chain.from_iterable(pieces(entry.text) for entry in block.entries)


@inlines_of.register
def _of_key_figures(block: KeyFigures) -> Iterator[Inline]:
    return (figure.value for figure in block.figures)


@inlines_of.register
def _of_table(block: Table) -> Iterator[Inline]:
    for row in (*block.rows, *([] if block.total is None else [block.total])):
        yield from row.cells
    yield from chain.from_iterable(map(pieces, block.notes))
