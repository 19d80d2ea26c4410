from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import ANY_GAP, Counts, Employment
from tests.oracle.build import contract, metric
from tests.outcomes.people import Line, Seen, outcomes, paid, referral, work

THIRTEEN_WEEKS = Employment(days=91)


def sustained(rule: Employment = THIRTEEN_WEEKS, *, counts: Counts = Counts.ONCE_PER_PERSON) -> Contract:
    return contract(metrics=(metric("sustained", rule=rule, counts=counts),))


def seen(rule: Employment, *lines: Line) -> dict[str, Seen]:
    return outcomes(sustained(rule), referral(), *lines)


def days_and_reasons(found: dict[str, Seen]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {row_id: (row.achieved_on, row.reasons) for row_id, row in found.items()}


def test_thirteen_weeks_are_91_days_counted_from_and_including_the_first() -> None:
    found = seen(THIRTEEN_WEEKS, work("2021-01-04..2021-12-31", job="a"))

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-04-04", ())}


def test_the_91st_day_itself_must_be_worked() -> None:
    enough = seen(THIRTEEN_WEEKS, work("2021-01-04..2021-04-04", job="a"))
    a_day_short = seen(THIRTEEN_WEEKS, work("2021-01-04..2021-04-03", job="a"))

    assert enough["P1/sustained/a"].reasons == ()
    assert a_day_short["P1/sustained/a"].reasons == ("not-long-enough",)
    assert a_day_short["P1/sustained/a"].details == "90 of 91 days in work from 2021-01-04 to 2021-04-03"


def test_29_february_is_a_day_like_any_other() -> None:
    leap = seen(THIRTEEN_WEEKS, work("2024-01-01..2024-12-31", job="a"))
    common = seen(THIRTEEN_WEEKS, work("2023-01-01..2023-12-31", job="a"))

    assert leap["P1/sustained/a"].achieved_on == "2024-03-31"
    assert common["P1/sustained/a"].achieved_on == "2023-04-01"


def test_the_change_to_summer_time_takes_no_day_away() -> None:
    found = seen(THIRTEEN_WEEKS, work("2021-03-01..2021-12-31", job="a"))  # clocks went forward on 28 March 2021

    assert found["P1/sustained/a"].achieved_on == "2021-05-30"


def test_six_weeks_are_42_days() -> None:
    found = seen(Employment(days=42), work("2021-01-04..2021-12-31", job="a"))

    assert found["P1/sustained/a"].achieved_on == "2021-02-14"


def test_six_months_are_calendar_months_held_at_the_last_day_of_a_shorter_one() -> None:
    from_the_4th = seen(Employment(months=6), work("2021-01-04..2021-12-31", job="a"))
    from_the_31st = seen(Employment(months=6), work("2020-08-31..2021-12-31", job="a"))
    to_the_leap_day = seen(Employment(months=6), work("2023-08-31..2024-12-31", job="a"))

    assert from_the_4th["P1/sustained/a"].achieved_on == "2021-07-03"
    assert from_the_31st["P1/sustained/a"].achieved_on == "2021-02-27"
    assert to_the_leap_day["P1/sustained/a"].achieved_on == "2024-02-28"


def test_days_of_a_break_are_added_to_the_calendar_months() -> None:
    found = seen(
        Employment(months=6, gap_days=14),
        work("2021-01-04..2021-02-28", job="a"),
        work("2021-03-11..2021-12-31", job="b"),  # ten days later
    )

    assert found["P1/sustained/a"].achieved_on == "2021-07-13"


def test_a_break_as_long_as_allowed_does_not_end_the_run_and_does_not_count_towards_it() -> None:
    found = seen(
        Employment(days=91, gap_days=14),
        work("2021-01-04..2021-02-02", job="a"),  # 30 days
        work("2021-02-17..2021-04-30", job="b"),  # after 14 days; the 61st of these days is 18 April
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-04-18", ())}


def test_a_break_one_day_longer_starts_the_days_again_and_is_named_on_the_later_job() -> None:
    found = seen(
        Employment(days=91, gap_days=14),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-02-18..2021-04-30", job="b"),  # after 15 days; 72 days
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-02-02", ("not-long-enough",)),
        "P1/sustained/b": ("2021-04-30", ("not-long-enough", "gap-too-long")),
    }
    assert found["P1/sustained/b"].details == (
        "72 of 91 days in work from 2021-02-18 to 2021-04-30, after a break of 15 days (14 allowed)"
    )


def test_where_any_break_is_allowed_years_between_two_jobs_do_not_start_the_days_again() -> None:
    found = seen(
        Employment(days=91, gap_days=ANY_GAP),
        work("2021-01-04..2021-02-02", job="a"),  # 30 days
        work("2022-02-18..2022-04-30", job="b"),  # the 61st of these days is 19 April
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2022-04-19", ())}


def test_where_any_break_is_allowed_what_is_missing_may_be_worked_at_any_time() -> None:
    found = seen(Employment(days=91, gap_days=ANY_GAP), work("2021-01-04..2021-02-02", job="a"))

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-02-02", ("not-long-enough",))}
    assert found["P1/sustained/a"].by_when == "NaT"


def test_a_long_break_is_not_blamed_where_both_jobs_together_are_too_short() -> None:
    found = seen(
        Employment(days=91, gap_days=14),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-06-01..2021-06-30", job="b"),
    )

    assert found["P1/sustained/b"].reasons == ("not-long-enough",)


def test_a_later_job_that_lasts_long_enough_counts_by_itself() -> None:
    found = seen(
        Employment(days=91),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-03-01..2021-12-31", job="b"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-02-02", ("not-long-enough",)),
        "P1/sustained/b": ("2021-05-30", ()),
    }


def test_the_second_time_is_a_duplicate_where_the_contract_pays_once() -> None:
    found = seen(
        Employment(days=91),
        work("2021-01-04..2021-05-31", job="a"),
        work("2021-07-01..2021-12-31", job="b"),
    )

    assert found["P1/sustained/a"].reasons == ()
    assert found["P1/sustained/b"].reasons == ("duplicate",)


def test_jobs_that_follow_one_another_are_one_run_where_a_change_is_allowed() -> None:
    found = seen(
        Employment(days=91),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-02-03..2021-12-31", job="b"),
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-04-04", ())}


def test_a_new_employer_starts_the_days_again_where_a_change_is_not_allowed() -> None:
    found = seen(
        Employment(days=91, employer_change=False),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-02-03..2021-04-30", job="b"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-02-02", ("not-long-enough",)),
        "P1/sustained/b": ("2021-04-30", ("not-long-enough", "employer-changed")),
    }


def test_two_jobs_with_the_same_employer_are_no_change_of_employer() -> None:
    found = seen(
        Employment(days=91, employer_change=False),
        work("2021-01-04..2021-02-02", job="a", detail="E7"),
        work("2021-02-03..2021-04-30", job="b", detail="E7"),
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-04-04", ())}


def test_a_change_of_employer_is_not_blamed_where_the_days_were_reached_before_it() -> None:
    found = seen(
        Employment(days=91, employer_change=False),
        work("2021-01-04..2021-06-30", job="a"),
        work("2021-07-01..2021-07-31", job="b"),
    )

    assert found["P1/sustained/b"].reasons == ("not-long-enough",)


def test_a_new_employer_is_named_where_each_job_counts_and_a_change_is_not_allowed() -> None:
    per_job = sustained(Employment(days=91, employer_change=False), counts=Counts.ONCE_PER_JOB)
    short = work("2021-01-04..2021-02-02", job="a", detail="E1")

    another = outcomes(per_job, referral(), short, work("2021-02-03..2021-04-30", job="b", detail="E2"))
    the_same = outcomes(per_job, referral(), short, work("2021-02-03..2021-04-30", job="b", detail="E1"))

    assert another["P1/sustained/b"].reasons == ("not-long-enough", "employer-changed")
    assert the_same["P1/sustained/b"].reasons == ("not-long-enough",)


def test_a_contract_that_counts_per_job_does_not_add_jobs_up() -> None:
    per_job = sustained(counts=Counts.ONCE_PER_JOB)

    found = outcomes(
        per_job,
        referral(),
        work("2021-01-04..2021-04-30", job="a"),
        work("2021-05-01..2021-12-31", job="b"),
        work("2022-01-01..2022-02-28", job="c"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-04-04", ()),
        "P1/sustained/b": ("2021-07-30", ()),
        "P1/sustained/c": ("2022-02-28", ("not-long-enough",)),
    }


def test_days_of_two_jobs_held_at_once_are_not_counted_twice() -> None:
    found = seen(
        Employment(days=91),
        work("2021-01-04..2021-03-01", job="a"),
        work("2021-02-15..2021-04-03", job="b"),
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-04-03", ("not-long-enough",))}
    assert found["P1/sustained/a"].details.startswith("90 of 91 days")


def test_a_short_job_inside_a_long_one_does_not_end_the_run() -> None:
    found = seen(
        Employment(days=91),
        work("2021-01-04..2021-12-31", job="a"),
        work("2021-02-01..2021-02-10", job="b"),
        work("2021-05-01..2021-05-10", job="c"),
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-04-04", ())}


def test_thirteen_weeks_may_be_reached_anywhere_within_sixteen() -> None:
    within = Employment(days=91, within_days=112)  # 112 days from 4 January end on 25 April

    on_the_last_day = seen(within, work("2021-01-04..2021-02-02", job="a"), work("2021-02-24..2021-04-25", job="b"))

    assert days_and_reasons(on_the_last_day) == {"P1/sustained/a": ("2021-04-25", ())}


def test_a_window_that_closes_a_day_too_early_opens_again_with_the_next_job() -> None:
    within = Employment(days=91, within_days=112)

    found = seen(within, work("2021-01-04..2021-02-02", job="a"), work("2021-02-25..2021-07-31", job="b"))

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-04-25", ("not-long-enough",)),
        "P1/sustained/b": ("2021-05-26", ()),
    }
    assert found["P1/sustained/a"].details == "90 of 91 days in work from 2021-01-04 to 2021-04-25"


def test_many_short_jobs_add_up_within_a_window() -> None:
    within = Employment(days=42, within_days=56)

    found = seen(
        within,
        work("2021-01-04..2021-01-17", job="a"),  # 14 days
        work("2021-01-20..2021-02-02", job="b"),  # 14 days
        work("2021-02-05..2021-02-18", job="c"),  # 14 days: the 46th day from 4 January
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-02-18", ())}


def test_a_job_without_a_reference_is_known_by_its_first_day() -> None:
    found = seen(Employment(days=91), work("2021-01-04..2021-12-31"))

    assert list(found) == ["P1/sustained/2021-01-04"]


def test_volunteering_and_sheltered_work_never_count_and_never_add_up_with_a_job() -> None:
    found = seen(
        Employment(days=91),
        work("2021-01-04..2021-02-28", job="v", competitive="no"),
        work("2021-03-01..2021-04-30", job="a"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-04-30", ("not-long-enough",)),
        "P1/sustained/v": ("2021-02-28", ("not-competitive", "not-long-enough")),
    }


def test_volunteering_that_lasts_does_not_count_either() -> None:
    found = seen(Employment(days=91), work("2021-01-04..2021-12-31", job="v", competitive="no"))

    assert found["P1/sustained/v"].reasons == ("not-competitive",)


def test_self_employment_counts_or_not_as_the_contract_says() -> None:
    own_business = work("2021-01-04..2021-12-31", job="a", self_employed="yes")

    assert seen(Employment(days=91), own_business)["P1/sustained/a"].reasons == ()
    excluded = seen(Employment(days=91, self_employment=False), own_business)
    assert excluded["P1/sustained/a"].reasons == ("self-employed",)


def test_each_job_is_a_job_start_and_one_a_person_is_paid() -> None:
    found = seen(
        Employment(),
        work("2021-05-03..2021-05-05", job="b"),
        work("2021-01-04..2021-02-02", job="a"),
        work("2021-01-01..2021-01-02", job="v", competitive="no"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-01-04", ()),
        "P1/sustained/b": ("2021-05-03", ("duplicate",)),
        "P1/sustained/v": ("2021-01-01", ("not-competitive",)),
    }


def test_new_hours_in_the_same_job_are_no_new_job_start() -> None:
    found = seen(
        Employment(),
        work("2021-01-04..2021-02-28", job="a", hours="10"),
        work("2021-03-01..2021-12-31", job="a", hours="20"),
    )

    assert days_and_reasons(found) == {"P1/sustained/a": ("2021-01-04", ())}


def test_going_back_to_the_same_job_is_not_starting_it_again() -> None:
    found = seen(
        Employment(),
        work("2021-01-04..2021-02-28", job="a"),
        work("2021-06-01..2021-12-31", job="a"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-01-04", ()),
    }


def test_people_do_not_share_jobs_of_the_same_reference() -> None:
    found = outcomes(
        sustained(),
        referral(),
        referral(person="P2"),
        work("2021-01-04..2021-02-28", job="a"),
        work("2021-03-01..2021-04-30", job="a", person="P2"),
        paid("2021-01-04..2021-01-31", "80", job="a"),
    )

    assert days_and_reasons(found) == {
        "P1/sustained/a": ("2021-02-28", ("not-long-enough",)),
        "P2/sustained/a": ("2021-04-30", ("not-long-enough",)),
    }
