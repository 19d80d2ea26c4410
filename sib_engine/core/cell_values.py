"""What one cell may say: strict readers for a single text, each with the words for what is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from difflib import get_close_matches
from functools import partial
from typing import Final

from sib_engine.core.dates import parse_date, parse_month
from sib_engine.core.errors import OverflowRefusedError
from sib_engine.core.finding_log import Said
from sib_engine.core.money import Currency, parse_amount, plain
from sib_engine.core.personal import shown

ALREADY_TOLD: Final = "\0"
"""Stands in a column where a cell's text could not be taken over and a finding says so: it is read as blank, and
neither a mistake nor missing. No file can hold it."""

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
DATE_FORM: Final = "a date written year-month-day, such as 2020-04-30"
WHOLE_FORM: Final = "a whole number of 0 or more, in plain digits, such as 1200"
MAX_CHOICES_LISTED: Final = 30
ANSWERS: Final = {"yes": 1, "true": 1, "y": 1, "1": 1, "no": 0, "false": 0, "n": 0, "0": 0}

_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ISO_AND_MORE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ].*", re.ASCII)
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})", re.ASCII)
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})", re.ASCII)
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2}", re.ASCII)
_DAY_NUMBER: Final = re.compile(r"[2-6][0-9]{4}", re.ASCII)
_DAY_ZERO: Final = date(1899, 12, 30)
_WHOLE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_FORMATTED: Final = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", re.ASCII)
_DECIMAL: Final = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,12}))?", re.ASCII)
_SIGNED: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,10})?", re.ASCII)
_DECIMAL_COMMA: Final = re.compile(r"[0-9]+,[0-9]+", re.ASCII)
_POUNDS: Final = re.compile(r"-?[£$€]?-?[0-9][0-9,]*(\.[0-9]+)?", re.ASCII)


class CellError(ValueError):
    """A cell cannot be read; knows what to say about it, and works it out only when asked."""

    def __init__(self, said: Said | Callable[[], Said]) -> None:
        """Keep the words, or how to find them: of a million wrong cells few are ever put into words."""
        super().__init__("a cell cannot be read")
        self._said = said

    @property
    def said(self) -> Said:
        """What is wrong with the text, and what to write instead."""
        if not isinstance(self._said, Said):
            self._said = self._said()
        return self._said


def day_in(text: str) -> date:
    """Return the day written as ``YYYY-MM-DD``, from 1900 to 2199.

    Raises:
        CellError: If it has another form (a day and month whose order is unclear is never guessed),
            or no such day exists.
    """
    try:
        day = parse_date(text)
    except ValueError:
        raise CellError(partial(_no_day, text)) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        what = f"{text!r} is not a day of the years 1900 to 2199"
        raise CellError(Said("date-out-of-range", what, "the year as it was"))
    return day


def month_in(text: str) -> date:
    """Return the first day of the month written as ``YYYY-MM``.

    Raises:
        CellError: If it has another form.
    """
    try:
        return parse_month(text)
    except ValueError:
        what = f"{shown(text)} is not a month"
        raise CellError(Said("not-a-month", what, "a month written year-month, such as 2020-04")) from None


def whole_in(text: str, *, below: int) -> int:
    """Return the whole number written in plain digits, from 0 up to but not including ``below``.

    Raises:
        CellError: If it is anything else: negative, fractional, with thousands marks, too large.
    """
    if _WHOLE.fullmatch(text) is None:
        if text.isascii() and text.isdigit():
            raise CellError(Said("number-too-large", f"{shown(text)} is too large", f"a whole number below {below:,}"))
        what = f"{shown(text)} is not a whole number of 0 or more"
        accepted = text.replace(",", "") if _FORMATTED.fullmatch(text) and "." not in text else WHOLE_FORM
        raise CellError(Said("not-a-whole-number", what, accepted))
    if int(text) >= below:
        raise CellError(Said("number-too-large", f"{text} is too large", f"a whole number below {below:,}"))
    return int(text)


def decimal_in(text: str, *, places: int, below: int) -> int:
    """Return the number written as ``16.25``, 0 or more, times ten to the ``places``: 16.25 at 2 is 1625.

    Raises:
        CellError: If it has another form, more decimal places, or is ``below`` or more.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        accepted = "a number of 0 or more in plain digits with a decimal point, such as 16.5"
        if _DECIMAL_COMMA.fullmatch(text) and not _FORMATTED.fullmatch(text):
            accepted = text.replace(",", ".")
        raise CellError(Said("not-a-number", f"{shown(text)} is not a number of 0 or more", accepted))
    if len((found[2] or "").rstrip("0")) > places:
        raise CellError(
            Said("too-many-places", f"{text} has too many decimal places", f"at most {places} decimal places")
        )
    if int(found[1]) >= below:
        raise CellError(Said("number-too-large", f"{text} is too large", f"a number below {below:,}"))
    return int(Decimal(text).scaleb(places))


def number_in(text: str) -> Decimal:
    """Return the number written as ``1.4``, exactly; a minus is allowed.

    Raises:
        CellError: If it has another form, or more than ten decimal places.
    """
    if _SIGNED.fullmatch(text) is None:
        accepted = "a number in plain digits with a decimal point, such as 1.4, at most 10 decimal places"
        raise CellError(Said("not-a-number", f"{shown(text)} is not a number", accepted))
    return Decimal(text)


def amount_in(text: str, *, currency: Currency) -> int:
    """Return the amount of money in minor units; a minus is allowed.

    Raises:
        CellError: If it has another form, more places than the currency, or is too large.
    """
    try:
        return parse_amount(text, currency)
    except OverflowRefusedError:
        raise CellError(
            Said("number-too-large", f"{text} is too large to add up exactly", "a smaller amount")
        ) from None
    except ValueError:
        example = plain(123450, currency)
        accepted = f"digits and a decimal point, at most {currency.places} decimal places, such as {example}"
        if _POUNDS.fullmatch(text) and ("," in text or not text.lstrip("-")[0].isdigit()):
            accepted = f"the same without currency sign and thousands comma, such as {example}"
        raise CellError(Said("not-an-amount", f"{shown(text)} is not an amount in {currency.code}", accepted)) from None


def answer_in(text: str) -> int:
    """Return 1 for yes and 0 for no.

    Raises:
        CellError: If it is neither.
    """
    answer = ANSWERS.get(text.casefold())
    if answer is None:
        raise CellError(Said("not-yes-or-no", f"{shown(text)} is neither yes nor no", "yes or no"))
    return answer


def choice_in(text: str, number_of: Mapping[str, int], *, noun: str, rule: str) -> int:
    """Return the number of one of the accepted texts, which are given in lower case.

    Raises:
        CellError: If it is none of them; the nearest is named.
    """
    number = number_of.get(text.casefold())
    if number is None:
        raise CellError(partial(_unknown_choice, text, number_of, noun, rule))
    return number


def _unknown_choice(text: str, number_of: Mapping[str, int], noun: str, rule: str) -> Said:
    accepted = list(number_of)
    close = get_close_matches(text.casefold(), accepted, n=1)
    listed = ", ".join(accepted[:MAX_CHOICES_LISTED]) + (", ..." if len(accepted) > MAX_CHOICES_LISTED else "")
    suggestion = f"{close[0]!r}, perhaps; {listed}" if close else listed
    return Said(rule, f"{shown(text)} is no {noun}", suggestion)


def _no_day(text: str) -> Said:
    rule = "not-a-date"
    if _ISO.fullmatch(text):
        return Said(rule, f"there is no day {text}", DATE_FORM)
    if found := _ISO_AND_MORE.fullmatch(text):
        return Said(rule, f"{shown(text)} holds more than a date", found[1])
    readings = [day.isoformat() for day in _readings(text)]
    if len(readings) > 1:
        what = f"{shown(text)} could mean {' or '.join(readings)}: which is the day and which the month cannot be told"
        return Said("date-ambiguous", what, f"{' or '.join(readings)}, whichever it is")
    if readings:
        return Said(rule, f"{shown(text)} is not written year-month-day", readings[0])
    if _SHORT_YEAR.fullmatch(text):
        return Said(rule, f"{shown(text)} has a year of two digits", DATE_FORM)
    if _DAY_NUMBER.fullmatch(text):
        day = _DAY_ZERO + timedelta(days=int(text))
        return Said(rule, f"{text!r} looks like a spreadsheet's day number", f"{day.isoformat()}, if so")
    return Said(rule, f"{shown(text)} is not a date", DATE_FORM)


def _readings(text: str) -> list[date]:
    """Return the days that a date of another form can mean."""
    if found := _YEAR_FIRST.fullmatch(text):
        orders = [(int(found[1]), int(found[2]), int(found[3]))]
    elif found := _YEAR_LAST.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        orders = list(dict.fromkeys([(year, second, first), (year, first, second)]))
    else:
        return []
    return [day for order in orders if (day := _day(*order)) is not None]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
