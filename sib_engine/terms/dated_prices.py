"""Work out once what an indexed tariff costs in each stretch of time between two moves of its index."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import count
from types import MappingProxyType
from typing import Final

from sib_engine.core.dates import add_months
from sib_engine.core.errors import RefusedError
from sib_engine.terms.contract import Contract, RoundingMode
from sib_engine.terms.indexes import Index, Indexation, Indexed
from sib_engine.terms.money_clauses import Tariff
from sib_engine.terms.provenance import Provenance

_HALF: Final = Fraction(1, 2)


def with_dated_prices(contract: Contract) -> Contract:
    """Return the contract with a plain tariff for each stretch of time in which an indexed one has one price.

    The stretches keep the tariff's id and say in ``indexed`` how their price came about. A contract
    without indexed tariffs, or one that was handed in before, is returned as it is.

    Raises:
        RefusedError: If an index is not declared, or has no value on the day that prices belong to.
    """
    if all(tariff.indexation is None for tariff in contract.tariffs):
        return contract
    found: list[Tariff] = []
    for tariff in contract.tariffs:
        stretches = stretches_of(contract, tariff)
        if stretches is None:
            message = f"tariff {tariff.id!r} follows an index that has no value on the day its price belongs to"
            raise RefusedError(message)
        found += stretches
    return replace(contract, tariffs=tuple(found))


def stretches_of(contract: Contract, tariff: Tariff) -> tuple[Tariff, ...] | None:
    """Return a tariff as stretches of one price each, in order of time; None where its index has no value."""
    terms = tariff.indexation
    if terms is None or tariff.price is None:
        return (tariff,)
    index = next((each for each in contract.indexes if each.id == terms.index), None)
    base = None if index is None else index.value_on(terms.base_on)
    if index is None or base is None:
        return None
    places = contract.currency.places if terms.places is None else terms.places
    prices = (tariff.price,) if tariff.tiers is None else tuple(step.price for step in tariff.tiers.steps)
    found = []
    for starts_on, value in _moves(index, terms, tariff.starts_on):
        moved = [
            rounded_price(price * Fraction(value) / Fraction(base), places, contract.rounding.mode)
            for price in map(Fraction, prices)
        ]
        tiers = tariff.tiers
        if tiers is not None:
            steps = tuple(replace(step, price=price) for step, price in zip(tiers.steps, moved, strict=True))
            tiers = replace(tiers, steps=steps)
        found.append(
            replace(
                tariff,
                starts_on=starts_on,
                price=moved[0],
                tiers=tiers,
                indexation=None,
                indexed=Indexed(index.id, tariff.starts_on, prices, value, base),
                provenance=_provenance(tariff, index),
            )
        )
    return tuple(found)


def _moves(index: Index, terms: Indexation, since: date) -> Iterator[tuple[date, Decimal]]:
    """Yield the days from ``since`` on at which the value that counts changes, each with that value."""
    if terms.every is None:
        days = [each.starts_on for each in index.values]
    else:
        days = [terms.base_on, *_reviews(index, terms.base_on, terms.every)]
    before = None
    for day in (max(day for day in days if day <= since), *(day for day in days if day > since)):
        value = index.value_on(day)
        if value is not None and value != before:
            yield max(day, since), value
            before = value


def _reviews(index: Index, base_on: date, every: int) -> Iterator[date]:
    """Yield the days after the base on which prices are reviewed, until the last value has been used."""
    last, day = index.values[-1].starts_on, base_on
    for number in count(1):
        if day >= last:
            return
        day = add_months(base_on, number * every)
        yield day


def rounded_price(exact: Fraction, places: int, mode: RoundingMode) -> Decimal:
    """Return a price that is not negative, rounded to some decimal places."""
    scaled = exact * 10**places
    whole = scaled.numerator // scaled.denominator
    rest = scaled - whole
    if mode is RoundingMode.UP:
        whole += rest > 0
    elif mode is not RoundingMode.DOWN and rest >= _HALF:
        whole += rest > _HALF or mode is RoundingMode.HALF_UP or whole % 2 == 1
    return Decimal(whole).scaleb(-places)


def _provenance(tariff: Tariff, index: Index) -> Provenance:
    """Return the provenance of an indexed price, which is assumed where the index is."""
    own = tariff.provenance
    if not index.provenance.rests_on_assumption or own.assumes("price"):
        return own
    why = f"follows index {index.id!r}, which is assumed"
    return replace(own, assumed=MappingProxyType({**own.assumed, "price": why}))
