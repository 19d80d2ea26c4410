"""Employment: keys that change nothing beside the others, which somebody may have meant to matter."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, HoursRule


def check_effect(contract: Contract) -> Iterator[Finding]:
    """Yield each key of a metric's ``employment`` that has no effect in its combination with others.

    A key at its default is never mentioned. Nor is ``employer_change = false`` on a metric that
    counts once per job: there each job stands alone anyway, and the key says the same.
    """
    for metric in contract.metrics:
        if isinstance(metric.rule, Employment):
            for key, why, accepted in _idle(metric.rule):
                what = f"{key} of {metric.code!r} has no effect: {why}"
                at = Location(key=f"metric.{metric.code}.employment.{key}")
                yield warning("no-effect", what, accepted, at)


def _idle(rule: Employment) -> Iterator[tuple[str, str, str]]:
    """Yield each such key of one rule, why it is idle, and what would be accepted."""
    has_length = rule.days is not None or rule.months is not None
    has_band = rule.hours_from is not None or rule.hours_below is not None
    if rule.gap_days and rule.within_days is not None:
        yield "gap_days", "any break is allowed inside within_weeks", "gap_days or within_weeks, not both"
    elif rule.gap_days and not has_length:
        yield "gap_days", "the first day counts, before any break", "a length in weeks, days or months, or no gap_days"
    if not rule.employer_change and not has_length:
        accepted = "a length in weeks, days or months, or no employer_change"
        yield "employer_change", "the first day of every job counts", accepted
    if rule.hours is not HoursRule.AVERAGE and not has_band:
        yield "hours", "no hours are asked for", "hours_from or hours_below, or no hours"
    elif rule.hours is HoursRule.EVERY_PAY_PERIOD and not has_length:
        accepted = "contracted, or a length in weeks, days or months, or no hours"
        yield "hours", "only the first day counts, and its hours are their own average", accepted
