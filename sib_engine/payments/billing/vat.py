"""VAT on an invoice: which treatment, at which rate, and how it is rounded."""

from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.core.money import Currency

WHOLE: Final = 10_000
"""A rate is written in hundredths of a per cent: 20 % is 2000."""

_PLACES: Final = 2


class VatTreatment(StrEnum):
    """How the supply under a contract is treated for VAT."""

    EXEMPT = "exempt"
    STANDARD = "standard"
    OUTSIDE_SCOPE = "outside_scope"


UK_STANDARD: Final = (
    (date(1991, 4, 1), 1750),
    (date(2008, 12, 1), 1500),
    (date(2010, 1, 1), 1750),
    (date(2011, 1, 4), 2000),
)
"""The United Kingdom's standard rate, each from a day on. Source: HM Revenue & Customs, rates since 1973."""


def treatment_of(text: str) -> VatTreatment:
    """Return the treatment of this name.

    Raises:
        NotFoundError: If there is none.
    """
    try:
        return VatTreatment(text.strip().casefold().replace("-", "_").replace(" ", "_"))
    except ValueError:
        message = f"there is no VAT treatment {text!r}; accepted: {', '.join(VatTreatment)}"
        raise NotFoundError(message) from None


def rate_in(text: str) -> int:
    """Return a rate written in per cent (``20``, ``17.5``) in hundredths of a per cent.

    Raises:
        RefusedError: If it is no such rate.
    """
    try:
        rate = Decimal(text.strip().removesuffix("%").strip()).scaleb(_PLACES)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate != int(rate) or not 0 < rate < WHOLE:
        message = f"{text!r} is no rate of VAT; accepted: per cent, above 0 and below 100, such as 20 or 17.5"
        raise RefusedError(message)
    return int(rate)


def shown_rate(rate: int) -> str:
    """Return a rate as a person reads it: ``17.5 %``."""
    return f"{(Decimal(rate).scaleb(-_PLACES)).normalize():f} %"


def rate_on(treatment: VatTreatment, day: date, currency: Currency, *, given: int | None = None) -> int:
    """Return the rate of an invoice that is issued on a day: ``given`` where it is given, else the dated one.

    Raises:
        RefusedError: If a rate is given where none is charged, or none is known for the currency or day.
    """
    if treatment is not VatTreatment.STANDARD:
        if given is not None:
            message = f"no VAT is charged where the supply is {treatment}, so there is no rate to give"
            raise RefusedError(message)
        return 0
    if given is not None:
        return given
    rates = [rate for starts, rate in UK_STANDARD if starts <= day] if currency.code == "GBP" else []
    if not rates:
        message = f"the standard rate of VAT for {currency.code} on {day} is not known here; accepted: give the rate"
        raise RefusedError(message)
    return rates[-1]


def vat_on(net: int, rate: int) -> int:
    """Return the VAT on the net amount of an invoice, to the nearest minor unit, halves away from zero.

    It is worked out once for the invoice. A credit note for the same net amount takes back exactly what was charged.

    Source:
        HMRC, VAT Notice 700, 17.5: VAT may be worked out on the invoice's total and rounded; rounding down
        is a concession, not used here.
    """
    amount = (2 * abs(net) * rate + WHOLE) // (2 * WHOLE)
    return amount if net >= 0 else -amount
