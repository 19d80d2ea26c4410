"""Targets: each stated once, for a period of the contract, and within what the contract can pay."""

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from sib_engine.core.dates import Period
from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import covered_metrics, covered_sites
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension
from sib_engine.terms.schedule import Case, Target


def check_twice(contract: Contract) -> Iterator[Finding]:
    """Yield targets of one case, metric, site and period that are stated a second time."""
    first: dict[tuple[Case, str, str | None, str | None], str] = {}
    for target in contract.targets:
        other = first.setdefault((target.case, target.metric, target.site, target.period), target.id)
        if other != target.id:
            what = f"target {other!r} states the {target.case} case of {target.metric!r} already"
            yield warning("two-targets", what, "one target of a case", Location(key=f"target[{target.id}]"))


def check_periods(contract: Contract) -> Iterator[Finding]:
    """Yield targets for a period that the contract does not have."""
    for target in contract.targets:
        if target.period is None:
            continue
        at = Location(key=f"target[{target.id}].period")
        period = _period(contract, target.period)
        if period is None or period.label != target.period:
            accepted = f"a period such as {contract.periods.period(0).label}"
            if period is not None:
                accepted += f"; did you mean {period.label!r}?"
            yield error("unknown-period", f"{target.period!r} is no period of the contract", accepted, at)
        elif period.end < contract.start or period.start > contract.end:
            what = f"period {target.period!r} is outside the contract"
            accepted = f"a period between {contract.start} and {contract.end}"
            yield warning("target-outside-contract", what, accepted, at)


def check_within_cap(contract: Contract) -> Iterator[Finding]:
    """Yield caps below what the targets of one case would earn at the prices of the first day.

    Prices are stated to the minor unit: as much as rounding each of them may have added is let pass.
    """
    for cap in contract.caps:
        if not cap.on <= {Dimension.CONTRACT}:
            continue
        for case in Case:
            targets = _whole_contract_targets(contract, cap, case)
            earned = sum((_price(contract, target) * target.count for target in targets), Decimal(0))
            over = earned.scaleb(contract.currency.places) - cap.limit
            if over * 2 > sum(target.count for target in targets):
                minor = int(earned.scaleb(contract.currency.places).to_integral_value(ROUND_FLOOR))
                what = (
                    f"targets of the {case} case would earn {shown(minor, contract.currency)}, which is"
                    f" {shown(minor - cap.limit, contract.currency)} above cap {cap.id!r}"
                )
                accepted = "targets that the cap can pay for"
                yield warning("target-above-cap", what, accepted, Location(key=f"cap[{cap.id}].limit"))


def _period(contract: Contract, label: str) -> Period | None:
    try:
        return contract.periods.find(label)
    except (ValueError, OverflowError):
        return None


def _whole_contract_targets(contract: Contract, cap: Cap, case: Case) -> list[Target]:
    """Return the targets of a case that a cap covers: of a metric and site, those for the whole contract if any."""
    metrics, sites = covered_metrics(contract, cap), covered_sites(contract, cap)
    listed = [
        target
        for target in contract.targets
        if target.case is case and target.metric in metrics and (target.site in sites or target.site is None)
    ]
    whole = {(target.metric, target.site) for target in listed if target.period is None}
    return [target for target in listed if target.period is None or (target.metric, target.site) not in whole]


def _price(contract: Contract, target: Target) -> Decimal:
    """Return the lowest price of a target's metric in force on the first day; 0 where it is unknown."""
    in_force = [
        tariff
        for tariff in contract.tariffs
        if tariff.metric == target.metric
        and tariff.starts_on <= contract.start
        and (target.site is None or not tariff.sites or target.site in tariff.sites)
    ]
    prices = [tariff.price for tariff in in_force]
    known = [price for price in prices if price is not None]
    return min(known) if known and len(known) == len(prices) else Decimal(0)
