"""The most that can be counted and earned, whatever happens: bounds that are certain, or None where there is none.

Amounts are minor units. Each price is rounded up, so that no rounding of the contract gives more.
"""

from collections.abc import Collection
from decimal import ROUND_CEILING, Decimal
from math import ceil

from sib_engine.terms.checks.cap_scopes import Scoped, covered_metrics, covered_sites
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import BandRule, Counts, Measured, Metric
from sib_engine.terms.money_clauses import Dimension, Tariff
from sib_engine.terms.scheduled import Fee, Guarantee, GuaranteeOver
from sib_engine.terms.volume import VolumeMaximum


def most_counted(contract: Contract, metric: str) -> int | None:
    """Return how many outcomes of a metric count at most: by its maxima, and by those of what it requires."""
    return _most_counted(contract, metric, frozenset())


def most_counted_together(contract: Contract, scope: Scoped) -> int | None:
    """Return how many outcomes one scope of a clause holds at most, of people's metrics that it covers."""
    covered = [metric for metric in people_metrics(contract) if metric.code in covered_metrics(contract, scope)]
    bounds = [most_counted(contract, metric.code) for metric in covered]
    if Dimension.PERSON in scope.on:
        return _most_of_one_person(contract, covered, each_apart=Dimension.METRIC in scope.on)
    known = [bound for bound in bounds if bound is not None]
    if len(known) < len(bounds) or not known:
        return None
    return max(known) if Dimension.METRIC in scope.on else sum(known)


def people_metrics(contract: Contract) -> list[Metric]:
    """Return the metrics that people achieve, and not cohorts."""
    return [metric for metric in contract.metrics if not isinstance(metric.rule, Measured)]


def most_of_person(contract: Contract, cap: Scoped) -> int | None:
    """Return what one person earns at most within a clause by person; measured results are of no person."""
    covered = [metric for metric in people_metrics(contract) if metric.code in covered_metrics(contract, cap)]
    if not covered:
        return None
    sites = covered_sites(contract, cap)
    prices: dict[str, int] = {}
    bonuses: dict[str, int] = {}
    for metric in covered:
        times, price = _times(metric), most_price(contract, metric.code, sites)
        if times is None or price is None:
            return None
        prices[metric.code] = times * price
        bonuses[metric.code] = times * most_bonus(contract, metric.code, sites)
    if Dimension.METRIC in cap.on:
        return max(prices[code] + bonuses[code] for code in prices)
    return _with_bands(contract, covered, prices, bonuses)


def most_of_metric(contract: Contract, metric: str, sites: Collection[str | None]) -> int | None:
    """Return what all outcomes of a metric earn at most."""
    counted, price = most_counted(contract, metric), most_price(contract, metric, sites)
    if counted is None or price is None:
        return None
    return counted * (price + most_bonus(contract, metric, sites))


def most_price(contract: Contract, metric: str, sites: Collection[str | None]) -> int | None:
    """Return the highest price of one outcome, in any tier; None where one is unknown, follows an index or is missing.

    How far an index will go is not known.
    """
    tariffs = [each for each in contract.tariffs if each.metric == metric and _meets(each.sites, sites)]
    if not tariffs or any(each.price is None or each.indexation is not None for each in tariffs):
        return None
    return max(minor_above(contract, price) for each in tariffs for price in prices_of(each))


def most_bonus(contract: Contract, metric: str, sites: Collection[str | None]) -> int:
    """Return what all bonuses together add to one outcome at most."""
    return sum(
        minor_above(contract, bonus.price)
        for bonus in contract.bonuses
        if metric in covered_metrics(contract, bonus) and _meets(bonus.sites, sites)
    )


def most_scheduled(contract: Contract, *, uses_caps: bool) -> int:
    """Return the most that fees, grants, guarantees and a termination come to, of those that use caps or do not."""
    fees = sum(fee_total(fee) for fee in contract.fees if fee.uses_caps is uses_caps)
    grants = sum(grant.amount for grant in contract.grants if grant.uses_caps is uses_caps)
    short = sum(_most_short(contract, each) for each in contract.guarantees if each.uses_caps is uses_caps)
    ended = [ceil(each.sum.exact) for each in contract.terminations if each.uses_caps is uses_caps]
    return fees + grants + short + max(ended, default=0)


def fee_total(fee: Fee) -> int:
    """Return what all instalments of a fee come to."""
    return (fee.monthly or 0) * fee.n_months if fee.total is None else ceil(fee.total.exact)


def takes_scheduled(clause: Scoped) -> bool:
    """Return whether amounts that no outcome earns come under a cap: one over contract or time, not narrowed."""
    return (
        clause.on <= {Dimension.CONTRACT, Dimension.PERIOD, Dimension.YEAR} and not clause.metrics and not clause.sites
    )


def prices_of(tariff: Tariff) -> tuple[Decimal, ...]:
    """Return every price of a tariff, one for each tier; none where it is unpriced."""
    if tariff.tiers is not None:
        return tuple(step.price for step in tariff.tiers.steps)
    return () if tariff.price is None else (tariff.price,)


def minor_above(contract: Contract, amount: Decimal) -> int:
    """Return an amount in minor units, rounded up."""
    return int(amount.scaleb(contract.currency.places).to_integral_value(ROUND_CEILING))


def _most_counted(contract: Contract, code: str, seen: frozenset[str]) -> int | None:
    metric = next((each for each in people_metrics(contract) if each.code == code), None)
    if metric is None or code in seen:
        return None
    bounds = [_maximum(contract, volume) for volume in contract.volumes if volume.metric == code]
    times = _times(metric)
    if times is not None and not any(
        each.metric == code and each.requires is not None for each in contract.metric_terms
    ):
        needed = (_most_counted(contract, other, seen | {code}) for other in metric.requires)
        bounds += [None if bound is None else bound * times for bound in needed]
    return min((bound for bound in bounds if bound is not None), default=None)


def _maximum(contract: Contract, volume: VolumeMaximum) -> int | None:
    """Return how many a maximum lets count in all; undated outcomes are of no period and so without bound."""
    if Dimension.PERIOD in volume.on:
        return None
    n_scopes = len(contract.sites) + 1 if Dimension.SITE in volume.on else 1  # those of no site are counted together
    return volume.maximum * n_scopes


def _times(metric: Metric) -> int | None:
    """Return how often a metric counts for one person at most."""
    return 1 if metric.counts is Counts.ONCE_PER_PERSON else metric.at_most


def _most_of_one_person(contract: Contract, metrics: list[Metric], *, each_apart: bool) -> int | None:
    times = {metric.code: _times(metric) for metric in metrics}
    known = {code: number for code, number in times.items() if number is not None}
    if len(known) < len(times) or not known:
        return None
    if each_apart:
        return max(known.values())
    return _with_bands(contract, metrics, dict.fromkeys(known, 0), known)


def _with_bands(contract: Contract, metrics: list[Metric], once: dict[str, int], each_time: dict[str, int]) -> int:
    """Return the sum of what each metric brings to one person, with one metric of an exclusive band.

    Of a band that pays differences ``once`` comes to the highest in all, and ``each_time`` is added at every step.
    """
    left = {metric.code for metric in metrics}
    single = {metric.code for metric in metrics if metric.counts is Counts.ONCE_PER_PERSON}
    total = 0
    for band in contract.bands:
        codes = [code for code in band.metrics if code in left & single]
        left -= set(codes)
        if band.rule is BandRule.EXCLUSIVE:
            total += max((once[code] + each_time[code] for code in codes), default=0)
        else:
            total += max((once[code] for code in codes), default=0) + sum(each_time[code] for code in codes)
    return total + sum(once[code] + each_time[code] for code in left)


def _most_short(contract: Contract, guarantee: Guarantee) -> int:
    whole = guarantee.minimum * guarantee.price
    if guarantee.on is GuaranteeOver.CONTRACT:
        return whole
    begins, ends = guarantee.starts_on or contract.start, guarantee.ends_on or contract.end
    return whole * (contract.periods.index_of(ends) - contract.periods.index_of(begins) + 1)


def _meets(named: tuple[str, ...], sites: Collection[str | None]) -> bool:
    return not named or not set(named).isdisjoint(sites)
