"""How a price became an amount, so that an explanation can show it and a reader work it out again."""

import numpy as np

from sib_engine.core.money import IntArray, plain
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.payable import Payable
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.payments.price.table import unit_prices
from sib_engine.terms.contract import Contract, RoundingPlace
from sib_engine.terms.metric import Band, BandRule


def upgrade_bands(contract: Contract) -> dict[str, Band]:
    """Return the bands in which an upgrade pays the difference, by the code of each of their metrics."""
    return {metric: band for band in contract.bands if band.rule is BandRule.UPGRADE for metric in band.metrics}


def full_amounts(contract: Contract, found: Payable) -> IntArray:
    """Return count times price of each row before a lower band is taken off, minor units, shape ``(n,)``.

    Grants and contracts without upgrade bands keep what they earn.
    """
    if not upgrade_bands(contract):
        return found.earned
    units, divisor = unit_prices(contract)
    if contract.rounding.at is RoundingPlace.UNIT:
        units, divisor = rounded_quotient(units, divisor, contract.rounding.mode), 1
    is_priced = found.tariff != NONE
    products = units[found.tariff[is_priced]] * found.rows.count[is_priced]
    full = found.earned.copy()
    full[is_priced] = rounded_quotient(products, divisor, contract.rounding.mode)
    return full


def price_text(contract: Contract, tariff: int, count: int, *, n_rows: int = 1) -> str:
    """Return count times price in words, with how it was rounded where the price has more places than money.

    Args:
        contract: The terms.
        tariff: Position of the price in the contract's tariffs.
        count: Outcomes in all.
        n_rows: Rows that hold them, each rounded for itself.
    """
    clause, mode = contract.tariffs[tariff], contract.rounding.mode.value
    since = f"price from {clause.starts_on}"
    units, divisor = unit_prices(contract)
    if units[tariff] % divisor == 0:
        return f"{count:,} x {clause.price} ({since})"
    if contract.rounding.at is RoundingPlace.UNIT:
        unit = rounded_quotient(np.array([units[tariff]]), divisor, contract.rounding.mode)
        return f"{count:,} x {plain(int(unit[0]), contract.currency)} ({since}: {clause.price}, rounded {mode})"
    return f"{count:,} x {clause.price} ({since}; {'each row ' if n_rows > 1 else ''}rounded {mode})"
