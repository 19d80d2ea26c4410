"""What a number in a cell stands for, told from its number format: a plain number, a day, a time, padded digits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Final


class Kind(Enum):
    """What a number format makes of a number."""

    NUMBER = "number"
    DAY = "day"
    TIME = "time"
    ELAPSED = "elapsed"
    PADDED = "padded"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A number format: its kind, and for padded digits how many there are at least."""

    kind: Kind
    width: int = 0


PLAIN: Final = NumberFormat(Kind.NUMBER)
MAX_EXACT_DIGITS: Final = 15
"""A spreadsheet keeps fifteen digits of a number; of a longer one it has put noughts in place of the rest."""

_BUILT_IN: Final[Mapping[int, NumberFormat]] = {
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 59)), NumberFormat(Kind.DAY)),
    **dict.fromkeys((18, 19, 20, 21, *range(32, 36), 45, 47), NumberFormat(Kind.TIME)),
    46: NumberFormat(Kind.ELAPSED),
}
"""ECMA-376 part 1, 18.8.30: ids of formats that a workbook need not spell out."""

_LITERAL: Final = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_ELAPSED: Final = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"\[[^\]]*\]")
_PADDED: Final = re.compile(r"0{2,30}", re.ASCII)
_PLAIN_DIGITS: Final = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_NUMERIC: Final = re.compile(
    r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[Ee][+-]?[0-9]{1,3})?", re.ASCII
)
_SECONDS_A_DAY: Final = 86_400
_LAST_SERIAL: Final = 2_958_465
_NO_SUCH_SERIAL: Final = 60
"""29 February 1900, which the 1900 date system holds for a day."""

_DAY_ZERO: Final = date(1899, 12, 30)
_DAYS_TO_1904: Final = 1_462


def format_of(number_id: int, code: str | None) -> NumberFormat:
    """Return what a number format makes of a number; ``code`` is None where the workbook does not spell it out."""
    if code is None:
        return _BUILT_IN.get(number_id, PLAIN)
    first = _LITERAL.sub("", code).split(";", maxsplit=1)[0]
    if _ELAPSED.search(first):
        return NumberFormat(Kind.ELAPSED)
    letters = _BRACKETED.sub("", first).casefold()
    if "general" in letters:
        return PLAIN
    if "d" in letters or "y" in letters or ("m" in letters and "h" not in letters and "s" not in letters):
        return NumberFormat(Kind.DAY)
    if "h" in letters or "s" in letters:
        return NumberFormat(Kind.TIME)
    if _PADDED.fullmatch(letters):
        return NumberFormat(Kind.PADDED, len(letters))
    return PLAIN


def number_text(raw: str, number_format: NumberFormat, *, is_1904: bool) -> str | None:
    """Return the text that stands for a stored number, as a text table would write it.

    Numbers have at most fifteen digits, as spreadsheets show them, so 16.1 is not 16.100000000000001. Days are
    ``2020-04-30``, with ``T13:30`` behind them where there is a time; padded digits keep their noughts.

    Returns:
        The text; the stored text itself where it is no number; None where the spreadsheet has lost digits of it.
    """
    if number_format is PLAIN and _PLAIN_DIGITS.fullmatch(raw) is not None:
        return raw
    if _NUMERIC.fullmatch(raw) is None:
        return raw
    value = float(raw)
    if number_format.kind in {Kind.DAY, Kind.TIME, Kind.ELAPSED}:
        found = _moment(value, number_format.kind, is_1904=is_1904)
        if found is not None:
            return found
    if value.is_integer() and abs(value) >= 10**MAX_EXACT_DIGITS:
        return None
    text = f"{value:.{MAX_EXACT_DIGITS}g}"
    if "e" in text:
        text = f"{Decimal(text):f}"
    if number_format.kind is Kind.PADDED and text.isdigit():
        return text.zfill(number_format.width)
    return "0" if text == "-0" else text


def _moment(value: float, kind: Kind, *, is_1904: bool) -> str | None:
    """Return a day, a time or both; None where the number can be neither."""
    if not 0 <= value <= _LAST_SERIAL:
        return None
    days, seconds = divmod(round(value * _SECONDS_A_DAY), _SECONDS_A_DAY)
    time = _clock(seconds)
    if kind is Kind.ELAPSED:
        return _clock(days * _SECONDS_A_DAY + seconds)
    if kind is Kind.TIME and days == 0:
        return time
    serial = days + _DAYS_TO_1904 if is_1904 else days
    if serial in {0, _NO_SUCH_SERIAL} or serial > _LAST_SERIAL:
        return None
    day = _DAY_ZERO + timedelta(days=serial + (serial < _NO_SUCH_SERIAL))
    return day.isoformat() if seconds == 0 else f"{day.isoformat()}T{time}"


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3_600)
    minutes, left = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}:{left:02d}" if left else f"{hours:02d}:{minutes:02d}"
