"""Boundaries in words: definitions that put a number on one side of a boundary, and terms that put it on the other."""

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment, Metric
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.scale import Scale

_SMALL: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40}
_BEYOND: Final = (
    r">(?!=)|(?<!\bno )(?<!\bnot )\b(?:over|above|beyond|exceed(?:s|ing)?|in excess of"
    r"|(?:more|greater|higher|longer) than)"
)
"""Words after which a number itself does not count."""

_UP_TO: Final = (
    r"<=|\u2264|\bup to(?: and including)?|\bat most|\b(?:a )?maximum of"
    r"|\bno(?:t)? (?:more|greater|higher|longer) than|\bnot (?:over|above|exceeding)|\bnot? exceed(?:ing)?"
)
"""Words after which a number itself still counts."""

_AT_LEAST: Final = r">=|\u2265|\bat least|\bminimum of|\bno(?:t)? (?:less|fewer|lower) than"
_NUMBER: Final = rf"([0-9]+(?:\.[0-9]+)?|(?:{'|'.join((*_TENS, *_SMALL))})(?:[- ](?:{'|'.join(_SMALL[1:10])}))?)"
_HOUR: Final = r"(?:h\b|hrs?\b|hours?\b)"
_HOURS: Final = rf"(?=[\s-]*{_HOUR})"
_A_WEEK: Final = r"\s*(?:(?:a|per|each|every|/)\s*week\b|weekly\b)"
_BARE: Final = rf"(?![0-9]|\.[0-9])(?=(?:{_A_WEEK})?\s*(?:[.,;:)]|$|and\b|or\b|but\b))"
"""After a number without a unit: nothing that would make it a number of something else than hours."""

_OF_HOURS: Final = rf"\b{_HOUR}[^.;:,0-9]{{0,40}}?"
_OR_LESS: Final = (
    rf"(?P<number>{{number}})[\s-]*"
    rf"(?:{_HOUR}(?:{_A_WEEK})?\s*or (?:less|fewer|under|below)\b|or (?:less|fewer) {_HOUR})"
)
"""Words after a number of hours by which it still counts."""

_PERCENT: Final = r"(?=\s*(?:%|per ?cent\b))"


def check_hours(contract: Contract) -> Iterator[Finding]:
    """Yield limits of hours of which the metric's definition says that the number itself is on the other side.

    Nothing is said where the term is marked as assumed: then somebody has chosen.
    """
    for metric in contract.metrics:
        rule = metric.rule
        if not isinstance(rule, Employment):
            continue
        for key, limit, words, does in (
            ("hours_from", rule.hours_from, _said(metric, rule.hours_from, beyond=True), "counts"),
            ("hours_below", rule.hours_below, _said(metric, rule.hours_below, beyond=False), "does not count"),
        ):
            if words and f"employment.{key}" not in metric.provenance.assumed:
                what = f"the {words[0]} of {metric.code!r} says {words[1]!r}, and by {key} exactly {limit} {does}"
                accepted = f'words and {key} that agree, or "employment.{key}" under assumed with the reason'
                at = Location(key=f"metric.{metric.code}.employment.{key}")
                yield warning("ambiguous-boundary", what, accepted, at)


def check_points(contract: Contract) -> Iterator[Finding]:
    """Yield points of a scale of which the metric's definition says that the number itself is on the other side."""
    metrics = {metric.code: metric for metric in contract.metrics}
    for scale in contract.scales:
        metric = metrics.get(scale.metric)
        if metric is None or scale.provenance.assumes("points"):
            continue
        yield from _points(metric, scale)


def _points(metric: Metric, scale: Scale) -> Iterator[Finding]:
    for point in scale.points:
        pattern = _AT_LEAST if point.is_above else _BEYOND
        words = _first(metric.definition, _with_unit(pattern, _PERCENT), point.at * 100)
        if not words:
            continue
        key, does, other = ("above", "is not enough", "at") if point.is_above else ("at", "is enough", "above")
        shown = percentage(point.at)
        what = f"the definition of {metric.code!r} says {words!r}, and by a point {key} {shown} exactly {shown} {does}"
        accepted = f'{other} = "{shown}", words that agree, or "points" under assumed with the reason'
        yield warning("ambiguous-boundary", what, accepted, Location(key=f"scale[{scale.id}].points"))


def _said(metric: Metric, limit: Decimal | None, *, beyond: bool) -> tuple[str, str] | None:
    """Return which text puts a limit on the other side than the term does, and in which words; None where none does."""
    if limit is None:
        return None
    for kind, text in (("definition", metric.definition), ("name", metric.name)):
        words = _found(text, Fraction(limit), beyond=beyond)
        if words:
            return kind, words
    return None


def _found(text: str, limit: Fraction, *, beyond: bool) -> str:
    """Return the words that put a limit of hours on the other side than the term does, or nothing."""
    if beyond:
        patterns = [_before(_BEYOND)]
    else:
        hours = rf"\s*(?:{_HOUR}\s*)?"
        ranged, between = rf"{_NUMBER}{hours}(?:to|-|\u2013)", rf"\bbetween {_NUMBER}{hours}and"
        patterns = [_before(_UP_TO), _OR_LESS.format(number=_NUMBER), _with_unit(ranged), _with_unit(between)]
    return next((words for pattern in patterns if (words := _first(text, pattern, limit))), "")


def _with_unit(words: str, unit: str = _HOURS) -> str:
    """Return the pattern of some words before a number with its unit."""
    return rf"(?:{words})\s*(?P<number>{_NUMBER}){unit}"


def _before(words: str) -> str:
    """Return the pattern of some words before a number of hours: with its unit, after one, or without any."""
    without = rf"(?<!\bage )(?<!\baged )(?:{_OF_HOURS})?(?:{words})\s*(?P<bare>{_NUMBER}){_BARE}"
    return rf"{_with_unit(words)}|{without}"


def _first(text: str, pattern: str, number: Fraction) -> str:
    """Return the first words that match a pattern which holds a number, or nothing."""
    for found in re.finditer(pattern, text, re.IGNORECASE):
        said = next(value for value in found.groupdict().values() if value is not None)
        if _value(said) == number:
            return " ".join(found[0].split())
    return ""


def _value(text: str) -> Fraction:
    """Return the number that digits or words say."""
    if text[0].isdigit():
        return Fraction(text)
    first, *rest = re.split(r"[- ]", text.lower())
    tens = _TENS.get(first)
    return Fraction(_SMALL.index(first) if tens is None else tens + sum(map(_SMALL.index, rest)))
