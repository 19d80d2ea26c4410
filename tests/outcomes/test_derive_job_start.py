"""Work that began before what it has to follow: the first day of a job, and the time that counts from it."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Employment, EvidenceRule, Metric
from tests.oracle.build import contract, metric, terms
from tests.outcomes.people import Line, Seen, document, fact, facts_of, outcomes, paid, referral, work

ONCE = Counts.ONCE_PER_PERSON
ENGAGED = metric("engaged", counts=ONCE)
START = metric("start", rule=Employment(), counts=ONCE, requires=("engaged",))
ENGAGEMENT = fact("engaged", "2021-02-01")


def after_a_start(rule: Employment, *, counts: Counts = ONCE) -> Contract:
    start = metric("start", rule=Employment(), counts=counts, requires=("engaged",))
    return contract(metrics=(ENGAGED, start, metric("sustained", rule=rule, counts=counts, requires=("start",))))


THIRTEEN_WEEKS = after_a_start(Employment(days=91, gap_days=7))


def seen(terms: Contract, *lines: Line, known_on: str | None = None) -> dict[str, tuple[str, tuple[str, ...]]]:
    return told(outcomes(terms, referral(), ENGAGEMENT, *lines, known_on=known_on), "sustained")


def told(found: dict[str, Seen], code: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {name: (row.achieved_on, row.reasons) for name, row in found.items() if code in name}


def test_thirteen_weeks_count_from_the_job_start_that_counts_and_not_from_an_older_job() -> None:
    assert seen(THIRTEEN_WEEKS, work("2021-03-01..2021-12-31", job="new")) == {"P1/sustained/new": ("2021-05-30", ())}
    assert seen(
        THIRTEEN_WEEKS,
        work("2021-01-11..2021-02-25", job="old"),
        work("2021-03-01..2021-12-31", job="new"),
    ) == {
        "P1/sustained/new": ("2021-05-30", ()),
        "P1/sustained/old": ("2021-02-25", ("prerequisite-later", "not-long-enough")),
    }


def test_an_older_job_kept_beside_the_new_one_does_not_stand_in_the_way() -> None:
    found = seen(
        THIRTEEN_WEEKS,
        work("2021-01-11..2021-12-31", job="old", hours="6"),
        work("2021-03-01..2021-12-31", job="new"),
    )

    assert found == {"P1/sustained/new": ("2021-05-30", ())}


def test_an_older_job_that_was_long_enough_by_itself_is_too_early_and_the_new_one_counts() -> None:
    found = seen(
        THIRTEEN_WEEKS,
        work("2020-11-02..2021-02-25", job="old"),
        work("2021-03-01..2021-12-31", job="new"),
    )

    assert found == {
        "P1/sustained/new": ("2021-05-30", ()),
        "P1/sustained/old": ("2021-01-31", ("prerequisite-later",)),
    }


def test_the_hours_are_those_of_the_days_from_the_job_start_on() -> None:
    found = outcomes(
        THIRTEEN_WEEKS,
        referral(),
        ENGAGEMENT,
        work("2021-01-11..2021-12-31", job="old", hours="6"),
        work("2021-03-01..2021-12-31", job="new", hours="20"),
    )

    assert found["P1/sustained/new"].hours == "26.00"


def test_work_that_lasts_is_due_ninety_days_after_the_job_start_that_counts() -> None:
    facts = (
        work("2021-01-11..", job="old", hours="6"),
        work("2021-03-01..", job="new"),
    )
    row = outcomes(THIRTEEN_WEEKS, referral(), ENGAGEMENT, *facts, known_on="2021-04-30")["P1/sustained/new"]

    assert (row.due_on, row.reasons) == ("2021-05-30", ("still-running",))


def test_a_window_of_weeks_opens_on_the_day_of_the_job_start() -> None:
    in_sixteen_weeks = after_a_start(Employment(days=91, within_days=112))

    found = seen(
        in_sixteen_weeks,
        work("2020-12-21..2021-03-31", job="old"),
        work("2021-03-01..2021-12-31", job="new"),
    )

    assert found == {"P1/sustained/new": ("2021-05-30", ())}


def test_days_count_from_a_job_start_that_is_required_by_way_of_another_metric_too() -> None:
    chain = contract(
        metrics=(
            *THIRTEEN_WEEKS.metrics,
            metric("on", rule=Employment(days=182), counts=ONCE, requires=("sustained",)),
        )
    )
    found = outcomes(
        chain,
        referral(),
        ENGAGEMENT,
        work("2021-01-11..2021-12-31", job="old"),
        work("2021-03-01..2021-12-31", job="new"),
    )

    assert told(found, "/on/") == {"P1/on/new": ("2021-08-29", ())}


def test_per_job_the_days_of_each_job_count_from_its_own_start() -> None:
    found = seen(
        after_a_start(Employment(days=91), counts=Counts.ONCE_PER_JOB),
        work("2021-01-11..2021-12-31", job="old"),
        work("2021-03-01..2021-12-31", job="new"),
    )

    assert found == {
        "P1/sustained/new": ("2021-05-30", ()),
        "P1/sustained/old": ("2021-04-11", ("prerequisite-missing",)),
    }


def test_work_waits_for_an_outcome_that_must_come_first_and_is_no_job_start() -> None:
    terms = contract(
        metrics=(ENGAGED, metric("sustained", rule=Employment(days=28), counts=ONCE, requires=("engaged",)))
    )

    goes_on = outcomes(terms, referral(), ENGAGEMENT, work("2020-12-01..2021-12-31", job="a"))["P1/sustained/a"]
    ended = outcomes(terms, referral(), ENGAGEMENT, work("2020-12-01..2021-01-31", job="a"))["P1/sustained/a"]

    assert (goes_on.achieved_on, goes_on.reasons) == ("2021-02-01", ())
    assert goes_on.details == (
        "28 of 28 days in work from 2020-12-01 to 2020-12-28, and still in work on 2021-02-01,"
        " when what must come first was achieved"
    )
    assert (ended.achieved_on, ended.reasons) == ("2020-12-28", ("prerequisite-later",))


def test_twenty_six_weeks_wait_for_thirteen_that_waited_for_their_window() -> None:
    thirteen = metric("thirteen", rule=Employment(days=91), counts=ONCE, requires=("engaged",))
    twenty_six = metric("twenty_six", rule=Employment(days=182), counts=ONCE, requires=("thirteen",))
    terms = contract(metrics=(ENGAGED, thirteen, twenty_six))

    found = outcomes(terms, referral(), ENGAGEMENT, work("2020-07-01..2021-12-31", job="a"))

    assert told(found, "thirteen") == {"P1/thirteen/a": ("2021-02-01", ())}
    assert told(found, "twenty_six") == {"P1/twenty_six/a": ("2021-02-01", ())}


def test_what_ended_before_the_job_start_is_told_that_no_further_day_is_added_to_it() -> None:
    facts = facts_of(
        referral(),
        ENGAGEMENT,
        work("2021-01-11..2021-02-25", job="old"),
        work("2021-03-01..2021-12-31", job="new"),
    )
    table = find_outcomes(THIRTEEN_WEEKS, facts)
    (later, short) = table.whys[table.row_ids().index("P1/sustained/old")]

    assert later.mend == (
        "nothing for this work, which ended on 2021-02-25; P1/sustained/new of 2021-05-30 (facts row 5) counts already"
    )
    assert (short.mend, short.by) == (
        "nothing for this work: it was over before the job start from which days count",
        None,
    )


def starts(*lines: Line, metrics: tuple[Metric, ...] = (ENGAGED, START)) -> dict[str, tuple[str, tuple[str, ...]]]:
    return told(outcomes(contract(metrics=metrics), referral(), ENGAGEMENT, *lines), "start")


def test_a_hole_in_the_record_of_a_job_is_no_start_of_a_job() -> None:
    assert starts(work("2021-01-11..2021-02-27", job="a"), work("2021-03-01..2021-12-31", job="a")) == {
        "P1/start/a": ("2021-01-11", ("prerequisite-later",))
    }


def test_a_year_away_from_one_reference_is_no_start_of_a_job_and_another_reference_is() -> None:
    before = work("2019-01-11..2020-01-31", job="a")

    assert starts(before, work("2021-03-01..2021-12-31", job="a")) == {
        "P1/start/a": ("2019-01-11", ("before-start", "prerequisite-later", "no-referral"))
    }
    assert starts(before, work("2021-03-01..2021-12-31", job="b"))["P1/start/b"] == ("2021-03-01", ())


def test_another_employer_under_one_reference_is_another_job_after_a_break_only() -> None:
    mill = work("2021-02-01..2021-02-27", job="a", detail="Mill")

    assert starts(mill, work("2021-03-01..2021-12-31", job="a", detail="Cafe")) == {
        "P1/start/a": ("2021-02-01", ()),
        "P1/start/a/2021-03-01": ("2021-03-01", ("duplicate",)),
    }
    assert starts(mill, work("2021-02-28..2021-12-31", job="a", detail="Cafe")) == {"P1/start/a": ("2021-02-01", ())}


def test_an_employer_that_is_not_named_is_no_other_employer() -> None:
    named = work("2021-02-01..2021-02-27", job="a", detail="Mill")

    assert starts(named, work("2021-03-01..2021-12-31", job="a")) == {"P1/start/a": ("2021-02-01", ())}
    assert starts(work("2021-02-01..2021-02-10", job="a"), work("2021-02-15..2021-12-31", job="a", detail="Mill")) == {
        "P1/start/a": ("2021-02-01", ())
    }


def test_the_work_of_a_job_start_lasts_to_the_first_break() -> None:
    lines = (
        work("2021-03-01..2021-03-10", job="a", hours="10"),
        work("2021-03-11..2021-03-20", job="a"),
        work("2022-03-01..2022-12-31", job="a"),
    )
    table = find_outcomes(contract(metrics=(ENGAGED, START)), facts_of(referral(), ENGAGEMENT, *lines))

    assert dict(zip(table.row_ids(), np.datetime_as_string(table.rows.ended_on).tolist(), strict=True)) == {
        "P1/engaged": "NaT",
        "P1/start/a": "2021-03-20",
    }


def test_voluntary_work_that_becomes_a_paid_job_under_one_reference_starts_then() -> None:
    assert starts(
        work("2021-02-01..2021-02-27", job="a", competitive="no"), work("2021-03-01..2021-12-31", job="a")
    ) == {"P1/start/a": ("2021-02-01", ("not-competitive",)), "P1/start/a/2021-03-01": ("2021-03-01", ())}


def test_a_pay_period_recorded_late_changes_no_outcome_that_asks_for_no_hours() -> None:
    lines = (
        work("2021-03-01..2021-03-31", job="a", recorded_on="2021-03-05"),
        document("letter", "2021-03-05"),
        paid("2021-03-01..2021-03-31", "80", job="a", recorded_on="2025-03-05"),
    )
    found = outcomes(contract(metrics=(ENGAGED, START)), referral(), ENGAGEMENT, *lines)

    assert found["P1/start/a"].recorded_on == "2021-03-05"
    assert found["P1/start/a"].reasons == ()


def test_a_pay_period_recorded_late_is_the_last_thing_that_an_outcome_with_hours_rests_on() -> None:
    start = metric("start", rule=Employment(hours_from=Decimal(4)), counts=ONCE)
    lines = (
        work("2021-03-01..2021-03-31", job="a", recorded_on="2021-03-05"),
        paid("2021-03-01..2021-03-31", "80", job="a", recorded_on="2021-05-25"),
    )

    found = outcomes(contract(metrics=(start,)), referral(), *lines)

    assert found["P1/start/a"].recorded_on == "2021-05-25"


def test_work_that_earlier_terms_paid_for_is_not_paid_again_because_later_ones_count_from_a_job_start() -> None:
    start = metric("start", rule=Employment(), counts=ONCE)
    every = contract(
        metrics=(start, metric("sustained", rule=Employment(days=28))),
        metric_terms=(terms("sustained", "2021-05-01", requires=("start",)),),
    )
    facts = (document("letter", "2021-05-05", job="new"), work("2021-01-04..2021-12-31", job="old"))
    shown = replace(every, metrics=(replace(start, evidence=EvidenceRule(("letter",))), every.metrics[1]))

    both = outcomes(shown, referral(), *facts, work("2021-05-03..2021-12-31", job="new"))

    assert told(both, "sustained") == {"P1/sustained/old": ("2021-01-31", ())}
