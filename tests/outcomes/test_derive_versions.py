"""Metrics whose terms change on a day: what judges which outcome, and work that straddles the change."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.terms.contract import Consent, Contract, EligibilityTerms, TermsDate
from sib_engine.terms.metric import Activity, Component, Counts, Employment, EvidenceRule, HoursOver, Needed, Window
from sib_engine.terms.metric_terms import EmploymentTerms, MetricTerms
from tests.oracle.build import AGREED, contract, metric, terms
from tests.outcomes.people import Line, document, fact, outcomes, referral, work

ENGAGED = metric("engaged", counts=Counts.ONCE_PER_PERSON, evidence=EvidenceRule(("letter",)))
SUSTAINED = metric("sustained", counts=Counts.ONCE_PER_PERSON, rule=Employment(days=91, gap_days=7))
FIRST_DAY = date(2021, 1, 1)


def changed(*changes: MetricTerms, **more: object) -> Contract:
    return replace(contract(metrics=(ENGAGED, SUSTAINED)), metric_terms=changes, **more)  # type: ignore[arg-type] # fields by name


def rows(under: Contract, *lines: Line, known_on: str | None = None) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = outcomes(under, referral("2020-04-01"), *lines, known_on=known_on)
    return {row_id: (row.achieved_on, row.reasons) for row_id, row in found.items()}


def test_documents_are_those_that_the_terms_of_the_outcomes_day_ask_for() -> None:
    under = changed(terms("engaged", "2021-07-01", evidence=("letter", "form"), evidence_needed=Needed.ALL))
    both = (document("letter", "2021-08-01"), document("form", "2021-08-01"))

    assert rows(under, fact("engaged", "2021-06-30"), both[0]) == {"P1/engaged": ("2021-06-30", ())}
    assert rows(under, fact("engaged", "2021-07-01"), both[0]) == {
        "P1/engaged": ("2021-07-01", ("evidence-missing",)),
    }
    assert rows(under, fact("engaged", "2021-07-01"), *both) == {"P1/engaged": ("2021-07-01", ())}


def test_each_outcome_judged_by_changed_terms_names_their_clause() -> None:
    under = changed(terms("engaged", "2021-07-01", evidence=()))

    found = outcomes(under, referral(), fact("engaged", "2021-07-02"))

    assert found["P1/engaged"].details == "engaged on 2021-07-02; terms engaged-2021-07-01"


def test_changes_build_upon_one_another_and_a_dropped_term_is_gone() -> None:
    under = changed(
        terms("engaged", "2021-07-01", claim_within_days=10),
        terms("engaged", "2022-01-01", evidence=()),
        terms("engaged", "2022-07-01", drops=("claim_within_days",)),
    )

    def why(on: str, recorded_on: str) -> tuple[str, ...]:
        (row,) = rows(under, fact("engaged", on, recorded_on=recorded_on)).values()
        return row[1]

    assert why("2021-09-01", "2021-09-12") == ("evidence-missing", "recorded-late")
    assert why("2022-02-01", "2022-02-12") == ("recorded-late",)
    assert why("2022-02-01", "2022-02-11") == ()
    assert why("2022-08-01", "2022-12-01") == ()


def test_a_run_that_was_not_complete_is_judged_by_the_terms_of_the_day_on_which_it_ends() -> None:
    under = changed(terms("sustained", "2021-04-01", employment=EmploymentTerms(gap_days=14)))
    days = ("2021-01-04..2021-02-14", "2021-02-25..2021-06-30")

    # Ten days apart: with seven allowed the second run has 91 days on 26 May, with fourteen both have on 14 April.
    assert rows(under, *(work(span, job=job) for span, job in zip(days, "ab", strict=True))) == {
        "P1/sustained/a": ("2021-02-14", ("not-long-enough",)),
        "P1/sustained/a/2021-04-14": ("2021-04-14", ()),
    }


def test_work_complete_under_new_terms_before_they_began_is_achieved_on_the_first_day_worked_under_them() -> None:
    under = changed(terms("sustained", "2021-05-01", employment=EmploymentTerms(gap_days=14)))
    first = work("2021-01-04..2021-02-14", job="a")

    assert rows(under, first, work("2021-02-25..2021-06-30", job="b")) == {
        "P1/sustained/a": ("2021-02-14", ("not-long-enough",)),
        "P1/sustained/a/2021-05-01": ("2021-05-01", ()),
    }
    # What ended before the new terms began was never judged by them.
    assert rows(under, first, work("2021-02-25..2021-04-30", job="b")) == {
        "P1/sustained/a": ("2021-02-14", ("not-long-enough",)),
        "P1/sustained/b": ("2021-04-30", ("not-long-enough", "gap-too-long")),
    }


def test_work_counted_under_the_old_terms_is_not_counted_again_under_the_new() -> None:
    every_time = replace(SUSTAINED, counts=Counts.EVERY_TIME)
    longer = terms("sustained", "2021-05-01", employment=EmploymentTerms(days=182))
    under = replace(contract(metrics=(every_time,)), metric_terms=(longer,))

    assert rows(under, work("2021-01-04..2021-12-31", job="a")) == {"P1/sustained/a": ("2021-04-04", ())}
    assert rows(under, work("2021-02-15..2021-12-31", job="a")) == {"P1/sustained/a": ("2021-08-15", ())}


def test_hours_judged_under_the_old_terms_are_not_judged_again_because_the_new_ask_for_fewer() -> None:
    under = replace(
        contract(metrics=(metric("sustained", rule=Employment(days=91, hours_from=Decimal(16))),)),
        metric_terms=(terms("sustained", "2021-05-01", employment=EmploymentTerms(hours_from=Decimal(8))),),
    )

    assert rows(under, work("2021-01-04..2021-12-31", hours="12", job="a")) == {
        "P1/sustained/a": ("2021-04-04", ("hours-below",)),
    }
    assert rows(under, work("2021-02-01..2021-12-31", hours="12", job="a")) == {"P1/sustained/a": ("2021-05-02", ())}


def test_where_any_period_decides_about_hours_the_first_one_under_the_new_terms_can_count() -> None:
    rule = Employment(days=91, hours_from=Decimal(16), hours_over=HoursOver.ANY)
    under = replace(
        contract(metrics=(metric("sustained", rule=rule),)),
        metric_terms=(terms("sustained", "2021-05-01", employment=EmploymentTerms(hours_from=Decimal(8))),),
    )

    assert rows(under, work("2021-01-04..2021-12-31", hours="12", job="a")) == {
        "P1/sustained/a/2021-04-04": ("2021-04-04", ("hours-below",)),
        "P1/sustained/a/2021-05-01": ("2021-05-01", ()),
    }


def test_work_that_lasts_falls_due_as_the_terms_of_its_due_date_say() -> None:
    under = changed(terms("sustained", "2021-04-01", employment=EmploymentTerms(days=182)))

    found = outcomes(under, referral(), work("2021-01-04", job="a"), known_on="2021-02-28")

    assert (found["P1/sustained/a"].achieved_on, found["P1/sustained/a"].due_on) == ("2021-07-04", "2021-07-04")


def test_a_prerequisite_is_asked_for_on_the_days_on_which_the_terms_ask_for_it() -> None:
    under = changed(terms("sustained", "2021-07-01", requires=("engaged",)))

    assert rows(under, work("2021-01-04..2021-06-30", job="a"))["P1/sustained/a"] == ("2021-04-04", ())
    assert rows(under, work("2021-05-03..2021-12-31", job="a"))["P1/sustained/a"] == (
        "2021-08-01",
        ("prerequisite-missing",),
    )


def test_a_window_holds_from_the_day_on_which_it_is_agreed() -> None:
    under = changed(terms("engaged", "2021-07-01", evidence=(), within=Window("referral", months=12)))
    under = replace(under, metrics=(replace(ENGAGED, evidence=EvidenceRule()), SUSTAINED))

    assert rows(under, fact("engaged", "2021-06-30")) == {"P1/engaged": ("2021-06-30", ())}
    assert rows(under, fact("engaged", "2021-07-01")) == {"P1/engaged": ("2021-07-01", ("outside-window",))}


def test_where_the_start_decides_people_keep_the_terms_under_which_they_were_referred() -> None:
    under = changed(
        terms("sustained", "2021-01-01", employment=EmploymentTerms(days=28), requires=("engaged",)),
        terms_date=TermsDate.START,
    )
    job = work("2021-02-01..2021-06-30", job="a")

    assert rows(under, job) == {"P1/sustained/a": ("2021-05-02", ())}
    found = outcomes(under, referral("2021-01-01"), job)
    assert found["P1/sustained/a"].achieved_on == "2021-02-28"
    assert found["P1/sustained/a"].reasons == ("prerequisite-missing",)


def test_eligibility_is_that_of_the_outcomes_day() -> None:
    asked = EligibilityTerms(
        "consent-2021", date(2021, 7, 1), Consent.REQUIRED, ("out of work",), None, (), None, AGREED
    )
    under = replace(contract(metrics=(replace(ENGAGED, evidence=EvidenceRule()),)), eligibility_terms=(asked,))

    assert rows(under, fact("engaged", "2021-06-30"))["P1/engaged"][1] == ()
    assert rows(under, fact("engaged", "2021-07-01"))["P1/engaged"][1] == ("not-eligible", "no-consent")


@pytest.mark.parametrize("counts", [Counts.ONCE_PER_PERSON, Counts.EVERY_TIME])
def test_an_activity_is_judged_once_by_the_terms_of_the_day_on_which_it_is_complete(counts: Counts) -> None:
    rule = Activity((Component("visit", 2),), Needed.ALL)
    under = replace(
        contract(metrics=(metric("met", counts=counts, rule=rule),)),
        metric_terms=(terms("met", "2021-07-01", evidence=("letter",)),),
    )

    visits = [fact("visit", on) for on in ("2021-05-01", "2021-06-01", "2021-07-01", "2021-08-01")]
    found = rows(under, *visits)

    expected: dict[str, tuple[str, tuple[str, ...]]] = {"P1/met": ("2021-06-01", ())}
    if counts is Counts.EVERY_TIME:
        expected = {
            "P1/met/2021-06-01": ("2021-06-01", ()),
            "P1/met/2021-08-01": ("2021-08-01", ("evidence-missing",)),
        }
    assert found == expected


@st.composite
def stretches(draw: st.DrawFn) -> list[tuple[int, int]]:
    found, day = [], draw(st.integers(0, 8))
    for _ in range(draw(st.integers(1, 6))):
        last = day + draw(st.integers(0, 25))
        found.append((day, last))
        day = last + 2 + draw(st.integers(0, 9))
    return found


def walked(worked: list[tuple[int, int]], versions: list[tuple[int, int, int]]) -> list[int]:
    """Return the days on which outcomes are achieved: every day is asked in turn whether its own terms are met.

    ``versions`` are first day, days asked for and breaks allowed, in order of time. A stretch is what a day's own
    terms join; one that reaches back to an outcome already achieved is used up.
    """
    days = [day for first, last in worked for day in range(first, last + 1)]
    achieved: list[int] = []
    for place, day in enumerate(days):
        _, needed, gap = next(version for version in reversed(versions) if version[0] <= day)
        start = place
        while start > 0 and days[start] - days[start - 1] - 1 <= gap:
            start -= 1
        if place - start + 1 >= needed and not (achieved and achieved[-1] >= days[start]):
            achieved.append(day)
    return achieved


@given(
    worked=stretches(),
    asked=st.lists(st.tuples(st.sampled_from([1, 10, 20, 40]), st.sampled_from([0, 3, 8])), min_size=2, max_size=3),
    changes=st.lists(st.integers(5, 120), min_size=2, max_size=2, unique=True).map(sorted),
)
def test_work_under_changing_terms_is_achieved_on_the_days_that_a_walk_through_every_day_finds(
    worked: list[tuple[int, int]], asked: list[tuple[int, int]], changes: list[int]
) -> None:
    versions = [(first, *each) for first, each in zip([-1, *changes], asked, strict=False)]
    rule = Employment(days=asked[0][0], gap_days=asked[0][1])
    under = replace(
        contract(metrics=(metric("sustained", rule=rule),)),
        metric_terms=tuple(
            terms("sustained", told(first), employment=EmploymentTerms(days=needed, gap_days=gap))
            for first, needed, gap in versions[1:]
        ),
    )

    found = rows(under, *(work(f"{told(first)}..{told(last)}", job=f"j{first}") for first, last in worked))

    assert sorted(on for on, why in found.values() if not why) == [told(day) for day in walked(worked, versions)]


def told(day: int) -> str:
    return (FIRST_DAY + timedelta(day)).isoformat()
