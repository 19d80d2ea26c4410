"""Single values in plain words: dates, percentages, prices, points of a scale."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

from sib_engine.core.money import Currency
from sib_engine.terms.metric import (
    Length,
)
from sib_engine.terms.scale import Point

DAYS_A_WEEK: Final = 7


Values: TypeAlias = Iterator[tuple[str, object]]


def words(value: object) -> str:
    """Return a value in plain words: dates as a person writes them, lists with commas, yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, Fraction):
        return percentage(value)
    if isinstance(value, tuple):
        return _joined([words(inner) for inner in value])
    return str(value)


def _joined(listed: list[str]) -> str:
    """Return a list in one text from which it can be told apart: ``a, b``, or ``a, b; c`` where commas stand inside."""
    if any(mark in text for text in listed for mark in ";'\""):
        return ", ".join(map(repr, listed))
    return ("; " if any("," in text for text in listed) else ", ").join(listed)


def percentage(part: Fraction) -> str:
    """Return a part of the whole as a percentage where that is exact, else as a fraction."""
    percent = part * 100
    places = next((places for places in range(7) if (percent * 10**places).denominator == 1), None)
    return str(part) if places is None else f"{Decimal(percent.numerator) / Decimal(percent.denominator):.{places}f}%"


def price(value: Decimal, currency: Currency) -> str:
    """Return a price as a person reads it, with more places than the currency's where it has them."""
    exponent = value.normalize().as_tuple().exponent
    places = max(currency.places, -exponent if isinstance(exponent, int) else 0)
    return f"{currency.symbol or currency.code + ' '}{value:,.{places}f}"


def quick(length: Length) -> str:
    """Return in words how soon after the referral an outcome must come."""
    return f"within {length_words(length)} of the referral"


def point_words(point: Point, currency: Currency) -> str:
    """Return a point of a scale as a person reads it: ``at least 8.5%: 50%``."""
    reach = "above" if point.is_above else "at least"
    at = percentage(point.at) if point.in_percent else exact_number(point.at)
    pays = percentage(point.pays) if point.is_part else price(decimal_of(point.pays), currency)
    return f"{reach} {at}: {pays}"


def decimal_of(number: Fraction) -> Decimal:
    """Return a number that a contract file wrote as a decimal."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def exact_number(number: Fraction) -> str:
    """Return a number that a contract file wrote, in plain digits where they end, else as a fraction."""
    rest = number.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    return f"{decimal_of(number).normalize():f}" if rest == 1 else str(number)


def length_words(length: Length) -> str:
    """Return a length of time in words: ``3 months and 1 day``."""
    parts = ((length.months, "month"), (length.days, "day"))
    return " and ".join(f"{count} {name}{'' if count == 1 else 's'}" for count, name in parts if count)
