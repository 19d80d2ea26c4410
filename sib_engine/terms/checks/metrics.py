"""Metrics: each has a price, and the windows that they are counted in can be counted."""

from collections.abc import Iterator

import numpy as np

from sib_engine.core.dates import days_later
from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.checks.outline import REFERRAL
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, Measured


def check_has_tariff(contract: Contract) -> Iterator[Finding]:
    """Yield each metric that has no tariff at all; a measured one is priced by a scale.

    Nothing is said while a tariff names an unknown metric: it may be the one that is missed.
    """
    priced = {tariff.metric for tariff in contract.tariffs}
    if not priced <= set(contract.metric_codes):
        return
    for metric in contract.metrics:
        if metric.code not in priced and not isinstance(metric.rule, Measured):
            accepted = 'a [[tariff]] for it; status = "unpriced" where no price is known'
            at = Location(key=f"metric.{metric.code}")
            yield error("metric-without-tariff", f"metric {metric.code!r} has no tariff", accepted, at)


def check_windows(contract: Contract) -> Iterator[Finding]:
    """Yield windows counted from the metric itself, or from one that need not have happened."""
    requires = {metric.code: metric.requires for metric in contract.metrics}
    for metric in contract.metrics:
        after = None if metric.within is None else metric.within.after
        at = Location(key=f"metric.{metric.code}.within.after")
        if after == metric.code:
            accepted = "another metric, or referral"
            yield error("window-after-itself", f"the window of {metric.code!r} begins with itself", accepted, at)
        elif (
            after is not None
            and after != REFERRAL
            and after in requires
            and after not in _reached(metric.code, requires)
        ):
            what = (
                f"the window begins with {after!r}, which {metric.code!r} does not require: without it nothing counts"
            )
            yield warning("window-not-required", what, f"{after!r} among the metrics that it requires", at)


def check_windows_open(contract: Contract) -> Iterator[Finding]:
    """Yield windows that close before they open, counted from some day or other of the calendar."""
    days = np.arange(np.datetime64("2000-01-01"), np.datetime64("2004-01-01"))  # every day of the year, leap or not
    for metric in contract.metrics:
        window = metric.within
        if window is None or window.not_before is None or window.no_later is None:
            continue
        opens = days_later(days, months=window.not_before.months, more_days=window.not_before.days)
        closes = days_later(days, months=window.no_later.months, more_days=window.no_later.days)
        shut = np.flatnonzero(closes < opens)
        if len(shut):
            first = shut[0]
            what = (
                f"the window of {metric.code!r} closes before it opens: after {days[first]} it opens on"
                f" {opens[first]} and closes on {closes[first]}"
            )
            accepted = "not_before no longer than months and days; neither of them where the window stays open"
            yield error("window-never-opens", what, accepted, Location(key=f"metric.{metric.code}.within.not_before"))


def check_months(contract: Contract) -> Iterator[Finding]:
    """Yield windows that open after as many months as the work must last: a day later, since its first day counts."""
    for metric in contract.metrics:
        window, rule = metric.within, metric.rule
        if window is None or window.not_before is None or not isinstance(rule, Employment) or rule.months is None:
            continue
        if window.not_before.months == rule.months and not window.not_before.days:
            n_months = f"{rule.months} month{'' if rule.months == 1 else 's'}"
            what = (
                f"{metric.code!r} asks for {n_months} in work, which count their first day, and no sooner than"
                f" {n_months} after {window.after!r}, which do not: work from the same day waits for one day more"
            )
            accepted = "no not_before, if the work begins on that day; or leave it, if one day more is meant"
            yield warning(
                "months-counted-twice", what, accepted, Location(key=f"metric.{metric.code}.within.not_before")
            )


def _reached(code: str, requires: dict[str, tuple[str, ...]]) -> set[str]:
    """Return every metric that must come before one, directly or not."""
    reached: set[str] = set()
    waiting = list(requires.get(code, ()))
    while waiting:
        other = waiting.pop()
        if other not in reached:
            reached.add(other)
            waiting.extend(requires.get(other, ()))
    return reached
