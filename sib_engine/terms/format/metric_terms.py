"""Tables for terms that change on a day: of a metric, and of who may be claimed for."""

from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.contract import Consent, EligibilityTerms
from sib_engine.terms.format.base import AmendableClause, Table, between_keys, provenance_from
from sib_engine.terms.format.fields import (
    MAX_DAYS,
    MAX_MONTHS,
    MAX_WEEKS,
    Alternatives,
    Choice,
    Code,
    Count,
    CountOrAny,
    Day,
    Flag,
    ListOf,
    Number,
    TableOf,
    Text,
)
from sib_engine.terms.format.metrics import DAYS_A_WEEK, HOURS_A_WEEK, ONE_LENGTH, WindowTable, two_lengths
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, Refusals, Values, is_given
from sib_engine.terms.metric import ANY_GAP, EvidenceFrom, EvidenceState, HoursOver, HoursRule, Needed
from sib_engine.terms.metric_terms import DROPPABLE, EmploymentTerms, MetricTerms

_DROPPABLE_OF_ELIGIBILITY: Final = ("days_after_discharge",)


class EmploymentTermsTable(Table):
    """``employment = { ... }`` of changed terms: what is left out stays as it was."""

    TOGETHER = (ONE_LENGTH,)

    competitive = Flag(load_default=None)
    self_employment = Flag(load_default=None)
    weeks = Count(least=1, most=MAX_WEEKS, load_default=None)
    days = Count(least=1, most=MAX_DAYS, load_default=None)
    months = Count(least=1, most=MAX_MONTHS, load_default=None)
    within_weeks = Count(least=1, most=MAX_WEEKS, load_default=None)
    hours_from = Number(most=HOURS_A_WEEK, load_default=None)
    hours_below = Number(most=HOURS_A_WEEK, load_default=None)
    hours = Choice(HoursRule, load_default=None)
    hours_over = Choice(HoursOver, load_default=None)
    gap_days = CountOrAny(unbounded=ANY_GAP, most=MAX_DAYS, load_default=None)
    employer_change = Flag(load_default=None)

    @between_keys
    def _one_length(self, data: Values) -> Refusals:
        return two_lengths(data)

    @post_load
    def _employment(self, data: dict[str, Any], **_: object) -> EmploymentTerms:
        weeks, window = data.pop("weeks"), data.pop("within_weeks")
        if weeks is not None:
            data["days"] = weeks * DAYS_A_WEEK
        return EmploymentTerms(within_days=None if window is None else window * DAYS_A_WEEK, **data)


class MetricTermsTable(AmendableClause):
    """``[[metric_terms]]``: a metric from a day on, with the keys that change and no others."""

    metric = Code(required=True)
    starts_on = Day(required=True, data_key="from")
    requires = ListOf(Code(), single=True, load_default=None)
    within = TableOf(WindowTable, load_default=None)
    evidence = ListOf(Alternatives(), load_default=None)
    evidence_needed = Choice(Needed, load_default=None)
    evidence_from = Choice(EvidenceFrom, load_default=None)
    evidence_must_be = Choice(EvidenceState, load_default=None)
    claim_within_days = Count(most=MAX_DAYS, load_default=None)
    employment = TableOf(EmploymentTermsTable, load_default=None)
    drops = ListOf(Text(), single=True, load_default=())

    @between_keys
    def _changes(self, data: Values) -> Refusals:
        keys = (
            "requires",
            "within",
            "evidence",
            "evidence_needed",
            "evidence_from",
            "evidence_must_be",
            "claim_within_days",
            "employment",
        )
        given = _given(data, keys)
        inside = None if data.is_unread("employment") else data["employment"]
        if isinstance(inside, EmploymentTerms):
            given |= {
                f"employment.{key}"
                for key, value in (
                    ("within_weeks", inside.within_days),
                    ("hours_from", inside.hours_from),
                    ("hours_below", inside.hours_below),
                )
                if value is not None
            }
        yield from _no_change(given, data, keys)
        yield from _wrong_drops(given, data, DROPPABLE)

    @post_load
    def _terms(self, data: dict[str, Any], **_: object) -> MetricTerms:
        return MetricTerms(provenance=provenance_from(data), **data)


class EligibilityTermsTable(AmendableClause):
    """``[[eligibility_terms]]``: who may be claimed for from a day on, with the keys that change and no others."""

    starts_on = Day(required=True, data_key="from")
    consent = Choice(Consent, load_default=None)
    work_status = ListOf(Text(), load_default=None)
    days_after_discharge = Count(most=MAX_DAYS, load_default=None)
    drops = ListOf(Text(), single=True, load_default=())

    @between_keys
    def _changes(self, data: Values) -> Refusals:
        keys = ("consent", "work_status", "days_after_discharge")
        given = _given(data, keys)
        yield from _no_change(given, data, keys)
        yield from _wrong_drops(given, data, _DROPPABLE_OF_ELIGIBILITY)

    @post_load
    def _terms(self, data: dict[str, Any], **_: object) -> EligibilityTerms:
        return EligibilityTerms(provenance=provenance_from(data), **data)


def _given(data: Values, keys: tuple[str, ...]) -> set[str]:
    return {key for key in keys if data.is_unread(key) or data[key] not in {None, EmploymentTerms()}}


def _no_change(given: set[str], data: Values, keys: tuple[str, ...]) -> Refusals:
    if not given and not is_given(data, "drops"):
        yield ITSELF, Problem("changes-nothing", "{key} changes no term", "one of: " + ", ".join((*keys, "drops")))


def _wrong_drops(given: set[str], data: Values, droppable: tuple[str, ...]) -> Refusals:
    """Yield each term dropped that no contract can be without, or that is given anew beside it."""
    for key in data["drops"]:
        if key not in droppable:
            what = f"drops names {key!r}, without which nothing can be decided"
            yield "drops", Problem("cannot-be-dropped", what, "one of: " + ", ".join(droppable), droppable, key)
        if key in given:
            what = f"{key} is given and dropped"
            yield "drops", Problem("given-and-dropped", what, "one of the two")
