"""Metrics that nobody can claim: what must come first excludes it, or takes longer than its window or the contract."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.checks.outline import REFERRAL
from sib_engine.terms.contract import Contract, Referral
from sib_engine.terms.metric import BandRule, Employment, Length, Metric

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
            together = [code for code in band.metrics if code in _before(metrics, metric.code) | own]
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
    """Yield metrics that can count only after the contract has ended, counted from a referral on its first day."""
    if contract.eligibility.referral is not Referral.REQUIRED:
        return
    metrics = {metric.code: metric for metric in contract.metrics}
    earliest = _Earliest(metrics, REFERRAL)
    ends = [contract.end, *(each.contract.end for each in contract.amendments if each.contract and each.contract.end)]
    n_days = (max(ends) - contract.start).days
    for metric in contract.metrics:
        needed = earliest.days(metric.code)
        if needed is not None and needed > n_days:
            what = (
                f"nobody can claim {metric.code!r}: it takes {needed:,} days or more from a referral on, and the"
                f" contract has {n_days + 1:,} days"
            )
            yield _never(metric, "within", what, "an outcome that the contract's time allows")


def _never(metric: Metric, key: str, what: str, accepted: str) -> Finding:
    return warning("never-claimable", what, accepted, Location(key=f"metric.{metric.code}.{key}"))


def _before(metrics: dict[str, Metric], code: str) -> set[str]:
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
    """How many days after one outcome, or the referral, others can come at the earliest."""

    def __init__(self, metrics: dict[str, Metric], start: str) -> None:
        self._metrics = metrics
        self._found: dict[str, int | None] = {start: 0}

    def days(self, code: str) -> int | None:
        """Return the days that a metric needs; None where nothing ties it to the start. Circles are left out."""
        if code not in self._found:
            self._found[code] = None
            metric = self._metrics.get(code)
            known = [] if metric is None else [day for day in self._ways(metric) if day is not None]
            self._found[code] = max(known, default=None)
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
        rule, start = metric.rule, None if other is None else other.rule
        if not (isinstance(rule, Employment) and isinstance(start, Employment)):
            return 0
        if start.days is not None or start.months is not None:
            return 0
        return max(0, (rule.days or _shortest(Length(rule.months or 0))) - 1)


def _shortest(length: Length) -> int:
    years, months = divmod(length.months, 12)
    return years * 365 + _SHORTEST_MONTHS[months] + length.days


def _longest(length: Length) -> int:
    years, months = divmod(length.months, 12)
    return years * 366 + _LONGEST_MONTHS[months] + length.days
