"""Activities against a second implementation that reads one person's facts day by day."""

import random

from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.metric import Activity, Component, Counts, Needed
from tests.oracle.build import contract, metric
from tests.outcomes.people import fact, outcomes, referral

NAMES = ("visit", "course", "letter")
NO_DAY = "NaT"


@st.composite
def rules(draw: st.DrawFn) -> Activity:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    components = tuple(Component(name, draw(st.integers(1, 3))) for name in names)
    return Activity(components, draw(st.sampled_from(Needed)))


def days_done(component: Component, recorded: list[tuple[str, str]]) -> list[str]:
    """Return the day of each n-th fact of a component."""
    days = sorted(day for name, day in recorded if name == component.fact)
    return days[component.at_least - 1 :: component.at_least]


def is_begun(component: Component, recorded: list[tuple[str, str]], n_done: int) -> bool:
    return sum(name == component.fact for name, _ in recorded) > n_done * component.at_least


def once(rule: Activity, recorded: list[tuple[str, str]]) -> list[str]:
    """Return the day of the one outcome, or no day where something is recorded and not complete."""
    if not any(name == component.fact for component in rule.components for name, _ in recorded):
        return []
    firsts = [days_done(component, recorded)[:1] for component in rule.components]
    if rule.needed is Needed.ALL:
        return [max(day for first in firsts for day in first) if all(firsts) else NO_DAY]
    return [min((day for first in firsts for day in first), default=NO_DAY)]


def every_time(rule: Activity, recorded: list[tuple[str, str]]) -> list[str]:
    """Return the day of each outcome, and no day for each that is begun and not complete."""
    done = [days_done(component, recorded) for component in rule.components]
    if rule.needed is Needed.ANY:
        begun = [
            NO_DAY
            for component, days in zip(rule.components, done, strict=True)
            if is_begun(component, recorded, len(days))
        ]
        return sorted([day for days in done for day in days] + begun)
    turns = max(
        len(days) + is_begun(component, recorded, len(days))
        for component, days in zip(rule.components, done, strict=True)
    )
    whole = min(map(len, done))
    return sorted([max(days[turn] for days in done) for turn in range(whole)] + [NO_DAY] * (turns - whole))


@given(
    rule=rules(),
    recorded=st.lists(
        st.tuples(st.sampled_from(NAMES), st.integers(1, 28).map(lambda day: f"2021-02-{day:02d}")), max_size=9
    ),
    counts=st.sampled_from([Counts.ONCE_PER_PERSON, Counts.EVERY_TIME]),
    seed=st.integers(0, 9),
)
def test_days_are_those_of_reading_the_facts_one_by_one(
    rule: Activity, recorded: list[tuple[str, str]], counts: Counts, seed: int
) -> None:
    lines = [fact(name, day, detail=str(number)) for number, (name, day) in enumerate(recorded)]
    random.Random(seed).shuffle(lines)  # noqa: S311 - the order of lines in the file must not matter
    terms = contract(metrics=(metric("engaged", rule=rule, counts=counts),))

    found = outcomes(terms, referral("2021-01-01"), *lines)

    expected = once if counts is Counts.ONCE_PER_PERSON else every_time
    assert sorted(row.achieved_on for row in found.values()) == expected(rule, recorded)
