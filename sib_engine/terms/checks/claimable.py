"""Metrics that nobody can claim: what must come first excludes it, or takes longer than its window or the contract."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.checks.dates import furthest_days
from sib_engine.terms.checks.outline import REFERRAL
from sib_engine.terms.contract import Contract, Referral
from sib_engine.terms.metric import BandRule, Counts, Employment, Length, Metric
from sib_engine.terms.money_clauses import Replaces

_SHORTEST_MONTHS: Final = (0, 28, 59, 89, 120, 150, 181, 212, 242, 273, 303, 334, 365)
_LONGEST_MONTHS: Final = (0, 31, 62, 92, 123, 153, 184, 215, 245, 276, 306, 337, 366)
"""Days in so many months one after the other, from any day of the year, at the least and at the most."""


def check_bands(contract: Contract) -> Iterator[Finding]:
    """Yield metrics that require two metrics of which a person is paid for one, or another of their own band."""
    metrics = {metric.code: metric for metric in contract.metrics}
    for band in contract.bands:
        if band.rule is not BandRule.EXCLUSIVE:
            continue
        for metric in contract.metrics:
            own = {metric.code} & set(band.metrics)
            together = [code for code in band.metrics if code in before(metrics, metric.code) | own]
            if len(together) > 1:
                what = (
                    f"nobody can claim {metric.code!r}: it needs {' and '.join(together)}, and band {band.id!r} pays"
                    " a person for one of them"
                )
                accepted = "prerequisites that one person can have, such as any one of the band"
                yield _never(metric, "requires", what, accepted)


def check_windows_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield metrics whose window closes before what they need can have happened."""
    metrics = {metric.code: metric for metric in contract.metrics}
    for metric in contract.metrics:
        window = metric.within
        if window is None or window.no_later is None or window.after == metric.code:
            continue
        others = metrics | {metric.code: replace(metric, within=None)}
        needed = _Earliest(others, window.after).days(metric.code)
        closes = _longest(window.no_later)
        if needed is not None and needed > closes:
            what = (
                f"nobody can claim {metric.code!r}: what it needs takes {needed:,} days or more from"
                f" {window.after!r} on, and its window closes after {closes:,}"
            )
            yield _never(metric, "within", what, "a later end of the window, or a shorter way to it")


def check_inside_contract(contract: Contract) -> Iterator[Finding]:
    """Yield metrics that can count only after the contract has ended, or only for work that began before it.

    No outcome counts before the contract's first day, and where a referral is required it is taken to come no earlier.
    Work may have begun before: of lasting work only its last day has to lie in the contract, unless it follows a job
    start of the same job.
    """
    metrics = {metric.code: metric for metric in contract.metrics}
    is_referred = contract.eligibility.referral is Referral.REQUIRED
    start = "a referral on" if is_referred else "the contract's first day on"
    n_days = (furthest_days(contract)[0] - contract.start).days
    if contract.terminated_on is not None:
        n_days = (contract.last_outcome_on - contract.start).days
    tied = REFERRAL if is_referred else ""
    waiting = _Earliest(metrics, tied, floor=0, with_work=False)
    working = _Earliest(metrics, tied, floor=0)
    for metric in contract.metrics:
        waits, needed = waiting.days(metric.code) or 0, max(working.days(metric.code) or 0, _own_work(metric))
        if waits > n_days or (needed > n_days and _is_of_one_job(metrics, metric)):
            what = (
                f"nobody can claim {metric.code!r}: it takes {max(waits, needed):,} days or more from {start}, and the"
                f" contract has {n_days + 1:,} days"
            )
            yield _never(metric, "within", what, "an outcome that the contract's time allows")
        elif needed > n_days:
            what = (
                f"{metric.code!r} can be claimed only for work begun before the contract: else it takes"
                f" {needed + 1:,} days, and the contract has {n_days + 1:,}"
            )
            at = Location(key=f"metric.{metric.code}.employment")
            yield warning("only-earlier-work", what, "work that the contract's time allows", at)


def check_grant_months(contract: Contract) -> Iterator[Finding]:
    """Yield grants that replace outcome payments on every day of the contract."""
    replacing = sorted(
        (grant for grant in contract.grants if grant.replaces is Replaces.OUTCOME_PAYMENTS),
        key=lambda grant: grant.starts_on,
    )
    open_from = contract.start
    for grant in replacing:
        if grant.starts_on <= open_from:
            open_from = max(open_from, grant.ends_on + timedelta(days=1))
    if replacing and open_from > contract.last_outcome_on:
        names = " and ".join(repr(grant.id) for grant in replacing)
        what = f"nobody can claim anything: grant {names} replaces outcome payments on every day of the contract"
        at = Location(key=f"grant[{replacing[-1].id}].months")
        yield warning("never-claimable", what, 'months that the contract outlasts, or replaces = "nothing"', at)


def _own_work(metric: Metric) -> int:
    """Return how many days after its first day work must last for a metric to be achieved."""
    rule = metric.rule
    if not isinstance(rule, Employment):
        return 0
    return max(0, (rule.days or _shortest(Length(rule.months or 0))) - 1)


def _is_of_one_job(metrics: dict[str, Metric], metric: Metric) -> bool:
    """Return whether the work has to begin with a job start that counts: both are of one and the same job."""
    starts = [metrics[code] for code in metric.requires if code in metrics and _is_job_start(metrics[code])]
    return metric.counts is Counts.ONCE_PER_JOB and any(each.counts is Counts.ONCE_PER_JOB for each in starts)


def _is_job_start(metric: Metric) -> bool:
    rule = metric.rule
    return isinstance(rule, Employment) and rule.days is None and rule.months is None


def _never(metric: Metric, key: str, what: str, accepted: str) -> Finding:
    return warning("never-claimable", what, accepted, Location(key=f"metric.{metric.code}.{key}"))


def before(metrics: dict[str, Metric], code: str) -> set[str]:
    """Return every metric that must count before one, directly or not."""
    reached: set[str] = set()
    waiting = list(metrics[code].requires)
    while waiting:
        other = waiting.pop()
        if other in metrics and other not in reached:
            reached.add(other)
            waiting.extend(metrics[other].requires)
    return reached


class _Earliest:
    """How many days after one outcome, or the referral, others can come at the earliest.

    ``floor`` is what holds of a metric that nothing ties to the start: None where it may come at any time.
    """

    def __init__(
        self, metrics: dict[str, Metric], start: str, *, floor: int | None = None, with_work: bool = True
    ) -> None:
        self._metrics = metrics
        self._floor = floor
        self._with_work = with_work
        self._found: dict[str, int | None] = {REFERRAL: None} | {start: 0}

    def days(self, code: str) -> int | None:
        """Return the days that a metric needs; the floor where nothing ties it to the start. Circles are left out."""
        if code not in self._found:
            self._found[code] = self._floor
            metric = self._metrics.get(code)
            known = [] if metric is None else [day for day in self._ways(metric) if day is not None]
            self._found[code] = max(known, default=self._floor)
        return self._found[code]

    def _ways(self, metric: Metric) -> Iterator[int | None]:
        window = metric.within
        for code in metric.requires:
            yield self._later(self.days(code), self._work_after(metric, code))
        if window is not None:
            opens = 0 if window.not_before is None else _shortest(window.not_before)
            yield self._later(self.days(window.after), max(opens, self._work_after(metric, window.after)))

    @staticmethod
    def _later(day: int | None, days: int) -> int | None:
        return None if day is None else day + days

    def _work_after(self, metric: Metric, code: str) -> int:
        """Return how long after a job start work must have lasted: the first day counts, so one day less."""
        other = self._metrics.get(code)
        if not self._with_work or other is None or not _is_job_start(other):
            return 0
        return _own_work(metric)


def _shortest(length: Length) -> int:
    years, months = divmod(length.months, 12)
    return years * 365 + _SHORTEST_MONTHS[months] + length.days


def _longest(length: Length) -> int:
    years, months = divmod(length.months, 12)
    return years * 366 + _LONGEST_MONTHS[months] + length.days
