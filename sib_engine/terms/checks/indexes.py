"""Dated tables: every price and threshold that follows one finds a value in it."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.dated_prices import stretches_of
from sib_engine.terms.format.fields import MAX_NUMBER, MAX_TARIFFS
from sib_engine.terms.indexes import Index
from sib_engine.terms.metric import Earnings

_MAX_PRICES: Final = MAX_TARIFFS
"""Prices of all tariffs together, each stretch of time between two moves of an index as one."""


def check_first_values(contract: Contract) -> Iterator[Finding]:
    """Yield tariffs whose price belongs to a day before the index begins, and wages that begin after the contract."""
    indexes = {index.id: index for index in contract.indexes}
    for tariff in contract.tariffs:
        terms = tariff.indexation
        if terms is not None and terms.index in indexes:
            yield from _too_late(indexes[terms.index], terms.base_on, f"tariff[{tariff.id}].index_base")
    for metric in contract.metrics:
        wage = metric.rule.wage if isinstance(metric.rule, Earnings) else None
        if wage is not None and wage.index in indexes:
            yield from _too_late(indexes[wage.index], contract.start, f"metric.{metric.code}.earnings.wage")


def check_prices(contract: Contract) -> Iterator[Finding]:
    """Yield tariffs that an index makes larger than a price may be, and contracts with too many indexed prices."""
    n_prices = 0
    for tariff in contract.tariffs:
        stretches = () if tariff.indexation is None else stretches_of(contract, tariff) or ()
        n_prices += len(stretches)
        prices = [each.price for each in stretches if each.price is not None]
        prices += [step.price for each in stretches if each.tiers is not None for step in each.tiers.steps]
        if any(price > MAX_NUMBER for price in prices):
            what = f"its index makes it {max(prices):.0f}"
            at = Location(key=f"tariff[{tariff.id}].price")
            yield error("indexed-price-too-large", what, f"prices up to {MAX_NUMBER}", at)
        if n_prices > _MAX_PRICES:
            what = f"indexes turn the tariffs into more than {_MAX_PRICES:,} prices"
            accepted = "index_every, or fewer values"
            yield error("too-many-indexed-prices", what, accepted, Location(key=f"tariff[{tariff.id}].index"))
            return


def check_used(contract: Contract) -> Iterator[Finding]:
    """Yield dated tables that nothing follows."""
    used = {tariff.indexation.index for tariff in contract.tariffs if tariff.indexation is not None}
    rules = [metric.rule for metric in contract.metrics]
    used |= {rule.wage.index for rule in rules if isinstance(rule, Earnings) and rule.wage is not None}
    names = {index.id for index in contract.indexes}
    for index in contract.indexes:
        # Nothing is said while an unknown index is named: it may be the one that is missed.
        if index.id not in used and used <= names:
            what = f"no tariff and no metric follows {index.id!r}"
            yield warning("index-unused", what, "a tariff or an earnings rule that names it", _at(index))


def _too_late(index: Index, day: date, key: str) -> Iterator[Finding]:
    first = index.values[0].starts_on
    if first > day:
        what = f"index {index.id!r} has no value on {day}: its first is from {first}"
        accepted = "a value from that day or an earlier one"
        yield error("index-starts-too-late", what, accepted, Location(key=key))


def _at(index: Index) -> Location:
    return Location(key=f"index[{index.id}]")
