from datetime import date

from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.terms.metric import Activity, Component, Counts, Employment, EvidenceRule, Length, Needed, Window
from tests.oracle.build import contract, metric
from tests.outcomes.people import document, fact, facts_of, outcomes, referral, work

ONCE = Counts.ONCE_PER_PERSON
IN_60_DAYS = Window("visit", not_before=Length(days=60))
VISIT = fact("visit", "2021-01-01")  # the window opens on 2 March
FOUR_WEEKS = Employment(days=28)
WAITING = contract(
    metrics=(
        metric("visit", counts=ONCE),
        metric("sustained", rule=FOUR_WEEKS, counts=ONCE, requires=("visit",), within=IN_60_DAYS),
    )
)


def test_work_that_was_long_enough_too_soon_counts_on_the_day_the_window_opens_if_it_still_goes_on() -> None:
    row = outcomes(WAITING, referral(), VISIT, work("2021-01-04..2021-12-31", job="a"))["P1/sustained/a"]

    assert (row.achieved_on, row.reasons) == ("2021-03-02", ())
    assert row.details == (
        "28 of 28 days in work from 2021-01-04 to 2021-01-31, and still in work on 2021-03-02,"
        " when its window had opened"
    )


def test_the_last_day_of_the_work_may_be_the_first_of_the_window() -> None:
    last_day = outcomes(WAITING, referral(), VISIT, work("2021-01-04..2021-03-02", job="a"))["P1/sustained/a"]
    day_before = outcomes(WAITING, referral(), VISIT, work("2021-01-04..2021-03-01", job="a"))["P1/sustained/a"]

    assert (last_day.achieved_on, last_day.reasons) == ("2021-03-02", ())
    assert (day_before.achieved_on, day_before.reasons) == ("2021-01-31", ("too-soon",))


def test_work_that_ended_before_the_window_is_told_that_no_record_can_help_it() -> None:
    facts = facts_of(referral(), VISIT, work("2021-01-04..2021-02-10", job="a"))

    ((why,), *_) = find_outcomes(WAITING, facts).whys

    assert why.found == (
        "dated 2021-01-31, 30 days before 2021-03-02, the first day: 60 days from P1/visit of 2021-01-01 (facts row 3)"
    )
    assert (why.mend, why.by) == (
        "nothing for this work, which ended on 2021-02-10: other work that is long enough on or after 2021-03-02 would",
        None,
    )


def test_later_work_counts_when_the_first_ended_before_the_window() -> None:
    found = outcomes(
        WAITING,
        referral(),
        VISIT,
        work("2021-01-04..2021-02-10", job="a"),
        work("2021-03-04..2021-08-10", job="b"),
    )

    assert found["P1/sustained/a"].reasons == ("too-soon",)
    assert (found["P1/sustained/b"].achieved_on, found["P1/sustained/b"].reasons) == ("2021-03-31", ())


def test_work_that_lasts_is_due_when_the_window_opens() -> None:
    row = outcomes(WAITING, referral(), VISIT, work("2021-01-04..", job="a"), known_on="2021-02-20")["P1/sustained/a"]

    assert (row.due_on, row.reasons) == ("2021-03-02", ("still-running",))


def test_what_work_that_waits_for_its_window_lacks_is_said() -> None:
    facts = facts_of(referral(), VISIT, work("2021-01-04..", job="a"))

    ((why,), *_) = find_outcomes(WAITING, facts, known_on=date(2021, 2, 20)).whys

    assert why.found == "28 of 28 days in work so far, from 2021-01-04 to 2021-01-31"
    assert why.mend == "the work lasting to 2021-03-02, when its window opens, with evidence"


def test_in_a_break_that_is_allowed_the_next_day_worked_counts() -> None:
    with_breaks = contract(
        metrics=(
            metric("visit", counts=ONCE),
            metric("sustained", rule=Employment(days=28, gap_days=7), counts=ONCE, within=IN_60_DAYS),
        )
    )

    found = outcomes(
        with_breaks,
        referral(),
        VISIT,
        work("2021-01-04..2021-02-28", job="a"),
        work("2021-03-05..2021-12-31", job="b"),
    )

    assert (found["P1/sustained/a"].achieved_on, found["P1/sustained/a"].reasons) == ("2021-03-05", ())


def test_windows_that_follow_one_another_are_waited_for_in_turn() -> None:
    later = Window("sustained", not_before=Length(days=30))
    chain = contract(
        metrics=(*WAITING.metrics, metric("on", rule=FOUR_WEEKS, counts=ONCE, requires=("sustained",), within=later))
    )

    found = outcomes(chain, referral(), VISIT, work("2021-01-04..2021-12-31", job="a"))

    assert (found["P1/on/a"].achieved_on, found["P1/on/a"].reasons) == ("2021-04-01", ())


def test_documents_show_the_day_on_which_the_window_opens() -> None:
    shown = contract(
        metrics=(
            metric("visit", counts=ONCE),
            metric("sustained", rule=FOUR_WEEKS, counts=ONCE, within=IN_60_DAYS, evidence=EvidenceRule(("payslip",))),
        )
    )
    job = work("2021-01-04..2021-12-31", job="a")

    early = outcomes(shown, referral(), VISIT, job, document("payslip", "2021-02-26"))["P1/sustained/a"]
    late = outcomes(shown, referral(), VISIT, job, document("payslip", "2021-03-31"))["P1/sustained/a"]

    assert (early.reasons, late.reasons) == (("evidence-too-early",), ())


def test_a_job_start_does_not_wait_for_a_window() -> None:
    starts = contract(
        metrics=(metric("visit", counts=ONCE), metric("start", rule=Employment(), counts=ONCE, within=IN_60_DAYS))
    )
    facts = facts_of(referral(), VISIT, work("2021-01-04..2021-12-31", job="a"))

    table = find_outcomes(starts, facts)

    assert [why.mend for why in table.whys[0]] == ["a job that begins on or after 2021-03-02"]


def test_an_activity_that_counts_once_is_told_that_no_later_fact_helps() -> None:
    course = Activity((Component("course"),), Needed.ALL)
    once = contract(
        metrics=(metric("visit", counts=ONCE), metric("course", rule=course, counts=ONCE, within=IN_60_DAYS))
    )

    table = find_outcomes(once, facts_of(referral(), VISIT, fact("course", "2021-01-20"), fact("course", "2021-05-20")))

    assert [why.mend for why in table.whys[0]] == [
        "nothing can, unless the dates of its facts are wrong: it is reached once, on its first day"
    ]


def test_the_window_runs_from_the_first_outcome_that_counts_once_its_evidence_is_recorded() -> None:
    shown = contract(
        metrics=(
            metric("visit", counts=ONCE, evidence=EvidenceRule(("letter",))),
            metric("sustained", rule=FOUR_WEEKS, counts=ONCE, requires=("visit",), within=IN_60_DAYS),
        )
    )
    job = work("2021-01-04..2021-12-31", job="a")

    without = outcomes(shown, referral(), VISIT, job)["P1/sustained/a"]
    shown_now = outcomes(shown, referral(), VISIT, job, document("letter", "2021-01-02"))["P1/sustained/a"]

    assert (without.achieved_on, without.reasons) == ("2021-03-02", ("prerequisite-missing",))
    assert (shown_now.achieved_on, shown_now.reasons) == ("2021-03-02", ())
