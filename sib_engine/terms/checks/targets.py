"""Targets: each stated once, for a period of the contract, and within what the contract can pay."""

from collections.abc import Iterator
from math import ceil

from sib_engine.core.dates import Period
from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.cap_scopes import covered_metrics
from sib_engine.terms.checks.expected import most_expected
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.schedule import Case


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


def check_minimums(contract: Contract) -> Iterator[Finding]:
    """Yield minimums that even the highest targets do not come to."""
    for minimum in contract.minimums:
        if not minimum.on <= {Dimension.CONTRACT, Dimension.METRIC, Dimension.SITE} or minimum.sites:
            continue
        metrics = [code for code in contract.metric_codes if code in covered_metrics(contract, minimum)]
        by_site = Dimension.SITE in minimum.on
        each_apart = Dimension.METRIC in minimum.on
        for together in [[code] for code in metrics] if each_apart or not metrics else [metrics]:
            most = most_expected(contract, together, by_site=by_site)
            needed = minimum.at_least
            if needed is None and minimum.at_least_share is not None and not by_site:
                of = most_expected(contract, minimum.of)
                needed = None if of is None else ceil(minimum.at_least_share * of)
            if most is not None and needed is not None and most < needed:
                what = (
                    f"minimum {minimum.id!r} asks for {needed:,} and the highest targets of {', '.join(together)}"
                    f" come to {most:,}: at the targets, what it withholds is never paid"
                )
                key = "at_least" if minimum.at_least is not None else "at_least_share"
                at = Location(key=f"minimum[{minimum.id}].{key}")
                yield warning("minimum-above-target", what, "a minimum that the targets reach", at)


def _period(contract: Contract, label: str) -> Period | None:
    try:
        return contract.periods.find(label)
    except (ValueError, OverflowError):
        return None
