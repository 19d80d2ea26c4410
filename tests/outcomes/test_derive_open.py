from dataclasses import replace
from datetime import date
from decimal import Decimal

from sib_engine.outcomes.due import due_places
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import Reason
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts, Employment, EvidenceRule, HoursRule
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import document, fact, facts_of, outcomes, paid, referral, work

THIRTEEN_WEEKS = metric("sustained", rule=Employment(days=91), counts=Counts.ONCE_PER_PERSON)


def sustained(
    rule: Employment | None = None, *, claim_within_days: int | None = None, evidence: EvidenceRule | None = None
) -> Contract:
    terms = replace(
        THIRTEEN_WEEKS,
        rule=rule or Employment(days=91),
        claim_within_days=claim_within_days,
        evidence=evidence or EvidenceRule(),
    )
    return contract(metrics=(terms,))


def test_an_open_job_is_due_on_its_91st_day() -> None:
    found = outcomes(sustained(), referral(), work("2021-01-04", job="a"), known_on="2021-03-01")

    row = found["P1/sustained/a"]
    assert row.reasons == ("still-running",)
    assert row.due_on == "2021-04-04"
    assert row.details == "57 of 91 days in work from 2021-01-04 to 2021-03-01"


def test_an_open_job_counts_on_the_day_on_which_it_has_lasted_long_enough() -> None:
    lines = (referral(), work("2021-01-04", job="a"))

    assert outcomes(sustained(), *lines, known_on="2021-04-03")["P1/sustained/a"].reasons == ("still-running",)
    on_the_day = outcomes(sustained(), *lines, known_on="2021-04-04")["P1/sustained/a"]
    assert on_the_day.reasons == ()
    assert on_the_day.due_on == "NaT"


def test_without_a_day_an_open_job_lasts_to_the_latest_day_on_which_anything_was_recorded() -> None:
    lines = (referral(), work("2021-01-04", job="a"))

    assert outcomes(sustained(), *lines)["P1/sustained/a"].reasons == ("still-running",)
    another_fact = fact("discharge", "2021-04-04", person="P2")
    assert outcomes(sustained(), *lines, another_fact)["P1/sustained/a"].reasons == ()


def test_the_last_day_of_somebody_elses_fixed_term_is_no_day_to_which_an_open_job_lasts() -> None:
    fixed_term = work("2021-01-04..2021-12-31", job="b", person="P2")

    row = outcomes(sustained(), referral(), work("2021-01-04", job="a"), fixed_term)["P1/sustained/a"]

    assert (row.reasons, row.due_on) == (("still-running",), "2021-04-04")


def test_a_job_that_ends_later_was_still_open_as_known_before() -> None:
    lines = (referral(), work("2021-01-04..2021-03-31", job="a"))

    assert outcomes(sustained(), *lines, known_on="2021-03-30")["P1/sustained/a"].due_on == "2021-04-04"
    assert outcomes(sustained(), *lines, known_on="2021-03-31")["P1/sustained/a"].reasons == ("not-long-enough",)


def test_a_job_recorded_later_was_not_known_before() -> None:
    lines = (referral(), work("2021-01-04", job="a", recorded_on="2021-02-10"))

    assert outcomes(sustained(), *lines, known_on="2021-02-09") == {}
    assert outcomes(sustained(), *lines, known_on="2021-02-10")["P1/sustained/a"].due_on == "2021-04-04"


def test_days_before_a_break_count_towards_the_due_date() -> None:
    rule = Employment(days=91, gap_days=14)

    found = outcomes(
        sustained(rule),
        referral(),
        work("2021-01-04..2021-02-02", job="a"),  # 30 days
        work("2021-02-10", job="b"),  # and 61 from 10 February
        known_on="2021-03-01",
    )

    assert found["P1/sustained/a"].due_on == "2021-04-11"


def test_a_window_that_cannot_be_met_any_more_has_no_due_date() -> None:
    rule = Employment(days=91, within_days=112)
    short = work("2021-01-04..2021-02-02", job="a")

    in_reach = outcomes(sustained(rule), referral(), short, work("2021-02-24", job="b"), known_on="2021-03-01")
    too_late = outcomes(sustained(rule), referral(), short, work("2021-02-25", job="b"), known_on="2021-03-01")

    assert {row_id: row.due_on for row_id, row in in_reach.items()} == {"P1/sustained/a": "2021-04-25"}
    assert {row_id: (row.due_on, row.reasons) for row_id, row in too_late.items()} == {
        "P1/sustained/a": ("NaT", ("not-long-enough",)),
        "P1/sustained/b": ("2021-05-26", ("still-running",)),
    }


def test_what_would_not_count_even_if_it_lasts_has_no_due_date_and_says_why() -> None:
    ends_too_soon = replace(sustained(), end=date(2021, 3, 31))

    row = outcomes(ends_too_soon, referral(), work("2021-01-04", job="a"), known_on="2021-03-01")["P1/sustained/a"]

    assert row.reasons == ("after-end", "still-running")
    assert row.due_on == "NaT"
    assert row.achieved_on == "2021-04-04"


def test_a_second_run_is_not_due_where_the_first_is_already_paid() -> None:
    found = outcomes(
        sustained(),
        referral(),
        work("2021-01-04..2021-05-31", job="a"),
        work("2021-07-01", job="b"),
        known_on="2021-08-01",
    )

    assert found["P1/sustained/a"].reasons == ()
    assert found["P1/sustained/b"].reasons == ("duplicate", "still-running")
    assert found["P1/sustained/b"].due_on == "NaT"


def test_a_row_that_waits_for_another_open_one_is_due_as_well() -> None:
    terms = contract(
        metrics=(
            metric("six_weeks", rule=Employment(days=42), counts=Counts.ONCE_PER_PERSON),
            replace(THIRTEEN_WEEKS, requires=("six_weeks",)),
        )
    )

    found = outcomes(terms, referral(), work("2021-01-04", job="a"), known_on="2021-01-31")

    assert {row_id: (row.due_on, row.reasons) for row_id, row in found.items()} == {
        "P1/six_weeks/a": ("2021-02-14", ("still-running",)),
        "P1/sustained/a": ("2021-04-04", ("still-running",)),
    }


def test_only_the_band_that_the_hours_so_far_fall_into_is_due() -> None:
    under = metric("under", rule=Employment(days=91, hours_below=Decimal(16)), counts=Counts.ONCE_PER_PERSON)
    over = metric("over", rule=Employment(days=91, hours_from=Decimal(16)), counts=Counts.ONCE_PER_PERSON)
    terms = contract(metrics=(under, over), bands=(Band("hours", ("under", "over"), BandRule.EXCLUSIVE, AGREED),))

    found = outcomes(terms, referral(), work("2021-01-04", job="a", hours="16"), known_on="2021-03-01")

    assert {row_id: (row.due_on, row.reasons) for row_id, row in found.items()} == {
        "P1/over/a": ("2021-04-04", ("still-running",)),
        "P1/under/a": ("NaT", ("hours-above", "still-running")),
    }


def test_open_volunteering_is_never_due() -> None:
    found = outcomes(sustained(), referral(), work("2021-01-04", job="v", competitive="no"), known_on="2021-03-01")

    assert found["P1/sustained/v"].reasons == ("not-competitive", "still-running")
    assert found["P1/sustained/v"].due_on == "NaT"


def test_due_rows_are_listed_by_their_dates() -> None:
    facts = facts_of(
        *(referral(person=person) for person in ("P1", "P2", "P3")),
        work("2021-02-01", job="a"),
        work("2021-01-04", job="a", person="P2"),
        work("2021-01-04..2021-01-31", job="a", person="P3"),
    )

    table = find_outcomes(sustained(), facts, known_on=date(2021, 3, 1))

    assert [table.row_ids()[place] for place in due_places(table)] == ["P2/sustained/a", "P1/sustained/a"]


def test_the_last_day_to_record_an_open_job_is_counted_from_its_due_date() -> None:
    terms = sustained(claim_within_days=30, evidence=EvidenceRule(("payslip",)))

    row = outcomes(terms, referral(), work("2021-01-04", job="a"), known_on="2021-03-01")["P1/sustained/a"]

    assert (row.due_on, row.by_when) == ("2021-04-04", "2021-05-04")


def test_evidence_for_a_due_outcome_does_not_make_it_count_before_its_day() -> None:
    terms = sustained(evidence=EvidenceRule(("payslip",)))

    found = outcomes(
        terms, referral(), work("2021-01-04", job="a"), document("payslip", "2021-02-28"), known_on="2021-03-01"
    )

    assert found["P1/sustained/a"].reasons == ("still-running",)


def two_bands(hours: HoursRule = HoursRule.AVERAGE) -> Contract:
    under = replace(THIRTEEN_WEEKS, code="under", rule=Employment(days=91, hours_below=Decimal(16), hours=hours))
    over = replace(THIRTEEN_WEEKS, code="over", rule=Employment(days=91, hours_from=Decimal(16), hours=hours))
    band = Band("hours", ("under", "over"), BandRule.EXCLUSIVE, AGREED)
    return contract(metrics=(under, over), bands=(band,))


def test_the_band_that_falls_due_is_that_of_the_hours_up_to_the_due_day() -> None:
    """76 days so far: 10 hours for 36 days and 20 for 40 are 15.26 a week; with 15 days more, 16.04."""
    lines = (referral("2023-10-01"), work("2023-12-15", job="a", hours="10"), work("2024-01-20", job="b", hours="10"))

    asked = outcomes(two_bands(), *lines, known_on="2024-02-28")
    come = outcomes(two_bands(), *lines, known_on="2024-03-14")

    assert (asked["P1/over/a"].due_on, asked["P1/over/a"].reasons) == ("2024-03-14", ("still-running",))
    assert (asked["P1/under/a"].due_on, asked["P1/under/a"].reasons) == ("NaT", ("hours-above", "still-running"))
    assert asked["P1/over/a"].hours == "15.26"
    assert (come["P1/over/a"].reasons, come["P1/over/a"].hours) == ((), "16.04")
    assert come["P1/under/a"].reasons == ("hours-above",)


def test_the_days_so_far_decide_where_the_hours_of_the_job_are_not_recorded() -> None:
    lines = (work("2021-01-04", job="a", hours=""), paid("2021-01-04..2021-01-31", "80", job="a"))

    found = outcomes(two_bands(), referral(), *lines, known_on="2021-01-31")

    assert (found["P1/over/a"].due_on, found["P1/over/a"].hours) == ("2021-04-04", "20.00")
    assert found["P1/under/a"].reasons == ("hours-above", "still-running")


def test_hours_that_a_running_job_will_have_say_that_they_are_ahead() -> None:
    lines = (referral("2023-10-01"), work("2023-12-15", job="a", hours="10"), work("2024-01-20", job="b", hours="10"))
    table = find_outcomes(two_bands(), facts_of(*lines), known_on=date(2024, 2, 28))

    found = [why.found for whys in table.whys for why in whys if why.reason is Reason.HOURS_ABOVE]
    assert found == [
        (
            "16.04 hours a week on average from 2023-12-15 to 2024-03-14, if it goes on at the hours of the job; "
            "the metric asks for less than 16 hours"
        )
    ]


def test_hours_that_are_missing_are_asked_for_where_the_contract_reads_them() -> None:
    lines = (referral(), work("2021-01-04..2021-05-31", job="a", hours=""))
    mends = {}
    for hours in HoursRule:
        table = find_outcomes(two_bands(hours), facts_of(*lines))
        mends[hours] = {why.mend for whys in table.whys for why in whys if why.reason is Reason.HOURS_UNKNOWN}

    any_of_both = {"weekly hours of the job, or hours of each pay period, for every day from 2021-01-04 to 2021-04-04"}
    assert mends == {
        HoursRule.AVERAGE: any_of_both,
        HoursRule.EVERY_PAY_PERIOD: any_of_both,
        HoursRule.CONTRACTED: {"weekly hours of the job for every day from 2021-01-04 to 2021-04-04"},
    }
