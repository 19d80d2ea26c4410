"""Prices as whole numbers of a unit fine enough to hold every one of them exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from sib_engine.core.errors import OverflowRefusedError, RefusedError
from sib_engine.core.money import IntArray
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.terms.contract import Contract, RoundingPlace
from sib_engine.terms.held import bonuses_held

_NIL: Final = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False)
class UnitPrices:
    """Prices of a contract's tariffs and bonuses; ``divisor`` units make one minor unit.

    ``of_tariffs``, shape ``(n_tariffs, n_rungs)``, has a column for each tier; where a tariff has fewer,
    its last price is repeated. ``of_bonuses`` has the shape ``(n_bonuses,)``, those replaced included. Where the
    contract rounds unit prices, they are rounded here and ``divisor`` is 1.
    """

    of_tariffs: IntArray
    of_bonuses: IntArray
    divisor: int

    @property
    def largest(self) -> int:
        """The most that one outcome could earn, in units."""
        return int(self.of_tariffs.max(initial=0)) + int(self.of_bonuses.sum())


def unit_prices(contract: Contract) -> UnitPrices:
    """Return the prices of a contract; zero where a tariff is unpriced.

    Raises:
        RefusedError: If a price is below zero.
        OverflowRefusedError: If a price is too large to be exact.
    """
    ladders = [
        (
            f"tariff {tariff.id!r}",
            [step.price for step in tariff.tiers.steps] if tariff.tiers else [tariff.price or _NIL],
        )
        for tariff in contract.tariffs
    ]
    bonuses = [(f"bonus {held.clause.id!r}", [held.clause.price]) for held in bonuses_held(contract)]
    prices = [price for _, ladder in (*ladders, *bonuses) for price in ladder]
    n_places = max([_decimal_places(price) for price in prices] + [contract.currency.places])
    n_rungs = max((len(ladder) for _, ladder in ladders), default=1)
    rungs = [_whole(name, [*ladder, *ladder[-1:] * (n_rungs - len(ladder))], n_places) for name, ladder in ladders]
    of_tariffs = np.array(rungs, dtype=np.int64).reshape(len(rungs), n_rungs)
    of_bonuses = np.array([_whole(name, ladder, n_places)[0] for name, ladder in bonuses], dtype=np.int64)
    divisor = 10 ** (n_places - contract.currency.places)
    if contract.rounding.at is RoundingPlace.UNIT:
        mode = contract.rounding.mode
        return UnitPrices(rounded_quotient(of_tariffs, divisor, mode), rounded_quotient(of_bonuses, divisor, mode), 1)
    return UnitPrices(of_tariffs, of_bonuses, divisor)


def _whole(name: str, prices: Iterable[Decimal], n_places: int) -> list[int]:
    numbers = [int(price.scaleb(n_places)) for price in prices]
    for number in numbers:
        if number < 0:
            message = f"{name} has a price below zero"
            raise RefusedError(message)
        if number > np.iinfo(np.int64).max:
            message = f"the price of {name} is too large to be exact"
            raise OverflowRefusedError(message)
    return numbers


def _decimal_places(price: Decimal) -> int:
    exponent = price.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
