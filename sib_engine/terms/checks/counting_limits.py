"""Limits that count outcomes: each can take effect, and the order of arrival does not decide what is paid in all."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, permutations

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.checks.cap_scopes import Relation, Scoped, covered_metrics, covered_sites, relation
from sib_engine.terms.checks.caps import shown_on
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import BandRule
from sib_engine.terms.money_clauses import Dimension, OutcomeCap, Tariff
from sib_engine.terms.plain_words import percentage


def check_idle(contract: Contract) -> Iterator[Finding]:
    """Yield caps at none or all of the outcomes, and minimums that are always reached or withhold nothing."""
    for cap in contract.outcome_caps:
        at = Location(key=f"cap[{cap.id}].share")
        if cap.share == 0:
            what = f"cap {cap.id!r} is 0%: nothing that it covers is ever paid"
            yield warning("cap-of-zero", what, "a share above 0%", at)
        if cap.share == 1 and (not cap.of or covered_metrics(contract, cap) <= set(cap.of)):
            what = f"cap {cap.id!r} can never be reached: it is 100% of outcomes that hold all that it covers"
            yield warning("unreachable-cap", what, "a share below 100%, or no such cap", at)
    for minimum in contract.minimums:
        key = f"minimum[{minimum.id}]"
        if minimum.pays_below == 1:
            what = f"minimum {minimum.id!r} withholds nothing: 100% is payable below it"
            yield warning("idle-minimum", what, "less than 100%", Location(key=f"{key}.pays_below"))
        share = minimum.at_least_share
        if share is not None and (share == 0 or set(minimum.of) <= covered_metrics(contract, minimum)):
            why = "0% of anything" if share == 0 else "a share of outcomes that it counts itself"
            what = f"minimum {minimum.id!r} is always reached: it asks for {why}"
            accepted = "a share above 0% of other outcomes"
            yield warning("idle-minimum", what, accepted, Location(key=f"{key}.at_least_share"))


def check_tighter(contract: Contract) -> Iterator[Finding]:
    """Yield caps at a share of outcomes that another one of the same outcomes always keeps from acting."""
    for cap, other in permutations(contract.outcome_caps, 2):
        if set(cap.of) != set(other.of) or relation(contract, cap, other) is not Relation.SAME:
            continue
        is_later = contract.outcome_caps.index(other) < contract.outcome_caps.index(cap)
        if cap.share > other.share or (cap.share == other.share and is_later):
            what = (
                f"cap {cap.id!r} at {percentage(cap.share)} can never be reached: cap {other.id!r} on the same outcomes"
                f" is at {percentage(other.share)}"
            )
            at = Location(key=f"cap[{cap.id}].share")
            yield warning("unreachable-cap", what, "one such cap on the same outcomes", at)


def check_crossing(contract: Contract) -> Iterator[Finding]:
    """Yield caps at a share of outcomes that cross each other, or have a cap on money within them."""
    for cap, other in combinations(contract.outcome_caps, 2):
        if relation(contract, cap, other) is Relation.ACROSS:
            yield _crossing(cap.id, cap, other.id, other)
    for cap in contract.outcome_caps:
        for money in contract.caps:
            if Dimension.PAYER not in money.on and relation(contract, cap, money) in {Relation.ACROSS, Relation.AROUND}:
                yield _crossing(cap.id, cap, money.id, money)


def _crossing(name: str, cap: Scoped, other_name: str, other: Scoped) -> Finding:
    what = (
        f"caps {name!r} (on {shown_on(cap)}) and {other_name!r} (on {shown_on(other)}) cross:"
        " the order in which outcomes arrive may decide which is paid, and how much in all"
    )
    accepted = "a cap at a share of outcomes within the caps on money, such as metric within contract"
    return warning("crossing-caps", what, accepted, Location(key=f"cap[{name}].on"))


def check_differing(contract: Contract) -> Iterator[Finding]:
    """Yield caps at a share of outcomes of which some can earn more than others in one scope."""
    for cap in contract.outcome_caps:
        why = _why_differing(contract, cap)
        if why:
            what = (
                f"the outcomes that cap {cap.id!r} counts together do not all earn the same ({why}): the order in"
                " which they arrive may decide which are paid, and how much in all"
            )
            accepted = 'outcomes of one price, such as on = ["metric"]'
            yield warning("paid-outcomes-differ", what, accepted, Location(key=f"cap[{cap.id}].share"))


def _why_differing(contract: Contract, cap: OutcomeCap) -> str:
    """Return every reason for which the outcomes of one scope may not earn the same, or nothing."""
    metrics = covered_metrics(contract, cap)
    upgrades = [each for each in contract.bands if each.rule is BandRule.UPGRADE and metrics & set(each.metrics)]
    bonuses = [each for each in contract.bonuses if metrics & covered_metrics(contract, each)]
    return "; ".join(
        (
            *(f"band {band.id!r} pays differences" for band in upgrades),
            *(f"bonus {bonus.id!r}" for bonus in bonuses),
            *_prices_in_a_scope(contract, cap),
        )
    )


def _prices_in_a_scope(contract: Contract, cap: OutcomeCap) -> tuple[str, ...]:
    """Return why prices in one scope of a cap differ, each reason once."""
    metrics = covered_metrics(contract, cap)
    found: dict[str, None] = {}
    together = [{code} for code in sorted(metrics)] if Dimension.METRIC in cap.on else [set(metrics)]
    sites: list[frozenset[str | None]] = [covered_sites(contract, cap)]
    if Dimension.SITE in cap.on:
        sites = [frozenset({site}) for site in contract.site_codes if site in covered_sites(contract, cap)] or sites
    for codes in together:
        for places in sites:
            found |= dict.fromkeys(_differ([each for each in contract.tariffs if each.metric in codes], places))
    return tuple(found)


def _differ(tariffs: list[Tariff], sites: frozenset[str | None]) -> Iterator[str]:
    """Yield why outcomes priced by some tariffs at some sites do not all earn one price."""
    own = [tariff for tariff in tariffs if not tariff.sites or sites & set(tariff.sites)]
    for tariff in own:
        if tariff.tiers is not None:
            yield f"tariff {tariff.id!r} has tiers"
    by_price: dict[Decimal, str] = {}
    for tariff in own:
        by_price.setdefault(tariff.price or Decimal(0), tariff.id)
    if len(by_price) > 1:
        yield "tariffs " + ", ".join(map(repr, by_price.values()))
