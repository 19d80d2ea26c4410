"""Runs and hours against a second implementation that walks through every single day with fractions."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.metric import Employment, HoursRule
from tests.oracle.build import contract, metric
from tests.outcomes.people import Line, outcomes, paid, referral, work

FIRST_DAY = date(2021, 1, 1)
EDGE = 16


@dataclass(frozen=True)
class Span:
    """Days of one job (numbered from the first day of the story) and hours: a week, or in the whole pay period."""

    job: str
    first: int
    last: int
    hours: Decimal

    @property
    def dates(self) -> str:
        """The days as a line of facts names them."""
        return f"{FIRST_DAY + timedelta(self.first)}..{FIRST_DAY + timedelta(self.last)}"


@st.composite
def spans(draw: st.DrawFn, job: str, longest_pause: int, longest: int, hours: st.SearchStrategy[Decimal]) -> list[Span]:
    """Return spans of one job that do not overlap."""
    found = []
    day = draw(st.integers(0, 10))
    for _ in range(draw(st.integers(0, 4))):
        last = day + draw(st.integers(0, longest))
        found.append(Span(job, day, last, draw(hours)))
        day = last + 1 + draw(st.integers(0, longest_pause))
    return found


WEEKLY = st.sampled_from([Decimal(text) for text in ("8", "10", "15.99", "16", "16.01", "22", "30.5")])
IN_ALL = st.sampled_from([Decimal(text) for text in ("0", "5", "11.25", "16", "23.99", "24")])


@st.composite
def stories(draw: st.DrawFn) -> tuple[list[Span], list[Span]]:
    """Return the employment and the pay periods of one person with up to two jobs."""
    worked = draw(spans("a", 12, 30, WEEKLY)) + draw(spans("b", 12, 30, WEEKLY))
    paid_for = draw(spans("a", 4, 20, IN_ALL)) + draw(spans("b", 4, 20, IN_ALL))
    held = {(span.job, day) for span in worked for day in range(span.first, span.last + 1)}
    spells = {job: [span for span in worked if span.job == job] for job in "ab"}
    meets = [
        pay
        for pay in paid_for
        if spells[pay.job]
        and spells[pay.job][0].first <= pay.last
        and pay.first <= spells[pay.job][-1].last
        and any((pay.job, day) in held for day in range(pay.first, pay.last + 1))
    ]
    return worked, meets


def daily_rates(worked: Iterable[Span], paid_for: Iterable[Span], *, use_pay: bool) -> dict[int, Fraction]:
    """Return the weekly rate of each worked day, all jobs together."""
    rates = {(span.job, day): Fraction(span.hours) for span in worked for day in range(span.first, span.last + 1)}
    for pay in paid_for if use_pay else ():
        days = [day for day in range(pay.first, pay.last + 1) if (pay.job, day) in rates]
        rates.update({(pay.job, day): 7 * Fraction(pay.hours) / len(days) for day in days})
    total: dict[int, Fraction] = {}
    for (_, day), rate in rates.items():
        total[day] = total.get(day, Fraction(0)) + rate
    return total


def attempts(days: list[int], rule: Employment) -> list[list[int]]:
    """Return the worked days of each run or window, those that count towards it only."""
    needed = rule.days or 1
    found: list[list[int]] = []
    if rule.within_days is None:
        for day in days:
            if found and day - found[-1][-1] - 1 <= rule.gap_days:
                found[-1].append(day)
            else:
                found.append([day])
        return [run[:needed] for run in found]
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


def expected(worked: list[Span], paid_for: list[Span], rule: Employment) -> list[tuple[str, set[str]]]:
    """Return the day and the reasons of each candidate."""
    rates = daily_rates(worked, paid_for, use_pay=rule.hours is not HoursRule.CONTRACTED)
    rows = []
    for days in attempts(sorted(rates), rule):
        week = [rates[day] for day in days]
        if rule.hours is HoursRule.AVERAGE:
            week = [sum(week, Fraction(0)) / len(week)]
        reasons = set()
        if len(days) < (rule.days or 1):
            reasons.add("not-long-enough")
        if min(week) < EDGE:
            reasons.add("hours-below")
        rows.append(((FIRST_DAY + timedelta(days[-1])).isoformat(), reasons))
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


def derived(lines: list[Line], rule: Employment) -> list[tuple[str, set[str]]]:
    """Return what the engine makes of the same facts; breaks that were too long are left to their own tests."""
    terms = contract(metrics=(metric("sustained", rule=rule),))
    found = outcomes(terms, referral("2020-12-01"), *lines)
    rows = [(row.achieved_on, set(row.reasons) - {"gap-too-long", "too-soon"}) for row in found.values()]
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


RULES = st.builds(
    Employment,
    days=st.sampled_from([1, 14, 28, 45]),
    gap_days=st.sampled_from([0, 3, 7]),
    within_days=st.sampled_from([None, None, 45, 60]),
    hours_from=st.just(Decimal(EDGE)),
    hours=st.sampled_from(HoursRule),
)


@given(story=stories(), rule=RULES, seed=st.integers(0, 9))
def test_days_and_hours_are_those_of_a_walk_through_every_day(
    story: tuple[list[Span], list[Span]], rule: Employment, seed: int
) -> None:
    worked, paid_for = story
    lines = [work(span.dates, job=span.job, hours=str(span.hours)) for span in worked]
    lines += [paid(span.dates, str(span.hours), job=span.job) for span in paid_for]
    random.Random(seed).shuffle(lines)  # noqa: S311 - the order of lines in the file must not matter

    assert derived(lines, rule) == expected(worked, paid_for, rule)
