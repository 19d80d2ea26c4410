"""Values that a report shows, each with its kind, and how every printer writes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Final, TypeAlias

MINUS: Final = "\u2212"
"""The minus sign: a screen reader says it, where it would pass over a hyphen."""

UNREADABLE: Final = "\ufffd"
"""Stands for a character that cannot be printed."""

_HIDDEN: Final = frozenset(
    [
        *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r"),
        *(chr(code) for code in range(0x7F, 0xA0)),
        *map(chr, range(0xD800, 0xE000)),
        *"\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff",
        "\ufffe",
        "\uffff",
    ]
)
"""Control characters, halves of characters, and marks that turn round or hide the text after them."""

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_CLEANED: Final = str.maketrans(dict.fromkeys(_HIDDEN, UNREADABLE))


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency as a report writes it: its ISO 4217 code, decimal places and symbol (blank where it has none)."""

    code: str
    places: int
    symbol: str = ""

    @property
    def mark(self) -> str:
        """What a heading says of the money under it."""
        return self.symbol or self.code


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units, which no printing rounds."""

    minor: int
    currency: Currency

    @property
    def amount(self) -> Decimal:
        """The amount in the currency's main unit."""
        return Decimal(self.minor).scaleb(-self.currency.places)


@dataclass(frozen=True, slots=True)
class Number:
    """A number, rounded half to even to ``places`` where it is shown; ``unit`` follows it."""

    amount: int | Decimal | Fraction
    places: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, shown in per cent with ``places``."""

    part: Decimal | Fraction
    places: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Some words with an emphasis: strong, or set as code (a digest, an id)."""

    text: str
    is_strong: bool = False
    is_code: bool = False


Value: TypeAlias = str | date | Money | Number | Share | Span | None


@dataclass(frozen=True, slots=True)
class Cited:
    """A value with the ids of the sources that it rests on."""

    value: Value
    sources: tuple[str, ...]


Inline: TypeAlias = Value | Cited
Text: TypeAlias = Inline | tuple[Inline, ...]
"""Running text: one value, or several that follow each other."""


def pieces(text: Text) -> Iterator[Inline]:
    """Yield the values of a text in order."""
    if isinstance(text, tuple):
        yield from text
    else:
        yield text


def value_of(inline: Inline) -> Value:
    """Return the value without its sources."""
    return inline.value if isinstance(inline, Cited) else inline


def sources_of(inline: Inline) -> tuple[str, ...]:
    """Return the ids of the sources that a value rests on."""
    return inline.sources if isinstance(inline, Cited) else ()


def shown(value: Value, *, bare: bool = False) -> str:
    """Return a value as a person reads it; blank for None.

    ``bare`` is for a column: it leaves out the currency, which the heading says, and shortens days.
    Text is cleaned of what cannot be seen or would turn round the text after it.
    """
    match value:
        case None:
            return ""
        case str():
            return cleaned(value)
        case Span():
            return cleaned(value.text)
        case date():
            return short_day(value) if bare else day(value)
        case Money():
            symbol = "" if bare else (value.currency.symbol or f"{value.currency.code} ")
            return _signed(value.amount, value.currency.places, before=symbol)
        case Number():
            unit = f" {cleaned(value.unit)}" if value.unit else ""
            return _signed(_rounded(value.amount, value.places), value.places) + unit
        case Share():
            return _signed(_rounded(Fraction(value.part) * 100, value.places), value.places) + "%"


def plain_text(text: Text) -> str:
    """Return a text as one string, without emphasis and sources."""
    return "".join(shown(value_of(piece)) for piece in pieces(text))


def day(on: date) -> str:
    """Return a day in words, whatever the locale: ``30 April 2020``."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year:04d}"


def short_day(on: date) -> str:
    """Return a day as it stands in a column: ``30 Apr 2020``."""
    return f"{on.day} {_MONTHS[on.month - 1][:3]} {on.year:04d}"


def cleaned(text: str) -> str:
    """Return text with every character that cannot be seen replaced, and line breaks as blanks."""
    return " ".join(text.translate(_CLEANED).split()) if _is_odd(text) else text


def _is_odd(text: str) -> bool:
    return not text.isprintable() or not _HIDDEN.isdisjoint(text)


def _rounded(amount: int | Decimal | Fraction, places: int) -> Decimal:
    """Return an amount rounded half to even; exact, however large."""
    scaled = round(Fraction(amount) * 10**places)
    return Decimal(scaled).scaleb(-places)


def _signed(amount: Decimal, places: int, *, before: str = "") -> str:
    exact = abs(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    sign = MINUS if amount < 0 else ""
    return f"{sign}{before}{exact:,.{places}f}"
