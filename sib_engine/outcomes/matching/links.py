"""What one metric asks of another of the same person or job: that it counts, first, and long or short enough ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray, days_add_months, days_later
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale, as_numbers
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.order import earlier_metrics, per
from sib_engine.outcomes.reasons import Reason
from sib_engine.outcomes.versions import day_number
from sib_engine.terms.contract import Contract, TermsDate
from sib_engine.terms.metric import Employment, Length, Metric, Window
from sib_engine.terms.versions import Version, metric_versions

PlaceArray: TypeAlias = npt.NDArray[np.integer[Any]]
BoolArray: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Link:
    """One earlier metric that a metric depends on.

    ``span`` is the first place, and the first one no longer, for which the version of the terms that asks
    it is in force (None: for good); None where there is one version only. ``due``, ``opens`` and
    ``latest`` say for each day on which the earlier one may have happened (by place on the day scale,
    shape ``(n_days,)``) the first place that the later one may have by its time in work, the first by
    its window, and the last.
    """

    metric: int
    per: Per
    is_required: bool
    due: PlaceArray | None
    opens: PlaceArray | None
    latest: PlaceArray | None
    scale: DayScale
    span: tuple[int, int | None] | None = None

    def faults(
        self, firsts: PlaceArray, days: PlaceArray, decides: PlaceArray | None = None
    ) -> Iterator[tuple[Reason, BoolArray]]:
        """Yield each reason with where it holds against outcomes on ``days`` whose earlier outcome was on ``firsts``.

        Both are places on the day scale, ``firsts`` from ``missing`` up where there is no earlier
        outcome; all arrays have one shape. ``decides`` are the places that choose the version of the terms,
        ``days`` where they are not given. A rule about time is silent where either has no date,
        and an outcome before its prerequisite is reported as that alone, not as too soon as well.
        """
        if self.span is None:
            yield from self._faults(firsts, days)
            return
        judged = self._judges(days if decides is None else decides)
        for reason, holds in self._faults(firsts, days):
            yield reason, holds & judged

    def _judges(self, decides: PlaceArray) -> BoolArray:
        first, stop = self.span or (0, None)
        judged: BoolArray = decides >= first
        return judged if stop is None else judged & (decides < stop)

    def _faults(self, firsts: PlaceArray, days: PlaceArray) -> Iterator[tuple[Reason, BoolArray]]:
        undated = self.scale.undated
        places = firsts.astype(np.intp, copy=False)
        yield Reason.PREREQUISITE_MISSING, firsts > undated
        is_after = firsts <= days
        if self.is_required:
            yield Reason.PREREQUISITE_LATER, ~is_after & (firsts < undated)
        if self.due is not None:
            yield Reason.TOO_SOON, (days < self.due.take(places, mode="clip")) & is_after
        is_dated = (firsts < undated) & (days < undated)
        if self.opens is not None:
            too_soon = (days < self.opens.take(places, mode="clip")) & is_dated
            yield Reason.TOO_SOON, too_soon & is_after if self.is_required else too_soon
        if self.latest is not None:
            yield Reason.OUTSIDE_WINDOW, (days > self.latest.take(places, mode="clip")) & is_dated


def links_of(contract: Contract, metric: Metric, scale: DayScale) -> tuple[Link, ...]:
    """Return what a metric asks of others, each version of its terms for the days on which it is in force.

    The earlier outcome must be of the same job where both metrics count once per job, otherwise of
    the same person. A window that runs from a metric which does not count cannot be shown to have
    been kept, so that metric is then reported as a missing prerequisite.
    """
    versions = metric_versions(contract, metric)
    return tuple(
        _link(contract, version.terms, code, scale, _span(contract, version, scale) if len(versions) > 1 else None)
        for version in versions
        for code in earlier_metrics(version.terms)
    )


def deciding_places(contract: Contract, started_on: DayArray, scale: DayScale) -> IntArray | None:
    """Return the places that choose the version of each row's terms, same shape; None where the outcome's own does.

    A day that is not known stands after every other, where the last version is in force.
    """
    if contract.terms_date is TermsDate.OUTCOME or not contract.metric_terms:
        return None
    places: IntArray = np.where(np.isnat(started_on), np.iinfo(np.int64).max, as_numbers(started_on) - scale.first)
    return places


def _span(contract: Contract, version: Version[Metric], scale: DayScale) -> tuple[int, int | None]:
    """Return the places for which a version is in force; undated outcomes belong to the last one."""

    def place(day: date) -> int:
        number = day_number(day) - scale.first
        return number if contract.terms_date is TermsDate.START else min(max(number, 0), scale.undated)

    first = np.iinfo(np.int64).min if version.starts_on is None else place(version.starts_on)
    if contract.terms_date is TermsDate.OUTCOME:
        first = max(first, 0)
    return first, None if version.ends_before is None else place(version.ends_before)


def per_of(metric: Metric, earlier: Metric) -> Per:
    """Return what an outcome and an earlier one share: the job where both count once per job, else the person."""
    return Per.JOB if per(metric) is Per.JOB and per(earlier) is Per.JOB else Per.PERSON


def _link(contract: Contract, metric: Metric, code: str, scale: DayScale, span: tuple[int, int | None] | None) -> Link:
    index = contract.metric_codes.index(code)
    earlier = contract.metrics[index]
    is_required = code in metric.requires
    due = _due(metric, scale) if is_required and is_job_start(earlier) else None
    opens, latest = None, None
    if metric.within is not None and metric.within.after == code:
        opens = _optional_places(scale, first_in_window(metric.within, scale.all_days))
        latest = _optional_places(scale, last_in_window(metric.within, scale.all_days))
    return Link(index, per_of(metric, earlier), is_required, due, opens, latest, scale, span)


def is_job_start(metric: Metric) -> bool:
    """Return whether a metric is achieved on the first day of a job: what a required time runs from."""
    rule = metric.rule
    return isinstance(rule, Employment) and rule.days is None and rule.months is None


def is_time_in_work(metric: Metric) -> bool:
    """Return whether a metric asks for time in work, which may be complete before what it has to follow, and go on.

    A job start does not: it happens on one day, and going on with a job is not starting it.
    """
    rule = metric.rule
    return isinstance(rule, Employment) and (rule.days is not None or rule.months is not None)


def first_in_window(window: Window, days: DayArray) -> DayArray | None:
    """Return the first day on which an outcome may follow what happened on each of ``days``, same shape.

    None where nothing is too early.
    """
    return _after(days, window.not_before)


def last_in_window(window: Window, days: DayArray) -> DayArray | None:
    """Return the last day on which an outcome may follow what happened on each of ``days``, same shape.

    None where the window stays open.
    """
    return _after(days, window.no_later)


def _after(days: DayArray, length: Length | None) -> DayArray | None:
    return None if length is None else days_later(days, months=length.months, more_days=length.days)


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
    return _optional_places(scale, due_after(metric, scale.all_days))


def _optional_places(scale: DayScale, days: DayArray | None) -> PlaceArray | None:
    return None if days is None else _places(scale, days)


def _places(scale: DayScale, days: DayArray) -> PlaceArray:
    """Return the days' places, those after the last day in use as one: ``undated``, which no dated outcome reaches."""
    return np.clip(as_numbers(days) - scale.first, 0, scale.undated).astype(scale.dtype)
