"""Tables for metrics, the rules that decide them, and bands."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import ValidationError, post_load, validates_schema

from sib_engine.terms.format.base import Clause, Sourced, Table, provenance_from
from sib_engine.terms.format.fields import Choice, Code, Count, Flag, ListOf, Number, TableOf, Text
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.metric import (
    Activity,
    Band,
    BandRule,
    Component,
    Counts,
    Employment,
    EvidenceRule,
    HoursRule,
    Needed,
    Recorded,
    Rule,
    Window,
)

DAYS_A_WEEK: Final = 7
TESTS: Final = ("all_of", "any_of", "employment", "recorded")


class ComponentTable(Table):
    """``{ fact, at_least }``."""

    fact = Text(required=True)
    at_least = Count(least=1, load_default=1)

    @post_load
    def _component(self, data: dict[str, Any], **_: Any) -> Component:
        return Component(**data)


class EmploymentTable(Table):
    """``employment = { ... }``; weeks are read as seven days each."""

    competitive = Flag(load_default=True)
    self_employment = Flag(load_default=True)
    weeks = Count(least=1, load_default=None)
    days = Count(least=1, load_default=None)
    months = Count(least=1, load_default=None)
    within_weeks = Count(least=1, load_default=None)
    hours_from = Number(load_default=None)
    hours_below = Number(load_default=None)
    hours = Choice(HoursRule, load_default=HoursRule.AVERAGE)
    gap_days = Count(load_default=0)
    employer_change = Flag(load_default=True)

    @validates_schema
    def _one_length(self, data: Mapping[str, Any], **_: Any) -> None:
        lengths = [key for key in ("weeks", "days", "months") if data.get(key) is not None]
        if len(lengths) > 1:
            problem = Problem("two-lengths", f"{{key}} has {' and '.join(lengths)}", "one of weeks, days, months")
            raise ValidationError([problem])
        lower, upper = data.get("hours_from"), data.get("hours_below")
        if lower is not None and upper is not None and lower >= upper:
            problem = Problem(
                "empty-band", f"{{key}} asks for hours from {lower} and below {upper}", "hours_from below hours_below"
            )
            raise ValidationError([problem])
        if data.get("within_weeks") is not None:
            days = data.get("days") or (data.get("weeks") or 0) * DAYS_A_WEEK
            if not 0 < days <= data["within_weeks"] * DAYS_A_WEEK:
                problem = Problem(
                    "window-too-short",
                    f"{{key}} asks for {days} days within {data['within_weeks']} weeks",
                    "weeks or days that fit into within_weeks",
                )
                raise ValidationError([problem])

    @post_load
    def _employment(self, data: dict[str, Any], **_: Any) -> Employment:
        weeks, window = data.pop("weeks"), data.pop("within_weeks")
        if weeks is not None:
            data["days"] = weeks * DAYS_A_WEEK
        return Employment(within_days=None if window is None else window * DAYS_A_WEEK, **data)


class WindowTable(Table):
    """``within = { after, months, days }``."""

    after = Code(required=True)
    months = Count(load_default=0)
    days = Count(load_default=0)

    @validates_schema
    def _not_empty(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data.get("months") and not data.get("days"):
            raise ValidationError([Problem("empty-window", "{key} has no length", "months or days above 0")])

    @post_load
    def _window(self, data: dict[str, Any], **_: Any) -> Window:
        return Window(**data)


class MetricTable(Sourced):
    """``[metric.CODE]``: read into the keyword arguments of a metric; the code is the table's name."""

    name = Text(required=True)
    definition = Text(required=True)
    indigo = Text(load_default=None)
    counts = Choice(Counts, load_default=Counts.ONCE_PER_PERSON)
    all_of = ListOf(TableOf(ComponentTable), least=1, load_default=None)
    any_of = ListOf(TableOf(ComponentTable), least=1, load_default=None)
    employment = TableOf(EmploymentTable, load_default=None)
    recorded = Text(load_default=None)
    requires = ListOf(Code(), single=True, load_default=())
    within = TableOf(WindowTable, load_default=None)
    evidence = ListOf(Text(), load_default=())
    evidence_needed = Choice(Needed, load_default=Needed.ANY)
    claim_within_days = Count(load_default=None)

    @validates_schema
    def _one_test(self, data: Mapping[str, Any], **_: Any) -> None:
        tests = [key for key in TESTS if data.get(key) is not None]
        if len(tests) > 1:
            problem = Problem("two-tests", f"{{key}} has {' and '.join(tests)}", "one of: " + ", ".join(TESTS))
            raise ValidationError([problem])

    @post_load
    def _arguments(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        data["provenance"] = provenance_from(data)
        data["evidence"] = EvidenceRule(data["evidence"], data.pop("evidence_needed"))
        tests = {key: data.pop(key) for key in TESTS}
        data["rule"] = _rule(tests)
        return data


def _rule(tests: Mapping[str, Any]) -> Rule | None:
    if tests["all_of"] is not None:
        return Activity(tests["all_of"], Needed.ALL)
    if tests["any_of"] is not None:
        return Activity(tests["any_of"], Needed.ANY)
    if tests["employment"] is not None:
        employment = tests["employment"]
        assert isinstance(employment, Employment)
        return employment
    return None if tests["recorded"] is None else Recorded(tests["recorded"])


class BandTable(Clause):
    """``[[band]]``."""

    metrics = ListOf(Code(), single=True, least=2, required=True)
    rule = Choice(BandRule, required=True)

    @post_load
    def _band(self, data: dict[str, Any], **_: Any) -> Band:
        return Band(provenance=provenance_from(data), **data)
