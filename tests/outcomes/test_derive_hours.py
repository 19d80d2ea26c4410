from decimal import Decimal

import pytest

from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Employment, HoursRule
from tests.oracle.build import contract, metric
from tests.outcomes.people import Line, Seen, outcomes, paid, referral, work


def two_bands(hours: HoursRule = HoursRule.AVERAGE, edge: str = "16") -> Contract:
    lower = Employment(days=91, hours_below=Decimal(edge), hours=hours)
    upper = Employment(days=91, hours_from=Decimal(edge), hours=hours)
    return contract(
        metrics=(
            metric("under", rule=lower, counts=Counts.ONCE_PER_PERSON),
            metric("over", rule=upper, counts=Counts.ONCE_PER_PERSON),
        )
    )


def seen(terms: Contract, *lines: Line) -> tuple[Seen, Seen]:
    """Return the rows of job ``a`` for the lower and the upper band."""
    found = outcomes(terms, referral(), *lines)
    return found["P1/under/a"], found["P1/over/a"]


def reasons(terms: Contract, *lines: Line) -> tuple[tuple[str, ...], tuple[str, ...]]:
    under, over = seen(terms, *lines)
    return under.reasons, over.reasons


@pytest.mark.parametrize(
    ("hours", "under", "over"),
    [
        ("15.99", (), ("hours-below",)),
        ("16", ("hours-above",), ()),
        ("16.00", ("hours-above",), ()),
        ("16.01", ("hours-above",), ()),
    ],
)
def test_exactly_16_hours_belong_to_the_upper_band(hours: str, under: tuple[str, ...], over: tuple[str, ...]) -> None:
    assert reasons(two_bands(), work("2021-01-04..2021-12-31", job="a", hours=hours)) == (under, over)


def test_hours_that_change_are_averaged_over_the_91_days_to_the_hundredth() -> None:
    # 49 days at 22 hours a week and 42 at 9: (154 + 54) hours in 13 weeks are exactly 16 a week.
    exactly = (
        work("2021-01-04..2021-02-21", job="a", hours="22"),
        work("2021-02-22..2021-12-31", job="a", hours="9"),
    )
    just_below = (exactly[0], work("2021-02-22..2021-12-31", job="a", hours="8.99"))

    assert seen(two_bands(), *exactly)[1].hours == "16.00"
    assert reasons(two_bands(), *exactly) == (("hours-above",), ())
    assert reasons(two_bands(), *just_below) == ((), ("hours-below",))


def test_days_after_the_91st_do_not_change_the_average() -> None:
    lines = (
        work("2021-01-04..2021-04-04", job="a", hours="16"),
        work("2021-04-05..2021-12-31", job="a", hours="4"),
    )

    assert reasons(two_bands(), *lines) == (("hours-above",), ())


def test_hours_of_two_jobs_at_once_add_up() -> None:
    lines = (
        work("2021-01-04..2021-12-31", job="a", hours="10"),
        work("2021-01-04..2021-12-31", job="b", hours="6"),
    )

    under, over = seen(two_bands(), *lines)

    assert over.hours == "16.00"
    assert (under.reasons, over.reasons) == (("hours-above",), ())


def test_a_second_job_counts_for_the_days_on_which_it_is_held() -> None:
    # 10 hours for 91 days and 12 hours for the last 45 of them: 10 + 12 x 45 / 91 = 15.93 hours.
    first = work("2021-01-04..2021-12-31", job="a", hours="10")
    for_45_days = work("2021-02-19..2021-12-31", job="b", hours="12")
    for_46_days = work("2021-02-18..2021-12-31", job="b", hours="12")

    assert seen(two_bands(), first, for_45_days)[1].hours == "15.93"
    assert reasons(two_bands(), first, for_45_days) == ((), ("hours-below",))
    assert reasons(two_bands(), first, for_46_days) == (("hours-above",), ())


def test_days_of_a_break_have_no_hours_and_do_not_lower_the_average() -> None:
    rule = Employment(days=91, gap_days=14, hours_from=Decimal(16))
    terms = contract(metrics=(metric("over", rule=rule),))

    found = outcomes(
        terms,
        referral(),
        work("2021-01-04..2021-02-02", job="a", hours="16"),
        work("2021-02-17..2021-04-30", job="b", hours="16"),
    )

    assert found["P1/over/a"].hours == "16.00"
    assert found["P1/over/a"].reasons == ()


def test_pay_periods_override_weekly_hours_and_are_spread_over_their_days() -> None:
    # To 4 April: 64 + 64 + 71 hours, and 4 of 30 days of April's 67.5: 208 hours in 13 weeks are 16 a week.
    job = work("2021-01-04..2021-12-31", job="a", hours="40")
    pay = (
        paid("2021-01-04..2021-01-31", "64", job="a"),
        paid("2021-02-01..2021-02-28", "64", job="a"),
        paid("2021-03-01..2021-03-31", "71", job="a"),
    )
    exactly = paid("2021-04-01..2021-04-30", "67.5", job="a")
    just_below = paid("2021-04-01..2021-04-30", "67.49", job="a")

    assert reasons(two_bands(), job, *pay, exactly) == (("hours-above",), ())
    assert reasons(two_bands(), job, *pay, just_below) == ((), ("hours-below",))
    assert seen(two_bands(), job, *pay, just_below)[1].hours == "15.99"  # never rounded up to the edge


def test_weekly_hours_stand_for_days_without_a_pay_period() -> None:
    # 28 days at 8 hours a week, 63 days at 20: (32 + 180) / 13 = 16.3.
    under, over = seen(
        two_bands(),
        work("2021-01-04..2021-12-31", job="a", hours="20"),
        paid("2021-01-04..2021-01-31", "32", job="a"),
    )

    assert over.hours == "16.30"
    assert (under.reasons, over.reasons) == (("hours-above",), ())


def test_a_pay_period_that_began_before_the_job_belongs_to_the_days_of_the_job() -> None:
    # 36 hours in January were worked on the 14 days from the 18th: 18 a week.
    _, over = seen(
        two_bands(),
        work("2021-01-18..2021-12-31", job="a", hours="18"),
        paid("2021-01-01..2021-01-31", "36", job="a"),
    )

    assert over.hours == "18.00"


def test_pay_periods_without_a_job_belong_to_the_only_job_of_the_person() -> None:
    _, over = seen(
        two_bands(),
        work("2021-01-04..2021-12-31", job="a", hours=""),
        paid("2021-01-01..2021-04-30", "344", job=""),
    )

    assert over.reasons == ()


def test_missing_hours_are_unknown_in_both_bands() -> None:
    under, over = seen(two_bands(), work("2021-01-04..2021-12-31", job="a", hours=""))

    assert (under.reasons, over.reasons) == (("hours-unknown",), ("hours-unknown",))
    assert over.hours == ""


def test_hours_are_unknown_if_a_single_day_has_none() -> None:
    pay_but_for_the_last_day = (
        work("2021-01-04..2021-12-31", job="a", hours=""),
        paid("2021-01-04..2021-04-03", "260", job="a"),
    )
    all_days = (pay_but_for_the_last_day[0], paid("2021-01-04..2021-04-04", "260", job="a"))

    assert reasons(two_bands(), *pay_but_for_the_last_day) == (("hours-unknown",), ("hours-unknown",))
    assert reasons(two_bands(), *all_days) == (("hours-above",), ())


def test_a_metric_without_a_band_asks_for_no_hours() -> None:
    terms = contract(metrics=(metric("sustained", rule=Employment(days=91)),))

    found = outcomes(terms, referral(), work("2021-01-04..2021-12-31", job="a", hours=""))

    assert found["P1/sustained/a"].reasons == ()


def test_every_pay_period_must_lie_in_the_band_where_the_contract_says_so() -> None:
    every = two_bands(HoursRule.EVERY_PAY_PERIOD)
    job = work("2021-01-04..2021-12-31", job="a", hours="20")
    low_month = paid("2021-02-01..2021-02-28", "63.99", job="a")
    just_enough = paid("2021-02-01..2021-02-28", "64", job="a")

    assert reasons(every, job, low_month) == (("hours-above",), ("hours-below",))
    assert reasons(every, job, just_enough) == (("hours-above",), ())
    assert reasons(two_bands(), job, low_month) == (("hours-above",), ())


def test_a_pay_period_outside_the_counted_days_does_not_matter() -> None:
    every = two_bands(HoursRule.EVERY_PAY_PERIOD)
    job = work("2021-01-04..2021-12-31", job="a", hours="20")

    after = paid("2021-04-05..2021-04-30", "1", job="a")
    touching = paid("2021-04-04..2021-04-30", "1", job="a")

    assert reasons(every, job, after) == (("hours-above",), ())
    assert reasons(every, job, touching) == (("hours-above",), ("hours-below",))


def test_pay_periods_of_two_jobs_at_once_add_up_day_by_day() -> None:
    every = two_bands(HoursRule.EVERY_PAY_PERIOD)

    found = reasons(
        every,
        work("2021-01-04..2021-12-31", job="a", hours="20"),
        work("2021-02-01..2021-12-31", job="b", hours="8"),
        paid("2021-02-01..2021-02-28", "32", job="a"),  # 8 a week, and 8 in the other job
    )

    assert found == (("hours-above",), ())


def test_contracted_hours_ignore_what_was_paid() -> None:
    contracted = two_bands(HoursRule.CONTRACTED)
    job = work("2021-01-04..2021-12-31", job="a", hours="16")

    assert reasons(contracted, job, paid("2021-02-01..2021-02-28", "10", job="a")) == (("hours-above",), ())


def test_contracted_hours_must_lie_in_the_band_all_the_time() -> None:
    contracted = two_bands(HoursRule.CONTRACTED)

    found = reasons(
        contracted,
        work("2021-01-04..2021-02-28", job="a", hours="40"),
        work("2021-03-01..2021-12-31", job="a", hours="15"),
    )

    assert found == (("hours-above",), ("hours-below",))


def test_hours_of_a_job_start_are_those_of_its_first_day() -> None:
    rule = Employment(hours_from=Decimal(4), hours=HoursRule.CONTRACTED)
    terms = contract(metrics=(metric("start", rule=rule),))

    found = outcomes(
        terms,
        referral(),
        work("2021-01-04..2021-02-28", job="a", hours="4"),
        work("2021-01-05..2021-02-28", job="b", hours="3.99"),
        work("2021-01-06..2021-02-28", job="c", hours=""),
    )

    assert {row_id: row.reasons for row_id, row in found.items()} == {
        "P1/start/a": (),
        "P1/start/b": ("hours-below",),
        "P1/start/c": ("hours-unknown",),
    }


def test_an_edge_between_hundredths_is_met_exactly() -> None:
    lines = (work("2021-01-04..2021-12-31", job="a", hours="7.13"),)

    assert reasons(two_bands(edge="7.125"), *lines) == (("hours-above",), ())
    assert reasons(two_bands(edge="7.131"), *lines) == ((), ("hours-below",))


def test_uneven_pay_periods_whose_common_denominator_is_huge_are_still_exact() -> None:
    # Prime lengths: 91 days reach into the eighth period, and 7 h / d has no common denominator below 10^9.
    lengths = (5, 11, 13, 17, 19, 23, 2, 29)
    lines: list[Line] = [work("2021-01-04..2021-12-31", job="a", hours="")]
    starts = ("01-04", "01-09", "01-20", "02-02", "02-19", "03-10", "04-02", "04-04")
    ends = ("01-08", "01-19", "02-01", "02-18", "03-09", "04-01", "04-03", "05-02")
    hours = [f"{length * 16 // 7 + 1}" for length in lengths]
    lines += [
        paid(f"2021-{first}..2021-{last}", h, job="a") for first, last, h in zip(starts, ends, hours, strict=True)
    ]

    _, over = seen(two_bands(), *lines)

    # 12 + 26 + 30 + 39 + 44 + 53 + 5 hours, and one of 29 days of 67: 211.31 hours in 13 weeks.
    assert over.hours == "16.25"
    assert over.reasons == ()
