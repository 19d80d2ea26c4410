"""Rules about results and targets: counts that cannot both be right, and figures that changed or are missing."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.case import Case, listed, month
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import BandRule, Counts, Metric
from sib_engine.terms.published import ResultStatus, published_order


def more_than_required(case: Case) -> Iterator[Anomaly]:
    """Compare the counts published last of each metric with those of the metrics that it requires.

    Metrics of an exclusive band are also added up, because a person is paid for one of them only.
    A metric that counts once per job may exceed one that counts once per person: it is named all
    the same, since a rate of one to the other then means nothing.
    """
    latest = case.results()
    if latest is None:
        return
    published, counts = latest
    for metrics, required in _steps(case.contract):
        achieved = sum(counts.get(metric.code, 0) for metric in metrics)
        needed = counts.get(required)
        if needed is None or achieved <= needed:
            continue
        names = listed([case.metric_name(metric.code) for metric in metrics])
        per_job = any(metric.counts is Counts.ONCE_PER_JOB for metric in metrics)
        because = "; the contract counts it once per job, not once per person" if per_job else ""
        codes = "+".join(metric.code for metric in metrics)
        yield Anomaly(
            "more-outcomes-than-required",
            Kind.ANOMALY,
            f"metric {codes}",
            f"{names}: {achieved:,} achieved on {needed:,} of {case.metric_name(required)}, which must come first "
            f"(published in {month(published)}){because}.",
            None,
            {codes: achieved, required: needed},
        )


def results_restated(case: Case) -> Iterator[Anomaly]:
    """Compare the counts of each publication with the one before, metric by metric: a note for each change."""
    statuses = {entry.as_published: entry.status for entry in case.record.results}
    for (before, earlier), (after, later) in pairwise(sorted(case.counts.items())):
        was_final = statuses.get(before) is ResultStatus.FINAL
        called = " The earlier figure was called final." if was_final else ""
        for metric in case.contract.metric_codes:
            if metric not in earlier or metric not in later or earlier[metric] == later[metric]:
                continue
            yield Anomaly(
                "results-restated",
                Kind.NOTE,
                f"metric {metric}",
                f"{case.metric_name(metric)}: {earlier[metric]:,} in {month(before)}, {later[metric]:,} in "
                f"{month(after)}.{called}",
                None,
                {"earlier": earlier[metric], "later": later[metric]},
            )


def target_restated(case: Case) -> Iterator[Anomaly]:
    """Compare the targets of the contract with those that another publication states."""
    targets = case.targets()
    for entry in sorted(case.record.targets, key=lambda entry: published_order(entry.as_published)):
        count = targets.get(entry.metric)
        if count is None or count == entry.count:
            continue
        yield Anomaly(
            "target-restated",
            Kind.ANOMALY,
            f"target {entry.metric}",
            f"The target for {case.metric_name(entry.metric)} is {count:,} in the contract and {entry.count:,} in "
            f"{month(entry.as_published)}.",
            None,
            {"contract": count, "published": entry.count},
        )


def targets_not_published(case: Case) -> Iterator[Anomaly]:
    """Look for payment plans without a target for any metric.

    A plan profiles what the targets earn. A contract with neither is silent: nothing was promised by volume.
    """
    if not case.contract.plans or case.contract.targets or case.record.targets:
        return
    n_plans, n_metrics = len(case.contract.plans), len(case.contract.metrics)
    yield Anomaly(
        "targets-not-published",
        Kind.ANOMALY,
        "targets",
        f"{n_plans} payment plan{'s are' if n_plans > 1 else ' is'} published, and no target for any of the "
        f"{n_metrics} metric{'s' if n_metrics > 1 else ''}.",
        None,
        {"plans": n_plans, "metrics": n_metrics},
    )


def _steps(contract: Contract) -> Iterator[tuple[tuple[Metric, ...], str]]:
    """Yield metrics that together cannot be achieved more often than the metric named beside them."""
    by_code: Mapping[str, Metric] = {metric.code: metric for metric in contract.metrics}
    for metric in contract.metrics:
        for required in metric.requires:
            yield (metric,), required
    for band in contract.bands:
        members = tuple(by_code[code] for code in band.metrics if code in by_code)
        shared = set.intersection(*(set(metric.requires) for metric in members)) if members else set()
        if band.rule is BandRule.EXCLUSIVE and len(members) > 1:
            for required in sorted(shared):
                yield members, required
