"""Time in work that waits for a window, against a walk through every single day."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.metric import Employment, HoursOver, HoursRule, Length, Window
from tests.oracle.build import contract, metric
from tests.outcomes import test_derive_oracle as walk
from tests.outcomes.people import fact, outcomes, referral
from tests.outcomes.test_derive_oracle import FIRST_DAY, Span, told


def in_one_piece(day: int, worked: set[int]) -> list[int]:
    """Return the days worked after a day, up to the first break."""
    found = []
    while day + 1 in worked:
        day += 1
        found.append(day)
    return found


def expected(worked: list[Span], paid_for: list[Span], rule: Employment, opens: int) -> list[tuple[str, set[str]]]:
    """Return the day and the reasons of each candidate whose window opens on a day."""
    rates = walk.daily_rates(worked, paid_for, use_pay=rule.hours is not HoursRule.CONTRACTED)
    rows = []
    for run in walk.attempts(sorted(rates), rule):
        days = walk.deciding(run, rates, rule)
        reasons = walk.against(days, rates, rule)
        last = days[-1]
        if len(days) < (rule.days or 1):
            rows.append((told(last), reasons | {"not-long-enough"}))
            continue
        following = in_one_piece(last, set(rates)) if rule.within_days else [day for day in run if day > last]
        inside = [day for day in (last, *following) if day >= opens]
        rows.append((told(inside[0]), reasons) if inside else (told(last), reasons | {"too-soon"}))
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


@given(
    story=walk.stories(),
    rule=walk.rules(HoursOver.FIRST, None, 45, 60) | walk.rules(HoursOver.ANY),
    visited=st.integers(0, 40),
    waits=st.integers(0, 60),
    after=st.sampled_from(["referral", "visit"]),
)
def test_work_waits_for_its_window_as_a_walk_through_every_day_says(
    story: tuple[list[Span], list[Span]], rule: Employment, visited: int, waits: int, after: str
) -> None:
    day = (FIRST_DAY + timedelta(visited)).isoformat()
    window = Window(after, not_before=Length(days=waits))
    terms = contract(metrics=(metric("visit"), metric("sustained", rule=rule, within=window)))

    found = outcomes(
        terms,
        referral(day if after == "referral" else "2020-12-01"),
        fact("visit", day),
        *walk.lines_of(*story, seed=0),
    )

    ignored = {"gap-too-long", "no-referral"}
    rows = [(row.achieved_on, set(row.reasons) - ignored) for name, row in found.items() if "sustained" in name]
    assert sorted(rows, key=lambda row: (row[0], sorted(row[1]))) == expected(*story, rule, visited + waits)
