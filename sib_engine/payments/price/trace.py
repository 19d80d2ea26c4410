"""How a price became an amount, so that an explanation can show it and a reader work it out again."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from sib_engine.core.money import plain
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.terms.contract import Contract, RoundingMode, RoundingPlace
from sib_engine.terms.indexes import Indexed
from sib_engine.terms.money_clauses import Tariff
from sib_engine.terms.plain_words import quick


def price_text(contract: Contract, tariff: int, count: int, *, n_rows: int = 1) -> str:
    """Return count times price in words, with how it was rounded where the price has more places than money.

    Args:
        contract: The terms, with dated prices.
        tariff: Position of the price in the contract's tariffs.
        count: Outcomes in all.
        n_rows: Rows that hold them, each rounded for itself.
    """
    clause, mode, currency = contract.tariffs[tariff], contract.rounding.mode, contract.currency
    since = f"price from {clause.starts_on}"
    if clause.quick is not None:
        since += f" {quick(clause.quick)}"
    if clause.indexed is not None:
        since += f", {unit_price_text(clause, mode)}"
    price = Decimal(0) if clause.price is None else clause.price
    minor = price.scaleb(currency.places)
    if minor == int(minor):
        return f"{count:,} x {price} ({since})"
    if contract.rounding.at is RoundingPlace.UNIT:
        numerator, divisor = minor.as_integer_ratio()
        unit = rounded_quotient(np.array([numerator]), divisor, mode)
        return f"{count:,} x {plain(int(unit[0]), currency)} ({since}: {price}, rounded {mode})"
    return f"{count:,} x {price} ({since}; {'each row ' if n_rows > 1 else ''}rounded {mode})"


def unit_price_text(tariff: Tariff, mode: RoundingMode) -> str:
    """Return a tariff's price as the contract writes it; an indexed one with how it came about.

    For example ``500.00 x 108.4 / 100.0 = 542.00 (index cpi)``. Of a tariff in tiers, the price of the first.
    """
    if tariff.price is None:
        return ""
    if tariff.indexed is None:
        return f"{tariff.price:f}"
    return moved_text(tariff.indexed, 0, tariff.price, mode)


def moved_text(indexed: Indexed, place: int, price: Decimal, mode: RoundingMode) -> str:
    """Return how one of a tariff's prices moved with its index, and how it was rounded where it was."""
    agreed, value, base = indexed.prices[place], indexed.value, indexed.base
    is_exact = Fraction(agreed) * Fraction(value) == Fraction(price) * Fraction(base)
    rounding = "" if is_exact else f", rounded {mode}"
    return f"{agreed:f} x {value:f} / {base:f} = {price:f} (index {indexed.index}{rounding})"
