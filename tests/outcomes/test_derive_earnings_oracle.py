"""Earnings against a second implementation that walks through every single day with fractions."""

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.indexes import Index, IndexValue
from sib_engine.terms.metric import Counts, Earnings, Since, Wage, WageOn
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import Line, outcomes, paid, referral, work

FIRST_DAY = date(2021, 1, 1)
LOOKED_AHEAD = 3_000


@dataclass(frozen=True)
class Span:
    """Days of one job, numbered from the first day of the story; hours of a week, or of the whole pay period."""

    job: str
    first: int
    last: int
    hours: Decimal | None
    pay: Decimal | None = None

    @property
    def dates(self) -> str:
        """The days as a line of facts names them."""
        return f"{told(self.first)}..{told(self.last)}"


@dataclass(frozen=True)
class Story:
    """Employment and pay periods of one person; the last spell of job ``a`` may still last on the day ``horizon``."""

    worked: list[Span]
    paid_for: list[Span]
    referred: int
    horizon: int
    lasts: bool


def told(day: int) -> str:
    return (FIRST_DAY + timedelta(day)).isoformat()


HOURS = st.sampled_from([*(Decimal(text) for text in ("7", "10", "15.99", "37.5", "37.5")), None])
PAY = st.sampled_from([*(Decimal(text) for text in ("8.91", "9.5", "10", "11.11", "11.11")), None])
IN_ALL = st.sampled_from([Decimal(text) for text in ("0", "5", "11.25", "24")])


@st.composite
def spans(draw: st.DrawFn, job: str, longest: int, hours: st.SearchStrategy[Decimal | None]) -> list[Span]:
    """Draw spans of one job that do not overlap."""
    found = []
    day = draw(st.integers(0, 10))
    for _ in range(draw(st.integers(0, 3))):
        last = day + draw(st.integers(0, longest))
        found.append(Span(job, day, last, draw(hours), draw(PAY)))
        day = last + 1 + draw(st.integers(0, 12))
    return found


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Draw a person with up to two jobs at a time and the pay periods of them that a facts file accepts."""
    worked = draw(spans("a", 60, HOURS)) + draw(spans("b", 60, HOURS))
    worked = worked or [Span("a", 0, 40, Decimal(10), Decimal(10))]
    slips = draw(spans("a", 20, IN_ALL)) + draw(spans("b", 20, IN_ALL))
    held = {(span.job, day) for span in worked for day in range(span.first, span.last + 1)}
    met = [slip for slip in slips if any((slip.job, day) in held for day in range(slip.first, slip.last + 1))]
    referred = draw(st.integers(-5, 30))
    # What is known on a day includes the referral: without one nobody is held to be in the programme.
    horizon = max(referred, *(span.last for span in (*worked, *met))) + draw(st.integers(0, 9))
    lasts = draw(st.booleans()) and any(span.job == "a" for span in worked)
    if lasts:
        place = max(place for place, span in enumerate(worked) if span.job == "a")
        worked[place] = replace(worked[place], last=horizon)
    return Story(worked, met, referred, horizon, lasts)


AMOUNTS = st.sampled_from([Decimal(text) for text in ("90", "262.5", "1000", "2500", "0.01")])
INDEX = Index(
    "wage", (IndexValue(date(2020, 1, 1), Decimal("8.72")), IndexValue(date(2021, 2, 10), Decimal("8.915"))), AGREED
)
RULES = st.builds(Earnings, at_least=AMOUNTS, since=st.sampled_from(Since)) | st.builds(
    Earnings,
    wage=st.builds(
        Wage,
        st.sampled_from([Decimal(7), Decimal("10.5")]),
        st.integers(1, 9),
        st.just("wage"),
        st.sampled_from(WageOn),
    ),
    since=st.sampled_from(Since),
)


def daily(story: Story, *, ahead: bool) -> dict[int, tuple[Fraction, bool, bool]]:
    """Return what each worked day earns as far as it is known, and whether hours or pay are missing on it."""
    spells = list(story.worked)
    if ahead and story.lasts:
        going_on = next(span for span in spells if span.job == "a" and span.last == story.horizon)
        spells.append(replace(going_on, first=story.horizon + 1, last=story.horizon + LOOKED_AHEAD))
    each = {(span.job, day): (span.hours, 7, span.pay) for span in spells for day in range(span.first, span.last + 1)}
    for slip in story.paid_for:
        days = [day for day in range(slip.first, slip.last + 1) if (slip.job, day) in each]
        each.update({(slip.job, day): (slip.hours, len(days), each[slip.job, day][2]) for day in days})
    found: dict[int, tuple[Fraction, bool, bool]] = {}
    for (_, day), (hours, over, pay) in each.items():
        earned, no_hours, no_pay = found.get(day, (Fraction(0), False, False))
        if hours is not None and pay is not None:
            earned += Fraction(hours) / over * Fraction(pay)
        found[day] = (earned, no_hours or hours is None, no_pay or pay is None)
    return found


def threshold(rule: Earnings, first: int, day: int) -> Fraction:
    """Return the sum that a day has to reach."""
    if rule.wage is None:
        return Fraction(rule.at_least or 0)
    decides = FIRST_DAY + timedelta(first if rule.wage.on is WageOn.WORK else day)
    value = [each.value for each in INDEX.values if each.starts_on <= decides][-1]
    return Fraction(rule.wage.hours) * rule.wage.weeks * Fraction(value)


def expected(story: Story, rule: Earnings) -> tuple[str, set[str], str]:
    """Return day, reasons and due date by walking from day to day."""
    days = sorted(daily(story, ahead=True).items())
    last = max(span.last for span in story.worked)
    days = [(day, what) for day, what in days if rule.since is Since.WORK or day >= story.referred]
    total, missing = Fraction(0), set()
    reached = None
    for day, (earned, no_hours, no_pay) in days:
        total += earned
        missing |= ({"hours-unknown"} if no_hours else set()) | ({"pay-unknown"} if no_pay else set())
        if total >= threshold(rule, days[0][0], day):
            reached = day
            break
    is_complete = reached is not None and (not story.lasts or reached <= story.horizon)
    found = missing | ({"still-running"} if story.lasts and not is_complete else set())
    if reached is None and not missing:
        found.add("earnings-below")
    due = told(reached) if reached is not None and not is_complete and not missing else "NaT"
    return told(last if reached is None else reached), found, due


def lines_of(story: Story, seed: int) -> list[Line]:
    """Return the story as lines of facts in some order."""
    lines = [referral(told(story.referred))]
    for span in story.worked:
        is_open = story.lasts and span.job == "a" and span.last == story.horizon
        dates = span.dates.partition("..")[0] if is_open else span.dates
        pay = "" if span.pay is None else str(span.pay)
        lines.append(work(dates, job=span.job, hours=str(span.hours or ""), hourly_pay=pay))
    lines += [paid(slip.dates, str(slip.hours), job=slip.job) for slip in story.paid_for]
    random.Random(seed).shuffle(lines)  # noqa: S311 - the order of lines in the file must not matter
    return lines


@given(story=stories(), rule=RULES, seed=st.integers(0, 9))
def test_the_day_of_a_sum_is_that_of_a_walk_through_every_day(story: Story, rule: Earnings, seed: int) -> None:
    terms = contract(
        metrics=(metric("earned", rule=rule, counts=Counts.ONCE_PER_PERSON),),
        indexes=(INDEX,),
        start=date(2020, 1, 1),
        end=date(2199, 1, 1),
        claims_close=date(2199, 1, 1),
    )

    found = outcomes(terms, *lines_of(story, seed), known_on=told(story.horizon))

    (row,) = found.values()
    assert (row.achieved_on, set(row.reasons) - {"no-referral"}, row.due_on) == expected(story, rule)
