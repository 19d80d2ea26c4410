"""Volumes, repeated outcomes and claw-backs: bounds that nothing reaches, and windows that outlast the contract."""

from collections.abc import Iterator
from datetime import timedelta

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.most import most_counted
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import ClawBackFrom
from sib_engine.terms.money_clauses import Dimension


def check_two_volumes(contract: Contract) -> Iterator[Finding]:
    """Yield each maximum of a metric over what another of the metric is counted over too."""
    seen: dict[tuple[str, frozenset[Dimension]], str] = {}
    for volume in contract.volumes:
        key = (volume.metric, volume.on - {Dimension.CONTRACT})
        if key in seen:
            what = f"{volume.metric!r} has a maximum over the same already: {seen[key]}"
            accepted = "one maximum; an amendment that replaces the other, if it changed"
            yield error("two-volumes", what, accepted, Location(key=f"volume[{volume.id}].on"))
        seen.setdefault(key, volume.id)


def check_targets_within(contract: Contract) -> Iterator[Finding]:
    """Yield each target of the whole contract that is above the metric's maximum."""
    most = {volume.metric: volume for volume in contract.volumes if not volume.on & {Dimension.SITE, Dimension.PERIOD}}
    for target in contract.targets:
        volume = most.get(target.metric)
        if volume is not None and target.count > volume.maximum:
            what = f"the {target.case} case aims at {target.count:,} of {target.metric!r}, above {volume.maximum:,}"
            at = Location(key=f"volume[{volume.id}].maximum")
            yield warning("target-above-maximum", what, "a target that the maximum leaves room for", at)


def check_guarantees_within(contract: Contract) -> Iterator[Finding]:
    """Yield guaranteed volumes above what can count, so that a shortfall is paid in any case."""
    for guarantee in contract.guarantees:
        most = most_counted(contract, guarantee.metric)
        if most is not None and most < guarantee.minimum:
            short = guarantee.minimum - most
            what = (
                f"guarantee {guarantee.id!r} is for {guarantee.minimum:,} and at most {most:,} can count: at least"
                f" {short:,} are always short, {shown(short * guarantee.price, contract.currency)}"
            )
            at = Location(key=f"guarantee[{guarantee.id}].minimum")
            yield warning("guarantee-above-maximum", what, f"a minimum of at most {most:,}", at)


def check_repeats_fit(contract: Contract) -> Iterator[Finding]:
    """Yield each number of repeated outcomes that no person can reach before the contract ends."""
    n_days = (contract.end - contract.start).days
    for metric in contract.metrics:
        if metric.at_most is None or metric.days_apart is None:
            continue
        needed = (metric.at_most - 1) * metric.days_apart
        if needed > n_days:
            what = (
                f"{metric.at_most} outcomes {metric.days_apart} days apart take {needed:,} days; there are {n_days:,}"
            )
            at = Location(key=f"metric.{metric.code}.at_most")
            yield warning("repeats-out-of-reach", what, "a number that fits into the contract, or no at_most", at)


def check_claw_backs(contract: Contract) -> Iterator[Finding]:
    """Yield claw-backs whose window may still be open at the last statement, and those that hang on statements."""
    for metric in contract.metrics:
        terms = metric.claw_back
        if terms is None:
            continue
        at = Location(key=f"metric.{metric.code}.claw_back.days")
        last = contract.end + timedelta(days=terms.days)
        if terms.runs_from is ClawBackFrom.OUTCOME and last > contract.claims_close:
            what = f"its window stays open up to {last}, after claims close on {contract.claims_close}"
            yield warning("claw-back-after-close", what, "a later claims_close, or fewer days", at)
        if terms.runs_from is ClawBackFrom.STATEMENT:
            what = "what is taken back depends on which statement first states an outcome, so late claims may earn less"
            accepted = 'from = "outcome", where the contract allows it'
            at = Location(key=f"metric.{metric.code}.claw_back.from")
            yield warning("claw-back-by-statement", what, accepted, at)
