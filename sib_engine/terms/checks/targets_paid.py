"""Targets beside what can be paid: caps, shares of outcomes, payers' caps, and metrics that must come first."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import Scoped, covered_metrics
from sib_engine.terms.checks.claimable import before
from sib_engine.terms.checks.expected import least_earned, whole_contract_targets
from sib_engine.terms.checks.most import fee_total, takes_scheduled
from sib_engine.terms.checks.payer_caps import only_share
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts
from sib_engine.terms.money_clauses import Cap, Dimension, OutcomeCap, Overflow, Replaces
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.schedule import Case, Target


def check_within_cap(contract: Contract) -> Iterator[Finding]:
    """Yield caps below what the targets of one case, with fees and grants, come to at the prices of the first day.

    Tiers and bonuses are earned too. Grants that replace outcome payments stand in for some of what was aimed at,
    and are left out. Prices are stated to the minor unit: as much as rounding each of them may have added is let
    pass. Fees and grants that alone go beyond the cap are another finding.
    """
    for cap in contract.caps:
        if not cap.on <= {Dimension.CONTRACT}:
            continue
        fixed = _fixed(contract, replacing=False) if takes_scheduled(cap) else _Fixed(0, ())
        for case in Case:
            earned = _Earned.of(contract, whole_contract_targets(contract, cap, case))
            if not earned.n_outcomes or fixed.amount > cap.limit:
                continue
            over = earned.exact + fixed.amount - cap.limit
            if over * 2 > earned.n_outcomes:
                yield _above(contract, cap, case, earned, fixed)


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


def check_within_shares(contract: Contract) -> Iterator[Finding]:
    """Yield caps at a share of other outcomes that pay fewer than the targets of one case ask for."""
    for cap in contract.outcome_caps:
        if not cap.of or not cap.on <= {Dimension.CONTRACT, Dimension.METRIC} or cap.sites:
            continue
        covered = [code for code in contract.metric_codes if code in covered_metrics(contract, cap)]
        for together in [[code] for code in covered] if Dimension.METRIC in cap.on else [covered]:
            for case in Case:
                yield from _above_share(contract, cap, together, case)


def _above_share(contract: Contract, cap: OutcomeCap, together: list[str], case: Case) -> Iterator[Finding]:
    counts, base = _counts(contract, cap, case), _counts(contract, _Of(cap.of), case)
    if not set(together) <= counts.keys() or not set(cap.of) <= base.keys():
        return
    aimed, n_base = sum(counts[code] for code in together), sum(base[code] for code in cap.of)
    paid = floor(cap.share * n_base)
    if paid < aimed:
        what = (
            f"targets of the {case} case come to {aimed:,} of {', '.join(together)}, and cap {cap.id!r} pays {paid:,}:"
            f" {percentage(cap.share)} of {n_base:,} {', '.join(cap.of)}"
        )
        at = Location(key=f"cap[{cap.id}].share")
        yield warning("target-above-cap", what, "targets that the cap can pay for", at)


def check_within_payer_caps(contract: Contract) -> Iterator[Finding]:
    """Yield payers' caps below the payer's part of what targets earn, where what they cut is lost.

    Said only where one clause divides everything; a cap on the contract is applied first.
    """
    parts = only_share(contract)
    if parts is None:
        return
    whole = [cap.limit for cap in contract.caps if cap.on == {Dimension.CONTRACT} and takes_scheduled(cap)]
    has_other_limits = bool(contract.outcome_caps or contract.minimums) or any(
        not cap.on <= {Dimension.CONTRACT, Dimension.PAYER} or cap.metrics or cap.sites for cap in contract.caps
    )
    if has_other_limits:
        return
    for cap in contract.caps:
        is_lost = cap.on - {Dimension.CONTRACT} == {Dimension.PAYER} and cap.overflow == Overflow.LOST
        if not is_lost or cap.payer is None or cap.payer not in parts:
            continue
        for case in Case:
            earned = _Earned.of(contract, whole_contract_targets(contract, _Of(()), case))
            payable = min([earned.exact, *map(Fraction, whole)])
            due = parts[cap.payer] * payable
            if (due - cap.limit) * 2 > earned.n_outcomes + 2:
                what = (
                    f"of what targets of the {case} case would earn, {cap.payer!r} would owe"
                    f" {shown(floor(due), contract.currency)}, and cap {cap.id!r} leaves"
                    f" {shown(cap.limit, contract.currency)}: the rest is lost"
                )
                yield warning(
                    "target-above-cap", what, "targets that the cap can pay for", Location(key=f"cap[{cap.id}].limit")
                )


def check_prerequisites(contract: Contract) -> Iterator[Finding]:
    """Yield targets above the target of a metric that each of the outcomes requires, for the same sites."""
    metrics = {metric.code: metric for metric in contract.metrics}
    for metric in contract.metrics:
        if metric.counts is not Counts.ONCE_PER_PERSON:
            continue
        for case in Case:
            own = _by_site(contract, metric.code, case)
            for code in [each for each in metric.requires if each in metrics]:
                first = _by_site(contract, code, case)
                is_circle = metric.code in before(metrics, code)
                if not is_circle and own.keys() == first.keys() and sum(own.values()) > sum(first.values()):
                    what = (
                        f"the {case} case aims at {sum(own.values()):,} of {metric.code!r}, each of which requires"
                        f" {code!r}, and at {sum(first.values()):,} of that"
                    )
                    key = next(each.id for each in contract.targets if each.metric == metric.code and each.case is case)
                    accepted = f"at most {sum(first.values()):,}, or a higher target of {code!r}"
                    yield warning("target-above-required", what, accepted, Location(key=f"target[{key}].count"))


@dataclass(frozen=True, slots=True)
class _Of:
    """Some metrics at every site, as a clause."""

    metrics: tuple[str, ...]
    on: frozenset[Dimension] = frozenset({Dimension.CONTRACT})
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Earned:
    """What targets earn at least, in minor units, and how many outcomes they are."""

    exact: Fraction
    n_outcomes: int

    @classmethod
    def of(cls, contract: Contract, targets: list[Target]) -> "_Earned":
        earned = least_earned(contract, targets).scaleb(contract.currency.places)
        return cls(Fraction(earned), sum(target.count for target in targets))


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What fees and grants that use caps come to in any case, in minor units, and what they are."""

    amount: int
    names: tuple[str, ...]


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


def _above(contract: Contract, cap: Cap, case: Case, earned: _Earned, fixed: _Fixed) -> Finding:
    minor = floor(earned.exact)
    with_fixed = (
        f", with {shown(fixed.amount, contract.currency)} of {' and '.join(fixed.names)}," if fixed.amount else ","
    )
    what = (
        f"targets of the {case} case would earn {shown(minor, contract.currency)}{with_fixed} which is"
        f" {shown(minor + fixed.amount - cap.limit, contract.currency)} above cap {cap.id!r}"
    )
    return warning("target-above-cap", what, "targets that the cap can pay for", Location(key=f"cap[{cap.id}].limit"))


def _counts(contract: Contract, scope: Scoped, case: Case) -> dict[str, int]:
    """Return how many outcomes of each covered metric the targets of a case come to; only metrics with a target."""
    counts: dict[str, int] = {}
    for target in whole_contract_targets(contract, scope, case):
        counts[target.metric] = counts.get(target.metric, 0) + target.count
    return counts


def _by_site(contract: Contract, metric: str, case: Case) -> dict[str | None, int]:
    """Return the targets of a metric for the whole contract, by site."""
    return {
        target.site: target.count
        for target in contract.targets
        if target.metric == metric and target.case is case and target.period is None
    }
