"""Employment: keys that change nothing beside the others, or more than somebody may have meant."""

from collections.abc import Iterator
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import ANY_GAP, Employment, HoursOver, HoursRule

LONG_GAP: Final = 28
"""Days of a break after which there is more likely a new start than the same run of work."""

NEARLY_ALL: Final = 0.9
"""Part of the contract's days from which on a break allowed is more likely any break."""


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


def check_hours_decided_once(contract: Contract) -> Iterator[Finding]:
    """Yield metrics whose hours are measured over the first period of a run that long breaks hardly ever end.

    Nothing is said where the term is marked as assumed: then somebody has chosen.
    """
    for metric in contract.metrics:
        rule = metric.rule
        if not isinstance(rule, Employment) or "employment.hours_over" in metric.provenance.assumed:
            continue
        has_band = rule.hours_from is not None or rule.hours_below is not None
        if rule.hours_over is HoursOver.FIRST and has_band and rule.within_days is None and rule.gap_days > LONG_GAP:
            breaks = "no break ends" if rule.gap_days == ANY_GAP else f"breaks of up to {rule.gap_days} days do not end"
            what = (
                f"the hours of {metric.code!r} are measured over the first days of a run, which {breaks}: whoever works"
                " other hours then is shut out for good, in later jobs too"
            )
            accepted = 'hours_over = "any period", fewer gap_days, or "employment.hours_over" under assumed'
            at = Location(key=f"metric.{metric.code}.employment.hours_over")
            yield warning("hours-decided-once", what, accepted, at)


def check_gap(contract: Contract) -> Iterator[Finding]:
    """Yield breaks allowed for nearly as long as the contract lasts, which may be meant to be any."""
    n_days = (contract.end - contract.start).days + 1
    for metric in contract.metrics:
        rule = metric.rule
        if isinstance(rule, Employment) and NEARLY_ALL * n_days <= rule.gap_days < n_days:
            what = (
                f"gap_days of {metric.code!r} is {rule.gap_days:,}, nearly all of the {n_days:,} days of the contract:"
                " only a longer break would end a run of work"
            )
            at = Location(key=f"metric.{metric.code}.employment.gap_days")
            yield warning("gap-nearly-any", what, 'gap_days = "any", or fewer days', at)


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
