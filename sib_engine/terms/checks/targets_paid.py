"""Targets beside shares of outcomes, payers' caps, and metrics that must come first."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.cap_scopes import Scoped, covered_metrics
from sib_engine.terms.checks.claimable import before
from sib_engine.terms.checks.expected import Earned, whole_contract_targets
from sib_engine.terms.checks.most import takes_scheduled
from sib_engine.terms.checks.payer_caps import only_share
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts
from sib_engine.terms.money_clauses import Dimension, OutcomeCap, Overflow
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.schedule import Case


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
            earned = Earned.of(contract, whole_contract_targets(contract, _Of(()), case))
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
