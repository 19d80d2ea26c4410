"""Recognise identifiers that look like personal data, and show a value without repeating one."""

import re
import string
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

FIRST_BIRTH_YEAR: Final = 1900
LAST_BIRTH_YEAR: Final = 2009
"""A date after this year is read as a date of the contract's life (the first contract of this kind began in 2010)."""

MAX_SHOWN: Final = 60


class Kind(StrEnum):
    """What a text looks like."""

    NHS_NUMBER = "an NHS number (ten digits with its check digit)"
    NATIONAL_INSURANCE_NUMBER = "a National Insurance number"
    EMAIL = "an e-mail address"
    PHONE_NUMBER = "a telephone number"
    NAME_WITH_BIRTH_DATE = "a name with a date of birth"


_SAFE: Final = re.compile(
    r"[A-Za-z]{0,4}[-_/]?[0-9]{0,7}"
    r"|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"
    r"|[0-9a-f]{16,128}|[0-9A-F]{16,128}"
)
"""Short references, UUIDs and hexadecimal digests: none can hold an identifier, so nothing else is tried."""

_ALONE_BEFORE: Final = r"(?<![0-9A-Za-z])"
_ALONE_AFTER: Final = r"(?![0-9A-Za-z])"
_NHS: Final = re.compile(
    r"(?:(?<![0-9A-Za-z])|(?<=nhs)|(?<=nhsno))([0-9]{3})[ ._/-]{0,3}([0-9]{3})[ ._/-]{0,3}([0-9]{4})" + _ALONE_AFTER,
    re.IGNORECASE,
)
_NATIONAL_INSURANCE: Final = re.compile(
    _ALONE_BEFORE
    + r"(?:QQ|(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
    + r"[ ._-]?[0-9]{2}[ ._-]?[0-9]{2}[ ._-]?[0-9]{2}[ ._-]?[A-D]"
    + _ALONE_AFTER,
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[^\s@,;/|]@[^\s@,;/|]+\.[^\W\d_]{2,}")
_PHONE: Final = re.compile(
    _ALONE_BEFORE
    + r"(?:(?:\+44|0044)[ -]?(?:\(0\)[ -]?)?[1-37](?:[ -]?[0-9]){8,9}"
    + r"|07(?:[ -]?[0-9]){9}"
    + r"|\(?0(?:1[0-9]{2,4}|2[0-9]|3[0-9]{2})\)?[ -][0-9]{3,4}[ -]?[0-9]{3,4})"
    + _ALONE_AFTER
)

_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY_2: Final = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH_2: Final = r"(?:0[1-9]|1[0-2])"
_YEAR: Final = r"(?:19[0-9]{2}|200[0-9])"
_YEAR_2: Final = r"(?:0[0-9]|[3-9][0-9])"
_MONTH_NAME: Final = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_BETWEEN: Final = r"[-/._ ]"
_FIGURE_BEFORE: Final = r"(?<![0-9])"
_FIGURE_AFTER: Final = r"(?![0-9])"

_BIRTH_DATE: Final = re.compile(
    _FIGURE_BEFORE
    + r"(?:"
    + rf"{_YEAR}{_BETWEEN}{_MONTH}{_BETWEEN}{_DAY}"
    + rf"|{_DAY}{_BETWEEN}{_DAY}{_BETWEEN}{_YEAR}"
    + rf"|{_DAY}(?:st|nd|rd|th)?[-/._ ]{{0,2}}{_MONTH_NAME}[-/._, ]{{0,2}}{_YEAR}"
    + r")"
    + _FIGURE_AFTER,
    re.IGNORECASE,
)
"""A date written with something between its parts, or with the month's name: it cannot be a serial number."""

_BARE_BIRTH_DATE: Final = re.compile(
    _FIGURE_BEFORE
    + rf"(?:{_YEAR}{_MONTH_2}{_DAY_2}|{_DAY_2}{_MONTH_2}{_YEAR}|{_DAY}{_BETWEEN}{_MONTH}{_BETWEEN}{_YEAR_2})"
    + _FIGURE_AFTER
)
"""Eight digits, or a year of two: chance may write these, so more of a name must stand beside them."""

_SHAPE: Final = str.maketrans(string.ascii_letters + string.digits, "a" * 52 + "9" * 10)
_SUSPECT_SHAPE: Final = re.compile(
    r"[^\x00-\x7f]|@|9(?:[ ._/()-]{0,3}9){9}|aa[ ._-]?(?:99[ ._-]?){3}a|9{8}"
    r"|9{1,4}[-/._ ]9{1,2}[-/._ ]9{2,4}|9(?:aa)?[-/._ ]{0,2}a{3,9}[-/._, ]{0,2}9{4}"
)
"""Any shape that a text with an identifier can have, where letters are written ``a`` and digits ``9``."""

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_CERTAIN_NAME: Final = 4
_NOT_NAMES: Final = frozenset({
    "case", "client", "cohort", "contract", "count", "file", "group", "id", "job", "no", "number", "participant",
    "person", "record", "ref", "reference", "row", "site",
})  # fmt: skip

_LETTER_OR_DIGIT: Final = re.compile(r"[^\W_]")
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))
_NHS_DIGITS: Final = 10
_NHS_MODULUS: Final = 11


def nhs_check_digit_holds(digits: str) -> bool:
    """Return whether ten ASCII digits end in their modulus-11 check digit.

    Source:
        NHS Data Dictionary, "NHS NUMBER": weights 10 to 2 on the first nine digits, eleven less
        the remainder; 11 is written 0, and no number is issued where it would be 10.
    """
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(_NHS_DIGITS, 1, -1), strict=False))
    return (_NHS_MODULUS - weighted % _NHS_MODULUS) % _NHS_MODULUS == int(digits[-1])


def looks_personal(text: str) -> Kind | None:
    """Return what kind of personal identifier ``text`` holds or looks like, or ``None``.

    Pseudonymous references pass: ``P000123``, a UUID, a hexadecimal digest, a row id with dates of
    the contract's life. One serial number of ten digits in eleven passes the check of an NHS number
    by chance and cannot be told apart from one.
    """
    if _SAFE.fullmatch(text) is not None:
        return None
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    if "@" in text and _EMAIL.search(text) is not None:
        return Kind.EMAIL
    if any(nhs_check_digit_holds("".join(found)) for found in _NHS.findall(text)):
        return Kind.NHS_NUMBER
    if _NATIONAL_INSURANCE.search(text) is not None:
        return Kind.NATIONAL_INSURANCE_NUMBER
    if _names_with_birth_date(text):
        return Kind.NAME_WITH_BIRTH_DATE
    if _PHONE.search(text) is not None:
        return Kind.PHONE_NUMBER
    return None


def personal_among(texts: Sequence[str]) -> dict[int, Kind]:
    """Return :func:`looks_personal` of each text that looks like something, by its position.

    Texts of one column have few shapes, so most are cleared by shape and never looked at alone.
    """
    shapes = "\0".join(texts).translate(_SHAPE).split("\0") if texts else []
    if len(shapes) != len(texts):
        shapes = [text.translate(_SHAPE) for text in texts]
    suspect = {shape for shape in dict.fromkeys(shapes) if _SUSPECT_SHAPE.search(shape) is not None}
    found = {}
    for position in [place for place, shape in enumerate(shapes) if shape in suspect] if suspect else ():
        kind = looks_personal(texts[position])
        if kind is not None:
            found[position] = kind
    return found


def shown(text: str) -> str:
    """Return ``text`` in quotes for a message: cut when long, masked when it looks personal.

    Messages are copied into logs and mails, so a personal value never stands in one.
    """
    visible = masked(text) if looks_personal(text) else text
    if len(visible) > MAX_SHOWN:
        visible = f"{visible[:MAX_SHOWN]}..."
    return repr(visible)


def masked(text: str) -> str:
    """Return ``text`` with its shape kept and every letter and digit after the second character starred."""
    return text[:2] + _LETTER_OR_DIGIT.sub("*", text[2:])


def _names_with_birth_date(text: str) -> bool:
    rest, n_dates = _BIRTH_DATE.subn(" ", text)
    if n_dates:
        return bool(_names(rest))
    rest, n_dates = _BARE_BIRTH_DATE.subn(" ", text)
    if n_dates == 0:
        return False
    names = _names(rest)
    return len(names) > 1 or any(len(name) >= _CERTAIN_NAME for name in names)


def _names(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.casefold() not in _NOT_NAMES]
