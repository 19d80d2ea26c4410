"""What one metric asks of another of the same person or job: that it counts, first, and long or short enough ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray, days_add_months
from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.order import earlier_metrics, per
from sib_engine.outcomes.reasons import Reason
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, Metric, Window

PlaceArray: TypeAlias = npt.NDArray[np.integer[Any]]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One earlier metric that a metric depends on.

    ``due`` and ``latest`` say for each day on which the earlier one may have happened (by place on
    the day scale, shape ``(n_days,)``) the first and the last place that the later one may have.
    """

    metric: int
    per: Per
    is_required: bool
    due: PlaceArray | None
    latest: PlaceArray | None
    scale: DayScale

    def faults(self, firsts: PlaceArray, days: PlaceArray) -> Iterator[tuple[Reason, BoolArray]]:
        """Yield each reason with where it holds against outcomes on ``days`` whose earlier outcome was on ``firsts``.

        Both are places on the day scale, ``firsts`` from ``missing`` up where there is no earlier
        outcome; all arrays have one shape. A rule about time is silent where either has no date,
        and an outcome before its prerequisite is reported as that alone, not as too soon as well.
        """
        undated = self.scale.undated
        places = firsts.astype(np.intp, copy=False)
        yield Reason.PREREQUISITE_MISSING, firsts > undated
        is_after = firsts <= days
        if self.is_required:
            yield Reason.PREREQUISITE_LATER, ~is_after & (firsts < undated)
        if self.due is not None:
            yield Reason.TOO_SOON, (days < self.due.take(places, mode="clip")) & is_after
        if self.latest is not None:
            is_dated = (firsts < undated) & (days < undated)
            yield Reason.OUTSIDE_WINDOW, (days > self.latest.take(places, mode="clip")) & is_dated


def links_of(contract: Contract, metric: Metric, scale: DayScale) -> tuple[Link, ...]:
    """Return what a metric asks of others.

    The earlier outcome must be of the same job where both metrics count once per job, otherwise of
    the same person. A window that runs from a metric which does not count cannot be shown to have
    been kept, so that metric is then reported as a missing prerequisite.
    """
    return tuple(_link(contract, metric, code, scale) for code in earlier_metrics(metric))


def per_of(metric: Metric, earlier: Metric) -> Per:
    """Return what an outcome and an earlier one share: the job where both count once per job, else the person."""
    return Per.JOB if per(metric) is Per.JOB and per(earlier) is Per.JOB else Per.PERSON


def _link(contract: Contract, metric: Metric, code: str, scale: DayScale) -> Link:
    index = contract.metric_codes.index(code)
    earlier = contract.metrics[index]
    is_required = code in metric.requires
    due = _due(metric, scale) if is_required and is_job_start(earlier) else None
    latest = None
    window = metric.within
    if window is not None and window.after == code:
        latest = _places(scale, last_in_window(window, scale.all_days))
    return Link(index, per_of(metric, earlier), is_required, due, latest, scale)


def is_job_start(metric: Metric) -> bool:
    """Return whether a metric is achieved on the first day of a job: what a required time runs from."""
    rule = metric.rule
    return isinstance(rule, Employment) and rule.days is None and rule.months is None


def last_in_window(window: Window, days: DayArray) -> DayArray:
    """Return the last day on which an outcome may follow what happened on each of ``days``, same shape."""
    return days_add_months(days, window.months) + np.timedelta64(window.days, "D")


def due_after(metric: Metric, days: DayArray) -> DayArray | None:
    """Return the last day of the metric's required time for a job that starts on each of ``days``; both days count.

    None where the metric asks for no time in work.
    """
    rule = metric.rule
    if not isinstance(rule, Employment):
        return None
    one_day = np.timedelta64(1, "D")
    if rule.days is not None:
        return days + np.timedelta64(rule.days, "D") - one_day
    if rule.months is not None:
        return days_add_months(days, rule.months) - one_day
    return None


def _due(metric: Metric, scale: DayScale) -> PlaceArray | None:
    days = due_after(metric, scale.all_days)
    return None if days is None else _places(scale, days)


def _places(scale: DayScale, days: DayArray) -> PlaceArray:
    """Return the days' places, those after the last day in use as one: ``undated``, which no dated outcome reaches."""
    return np.clip(as_numbers(days) - scale.first, 0, scale.undated).astype(scale.dtype)
