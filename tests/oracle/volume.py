"""Tiers and bonuses, one outcome after another: each has a number among those counted with it."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Bonus, Dimension, Tariff
from sib_engine.terms.tiers import CountOver, Volume
from tests.oracle.days import Dated
from tests.oracle.rows import Row, in_order
from tests.oracle.years import year_of


def tier_prices(contract: Contract, rows: Sequence[Row], tariff: Tariff, position: int) -> list[Fraction]:
    """Return the price of each outcome of a row, as ``tariff`` has it for the numbers that they bear."""
    tiers = tariff.tiers
    assert tiers is not None
    together = [at for at in in_order(rows, contract) if _is_counted_with(contract, tariff, rows[at], rows[position])]
    in_all = sum(rows[at].count for at in together)
    before = sum(rows[at].count for at in together[: together.index(position)])
    numbers = range(before + 1, before + rows[position].count + 1)
    return [_tier_of(tariff, in_all if tiers.volume is Volume.WHOLE else number) for number in numbers]


def _tier_of(tariff: Tariff, number: int) -> Fraction:
    assert tariff.tiers is not None
    return next(Fraction(step.price) for step in tariff.tiers.steps if step.up_to is None or number <= step.up_to)


def _is_counted_with(contract: Contract, tariff: Tariff, other: Row, row: Row) -> bool:
    assert tariff.tiers is not None
    if tariff.tiers.over is CountOver.CONTRACT:
        tiered = {each.metric for each in contract.tariffs if each.tiers and each.tiers.over is CountOver.CONTRACT}
        return other.metric in tiered
    is_here = tariff.tiers.over is CountOver.METRIC or other.site == row.site
    return other.metric == row.metric and is_here


def bonus_counts(contract: Contract, rows: Sequence[Row], dated: Dated[Bonus]) -> list[int]:
    """Return how many outcomes of each row earn the bonus."""
    found = [0] * len(rows)
    bonus, counted = dated.clause, dict[object, int]()
    for at in dated.in_turn(contract, rows):
        row = rows[at]
        if not _earns(bonus, row):
            continue
        scope = tuple(_scope(contract, bonus, row))
        first = counted.get(scope, 0) + 1
        counted[scope] = first + row.count - 1
        numbers = range(first, first + row.count)
        if dated.judges(row):
            up_to = numbers.stop if bonus.up_to is None else bonus.up_to
            found[at] = sum(bonus.above < number <= up_to for number in numbers)
    return found


def _earns(bonus: Bonus, row: Row) -> bool:
    if row.measure is not None or (Dimension.PERSON in bonus.on and row.person is None):
        return False
    return (
        (not bonus.metrics or row.metric in bonus.metrics)
        and (not bonus.sites or row.site in bonus.sites)
        and (not bonus.groups or row.group in bonus.groups)
    )


def _scope(contract: Contract, bonus: Bonus, row: Row) -> Iterator[object]:
    if Dimension.METRIC in bonus.on:
        yield row.metric
    if Dimension.SITE in bonus.on:
        yield row.site
    if Dimension.PERSON in bonus.on:
        yield row.person
    if Dimension.PERIOD in bonus.on:
        assert row.achieved_on is not None
        yield contract.periods.index_of(row.achieved_on)
    if Dimension.YEAR in bonus.on:
        yield year_of(contract, row)
