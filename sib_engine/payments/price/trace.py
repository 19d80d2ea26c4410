"""How a price became an amount, so that an explanation can show it and a reader work it out again."""

from decimal import Decimal

import numpy as np

from sib_engine.core.money import plain
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.terms.contract import Contract, RoundingPlace


def price_text(contract: Contract, tariff: int, count: int, *, n_rows: int = 1) -> str:
    """Return count times price in words, with how it was rounded where the price has more places than money.

    Args:
        contract: The terms.
        tariff: Position of the price in the contract's tariffs.
        count: Outcomes in all.
        n_rows: Rows that hold them, each rounded for itself.
    """
    clause, mode, currency = contract.tariffs[tariff], contract.rounding.mode, contract.currency
    since = f"price from {clause.starts_on}"
    price = Decimal(0) if clause.price is None else clause.price
    minor = price.scaleb(currency.places)
    if minor == int(minor):
        return f"{count:,} x {price} ({since})"
    if contract.rounding.at is RoundingPlace.UNIT:
        numerator, divisor = minor.as_integer_ratio()
        unit = rounded_quotient(np.array([numerator]), divisor, mode)
        return f"{count:,} x {plain(int(unit[0]), currency)} ({since}: {price}, rounded {mode})"
    return f"{count:,} x {price} ({since}; {'each row ' if n_rows > 1 else ''}rounded {mode})"
