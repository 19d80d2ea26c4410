"""Runs and hours against a second implementation that walks through every single day with fractions."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.metric import Employment, HoursOver, HoursRule
from tests.oracle.build import contract, metric
from tests.outcomes.people import Line, outcomes, paid, referral, work

FIRST_DAY = date(2021, 1, 1)
NEVER = 10_000


@dataclass(frozen=True)
class Span:
    """Days of one job (numbered from the first day of the story) and hours: a week, or in the whole pay period.

    Hours of ``None`` are not recorded.
    """

    job: str
    first: int
    last: int
    hours: Decimal | None

    @property
    def dates(self) -> str:
        """The days as a line of facts names them."""
        return f"{FIRST_DAY + timedelta(self.first)}..{FIRST_DAY + timedelta(self.last)}"


@st.composite
def spans(
    draw: st.DrawFn, job: str, longest_pause: int, longest: int, hours: st.SearchStrategy[Decimal | None]
) -> list[Span]:
    """Return spans of one job that do not overlap."""
    found = []
    day = draw(st.integers(0, 10))
    for _ in range(draw(st.integers(0, 4))):
        last = day + draw(st.integers(0, longest))
        found.append(Span(job, day, last, draw(hours)))
        day = last + 1 + draw(st.integers(0, longest_pause))
    return found


WEEKLY: st.SearchStrategy[Decimal | None] = st.sampled_from(
    [*(Decimal(text) for text in ("8", "10", "15.99", "16", "16.01", "22", "30.5")), None]
)
IN_ALL: st.SearchStrategy[Decimal | None] = st.sampled_from(
    [Decimal(text) for text in ("0", "5", "11.25", "16", "23.99", "24")]
)


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Span], list[Span]]:
    """Return the employment and the pay periods of one person with up to two jobs."""
    worked = draw(spans("a", 12, 30, WEEKLY)) + draw(spans("b", 12, 30, WEEKLY))
    paid_for = draw(spans("a", 4, 20, IN_ALL)) + draw(spans("b", 4, 20, IN_ALL))
    return worked, meeting(worked, paid_for)


@st.composite
def open_stories(draw: st.DrawFn) -> tuple[list[Span], list[Span], int]:
    """Return a story in which the last span of job ``a`` still lasts, and the last day that is known."""
    worked, paid_for = draw(stories())
    worked = [Span("a", 0, 0, Decimal(10)), *([] if not worked else [_later(span) for span in worked])]
    paid_for = [_later(span) for span in paid_for]
    horizon = max(span.last for span in (*worked, *paid_for)) + draw(st.integers(0, 20))
    place = max(place for place, span in enumerate(worked) if span.job == "a")
    worked[place] = replace(worked[place], last=horizon)
    return worked, meeting(worked, paid_for), horizon


def _later(span: Span) -> Span:
    return replace(span, first=span.first + 1, last=span.last + 1)


def meeting(worked: list[Span], paid_for: list[Span]) -> list[Span]:
    """Return the pay periods that a facts file accepts: those that meet a day of their job."""
    held = {(span.job, day) for span in worked for day in range(span.first, span.last + 1)}
    spells = {job: [span for span in worked if span.job == job] for job in "ab"}
    return [
        pay
        for pay in paid_for
        if spells[pay.job]
        and spells[pay.job][0].first <= pay.last
        and pay.first <= spells[pay.job][-1].last
        and any((pay.job, day) in held for day in range(pay.first, pay.last + 1))
    ]


def daily_rates(worked: Iterable[Span], paid_for: Iterable[Span], *, use_pay: bool) -> dict[int, Fraction | None]:
    """Return the weekly rate of each worked day, all jobs together; ``None`` where one of them has no hours."""
    rates = {
        (span.job, day): None if span.hours is None else Fraction(span.hours)
        for span in worked
        for day in range(span.first, span.last + 1)
    }
    for pay in paid_for if use_pay else ():
        days = [day for day in range(pay.first, pay.last + 1) if (pay.job, day) in rates]
        rates.update({(pay.job, day): 7 * Fraction(pay.hours or 0) / len(days) for day in days})
    total: dict[int, Fraction | None] = {}
    for (_, day), rate in rates.items():
        before = total.get(day, Fraction(0))
        total[day] = None if rate is None or before is None else before + rate
    return total


def attempts(days: list[int], rule: Employment) -> list[list[int]]:
    """Return the worked days of each run or window; those of a window that count towards it only."""
    needed = rule.days or 1
    found: list[list[int]] = []
    if rule.within_days is None:
        for day in days:
            if found and day - found[-1][-1] - 1 <= rule.gap_days:
                found[-1].append(day)
            else:
                found.append([day])
        return found
    opening = [day for day in days if day - 1 not in days]
    while opening:
        start = opening[0]
        window = [day for day in days if start <= day < start + rule.within_days]
        if len(window) >= needed:
            window = window[:needed]
            opening = [day for day in opening if day > window[-1]]
        else:
            opening = opening[1:]
        found.append(window)
    return found


def against(days: list[int], rates: dict[int, Fraction | None], rule: Employment) -> set[str]:
    """Return what the hours of some days give against them."""
    week = [rate for day in days if (rate := rates[day]) is not None]
    if len(week) < len(days):
        return {"hours-unknown"}
    if rule.hours is HoursRule.AVERAGE:
        week = [sum(week, Fraction(0)) / len(week)]
    below = rule.hours_from is not None and min(week) < rule.hours_from
    above = rule.hours_below is not None and max(week) >= rule.hours_below
    return ({"hours-below"} if below else set()) | ({"hours-above"} if above else set())


def deciding(run: list[int], rates: dict[int, Fraction | None], rule: Employment) -> list[int]:
    """Return the days of a run that decide about its hours: the first that fit, else the first that are known."""
    needed = rule.days or 1
    if rule.hours_over is HoursOver.FIRST or rule.within_days is not None:
        return run[:needed]
    periods = [run[place : place + needed] for place in range(len(run) - needed + 1)]
    fitting = [days for days in periods if not against(days, rates, rule)]
    known = [days for days in periods if "hours-unknown" not in against(days, rates, rule)]
    return [*fitting, *known, run[:needed]][0]


def told(day: int) -> str:
    return (FIRST_DAY + timedelta(day)).isoformat()


def expected(worked: list[Span], paid_for: list[Span], rule: Employment) -> list[tuple[str, set[str]]]:
    """Return the day and the reasons of each candidate."""
    rates = daily_rates(worked, paid_for, use_pay=rule.hours is not HoursRule.CONTRACTED)
    rows = []
    for run in attempts(sorted(rates), rule):
        days = deciding(run, rates, rule)
        too_short = {"not-long-enough"} if len(days) < (rule.days or 1) else set()
        rows.append((told(days[-1]), against(days, rates, rule) | too_short))
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


def expected_last(
    worked: list[Span], paid_for: list[Span], rule: Employment, horizon: int
) -> tuple[str, set[str], str | None]:
    """Return day, reasons and due date of the run that still lasts at the horizon."""
    needed = rule.days or 1
    use_pay = rule.hours is not HoursRule.CONTRACTED
    going_on = next(span for span in worked if span.job == "a" and span.last == horizon)
    after = Span("a", horizon + 1, horizon + needed, going_on.hours)
    known = daily_rates(worked, paid_for, use_pay=use_pay)
    rates = known | daily_rates([after], [], use_pay=False)
    run = attempts(sorted(known), rule)[-1]
    ahead = [*run, *range(horizon + 1, horizon + needed)]
    n_periods = len(run) if rule.hours_over is HoursOver.ANY else 1
    periods = [ahead[place : place + needed] for place in range(n_periods)]
    fitting = [days for days in periods if not against(days, rates, rule)]
    if fitting and fitting[0][-1] <= horizon:
        return told(fitting[0][-1]), set(), None
    if fitting:
        return told(fitting[0][-1]), {"still-running"}, told(fitting[0][-1])
    if len(run) >= needed:
        days = deciding(run, rates, rule)
        return told(days[-1]), against(days, rates, rule), None
    reasons = against(periods[0], rates, rule)
    if "hours-unknown" in reasons:
        reasons = against(run, rates, rule)
    due = told(periods[0][-1])
    return due, reasons | {"still-running"}, None if reasons else due


def lines_of(worked: list[Span], paid_for: list[Span], *, seed: int, horizon: int = NEVER) -> list[Line]:
    """Return the story as lines of facts in some order; a span of job ``a`` up to the horizon still lasts."""
    lines = []
    for span in worked:
        dates = span.dates.partition("..")[0] if span.job == "a" and span.last == horizon else span.dates
        lines.append(work(dates, job=span.job, hours=str(span.hours or "")))
    lines += [paid(span.dates, str(span.hours), job=span.job) for span in paid_for]
    random.Random(seed).shuffle(lines)  # noqa: S311 - the order of lines in the file must not matter
    return lines


def derived(lines: list[Line], rule: Employment) -> list[tuple[str, set[str]]]:
    """Return what the engine makes of the same facts; breaks that were too long are left to their own tests."""
    terms = contract(metrics=(metric("sustained", rule=rule),))
    found = outcomes(terms, referral("2020-12-01"), *lines)
    rows = [(row.achieved_on, set(row.reasons) - {"gap-too-long", "too-soon"}) for row in found.values()]
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


def rules(hours_over: HoursOver, *within_days: int | None) -> st.SearchStrategy[Employment]:
    """Return rules with a band of hours; 20 stands above the edge of 16 or alone."""
    return st.builds(
        Employment,
        days=st.sampled_from([1, 14, 28, 45]),
        gap_days=st.sampled_from([0, 3, 7]),
        within_days=st.sampled_from([None, *within_days]),
        hours_from=st.sampled_from([Decimal(16), Decimal(0)]),
        hours_below=st.sampled_from([None, Decimal(20)]),
        hours=st.sampled_from(HoursRule),
        hours_over=st.just(hours_over),
    )


@given(
    story=stories(),
    rule=rules(HoursOver.FIRST, None, 45, 60) | rules(HoursOver.ANY),
    seed=st.integers(0, 9),
)
def test_days_and_hours_are_those_of_a_walk_through_every_day(
    story: tuple[list[Span], list[Span]], rule: Employment, seed: int
) -> None:
    assert derived(lines_of(*story, seed=seed), rule) == expected(*story, rule)


@given(story=open_stories(), rule=rules(HoursOver.ANY) | rules(HoursOver.FIRST), seed=st.integers(0, 9))
def test_work_that_lasts_is_due_on_the_first_day_on_which_a_walk_through_every_day_finds_it(
    story: tuple[list[Span], list[Span], int], rule: Employment, seed: int
) -> None:
    worked, paid_for, horizon = story
    terms = contract(metrics=(metric("sustained", rule=rule),))

    found = outcomes(
        terms,
        referral("2020-12-01"),
        *lines_of(worked, paid_for, seed=seed, horizon=horizon),
        known_on=told(horizon),
    )

    rows = [(row.achieved_on, set(row.reasons) - {"gap-too-long"}, row.due_on) for row in found.values()]
    day, reasons, due = expected_last(worked, paid_for, rule, horizon)
    assert (day, reasons, due or "NaT") in rows


@given(
    story=stories(),
    rule=st.builds(Employment, days=st.sampled_from([None, 1, 14, 28]), gap_days=st.sampled_from([0, 7])),
)
def test_a_pay_period_recorded_years_later_changes_nothing_where_no_hours_are_asked_for(
    story: tuple[list[Span], list[Span]], rule: Employment
) -> None:
    worked, paid_for = story
    terms = contract(metrics=(metric("sustained", rule=rule),))
    lines = [referral("2020-12-01"), *lines_of(worked, [], seed=0)]
    pay = [paid(span.dates, str(span.hours), job=span.job, recorded_on="2023-12-31") for span in paid_for]

    before, after = (
        {name: (row.achieved_on, row.reasons, row.recorded_on) for name, row in outcomes(terms, *lines, *more).items()}
        for more in ((), pay)
    )

    assert before == after
