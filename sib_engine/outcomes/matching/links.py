"""What one metric asks of another of the same person or job: that it counts, first, long enough ago and not too long."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import days_add_months
from sib_engine.outcomes.matching.day_scale import MISSING, UNDATED, DayScale, as_numbers
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.order import earlier_metrics, per
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, Metric

PlaceArray = npt.NDArray[np.int32] | npt.NDArray[np.int64]

_MISSING: Final = np.uint32(bit(Reason.PREREQUISITE_MISSING))
_LATER: Final = np.uint32(bit(Reason.PREREQUISITE_LATER))
_TOO_SOON: Final = np.uint32(bit(Reason.TOO_SOON))
_OUTSIDE: Final = np.uint32(bit(Reason.OUTSIDE_WINDOW))


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One earlier metric that a metric depends on.

    ``due`` and ``latest`` say for each day on which the earlier one may have happened (by place on
    the day scale, shape ``(n_days,)``) the first and the last place that the later one may have.
    """

    metric: int
    per: Per
    is_required: bool
    due: npt.NDArray[np.int32] | None
    latest: npt.NDArray[np.int32] | None

    def reasons(self, firsts: PlaceArray, days: PlaceArray) -> MaskArray:
        """Return the reasons against outcomes on ``days`` whose earlier outcome was on ``firsts``, same shape.

        Both are places on the day scale, ``MISSING`` where there is no earlier outcome. A rule about
        time is silent where either has no date, and an outcome before its prerequisite is reported
        as that alone, not as too soon as well.
        """
        reasons: MaskArray = (firsts == MISSING) * _MISSING
        is_after = firsts <= days
        if self.is_required:
            reasons |= ((firsts < UNDATED) & ~is_after) * _LATER
        if self.due is not None:
            too_soon = days < self.due.take(firsts, mode="clip")
            reasons |= (too_soon & is_after) * _TOO_SOON
        if self.latest is not None:
            outside = days > self.latest.take(firsts, mode="clip")
            reasons |= (outside & (firsts < UNDATED) & (days < UNDATED)) * _OUTSIDE
        return reasons


def links_of(contract: Contract, metric: Metric, scale: DayScale) -> tuple[Link, ...]:
    """Return what a metric asks of others.

    The earlier outcome must be of the same job where both metrics count once per job, otherwise of
    the same person. A window that runs from a metric which does not count cannot be shown to have
    been kept, so that metric is then reported as a missing prerequisite.
    """
    return tuple(_link(contract, metric, code, scale) for code in earlier_metrics(metric))


def _link(contract: Contract, metric: Metric, code: str, scale: DayScale) -> Link:
    index = contract.metric_codes.index(code)
    earlier = contract.metrics[index]
    both_per_job = per(metric) is Per.JOB and per(earlier) is Per.JOB
    is_required = code in metric.requires
    due = _due(metric, scale) if is_required and _is_job_start(earlier) else None
    latest = None
    window = metric.within
    if window is not None and window.after == code:
        ends = days_add_months(scale.all_days, window.months) + np.timedelta64(window.days, "D")
        latest = (as_numbers(ends) - scale.first).astype(np.int32)
    return Link(index, Per.JOB if both_per_job else Per.PERSON, is_required, due, latest)


def _is_job_start(metric: Metric) -> bool:
    rule = metric.rule
    return isinstance(rule, Employment) and rule.days is None and rule.months is None


def _due(metric: Metric, scale: DayScale) -> npt.NDArray[np.int32] | None:
    """Return the place of the last day of the required time, for a job that starts on each day; both days count."""
    rule = metric.rule
    if not isinstance(rule, Employment):
        return None
    if rule.days is not None:
        return np.arange(scale.n_days, dtype=np.int32) + np.int32(rule.days - 1)
    if rule.months is not None:
        ends = as_numbers(days_add_months(scale.all_days, rule.months)) - scale.first - 1
        return ends.astype(np.int32)
    return None
