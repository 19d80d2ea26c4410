"""Money: calculated in whole minor units, read as ``Decimal``, written as a plain string."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.currencies import PLACES, SYMBOLS, WITHOUT_PLACES
from sib_engine.core.errors import NotFoundError, OverflowRefusedError
from sib_engine.core.personal import shown as shown_text

IntArray: TypeAlias = npt.NDArray[np.int64]

MAX_MINOR: Final = 2**53 - 1
"""Largest amount, and largest sum, accepted: minor units up to here are exact in int64 and in float64."""

_AMOUNT: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: its code, how many decimal places it has, its symbol."""

    code: str
    places: int
    symbol: str = ""


CURRENCY_CODES: Final = tuple(sorted(PLACES))
"""ISO 4217 codes of the currencies that have a minor unit."""


def currency_of(code: str) -> Currency:
    """Return the currency with this ISO 4217 code.

    Raises:
        NotFoundError: If the standard does not have the code, or defines no minor unit for it.
    """
    places = PLACES.get(code)
    if places is not None:
        return Currency(code, places, SYMBOLS.get(code, ""))
    why = "has no minor unit, so amounts of it cannot be whole" if code in WITHOUT_PLACES else "is not in ISO 4217"
    capitals = f" (did you mean {code.upper()}?)" if code.upper() in PLACES else ""
    message = f"currency {shown_text(code)} {why}; accepted: a code of ISO 4217 such as EUR, GBP or JPY{capitals}"
    raise NotFoundError(message)


def to_minor(amount: Decimal, currency: Currency) -> int:
    """Return ``amount`` in minor units.

    Raises:
        ValueError: If the amount is not finite or has more places than the currency.
        OverflowRefusedError: If it is beyond ``MAX_MINOR``.
    """
    if not amount.is_finite():
        message = f"{amount} is not an amount of money"
        raise ValueError(message)
    scaled = amount.scaleb(currency.places)
    minor = int(scaled)
    if minor != scaled:
        message = f"{amount} has more than the {currency.places} decimal places of {currency.code}"
        raise ValueError(message)
    if abs(minor) > MAX_MINOR:
        message = f"{amount} {currency.code} is too large to add up exactly"
        raise OverflowRefusedError(message)
    return minor


def parse_amount(text: str, currency: Currency) -> int:
    """Return the minor units written in ``text``: ASCII digits, an optional minus and a decimal point.

    Raises:
        ValueError: If the text is anything else (a thousands comma, an exponent, a currency sign).
    """
    if _AMOUNT.fullmatch(text) is None:
        message = f"{text!r} is not an amount such as 1234.50"
        raise ValueError(message)
    return to_minor(Decimal(text), currency)


def to_decimal(minor: int, currency: Currency) -> Decimal:
    """Return minor units as a ``Decimal`` with the currency's places."""
    return Decimal(int(minor)).scaleb(-currency.places)


def plain(minor: int, currency: Currency) -> str:
    """Return minor units as a plain decimal string, for JSON and CSV: ``1234.50``."""
    return f"{to_decimal(minor, currency):f}"


def shown(minor: int, currency: Currency) -> str:
    """Return minor units as a person reads them: ``£1,234.50``."""
    amount = to_decimal(abs(int(minor)), currency)
    sign = "-" if minor < 0 else ""
    return f"{sign}{currency.symbol or currency.code + ' '}{amount:,.{currency.places}f}"


def whole(minor: int, currency: Currency) -> str:
    """Return minor units rounded half to even to whole units, for tables of published figures: ``1,235``."""
    return f"{to_decimal(minor, currency):,.0f}"


def exact_total(amounts: IntArray) -> int:
    """Return the sum of an array of minor units, refusing where int64 could have wrapped.

    Raises:
        OverflowRefusedError: If the absolute amounts add up beyond ``MAX_MINOR``.
    """
    magnitude = float(np.abs(amounts.astype(np.float64)).sum())
    if magnitude > MAX_MINOR:
        message = "the amounts are too large to add up exactly"
        raise OverflowRefusedError(message)
    return int(amounts.sum())
