"""Boundaries between hours: metrics that divide people by hours leave none to neither and give none to both."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, Metric

_NARROW: Final = Decimal(1)
"""A gap of at most an hour is a boundary written twice; a wider one may be meant."""


def check_neighbours(contract: Contract) -> Iterator[Finding]:
    """Yield pairs of metrics outside bands that differ in nothing but hours, and meet in a gap or an overlap."""
    banded = {code for band in contract.bands for code in band.metrics}
    divided = [each for each in contract.metrics if each.code not in banded and _by_hours(each) is not None]
    for one, other in combinations(divided, 2):
        if not _differ_in_hours_only(one, other):
            continue
        lower, higher = sorted((one, other), key=_begins)
        until, begins = _ends(lower), _begins(higher)
        names = f"{lower.code!r} and {higher.code!r}"
        at = Location(key=f"metric.{higher.code}.employment.hours_from")
        if until is None:
            continue
        if until < begins and begins - until <= _NARROW and not _is_covered(divided, lower, until):
            what = f"hours from {until} to below {begins} belong to neither {lower.code!r} nor {higher.code!r}"
            yield warning("band-gap", what, f"hours_below = {begins} or hours_from = {until}", at)
        elif until > begins:
            what = f"hours from {begins} to below {until} belong to both {names}, and both are paid"
            yield warning("band-overlap", what, f"hours_from = {until}, or a [[band]] of the two", at)


def _by_hours(metric: Metric) -> Employment | None:
    rule = metric.rule
    return rule if isinstance(rule, Employment) and (rule.hours_from, rule.hours_below) != (None, None) else None


def _begins(metric: Metric) -> Decimal:
    rule = _by_hours(metric)
    return Decimal(0) if rule is None or rule.hours_from is None else rule.hours_from


def _ends(metric: Metric) -> Decimal | None:
    rule = _by_hours(metric)
    return None if rule is None else rule.hours_below


def _differ_in_hours_only(one: Metric, other: Metric) -> bool:
    rule, rest = _by_hours(one), _by_hours(other)
    if rule is None or rest is None:
        return False
    return replace(rule, hours_from=None, hours_below=None) == replace(rest, hours_from=None, hours_below=None)


def _is_covered(metrics: list[Metric], lower: Metric, until: Decimal) -> bool:
    """Return whether a third metric takes in the hours at which the lower one ends."""
    return any(
        each is not lower
        and _differ_in_hours_only(each, lower)
        and _begins(each) <= until
        and ((ends := _ends(each)) is None or ends > until)
        for each in metrics
    )
