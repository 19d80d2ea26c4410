"""What a report is made of: paragraphs, tables, key figures, call-outs, figures, sign-offs."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias

from evaluation.report.svg import refusal_of
from evaluation.report.values import Currency, Inline, Money, Number, Share, Span, Text, value_of


class Kind(StrEnum):
    """What a column of a table holds."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    SHARE = "share"


class Align(StrEnum):
    """On which side the cells of a column stand."""

    LEFT = "left"
    RIGHT = "right"


_HOLDS: Final[dict[Kind, tuple[type, ...]]] = {
    Kind.TEXT: (str, Span),
    Kind.CODE: (str,),
    Kind.NUMBER: (Number,),
    Kind.MONEY: (Money,),
    Kind.DATE: (date,),
    Kind.SHARE: (Share,),
}
_RIGHT: Final = frozenset({Kind.NUMBER, Kind.MONEY, Kind.SHARE})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, what its cells are, for money in which currency; numbers stand on the right."""

    heading: str
    kind: Kind = Kind.TEXT
    currency: Currency | None = None
    align: Align | None = None

    def __post_init__(self) -> None:
        """Refuse money without a currency, and a currency without money."""
        if (self.kind is Kind.MONEY) != (self.currency is not None):
            message = f"column {self.heading!r}: a currency goes with a column of money, and with no other"
            raise ValueError(message)

    @property
    def side(self) -> Align:
        """The side on which its cells stand."""
        return self.align or (Align.RIGHT if self.kind in _RIGHT else Align.LEFT)

    @property
    def shown_heading(self) -> str:
        """The heading with the currency of the money below it."""
        return self.heading if self.currency is None else f"{self.heading} ({self.currency.mark})"

    def refusal_of(self, cell: Inline) -> str:
        """Return why a cell does not belong here; blank where it does. A text may say why there is no value."""
        value = value_of(cell)
        if value is None or isinstance(value, (str, *_HOLDS[self.kind])):
            if isinstance(value, Money) and value.currency != self.currency:
                return f"{value.currency.code} in a column of {self.currency and self.currency.code}"
            return ""
        return f"a {type(value).__name__} in a column of kind {self.kind.value}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; ``is_assumed`` marks it as resting on assumed terms."""

    cells: tuple[Inline, ...]
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; its first column says what a row is about.

    ``total`` is the row that adds up. ``if_empty`` says what it means that there are no rows.

    Raises:
        ValueError: If a row is not as wide as the heading, or a cell does not belong into its column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    notes: tuple[Text, ...] = ()
    if_empty: str = ""

    def __post_init__(self) -> None:
        """Hold every cell against its column."""
        for row in (*self.rows, *([] if self.total is None else [self.total])):
            if len(row.cells) != len(self.columns):
                message = f"table {self.caption!r}: {len(row.cells)} cells under {len(self.columns)} headings"
                raise ValueError(message)
            for column, cell in zip(self.columns, row.cells, strict=True):
                refusal = column.refusal_of(cell)
                if refusal:
                    message = f"table {self.caption!r}, column {column.heading!r}: {refusal}"
                    raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: Text


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short texts."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A term and what is said of it."""

    term: str
    text: Text


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms, each with its text."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure that is to be seen first, with a short note below it."""

    label: str
    value: Inline
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Key figures side by side."""

    figures: tuple[KeyFigure, ...]


class CallOutKind(StrEnum):
    """Why a text is set apart; the word is printed, so that colour alone never says it."""

    NOTE = "Note"
    WARNING = "Warning"
    ASSUMED = "Assumed"


@dataclass(frozen=True, slots=True)
class CallOut:
    """A text set apart."""

    kind: CallOutKind
    text: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as SVG, with what a reader who cannot see it is told.

    Raises:
        ValueError: If there is no such text, or the SVG is one that :func:`evaluation.report.svg.refusal_of` refuses.
    """

    svg: str
    alternative: str
    caption: str

    def __post_init__(self) -> None:
        """Refuse a picture that says nothing to some, or that reaches outside itself."""
        if not self.alternative.strip():
            message = f"figure {self.caption!r} has no text for readers who cannot see it"
            raise ValueError(message)
        refusal = refusal_of(self.svg)
        if refusal:
            message = f"figure {self.caption!r}: {refusal}"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class SignOff:
    """One signature: what it is for, who gave it and when; a line to sign on where nobody has yet."""

    role: str
    name: str = ""
    organisation: str = ""
    on: date | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class SignOffs:
    """Signatures side by side."""

    sign_offs: tuple[SignOff, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page, where there are pages."""


Block: TypeAlias = (
    "Paragraph | Bullets | Table | Definitions | KeyFigures | CallOut | Figure | SignOffs | PageBreak | Section"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it, sections of the next level included.

    ``is_wide`` asks for pages on their side, ``on_new_page`` for a page of its own.
    """

    title: str
    blocks: tuple[Block, ...]
    is_wide: bool = False
    on_new_page: bool = False
