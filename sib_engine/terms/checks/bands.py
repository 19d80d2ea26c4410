"""Bands: metrics of which a person is paid for one leave no hours between them, share none, and meet the same caps."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.cap_scopes import covered_metrics, covered_sites
from sib_engine.terms.checks.most import prices_of
from sib_engine.terms.checks.prices import tariff_on
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Employment, Metric
from sib_engine.terms.money_clauses import Cap, Dimension
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.plain_words import price as shown_price


def check_membership(contract: Contract) -> Iterator[Finding]:
    """Yield metrics that stand in two bands, and bands whose metrics are counted in different ways."""
    metrics = {metric.code: metric for metric in contract.metrics}
    band_of: dict[str, str] = {}
    for band in contract.bands:
        for code in band.metrics:
            other = band_of.setdefault(code, band.id)
            if other != band.id:
                what = f"metric {code!r} is in band {other!r} too"
                yield error(
                    "metric-in-two-bands", what, "a metric in one band", Location(key=f"band[{band.id}].metrics")
                )
        counted = {code: metrics[code].counts for code in band.metrics if code in metrics}
        if len(set(counted.values())) > 1:
            what = "its metrics are counted in different ways: " + ", ".join(
                f"{code} {how}" for code, how in counted.items()
            )
            accepted = "metrics that all count once per person, or all once per job"
            yield warning("band-counts-differ", what, accepted, Location(key=f"band[{band.id}].metrics"))


def check_hours(contract: Contract) -> Iterator[Finding]:
    """Yield neighbours in a band that are in the wrong order, leave hours to neither, or give hours to both."""
    metrics = {metric.code: metric for metric in contract.metrics}
    for band in contract.bands:
        listed = [metrics[code] for code in band.metrics if code in metrics]
        for lower, higher in pairwise(listed):
            yield from _neighbours(band, lower, higher)


def check_caps(contract: Contract) -> Iterator[Finding]:
    """Yield caps that count the steps of an upgrade apart, one for each band and cap.

    Low first, the higher metric earns the difference; high first, it earns all and the lower one
    nothing. In one scope of a cap both come to the same. In two, the limit of each decides how much
    of it is paid, and so the order in which outcomes are stated decides the total.
    """
    for band in contract.bands:
        if band.rule is not BandRule.UPGRADE:
            continue
        for cap in contract.caps:
            how = _counted_apart(contract, band, cap)
            if how:
                what = (
                    f"an upgrade pays the difference, and cap {cap.id!r} {how}: the order in which outcomes are"
                    " stated may decide how much is paid in all"
                )
                accepted = "a cap that counts all metrics of the band together, such as one per person or contract"
                yield warning("band-across-caps", what, accepted, Location(key=f"band[{band.id}].metrics"))


def check_claw_backs(contract: Contract) -> Iterator[Finding]:
    """Yield claw-backs of what an upgrade pays the difference to: what is taken back is not paid by the upgrade.

    The band is settled before anything is taken back, so a person who rises earns less in all than the
    higher price. A contract may mean the difference to what was kept.
    """
    metrics = {metric.code: metric for metric in contract.metrics}
    for band in contract.bands:
        if band.rule is not BandRule.UPGRADE:
            continue
        for code in band.metrics[:-1]:
            terms = metrics[code].claw_back if code in metrics else None
            if terms is not None:
                part = percentage(terms.share)
                what = (
                    f"band {band.id!r} pays the difference to what {code!r} earned, even where {part} of that is taken"
                    " back: a person who rises is then paid less in all than the higher price"
                )
                accepted = "nothing to change where the contract means that; else a band without the claw-back"
                yield warning("band-claw-back", what, accepted, Location(key=f"metric.{code}.claw_back"))


def check_prices(contract: Contract) -> Iterator[Finding]:
    """Yield metrics of an upgrade band that are cheaper than the one below: the better outcome earns less."""
    for band in contract.bands:
        if band.rule is not BandRule.UPGRADE:
            continue
        for lower, higher in pairwise(band.metrics):
            fall = next(_falls(contract, lower, higher), None)
            if fall is not None:
                where, before, after = fall
                what = (
                    f"{higher!r} is {shown_price(after, contract.currency)} and {lower!r} below it"
                    f" {shown_price(before, contract.currency)}{where}: who reaches {higher!r} first earns less,"
                    " and who rises to it earns nothing more"
                )
                accepted = (
                    f"a price of {higher!r} that is not below that of {lower!r}; the metric that earns least first"
                )
                yield warning("band-falls", what, accepted, Location(key=f"band[{band.id}].metrics"))


def _falls(contract: Contract, lower: str, higher: str) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield where and when a lower metric costs more than a higher one, in any of its tiers, and both prices.

    Prices that follow an index are compared as they begin; quick outcomes by themselves are left out.
    """
    tariffs = [each for each in contract.tariffs if each.metric in {lower, higher} and each.quick is None]
    groups = [None, *dict.fromkeys(group for tariff in tariffs for group in tariff.groups)]
    days = sorted({max(tariff.starts_on, contract.start) for tariff in tariffs})
    for day in [day for day in days if day <= contract.end]:
        for site in contract.site_codes or (None,):
            for group in groups:
                found = (tariff_on(tariffs, code, site, group, day) for code in (lower, higher))
                before, after = (prices_of(tariff) if tariff is not None else () for tariff in found)
                if before and after and min(before) > max(after):
                    place = "".join((f" at {site}" if site else "", f" for group {group}" if group else ""))
                    yield f"{place} from {day}", min(before), max(after)


def _counted_apart(contract: Contract, band: Band, cap: Cap) -> str:
    """Return how a cap may put two outcomes of one person in a band into two scopes, or nothing."""
    covered = covered_metrics(contract, cap) & set(band.metrics)
    if Dimension.PAYER in cap.on or not covered:
        return ""
    if covered != set(band.metrics):
        left_out = ", ".join(code for code in band.metrics if code not in covered)
        return f"covers only some of its metrics (not {left_out})"
    if Dimension.METRIC in cap.on:
        return "counts each of its metrics apart"
    if Dimension.PERIOD in cap.on:
        return "counts each period apart"
    if Dimension.YEAR in cap.on:
        return "counts each year apart"
    if Dimension.SITE in cap.on and len(covered_sites(contract, cap)) > 1:
        return "counts each site apart, for people who move between them"
    return ""


def _neighbours(band: Band, lower: Metric, higher: Metric) -> Iterator[Finding]:
    if not (isinstance(lower.rule, Employment) and isinstance(higher.rule, Employment)):
        return
    at = Location(key=f"band[{band.id}]")
    names = f"{lower.code!r} and {higher.code!r}"
    from_below, from_above = lower.rule.hours_from or Decimal(0), higher.rule.hours_from or Decimal(0)
    if from_above < from_below:
        what = f"{names} are not in order: they begin at {from_below} and {from_above} hours"
        yield error("band-order", what, "the metric with the fewest hours first", at)
        return
    until = lower.rule.hours_below
    if until is not None and until < from_above:
        what = f"hours from {until} to below {from_above} belong to neither {lower.code!r} nor {higher.code!r}"
        yield warning("band-gap", what, f"hours_below = {from_above} or hours_from = {until}", at)
    elif band.rule is BandRule.EXCLUSIVE and (until is None or until > from_above):
        hours = f"hours from {from_above}" + ("" if until is None else f" to below {until}")
        what = f"{hours} belong to both {names}"
        yield warning("band-overlap", what, f"hours_below = {from_above} on {lower.code!r}", at)
