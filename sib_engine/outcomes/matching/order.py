"""The order in which metrics are settled: whatever must count first is settled first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.packing import MAX_LEVEL
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import BandRule, Counts, Metric
from sib_engine.terms.versions import metric_versions

REFERRAL = "referral"
"""What a window may run from besides a metric."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Metrics that are settled together, lowest band first: one metric, or the metrics of an exclusive band."""

    metrics: tuple[int, ...]
    per: Per


def per(metric: Metric) -> Per:
    """Return what a metric counts for: the job where it counts once per job, else the person."""
    return Per.JOB if metric.counts is Counts.ONCE_PER_JOB else Per.PERSON


def earlier_metrics(metric: Metric) -> tuple[str, ...]:
    """Return the codes of the metrics that one version of a metric looks back on."""
    window = metric.within
    anchor = () if window is None or window.after == REFERRAL else (window.after,)
    return tuple(dict.fromkeys((*metric.requires, *anchor)))


def units_in_order(contract: Contract) -> tuple[Unit, ...]:
    """Return the contract's metrics in units, each after the units of its prerequisites.

    Raises:
        RefusedError: If metrics require each other in a circle or inside one exclusive band, or a
            metric stands in two exclusive bands.
    """
    waiting = list(_units(contract))
    settled: set[str] = set()
    ordered: list[Unit] = []
    while waiting:
        ready = [unit for unit in waiting if _needs(contract, unit) <= settled]
        if not ready:
            names = ", ".join(_circle(contract, waiting))
            message = f"metrics wait for each other in a circle, so none of them can count first: {names}"
            raise RefusedError(message)
        ordered += ready
        waiting = [unit for unit in waiting if unit not in ready]
        settled.update(contract.metric_codes[metric] for unit in ready for metric in unit.metrics)
    return tuple(ordered)


def _circle(contract: Contract, waiting: Sequence[Unit]) -> tuple[str, ...]:
    """Return the metrics of some units of which each waits for the next, and the last for the first."""
    unit_of = {contract.metric_codes[metric]: unit for unit in waiting for metric in unit.metrics}
    walked = [waiting[0]]
    while True:
        following = next(unit_of[code] for code in sorted(_needs(contract, walked[-1])) if code in unit_of)
        if following in walked:
            units = walked[walked.index(following) :]
            return tuple(contract.metric_codes[metric] for unit in units for metric in unit.metrics)
        walked.append(following)


def _needs(contract: Contract, unit: Unit) -> set[str]:
    """Return the metrics that must be settled before a unit, whichever version of its terms judges a row."""
    return {
        code
        for metric in unit.metrics
        for version in metric_versions(contract, contract.metrics[metric])
        for code in earlier_metrics(version.terms)
    }


def _units(contract: Contract) -> Iterator[Unit]:
    banded: set[str] = set()
    for band in contract.bands:
        if band.rule is not BandRule.EXCLUSIVE:
            continue
        if not banded.isdisjoint(band.metrics):
            message = f"band {band.id!r} shares a metric with another exclusive band, so one person has two answers"
            raise RefusedError(message)
        if len(band.metrics) > MAX_LEVEL:
            message = f"band {band.id!r} has {len(band.metrics)} metrics; at most {MAX_LEVEL} can be put in order"
            raise RefusedError(message)
        banded.update(band.metrics)
        metrics = tuple(contract.metric_codes.index(code) for code in band.metrics)
        all_per_job = all(per(contract.metrics[metric]) is Per.JOB for metric in metrics)
        yield Unit(metrics, Per.JOB if all_per_job else Per.PERSON)
    for index, metric in enumerate(contract.metrics):
        if metric.code not in banded:
            yield Unit((index,), per(metric))
