"""Prices of quick outcomes: lengths that can be told apart, beside the prices that they come before."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Length
from sib_engine.terms.money_clauses import Tariff


def check_units(contract: Contract) -> Iterator[Finding]:
    """Yield the first quick price in days where another is in months: which is shorter would depend on the month."""
    quick = [tariff for tariff in contract.tariffs if tariff.quick is not None]
    in_months = [tariff for tariff in quick if tariff.quick is not None and tariff.quick.months]
    in_days = [tariff for tariff in quick if tariff.quick is not None and tariff.quick.days]
    if in_months and in_days:
        later = max(in_months[0], in_days[0], key=contract.tariffs.index)
        what = f"tariff {in_months[0].id!r} counts months and tariff {in_days[0].id!r} days"
        accepted = "one of months and days for all quick prices of a contract"
        yield error("quick-units-differ", what, accepted, Location(key=f"tariff[{later.id}].quick"))


def check_narrower(contract: Contract) -> Iterator[Finding]:
    """Yield quick prices for more sites or groups than a slower one of the metric, before which they come."""
    for tariff in contract.tariffs:
        if tariff.quick is None:
            continue
        slower = [
            other
            for other in contract.tariffs
            if other.metric == tariff.metric and _is_slower(other.quick, tariff.quick) and _is_narrower(other, tariff)
        ]
        if slower:
            what = f"quick outcomes earn it also where tariff {slower[0].id!r} has a price for some sites or groups"
            accepted = "quick prices for the same sites and groups as the others"
            yield warning("quick-before-narrower", what, accepted, Location(key=f"tariff[{tariff.id}].quick"))


def _is_slower(other: Length | None, quick: Length) -> bool:
    return other is None or (other.months, other.days) > (quick.months, quick.days)


def _is_narrower(other: Tariff, tariff: Tariff) -> bool:
    return (bool(other.sites) and not tariff.sites) or (bool(other.groups) and not tariff.groups)
