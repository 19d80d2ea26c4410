"""Tables for metrics, the rules that decide them, and bands."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from marshmallow import post_load

from sib_engine.terms.format.base import Clause, Sourced, Table, between_keys, provenance_from
from sib_engine.terms.format.earnings import EarningsTable
from sib_engine.terms.format.fields import (
    MAX_DAYS,
    MAX_MONTHS,
    MAX_WEEKS,
    Alternatives,
    Choice,
    Code,
    Count,
    CountOrAny,
    Flag,
    ListOf,
    Number,
    Part,
    TableOf,
    Text,
)
from sib_engine.terms.format.problems import Problem
from sib_engine.terms.format.together import ITSELF, AtMostOne, Needs, Refusals, Values, is_given
from sib_engine.terms.metric import (
    ANY_GAP,
    Activity,
    Band,
    BandRule,
    ClawBack,
    ClawBackFrom,
    Component,
    Counts,
    Earnings,
    Employment,
    EvidenceFrom,
    EvidenceRule,
    EvidenceState,
    HoursOver,
    HoursRule,
    Length,
    Measure,
    Measured,
    Needed,
    Recorded,
    Rule,
    Window,
)

DAYS_A_WEEK: Final = 7
HOURS_A_WEEK: Final = 168
TESTS: Final = ("all_of", "any_of", "employment", "earnings", "recorded", "measured")
ONE_LENGTH: Final = AtMostOne(("weeks", "days", "months"))
_ONE_TEST: Final = AtMostOne(TESTS)
_JOB_TO_END: Final = Needs("claw_back", "employment")


class ComponentTable(Table):
    """``{ fact, at_least }``."""

    fact = Text(required=True)
    at_least = Count(least=1, load_default=1)

    @post_load
    def _component(self, data: dict[str, Any], **_: object) -> Component:
        return Component(**data)


class EmploymentTable(Table):
    """``employment = { ... }``; weeks are read as seven days each."""

    TOGETHER = (ONE_LENGTH,)

    competitive = Flag(load_default=True)
    self_employment = Flag(load_default=True)
    weeks = Count(least=1, most=MAX_WEEKS, load_default=None)
    days = Count(least=1, most=MAX_DAYS, load_default=None)
    months = Count(least=1, most=MAX_MONTHS, load_default=None)
    within_weeks = Count(least=1, most=MAX_WEEKS, load_default=None)
    hours_from = Number(most=HOURS_A_WEEK, load_default=None)
    hours_below = Number(most=HOURS_A_WEEK, load_default=None)
    hours = Choice(HoursRule, load_default=HoursRule.AVERAGE)
    hours_over = Choice(HoursOver, load_default=HoursOver.FIRST)
    gap_days = CountOrAny(unbounded=ANY_GAP, most=MAX_DAYS, load_default=0)
    employer_change = Flag(load_default=True)

    @between_keys
    def _one_length(self, data: Values) -> Refusals:
        return two_lengths(data)

    @between_keys
    def _is_possible(self, data: Values) -> Refusals:
        if data.is_whole and ONE_LENGTH.holds(data):
            yield from ((ITSELF, problem) for problem in contradictions(_employment_from(data)))

    @post_load
    def _employment(self, data: dict[str, Any], **_: object) -> Employment:
        return _employment_from(data)


def _employment_from(data: Mapping[str, Any]) -> Employment:
    """Return what work is asked for; weeks are seven days each."""
    values = dict(data)
    weeks, window = values.pop("weeks"), values.pop("within_weeks")
    if weeks is not None:
        values["days"] = weeks * DAYS_A_WEEK
    return Employment(within_days=None if window is None else window * DAYS_A_WEEK, **values)


def two_lengths(data: Values) -> Refusals:
    """Yield where the length of an ``employment`` is given twice."""
    if not ONE_LENGTH.holds(data):
        lengths = [key for key in ONE_LENGTH.keys if is_given(data, key)]
        problem = Problem("two-lengths", f"{{key}} has {' and '.join(lengths)}", "one of weeks, days, months")
        yield ITSELF, problem


def contradictions(rule: Employment) -> Iterator[Problem]:
    """Yield what an ``employment`` says that contradicts itself."""
    lower, upper = rule.hours_from, rule.hours_below
    if lower is not None and upper is not None and lower >= upper:
        yield Problem(
            "empty-band", f"{{key}} asks for hours from {lower} and below {upper}", "hours_from below hours_below"
        )
    if rule.within_days is not None and not 0 < (rule.days or 0) <= rule.within_days:
        yield Problem(
            "window-too-short",
            f"{{key}} asks for {rule.days or 0} days within {rule.within_days // DAYS_A_WEEK} weeks",
            "weeks or days that fit into within_weeks",
        )
    has_length = rule.days is not None or rule.months is not None
    has_band = lower is not None or upper is not None
    if rule.hours_over is HoursOver.ANY and not (has_length and has_band and rule.within_days is None):
        lacks = "no length" if not has_length else "no hours" if not has_band else "within_weeks"
        yield Problem(
            "hours-over-unclear",
            f"{{key}} asks for hours over {HoursOver.ANY} and has {lacks}",
            "weeks, days or months, with hours_from or hours_below, and without within_weeks",
        )


class LengthTable(Table):
    """``{ months, days }``, not both 0."""

    months = Count(most=MAX_MONTHS, load_default=0)
    days = Count(most=MAX_DAYS, load_default=0)

    @between_keys
    def _not_empty(self, data: Values) -> Refusals:
        if not data.get("months") and not data.get("days"):
            yield ITSELF, Problem("empty-window", "{key} has no length", "months or days above 0")

    @post_load
    def _length(self, data: dict[str, Any], **_: object) -> Length:
        return Length(**data)


class WindowTable(Table):
    """``within = { after, not_before, months, days }``; how soon, how late, or both."""

    after = Code(required=True)
    not_before = TableOf(LengthTable, load_default=None)
    months = Count(most=MAX_MONTHS, load_default=0)
    days = Count(most=MAX_DAYS, load_default=0)

    @between_keys
    def _not_empty(self, data: Values) -> Refusals:
        if data.get("not_before") is None and not data.get("months") and not data.get("days"):
            accepted = "months or days above 0, or not_before"
            yield ITSELF, Problem("empty-window", "{key} has no length", accepted)

    @post_load
    def _window(self, data: dict[str, Any], **_: object) -> Window:
        return Window(**data)


class ClawBackTable(Table):
    """``claw_back = { days, from, share }``."""

    days = Count(least=1, most=MAX_DAYS, required=True)
    runs_from = Choice(ClawBackFrom, required=True, data_key="from")
    share = Part(required=True)

    @between_keys
    def _takes_something(self, data: Values) -> Refusals:
        if data.get("share") == 0:
            accepted = 'a share above 0, such as "100%", or no claw_back'
            yield "share", Problem("claw-back-of-nothing", "{key} is 0", accepted)

    @post_load
    def _claw_back(self, data: dict[str, Any], **_: object) -> ClawBack:
        return ClawBack(**data)


class MetricTable(Sourced):
    """``[metric.CODE]``: read into the keyword arguments of a metric; the code is the table's name."""

    TOGETHER = (_ONE_TEST, _JOB_TO_END)

    name = Text(required=True)
    definition = Text(required=True)
    indigo = Text(load_default=None)
    counts = Choice(Counts, load_default=Counts.ONCE_PER_PERSON)
    at_most = Count(least=2, load_default=None)
    days_apart = Count(least=1, most=MAX_DAYS, load_default=None)
    all_of = ListOf(TableOf(ComponentTable), least=1, load_default=None)
    any_of = ListOf(TableOf(ComponentTable), least=1, load_default=None)
    employment = TableOf(EmploymentTable, load_default=None)
    earnings = TableOf(EarningsTable, load_default=None)
    recorded = Text(load_default=None)
    measured = Choice(Measure, load_default=None)
    requires = ListOf(Code(), single=True, load_default=())
    within = TableOf(WindowTable, load_default=None)
    evidence = ListOf(Alternatives(), load_default=())
    evidence_needed = Choice(Needed, load_default=Needed.ANY)
    evidence_from = Choice(EvidenceFrom, load_default=EvidenceFrom.OUTCOME)
    evidence_must_be = Choice(EvidenceState, load_default=EvidenceState.REPORTED)
    claim_within_days = Count(most=MAX_DAYS, load_default=None)
    claw_back = TableOf(ClawBackTable, load_default=None)

    @between_keys
    def _repeats_are_clear(self, data: Values) -> Refusals:
        counts = data["counts"]
        for key in ("at_most", "days_apart"):
            if is_given(data, key) and counts is not Counts.EVERY_TIME:
                what = f"{{key}} is set for a metric that counts {counts}"
                accepted = f'{{key}} only together with counts = "{Counts.EVERY_TIME}"'
                yield key, Problem("repeats-unclear", what, accepted)

    @between_keys
    def _job_to_end(self, data: Values) -> Refusals:
        if not _JOB_TO_END.holds(data):
            what = "{key} waits for a job to end, and the metric is not about a job"
            accepted = "claw_back together with employment"
            yield "claw_back", Problem("claw-back-without-job", what, accepted)

    @between_keys
    def _one_test(self, data: Values) -> Refusals:
        if not _ONE_TEST.holds(data):
            tests = [key for key in TESTS if is_given(data, key)]
            problem = Problem("two-tests", f"{{key}} has {' and '.join(tests)}", "one of: " + ", ".join(TESTS))
            yield ITSELF, problem

    @between_keys
    def _sum_is_reached_once(self, data: Values) -> Refusals:
        if is_given(data, "earnings") and data["counts"] is Counts.EVERY_TIME:
            accepted = "once per person, or once per job: a sum is reached once"
            problem = Problem("earnings-every-time", "{key} is every time, for earnings", accepted)
            yield "counts", problem

    @between_keys
    def _each_fact_once(self, data: Values) -> Refusals:
        for key in ("all_of", "any_of"):
            parts = () if data.is_unread(key) else data[key]
            names = [part.fact.casefold() for part in parts or ()]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                accepted = "each fact once, with at_least for how often it is needed"
                yield key, Problem("listed-twice", f"{{key}} names {twice!r} twice", accepted)

    @between_keys
    def _measured_of_a_cohort(self, data: Values) -> Refusals:
        if not is_given(data, "measured"):
            return
        for key in ("requires", "within", "claim_within_days"):
            if is_given(data, key):
                accepted = "a measured metric without what is asked of single people"
                yield key, Problem("measured-of-people", "{key} is set", accepted)

    @post_load
    def _arguments(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        data["provenance"] = provenance_from(data)
        terms = (data.pop(key) for key in ("evidence", "evidence_needed", "evidence_from", "evidence_must_be"))
        data["evidence"] = EvidenceRule(*terms)
        data["rule"] = _rule(*(data.pop(key) for key in TESTS))
        return data


def _rule(
    all_of: tuple[Component, ...] | None,
    any_of: tuple[Component, ...] | None,
    employment: Employment | None,
    earnings: Earnings | None,
    recorded: str | None,
    measured: Measure | None,
) -> Rule | None:
    if measured is not None:
        return Measured(measured)
    if all_of is not None:
        return Activity(all_of, Needed.ALL)
    if any_of is not None:
        return Activity(any_of, Needed.ANY)
    if recorded is not None:
        return Recorded(recorded)
    return employment if earnings is None else earnings


class BandTable(Clause):
    """``[[band]]``."""

    metrics = ListOf(Code(), single=True, least=2, required=True)
    rule = Choice(BandRule, required=True)

    @post_load
    def _band(self, data: dict[str, Any], **_: object) -> Band:
        return Band(provenance=provenance_from(data), **data)
