"""Targets beside caps on money: what they would earn within each limit of a cap, and within all of them together."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import covered_metrics, covered_sites
from sib_engine.terms.checks.expected import Earned, period_days, whole_contract_targets
from sib_engine.terms.checks.most import fee_total, takes_scheduled
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension, Replaces
from sib_engine.terms.schedule import Case, Target

_EXPECTED_OVER = frozenset({Dimension.CONTRACT, Dimension.METRIC, Dimension.SITE, Dimension.PERIOD, Dimension.YEAR})


def check_within_cap(contract: Contract) -> Iterator[Finding]:
    """Yield caps below what the targets of one case, with fees and grants, come to at the prices of the first day.

    Tiers and bonuses are earned too. Grants that replace outcome payments stand in for some of what was aimed at,
    and are left out. Prices are stated to the minor unit: as much as rounding each of them may have added is let
    pass. Fees and grants that alone go beyond the cap are another finding. Of a cap with a limit for each site or
    period, targets of one are held against one limit, and all of them against all limits together.
    """
    for cap in contract.caps:
        if not cap.on <= _EXPECTED_OVER:
            continue
        is_whole = cap.on <= {Dimension.CONTRACT}
        fixed = _fixed(contract, replacing=False) if takes_scheduled(cap) and is_whole else _Fixed(0, ())
        for case in Case:
            for codes in _together(contract, cap):
                single = [part for part in _single(contract, cap, case, codes) if _is_above(contract, cap, part, fixed)]
                whole = _whole(contract, cap, case, codes)
                for part in single or [whole]:
                    if fixed.amount <= cap.limit and _is_above(contract, cap, part, fixed):
                        yield _above(contract, cap, case, part, fixed)


def check_scheduled_within_cap(contract: Contract) -> Iterator[Finding]:
    """Yield caps that fees and grants alone go beyond."""
    fixed = _fixed(contract, replacing=True)
    for cap in contract.caps:
        if cap.on <= {Dimension.CONTRACT} and takes_scheduled(cap) and fixed.amount > cap.limit:
            what = (
                f"{' and '.join(fixed.names)} come{'s' * (len(fixed.names) == 1)} to"
                f" {shown(fixed.amount, contract.currency)}, which alone is"
                f" {shown(fixed.amount - cap.limit, contract.currency)} above cap {cap.id!r}"
            )
            accepted = "a higher limit, smaller sums, or uses_caps = false"
            yield warning("scheduled-above-cap", what, accepted, Location(key=f"cap[{cap.id}].limit"))


@dataclass(frozen=True, slots=True)
class _Part:
    """Targets that share so many limits of a cap; ``of`` names them where they are not all of the cap's.

    ``is_all`` says that nothing else is numbered with them in tiers and bonuses.
    """

    targets: tuple[Target, ...]
    of: str
    n_limits: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What fees and grants that use caps come to in any case, in minor units, and what they are."""

    amount: int
    names: tuple[str, ...]


def _together(contract: Contract, cap: Cap) -> list[tuple[str, ...]]:
    """Return the metrics that a cap counts together: each by itself where it is counted by metric."""
    codes = tuple(code for code in contract.metric_codes if code in covered_metrics(contract, cap))
    return [(code,) for code in codes] if Dimension.METRIC in cap.on else [codes]


def _single(contract: Contract, cap: Cap, case: Case, codes: tuple[str, ...]) -> Iterator[_Part]:
    """Yield the targets of each site or period that a cap counts by, those that fall under one limit for certain."""
    by_site, by_period, by_year = (each in cap.on for each in (Dimension.SITE, Dimension.PERIOD, Dimension.YEAR))
    if not by_site and not by_period and not by_year:
        return
    listed = [target for target in contract.targets if target.case is case and target.metric in codes]
    listed = [target for target in listed if target.site in covered_sites(contract, cap)] if cap.sites else listed
    found: dict[tuple[str | None, str | None], list[Target]] = {}
    for target in listed:
        place = target.site if by_site else None
        period = target.period if by_period else _year_of(contract, target) if by_year else None
        if (by_site and place is None) or ((by_period or by_year) and period is None):
            continue
        found.setdefault((place, period), []).append(target)
    for (place, period), targets in found.items():
        whole = {(target.metric, target.site) for target in targets if target.period is None}
        own = [each for each in targets if each.period is None or (each.metric, each.site) not in whole]
        of = " ".join(words for words in (f"at {place}" if place else "", f"in {period}" if period else "") if words)
        yield _Part(tuple(own), _of(codes, cap) + f" {of}", 1, is_all=False)


def _whole(contract: Contract, cap: Cap, case: Case, codes: tuple[str, ...]) -> _Part:
    """Return all targets of a case that a cap covers, and how many limits they share."""
    every = whole_contract_targets(contract, cap, case)
    is_narrowed = bool(cap.sites) and frozenset(contract.site_codes) - covered_sites(contract, cap)
    own = [each for each in every if each.metric in codes and (each.site is not None or not is_narrowed)]
    n_limits = 1
    if Dimension.SITE in cap.on:
        n_limits = len(covered_sites(contract, cap))
    for rule in [contract.periods] * (Dimension.PERIOD in cap.on) + [contract.years] * (Dimension.YEAR in cap.on):
        n_limits *= rule.index_of(contract.last_outcome_on) - rule.index_of(contract.start) + 1
    return _Part(tuple(own), _of(codes, cap), n_limits, is_all=not is_narrowed)


def _year_of(contract: Contract, target: Target) -> str | None:
    """Return the year that holds the whole period of a target, or None."""
    days = period_days(contract, target)
    if days is None:
        return None
    first, last = map(contract.years.index_of, days)
    return contract.years.period(first).label if first == last else None


def _of(codes: tuple[str, ...], cap: Cap) -> str:
    return f" of {codes[0]!r}" if Dimension.METRIC in cap.on else ""


def _is_above(contract: Contract, cap: Cap, part: _Part, fixed: _Fixed) -> bool:
    earned = _earned(contract, part)
    over = earned.exact + fixed.amount - cap.limit * part.n_limits
    return bool(earned.n_outcomes) and over * 2 > earned.n_outcomes


def _earned(contract: Contract, part: _Part) -> Earned:
    return Earned.of(contract, list(part.targets), is_all=part.is_all)


def _fixed(contract: Contract, *, replacing: bool) -> _Fixed:
    """Return fees and grants that use caps, with grants that replace outcomes or without; no fee that ends early."""
    sums = {
        f"fee {fee.id!r}": fee_total(fee)
        for fee in contract.fees
        if fee.uses_caps and fee.last_on is None and contract.terminated_on is None
    }
    sums |= {
        f"grant {grant.id!r}": grant.amount
        for grant in contract.grants
        if grant.uses_caps and (replacing or grant.replaces is Replaces.NOTHING)
    }
    return _Fixed(sum(sums.values()), tuple(sums))


def _above(contract: Contract, cap: Cap, case: Case, part: _Part, fixed: _Fixed) -> Finding:
    minor = floor(_earned(contract, part).exact)
    with_fixed = (
        f", with {shown(fixed.amount, contract.currency)} of {' and '.join(fixed.names)}," if fixed.amount else ","
    )
    most = cap.limit * part.n_limits
    limits = f"the {part.n_limits:,} limits of cap {cap.id!r} together" if part.n_limits > 1 else f"cap {cap.id!r}"
    what = (
        f"targets of the {case} case{part.of} would earn {shown(minor, contract.currency)}{with_fixed} which is"
        f" {shown(minor + fixed.amount - most, contract.currency)} above {limits}"
    )
    return warning("target-above-cap", what, "targets that the cap can pay for", Location(key=f"cap[{cap.id}].limit"))
