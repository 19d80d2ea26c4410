"""Caps: each can be reached, and no two cross."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from itertools import combinations, permutations

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.core.money import shown, to_decimal
from sib_engine.terms.checks.cap_scopes import Relation, Scoped, covered_metrics, covered_sites, relation
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts
from sib_engine.terms.money_clauses import Cap, Dimension


def check_zero(contract: Contract) -> Iterator[Finding]:
    """Yield caps that let nothing through."""
    for cap in contract.caps:
        if cap.limit == 0:
            what = f"cap {cap.id!r} is 0: nothing that it covers is ever paid"
            yield warning("cap-of-zero", what, "a limit above 0", Location(key=f"cap[{cap.id}].limit"))


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield caps that can never take anything, because something else always limits payment first."""
    caps = _outcome_caps(contract)
    for cap in caps:
        why = (
            _stronger(contract, cap, caps) or _person_earns_less(contract, cap) or _parts_add_up_to_less(contract, cap)
        )
        if why:
            what = f"cap {cap.id!r} of {shown(cap.limit, contract.currency)} can never be reached: {why}"
            yield warning(
                "unreachable-cap", what, "a lower limit, or no such cap", Location(key=f"cap[{cap.id}].limit")
            )


def check_crossing(contract: Contract) -> Iterator[Finding]:
    """Yield pairs of caps of which neither lies within the other."""
    for cap, other in combinations(_outcome_caps(contract), 2):
        if relation(contract, cap, other) is Relation.ACROSS:
            what = (
                f"caps {cap.id!r} (on {shown_on(cap)}) and {other.id!r} (on {shown_on(other)}) cross:"
                " the order in which outcomes arrive may decide which is paid, and how much in all"
            )
            accepted = "caps that nest, such as person and metric within metric within contract"
            yield warning("crossing-caps", what, accepted, Location(key=f"cap[{cap.id}].on"))


def _outcome_caps(contract: Contract) -> list[Cap]:
    return [cap for cap in contract.caps if Dimension.PAYER not in cap.on]


def shown_on(cap: Scoped) -> str:
    """Return the dimensions of a cap in words, in the order of the format."""
    return ", ".join(dimension.value for dimension in Dimension if dimension in cap.on)


def _stronger(contract: Contract, cap: Cap, caps: list[Cap]) -> str:
    """Return why another cap always takes effect before this one, or nothing."""
    for one, other in permutations(caps, 2):
        if one is not cap:
            continue
        lies = relation(contract, cap, other)
        is_later = caps.index(other) < caps.index(cap)
        is_weaker = cap.limit > other.limit or (lies is Relation.SAME and cap.limit == other.limit and is_later)
        if lies in {Relation.WITHIN, Relation.SAME} and is_weaker:
            return f"cap {other.id!r}, which covers it, is {shown(other.limit, contract.currency)}"
    return ""


def _person_earns_less(contract: Contract, cap: Cap) -> str:
    """Return why one person cannot earn as much as a cap per person, or nothing."""
    if Dimension.PERSON not in cap.on:
        return ""
    covered = covered_metrics(contract, cap)
    metrics = [metric for metric in contract.metrics if metric.code in covered]
    prices = {metric.code: _highest_price(contract, cap, metric.code) for metric in metrics}
    if any(metric.counts is not Counts.ONCE_PER_PERSON for metric in metrics) or None in prices.values():
        return ""
    known = {code: price for code, price in prices.items() if price is not None}
    most = max(known.values(), default=Decimal(0)) if Dimension.METRIC in cap.on else _most(contract, known)
    if most >= to_decimal(cap.limit, contract.currency):
        return ""
    minor = int((most.scaleb(contract.currency.places)).to_integral_value(ROUND_CEILING))
    return f"one person earns at most {shown(minor, contract.currency)}"


def _highest_price(contract: Contract, cap: Cap, code: str) -> Decimal | None:
    """Return the highest price of a metric at the sites of a cap; None where one is unknown or there is none."""
    sites = covered_sites(contract, cap)
    prices = [
        tariff.price if tariff.indexation is None else None  # how far an index will go is not known
        for tariff in contract.tariffs
        if tariff.metric == code and (not tariff.sites or sites & set(tariff.sites))
    ]
    known = [price for price in prices if price is not None]
    return max(known) if known and len(known) == len(prices) else None


def _most(contract: Contract, prices: dict[str, Decimal]) -> Decimal:
    """Return the most that one person earns who achieves everything; of a band, one metric is paid."""
    left = dict(prices)
    total = Decimal(0)
    for band in contract.bands:
        total += max((left.pop(code) for code in band.metrics if code in left), default=Decimal(0))
    return total + sum(left.values())


def _parts_add_up_to_less(contract: Contract, cap: Cap) -> str:
    """Return why the caps on its metrics keep a contract's cap from being reached, or nothing."""
    if cap.on != {Dimension.CONTRACT}:
        return ""
    total = 0
    for metric in covered_metrics(contract, cap):
        limits = [
            limit for other in contract.caps if (limit := _limit_of_metric(contract, other, cap, metric)) is not None
        ]
        if not limits:
            return ""
        total += min(limits)
    return f"the caps on its metrics add up to {shown(total, contract.currency)}" if total < cap.limit else ""


def _limit_of_metric(contract: Contract, cap: Cap, outer: Cap, metric: str) -> int | None:
    """Return the most that a cap lets one metric earn within another cap, or None where it does not limit that."""
    sites = covered_sites(contract, outer)
    if metric not in covered_metrics(contract, cap) or not sites <= covered_sites(contract, cap):
        return None
    if Dimension.METRIC not in cap.on or cap.on & {Dimension.PERSON, Dimension.PERIOD, Dimension.PAYER}:
        return None
    return cap.limit * len(sites) if Dimension.SITE in cap.on else cap.limit
