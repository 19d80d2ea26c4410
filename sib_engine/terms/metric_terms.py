"""Changed terms of a metric: what an amendment, or the contract from a day on, asks otherwise than before."""

from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sib_engine.terms.metric import (
    Asked,
    Employment,
    EvidenceFrom,
    EvidenceRule,
    EvidenceState,
    HoursOver,
    HoursRule,
    Metric,
    Needed,
    Window,
)
from sib_engine.terms.provenance import Provenance

_PLAIN: Final[tuple[str, ...]] = ("requires", "within", "claim_within_days")
_LENGTHS: Final = ("days", "months")
_INSIDE: Final = {
    "employment.within_weeks": "within_days",
    "employment.hours_from": "hours_from",
    "employment.hours_below": "hours_below",
}
DROPPABLE: Final = ("within", "claim_within_days", *_INSIDE)
"""Terms that a change can take away, by their key in the file: those that a metric may be without."""


@dataclass(frozen=True, slots=True)
class EmploymentTerms:
    """Changed terms of ``employment``; None for a term that stays. A length given replaces the one before."""

    competitive: bool | None = None
    self_employment: bool | None = None
    days: int | None = None
    months: int | None = None
    within_days: int | None = None
    hours_from: Decimal | None = None
    hours_below: Decimal | None = None
    hours: HoursRule | None = None
    hours_over: HoursOver | None = None
    gap_days: int | None = None
    employer_change: bool | None = None


@dataclass(frozen=True, slots=True)
class MetricTerms:
    """Terms of one metric from a day on, until the next change of the same term.

    None stands for a term that stays as it was; ``drops`` names terms that no longer apply, by their
    keys in the file. ``evidence`` holds the accepted kinds of document, none of them where it is empty.
    """

    id: str
    metric: str
    starts_on: date
    requires: tuple[str, ...] | None
    within: Window | None
    evidence: tuple[Asked, ...] | None
    evidence_needed: Needed | None
    claim_within_days: int | None
    employment: EmploymentTerms | None
    drops: tuple[str, ...]
    amendment: str | None
    provenance: Provenance
    evidence_from: EvidenceFrom | None = None
    evidence_must_be: EvidenceState | None = None


def changed(metric: Metric, terms: MetricTerms) -> Metric:
    """Return the metric under changed terms; an ``employment`` for a metric of another kind changes nothing."""
    new = {name: value for name in _PLAIN if (value := getattr(terms, name)) is not None}
    gone = [name for name in _PLAIN if name in terms.drops]
    old = metric.evidence
    evidence = EvidenceRule(
        asked=old.asked if terms.evidence is None else terms.evidence,
        needed=terms.evidence_needed or old.needed,
        dated=terms.evidence_from or old.dated,
        must_be=terms.evidence_must_be or old.must_be,
    )
    rule = metric.rule
    if isinstance(rule, Employment):
        rule = _changed_employment(rule, terms)
    return replace(metric, rule=rule, evidence=evidence, **_merged(gone, new))


def _changed_employment(rule: Employment, terms: MetricTerms) -> Employment:
    given = terms.employment or EmploymentTerms()
    new = {each.name: value for each in fields(given) if (value := getattr(given, each.name)) is not None}
    gone = [_INSIDE[key] for key in terms.drops if key in _INSIDE]
    gone += [name for name in _LENGTHS if not new.keys().isdisjoint(_LENGTHS)]
    return replace(rule, **_merged(gone, new))


def _merged(gone: list[str], new: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that change: those given anew, and None for those that are gone."""
    fields_now: dict[str, Any] = dict.fromkeys(gone)
    return fields_now | new
