"""Caps: each can be reached, and no two cross."""

from collections.abc import Iterator
from itertools import combinations

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import Relation, Scoped, covered_metrics, covered_sites, relation
from sib_engine.terms.checks.most import most_of_metric, most_of_person, most_scheduled, takes_scheduled
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension
from sib_engine.terms.tiers import CountOver


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
                " the order in which outcomes arrive may decide which is paid, and how much in all, and an outcome that"
                " is withdrawn may take back what was stated of another"
            )
            accepted = "caps that nest, such as person and metric within metric within contract"
            yield warning("crossing-caps", what, accepted, Location(key=f"cap[{cap.id}].on"))


def check_sites(contract: Contract) -> Iterator[Finding]:
    """Yield clauses that count by site, in a contract that declares no sites."""
    if contract.sites:
        return
    over_sites: dict[str, list[str]] = {
        "cap": [each.id for each in contract.caps if Dimension.SITE in each.on],
        "minimum": [each.id for each in contract.minimums if Dimension.SITE in each.on],
        "bonus": [each.id for each in contract.bonuses if Dimension.SITE in each.on],
        "volume": [each.id for each in contract.volumes if Dimension.SITE in each.on],
    }
    over_sites["cap"] += [each.id for each in contract.outcome_caps if Dimension.SITE in each.on]
    counted = [(f"{table}[{name}].on", f"{table} {name!r}") for table, names in over_sites.items() for name in names]
    counted += [
        (f"tariff[{each.id}].count_over", f"tariff {each.id!r}")
        for each in contract.tariffs
        if each.tiers is not None and each.tiers.over is CountOver.SITE
    ]
    for key, name in counted:
        what = f"{name} counts by site, and the contract declares none: everything is counted together"
        yield warning("no-sites", what, "the sites under [site.CODE], or no site here", Location(key=key))


def check_years(contract: Contract) -> Iterator[Finding]:
    """Yield a day from which years begin, in a contract that counts nothing by year."""
    counted: tuple[Scoped, ...] = (*contract.caps, *contract.outcome_caps, *contract.minimums, *contract.bonuses)
    if contract.year_from is not None and not any(Dimension.YEAR in each.on for each in counted):
        what = "years begin on a day of their own, and no clause counts by year"
        yield warning(
            "year-unused", what, 'on = ["year"] where it is meant, or no year_from', Location(key="contract.year_from")
        )


def _outcome_caps(contract: Contract) -> list[Cap]:
    return [cap for cap in contract.caps if Dimension.PAYER not in cap.on]


def shown_on(cap: Scoped) -> str:
    """Return the dimensions of a cap in words, in the order of the format."""
    return ", ".join(dimension.value for dimension in Dimension if dimension in cap.on)


def _stronger(contract: Contract, cap: Cap, caps: list[Cap]) -> str:
    """Return why another cap always takes effect before this one, or nothing."""
    has_more = takes_scheduled(cap) and most_scheduled(contract, uses_caps=True) > 0
    for other in caps:
        if other is cap or (has_more and not takes_scheduled(other)):
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
    most = most_of_person(contract, cap)
    if most is None or most >= cap.limit:
        return ""
    return f"one person earns at most {shown(most, contract.currency)}"


def _parts_add_up_to_less(contract: Contract, cap: Cap) -> str:
    """Return why the caps on its metrics, or their maxima, keep a contract's or a metric's cap from being reached."""
    if not cap.on <= {Dimension.CONTRACT, Dimension.METRIC}:
        return ""
    by_caps: dict[str, int] = {}
    by_volume: dict[str, int] = {}
    for metric in covered_metrics(contract, cap):
        limits = [
            limit for each in contract.caps if (limit := _limit_of_metric(contract, each, cap, metric)) is not None
        ]
        earned = most_of_metric(contract, metric, covered_sites(contract, cap))
        if limits and (earned is None or min(limits) <= earned):
            by_caps[metric] = min(limits)
        elif earned is not None:
            by_volume[metric] = earned
        else:
            return ""
    parts = (by_caps | by_volume).values()
    scheduled = most_scheduled(contract, uses_caps=True) if takes_scheduled(cap) else 0
    is_apart = Dimension.METRIC in cap.on
    total = max(parts, default=0) if is_apart else sum(parts) + scheduled
    if total >= cap.limit or (is_apart and not by_volume):
        return ""
    said = shown(total, contract.currency)
    if is_apart:
        return f"the outcomes of one metric that can count earn at most {said}"
    if by_volume:
        limits_too = "caps and " if by_caps else ""
        more = " with what no outcome earns" if scheduled else ""
        return f"what the {limits_too}maxima of its metrics let through comes to at most {said}{more}"
    more = ", with what no outcome earns," if scheduled else ""
    return f"the caps on its metrics{more} add up to {said}"


def _limit_of_metric(contract: Contract, cap: Cap, outer: Cap, metric: str) -> int | None:
    """Return the most that a cap lets one metric earn within another cap, or None where it does not limit that."""
    sites = covered_sites(contract, outer)
    if cap is outer or metric not in covered_metrics(contract, cap) or not sites <= covered_sites(contract, cap):
        return None
    if Dimension.METRIC not in cap.on or cap.on & {Dimension.PERSON, Dimension.PERIOD, Dimension.YEAR, Dimension.PAYER}:
        return None
    return cap.limit * len(sites) if Dimension.SITE in cap.on else cap.limit
