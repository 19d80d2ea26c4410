"""Time in work that follows a job start or another outcome, against a walk through every single day."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Employment, HoursOver, HoursRule
from tests.oracle.build import contract, metric
from tests.outcomes import test_derive_oracle as walk
from tests.outcomes.people import Line, fact, outcomes, referral
from tests.outcomes.test_derive_oracle import Span, told
from tests.outcomes.test_derive_windows_oracle import expected as in_window

VISIT = metric("visit", counts=Counts.ONCE_PER_PERSON)
START = metric("start", rule=Employment(), counts=Counts.ONCE_PER_PERSON, requires=("visit",))
RULES = walk.rules(HoursOver.FIRST, None, 45, 60) | walk.rules(HoursOver.ANY)

Rows = list[tuple[str, set[str]]]


def after_a_start(rule: Employment) -> Contract:
    return contract(metrics=(VISIT, START, metric("sustained", rule=rule, requires=("start",))))


def started(worked: list[Span], visited: int) -> int | None:
    """Return the first day of the first job that began no earlier than the visit; a job begins once."""
    return min((day for day in first_days(worked).values() if day >= visited), default=None)


def first_days(worked: list[Span]) -> dict[str, int]:
    """Return the first day of each job, whatever breaks there are in it."""
    return {span.job: min(each.first for each in worked if each.job == span.job) for span in worked}


def lines(worked: list[Span], paid_for: list[Span], visited: int) -> list[Line]:
    visit = fact("visit", told(visited))
    return [referral("2020-12-01"), visit, *walk.lines_of(worked, paid_for, seed=0)]


def seen(terms: Contract, facts: list[Line]) -> Rows:
    ignored = {"gap-too-long"}
    found = outcomes(terms, *facts)
    return ordered(
        [(row.achieved_on, set(row.reasons) - ignored) for name, row in found.items() if "sustained" in name]
    )


def ordered(rows: Rows) -> Rows:
    return sorted(rows, key=lambda row: (row[0], sorted(row[1])))


def candidates(days: list[int], worked: list[Span], paid_for: list[Span], rule: Employment) -> Rows:
    """Return day and reasons of each run of some of the days worked."""
    rates = walk.daily_rates(worked, paid_for, use_pay=rule.hours is not HoursRule.CONTRACTED)
    found = []
    for run in walk.attempts(days, rule):
        deciding = walk.deciding(run, rates, rule)
        short = {"not-long-enough"} if len(deciding) < (rule.days or 1) else set()
        found.append((told(deciding[-1]), walk.against(deciding, rates, rule) | short))
    return found


def expected(worked: list[Span], paid_for: list[Span], rule: Employment, visited: int) -> Rows:
    """Return the candidates where days count from the job start, if there is one."""
    held = {(span.job, day) for span in worked for day in range(span.first, span.last + 1)}
    start = started(worked, visited)
    if start is None:
        days = sorted({day for _, day in held})
        return ordered(
            [(day, reasons | {"prerequisite-missing"}) for day, reasons in candidates(days, worked, paid_for, rule)]
        )
    over = [span for span in worked if span.last < start]
    past = sorted({day for span in over for day in range(span.first, span.last + 1)})
    counted = sorted({day for _, day in held if day >= start})
    before = candidates(past, worked, paid_for, rule)
    late = [(day, reasons | {"prerequisite-later"}) for day, reasons in before]
    return ordered([*late, *candidates(counted, worked, paid_for, rule)])


@given(story=walk.stories(), rule=RULES, visited=st.integers(0, 60))
def test_days_count_from_the_job_start_as_a_walk_through_every_day_says(
    story: tuple[list[Span], list[Span]], rule: Employment, visited: int
) -> None:
    assert seen(after_a_start(rule), lines(*story, visited)) == expected(*story, rule, visited)


@given(story=walk.stories(), rule=RULES, visited=st.integers(0, 60))
def test_work_waits_for_what_it_requires_as_a_walk_through_every_day_says(
    story: tuple[list[Span], list[Span]], rule: Employment, visited: int
) -> None:
    terms = contract(metrics=(VISIT, metric("sustained", rule=rule, requires=("visit",))))

    found = seen(terms, lines(*story, visited))

    # The walk of a window that opens on a day says the same, save for the name of what comes before it.
    assert found == ordered(
        [
            (day, reasons - {"too-soon"} | ({"prerequisite-later"} if day < told(visited) else set()))
            for day, reasons in in_window(*story, rule, visited)
        ]
    )


@given(
    new=walk.spans("b", 12, 60, walk.WEEKLY),
    old=walk.spans("a", 12, 60, walk.WEEKLY),
    rule=st.builds(Employment, days=st.sampled_from([14, 28, 45]), gap_days=st.sampled_from([0, 3, 7])),
    known=st.integers(60, 250),
)
def test_a_job_held_before_never_makes_time_from_a_job_start_later(
    new: list[Span], old: list[Span], rule: Employment, known: int
) -> None:
    later = [replace(span, first=span.first + 40, last=span.last + 40) for span in new]
    facts = [referral("2020-12-01"), fact("visit", told(30))]
    alone = [*facts, *walk.lines_of(later, [], seed=0)]
    together = [*facts, *walk.lines_of([*old, *later], [], seed=0)]
    horizon = told(known)

    without, beside = (first_of(after_a_start(rule), each, known_on=horizon) for each in (alone, together))

    assert beside <= without


def first_of(terms: Contract, facts: list[Line], *, known_on: str) -> str:
    """Return the first day on which the time in work counts or falls due; one beyond all others where it does not."""
    rows = outcomes(terms, *facts, known_on=known_on)
    days = [row.due_on if row.reasons else row.achieved_on for name, row in rows.items() if "sustained" in name]
    return min((day for day in days if day != "NaT"), default="9999-12-31")


@given(story=walk.stories())
def test_a_job_starts_once_on_its_first_day(story: tuple[list[Span], list[Span]]) -> None:
    terms = contract(metrics=(metric("start", rule=Employment(), counts=Counts.ONCE_PER_JOB),))

    found = outcomes(terms, referral("2020-12-01"), *walk.lines_of(*story, seed=0))

    assert {name: row.achieved_on for name, row in found.items()} == {
        f"P1/start/{job}": told(day) for job, day in first_days(story[0]).items()
    }
