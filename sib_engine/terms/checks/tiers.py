"""Tiers: each can be reached, none lowers the total, and the order of arrival does not decide what is paid."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Final, TypeAlias

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import Scoped, covered_metrics, covered_sites
from sib_engine.terms.checks.expected import most_expected
from sib_engine.terms.checks.most import most_counted, prices_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.dated_prices import stretches_of
from sib_engine.terms.metric import BandRule
from sib_engine.terms.money_clauses import Cap, Dimension, Tariff
from sib_engine.terms.tiers import CountOver, Tier, Tiers, Volume

_Rises: TypeAlias = tuple[tuple[int, Decimal], ...]

_FOR_GOOD: Final = frozenset({Dimension.CONTRACT, Dimension.METRIC, Dimension.SITE})


def check_cliffs(contract: Contract) -> Iterator[Finding]:
    """Yield tiers that lower the total when one more outcome reaches them, and by how much."""
    for tariff in contract.tariffs:
        if tariff.tiers is None or tariff.tiers.volume is not Volume.WHOLE:
            continue
        for lower, higher in pairwise(tariff.tiers.steps):
            last = lower.up_to or 0
            before, after = _minor(contract, last * lower.price), _minor(contract, (last + 1) * higher.price)
            if after < before:
                total, less = shown(before, contract.currency), shown(after, contract.currency)
                what = (
                    f"the {_ordinal(last + 1)} outcome lowers the total from {total} to {less}:"
                    f" a cliff of {shown(before - after, contract.currency)}"
                )
                accepted = 'volume = "marginal", or a price at which more outcomes never earn less'
                yield warning("tier-cliff", what, accepted, Location(key=f"tariff[{tariff.id}].tiers"))


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield tiers that begin beyond every target or maximum, or where a cap has stopped payment already."""
    for tariff in contract.tariffs:
        if tariff.tiers is None:
            continue
        for number, (lower, step) in enumerate(pairwise(tariff.tiers.steps), start=2):
            first = (lower.up_to or 0) + 1
            why = (
                _beyond_maximum(contract, tariff, first)
                or _beyond_targets(contract, tariff, tariff.tiers, first)
                or _beyond_cap(contract, tariff, tariff.tiers, step, first)
            )
            if why:
                what = f"tier {number}, from number {first:,}, can never be reached: {why}"
                accepted = "tiers that can be reached, or fewer of them"
                yield warning("unreachable-tier", what, accepted, Location(key=f"tariff[{tariff.id}].tiers"))
                break


def check_mixed(contract: Contract) -> Iterator[Finding]:
    """Yield tiers of one metric that are counted in another way than those of an earlier clause.

    All outcomes of the metric are numbered, whichever clause prices them, so nobody can tell whether those under
    the first clause belong to the volume of the second: for the whole volume at one price, say.
    """
    tiered = [tariff for tariff in contract.tariffs if tariff.tiers is not None]
    for place, tariff in enumerate(tiered):
        other = next((each for each in tiered[:place] if _are_mixed(each, tariff)), None)
        if other is not None and tariff.tiers is not None and other.tiers is not None:
            how, before = (f"{one.volume}, counted over the {one.over}" for one in (tariff.tiers, other.tiers))
            what = (
                f"tariff {tariff.id!r} is {how}, and tariff {other.id!r} of {tariff.metric!r} is {before}: nobody can"
                " tell which outcomes count towards which tier"
            )
            accepted = "one volume and one count_over for a metric; a [metric] of its own for what is counted apart"
            yield error("tiers-mixed", what, accepted, Location(key=f"tariff[{tariff.id}].tiers"))


def _are_mixed(one: Tariff, other: Tariff) -> bool:
    if one.metric != other.metric or one.tiers is None or other.tiers is None:
        return False
    is_same = (one.tiers.volume, one.tiers.over) == (other.tiers.volume, other.tiers.over)
    by_site = one.tiers.over is other.tiers.over is CountOver.SITE
    are_apart = by_site and one.sites and other.sites and not set(one.sites) & set(other.sites)
    return not is_same and not are_apart


def check_arrival(contract: Contract) -> Iterator[Finding]:
    """Yield tariffs numbered together whose tiers differ, so that who arrives first decides the total.

    A late outcome takes the next free number. Where the prices of two tariffs differ by the same amount at
    every number, that changes nothing, nor does it where the price of a tier is for the whole volume. An index
    that moves makes different prices of one tariff.
    """
    seen: dict[tuple[str, ...], dict[_Rises, Tariff]] = {}
    told: set[str] = set()
    for clause in contract.tariffs:
        for tariff in stretches_of(contract, clause) or ():
            rises = _rises(tariff)
            for key in _counted_with(contract, tariff):
                others = seen.setdefault(key, {})
                other = next((each for each in others.values() if rises not in others), None)
                others.setdefault(rises, tariff)
                if other is not None and tariff.id not in told:
                    told.add(tariff.id)
                    yield _by_arrival(tariff, other)


def _by_arrival(tariff: Tariff, other: Tariff) -> Finding:
    names = (
        f"tariff {tariff.id!r} before and after its index moves"
        if tariff.id == other.id
        else f"tariffs {other.id!r} and {tariff.id!r}"
    )
    what = (
        f"outcomes of {names} are numbered together, and the two do not differ by one amount in all tiers:"
        " the order in which they arrive may decide how much is paid in all"
    )
    accepted = "prices that differ by one amount in all tiers, or outcomes counted apart"
    key = tariff.id if tariff.tiers is not None else other.id
    return warning("tiers-by-arrival", what, accepted, Location(key=f"tariff[{key}].tiers"))


def _rises(tariff: Tariff) -> _Rises:
    """Return where the price changes, and by how much against the first tier."""
    steps = tariff.tiers.steps if tariff.tiers is not None else ()
    return tuple(
        (lower.up_to or 0, higher.price - steps[0].price)
        for lower, higher in pairwise(steps)
        if higher.price != lower.price
    )


def _counted_with(contract: Contract, tariff: Tariff) -> Iterator[tuple[str, ...]]:
    """Yield what a tariff's outcomes are numbered in; those of a plain price count where others of its metric do."""
    if tariff.price is None or (tariff.tiers is not None and tariff.tiers.volume is Volume.WHOLE):
        return
    over = None if tariff.tiers is None else tariff.tiers.over
    if over is CountOver.CONTRACT:
        yield ("contract",)
    if over in {None, CountOver.METRIC}:
        yield "metric", tariff.metric
    if over in {None, CountOver.SITE}:
        for site in tariff.sites or contract.site_codes or ("",):
            yield "site", tariff.metric, site


def _price_at(tariff: Tariff, number: int) -> Decimal:
    """Return the price of the outcome of this number where every outcome is of this tariff."""
    steps = tariff.tiers.steps if tariff.tiers is not None else (Tier(None, tariff.price or Decimal(0)),)
    return next(step.price for step in steps if step.up_to is None or number <= step.up_to)


def _beyond_maximum(contract: Contract, tariff: Tariff, first: int) -> str:
    """Return why fewer outcomes than ``first`` count, or nothing."""
    if tariff.tiers is not None and tariff.tiers.over is CountOver.CONTRACT:
        return ""
    most = most_counted(contract, tariff.metric)
    if most is None or most >= first:
        return ""
    own = next((each for each in contract.volumes if each.metric == tariff.metric and each.maximum == most), None)
    if own is not None:
        return f"volume {own.id!r} counts at most {most:,}"
    return f"at most {most:,} of {tariff.metric!r} count, by the maxima of it and of what it requires"


def _beyond_targets(contract: Contract, tariff: Tariff, tiers: Tiers, first: int) -> str:
    """Return why the tier lies above what the highest targets come to, or nothing."""
    metrics: tuple[str, ...] = (tariff.metric,)
    if tiers.over is CountOver.CONTRACT:
        counted = (each for each in contract.tariffs if each.tiers and each.tiers.over is CountOver.CONTRACT)
        metrics = tuple(dict.fromkeys(each.metric for each in counted))
    most = most_expected(contract, metrics, by_site=tiers.over is CountOver.SITE)
    return f"the highest targets come to {most:,}" if most is not None and most < first else ""


def _beyond_cap(contract: Contract, tariff: Tariff, tiers: Tiers, step: Tier, first: int) -> str:
    """Return why a cap has stopped payment before the tier, or nothing; at least that much is earned by then."""
    if tiers.over is CountOver.CONTRACT or _pays_less(contract, tariff.metric):
        return ""
    others = [each for each in contract.tariffs if each.metric == tariff.metric]
    if any(each.price is None or each.indexation is not None for each in others):
        return ""
    if tiers.volume is Volume.WHOLE:
        least = first - 1
        earned = min(least * min(_price_at(each, least) for each in others), first * step.price)
    else:
        earned = _least_earned(others, first - 1)
    prices = [price for each in others for price in prices_of(each)]
    is_exact = all(price.scaleb(contract.currency.places) % 1 == 0 for price in prices)
    rounded_off = 0 if is_exact else first  # less than a penny for each outcome
    for cap in contract.caps:
        if not _stops_for_good(contract, cap, tariff):
            continue
        n_scopes = len(covered_sites(contract, cap)) if _is_spread(cap, tiers) else 1
        if _minor(contract, earned) - rounded_off >= cap.limit * n_scopes:
            return f"cap {cap.id!r} of {shown(cap.limit, contract.currency)} has stopped payment before"
    return ""


def _least_earned(tariffs: list[Tariff], n_outcomes: int) -> Decimal:
    """Return what so many outcomes earn at least, each at the lowest price that its number has anywhere."""
    ends = {0, n_outcomes, *(end for each in tariffs if each.tiers for end in each.tiers.bounds if end < n_outcomes)}
    return sum(
        ((end - begin) * min(_price_at(each, end) for each in tariffs) for begin, end in pairwise(sorted(ends))),
        Decimal(0),
    )


def _pays_less(contract: Contract, metric: str) -> bool:
    """Return whether something else may pay less for a metric than its tariffs say."""
    upgraded = any(band.rule is BandRule.UPGRADE and metric in band.metrics for band in contract.bands)
    counted: tuple[Scoped, ...] = (*contract.outcome_caps, *contract.minimums)
    return upgraded or any(metric in covered_metrics(contract, limit) for limit in counted)


def _stops_for_good(contract: Contract, cap: Cap, tariff: Tariff) -> bool:
    """Return whether everything that a tariff pays comes under one cap for the whole contract."""
    sites = frozenset(tariff.sites or contract.site_codes or (None,))
    return (
        cap.on <= _FOR_GOOD
        and tariff.metric in covered_metrics(contract, cap)
        and (not cap.sites or frozenset(contract.site_codes) <= covered_sites(contract, cap) or sites <= set(cap.sites))
    )


def _is_spread(cap: Cap, tiers: Tiers) -> bool:
    """Return whether outcomes that are numbered together may lie under several limits of a cap by site."""
    return Dimension.SITE in cap.on and tiers.over is not CountOver.SITE


def _minor(contract: Contract, amount: Decimal) -> int:
    return int(amount.scaleb(contract.currency.places).to_integral_value(ROUND_CEILING))


def _ordinal(number: int) -> str:
    is_teen = number % 100 in {11, 12, 13}
    return f"{number:,}" + ("th" if is_teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th"))
