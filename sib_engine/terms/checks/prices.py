"""Tariffs: on every day one price for each metric, site and group."""

from collections.abc import Iterator, Sequence
from datetime import date

from sib_engine.core.findings import Finding, Location, Severity, error, warning
from sib_engine.terms.checks.dates import furthest_days
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import Measured, Metric
from sib_engine.terms.money_clauses import Share, Tariff
from sib_engine.terms.plain_words import quick
from sib_engine.terms.scale import Scale
from sib_engine.terms.verification import Verification


def check_two_tariffs(contract: Contract) -> Iterator[Finding]:
    """Yield each tariff that starts on the day of another for the same metric, site and group."""
    first: dict[tuple[str | date | None, ...], str] = {}
    for tariff in contract.tariffs:
        others = dict.fromkeys(first.setdefault((*cell, tariff.starts_on), tariff.id) for cell in cells(tariff))
        for other in others:
            if other != tariff.id:
                what = f"tariff {other!r} prices {tariff.metric!r} from {tariff.starts_on} too"
                accepted = "one price for a metric, site and group from any day"
                yield error("two-tariffs", what, accepted, Location(key=f"tariff[{tariff.id}]"))


def check_gap_at_start(contract: Contract) -> Iterator[Finding]:
    """Yield metrics without a price on the contract's first day, for some or all sites and groups.

    A price that an amendment brings may start later: what was not agreed before had no price, which
    is worth a warning and no more. Nothing is said of a metric while a tariff of it names an unknown
    site: it may be the one that is missed.
    """
    for metric in contract.metrics:
        if isinstance(metric.rule, Measured):
            continue
        tariffs = [tariff for tariff in contract.tariffs if tariff.metric == metric.code]
        if any(site not in contract.site_codes for tariff in tariffs for site in tariff.sites):
            continue
        gaps = [
            (site, group) for site, group in _combinations(contract, tariffs) if _is_gap(contract, tariffs, site, group)
        ]
        if gaps:
            yield _gap(contract, metric, tariffs, gaps)


def check_other_groups(contract: Contract) -> Iterator[Finding]:
    """Yield metrics whose every price is for some groups: one outcome of anybody else could not be priced.

    One group cannot hold everybody; several may.
    """
    for metric in contract.metrics:
        tariffs = [tariff for tariff in contract.tariffs if tariff.metric == metric.code and tariff.quick is None]
        if tariffs and all(tariff.groups for tariff in tariffs):
            priced = tuple(dict.fromkeys(group for tariff in tariffs for group in tariff.groups))
            what = (
                f"metric {metric.code!r} has a price for group {', '.join(priced)} alone: an outcome of no group, or of"
                " another, cannot be priced, and a file that holds one is refused"
            )
            accepted = "a tariff for all groups; price = 0 where nothing is paid for the others"
            severity = Severity.WARNING if len(priced) == 1 else Severity.NOTE
            yield Finding(severity, "price-gap", what, accepted, Location(key=f"metric.{metric.code}"))


def check_bonus_groups(contract: Contract) -> Iterator[Finding]:
    """Yield groups that a bonus names and that no tariff of its metrics prices: nobody of them earns anything."""
    for bonus in contract.bonuses:
        codes = bonus.metrics or contract.metric_codes
        tariffs = [tariff for tariff in contract.tariffs if tariff.metric in codes]
        priced = {group for tariff in tariffs for group in tariff.groups}
        missing = [group for group in bonus.groups if group not in priced]
        if missing and tariffs and all(tariff.groups for tariff in tariffs):
            what = f"no tariff prices group {', '.join(missing)}, which the bonus is for: the tariffs name other groups"
            accepted = "one of: " + ", ".join(sorted(priced))
            yield warning("price-gap", what, accepted, Location(key=f"bonus[{bonus.id}].groups"))


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield tariffs dated outside the contract."""
    for tariff in contract.tariffs:
        yield from dated_outside(contract, tariff, f"tariff[{tariff.id}].from")


def dated_outside(contract: Contract, clause: Tariff | Scale | Share | Verification, key: str) -> Iterator[Finding]:
    """Yield a finding where a clause starts after the last day that it could apply to, or before the contract."""
    end, claims_close = furthest_days(contract)
    is_of_claims = contract.price_date is PriceDate.CLAIM or isinstance(clause, Verification)
    last = claims_close if is_of_claims else end
    if clause.starts_on > last:
        what = f"from {clause.starts_on} nothing can come under it: the last day is {last}"
        yield warning("never-in-force", what, f"a day from {contract.start} to {last}", Location(key=key))
    elif clause.starts_on < contract.start and contract.price_date is not PriceDate.START:
        what = f"from {clause.starts_on} is before the contract starts on {contract.start}"
        yield warning("dated-before-start", what, f"{contract.start} or a later day", Location(key=key))


def cells(tariff: Tariff) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Yield each metric, site, group and length (of quick outcomes, in words) that a tariff prices; None: all."""
    length = None if tariff.quick is None else quick(tariff.quick)
    for site in tariff.sites or (None,):
        for group in tariff.groups or (None,):
            yield tariff.metric, site, group, length


def _combinations(contract: Contract, tariffs: list[Tariff]) -> list[tuple[str | None, str | None]]:
    """Return the sites and groups that need a price; no group where every tariff names groups."""
    groups: dict[str | None, None] = dict.fromkeys(group for tariff in tariffs for group in tariff.groups)
    if any(not tariff.groups for tariff in tariffs):
        groups[None] = None
    return [(site, group) for site in contract.site_codes or (None,) for group in groups]


def _applicable(tariffs: Sequence[Tariff], site: str | None, group: str | None) -> list[Tariff]:
    """Return the tariffs of a site and group; a price for quick outcomes alone fills no gap."""
    return [
        tariff
        for tariff in tariffs
        if tariff.quick is None
        and (site is None or not tariff.sites or site in tariff.sites)
        and (not tariff.groups or group in tariff.groups)
    ]


def tariff_on(tariffs: Sequence[Tariff], metric: str, site: str | None, group: str | None, day: date) -> Tariff | None:
    """Return the tariff of a metric, site and group on a day, of those for outcomes of any speed; None without one."""
    begun = [each for each in tariffs if each.metric == metric and each.starts_on <= day]
    found = _applicable(begun, site, group)
    return max(found, key=lambda each: (bool(each.sites), bool(each.groups), each.starts_on), default=None)


def _is_gap(contract: Contract, tariffs: list[Tariff], site: str | None, group: str | None) -> bool:
    return all(tariff.starts_on > contract.start for tariff in _applicable(tariffs, site, group))


def _gap(
    contract: Contract, metric: Metric, tariffs: list[Tariff], gaps: list[tuple[str | None, str | None]]
) -> Finding:
    is_whole = len(gaps) == len(_combinations(contract, tariffs))
    where = "" if is_whole else " for " + "; ".join(_named(site, group) for site, group in gaps)
    what = f"metric {metric.code!r} has no price{where} on {contract.start}, the contract's first day"
    at = Location(key=f"metric.{metric.code}")
    if all(_is_brought_later(tariffs, site, group) for site, group in gaps):
        return warning("price-gap", f"{what}, before an amendment brings one", "a price from the first day", at)
    accepted = f"a tariff from {contract.start} or earlier; price = 0 where nothing is paid"
    return error("price-gap", what, accepted, at)


def _is_brought_later(tariffs: list[Tariff], site: str | None, group: str | None) -> bool:
    found = _applicable(tariffs, site, group)
    return bool(found) and min(found, key=lambda tariff: tariff.starts_on).amendment is not None


def _named(site: str | None, group: str | None) -> str:
    names = (f"site {site}" if site is not None else "", f"group {group}" if group is not None else "")
    return ", ".join(name for name in names if name) or "people of no group"
