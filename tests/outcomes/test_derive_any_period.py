"""A band of hours that any period of a run may meet, on dates worked out by hand."""

from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from sib_engine.outcomes.derive import any_period, rates
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts, Employment, EvidenceRule, HoursOver, HoursRule
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import Line, Seen, document, outcomes, paid, referral, work

TWELVE_HOURS = work("2021-01-04..2021-04-04", job="a", hours="12")  # 91 days
THEN_20 = work("2021-04-05..2021-12-31", job="a", hours="20")


def two_bands(band: BandRule | None = None, **terms: Any) -> Contract:  # noqa: ANN401 - any term of an employment
    terms = {"days": None if "months" in terms else 91, "hours_over": HoursOver.ANY, **terms}
    lower = Employment(hours_below=Decimal(16), **terms)
    upper = Employment(hours_from=Decimal(16), **terms)
    return contract(
        metrics=(
            metric("under", rule=lower, counts=Counts.ONCE_PER_PERSON),
            metric("over", rule=upper, counts=Counts.ONCE_PER_PERSON),
        ),
        bands=() if band is None else (Band("hours", ("under", "over"), band, AGREED),),
    )


def seen(terms: Contract, *lines: Line, known_on: str | None = None) -> tuple[Seen, Seen]:
    """Return the rows of job ``a`` for the lower and the upper band."""
    found = outcomes(terms, referral(), *lines, known_on=known_on)
    return found["P1/under/a"], found["P1/over/a"]


def test_hours_that_rise_reach_the_upper_band_on_the_first_day_on_which_91_days_average_16() -> None:
    # (91 - x) days at 12 and x at 20 average 16 from x = 45.5 on: the 46th day from 5 April is 20 May.
    under, over = seen(two_bands(), TWELVE_HOURS, THEN_20)

    assert (under.achieved_on, under.reasons, under.hours) == ("2021-04-04", (), "12.00")
    assert (over.achieved_on, over.reasons) == ("2021-05-20", ())
    assert over.details == "91 of 91 days in work from 2021-02-19 to 2021-05-20"
    assert over.hours == "16.04"  # (45 x 12 + 46 x 20) / 91


def test_a_job_that_ends_a_day_earlier_does_not_reach_it() -> None:
    _, over = seen(two_bands(), TWELVE_HOURS, work("2021-04-05..2021-05-19", job="a", hours="20"))

    assert (over.achieved_on, over.reasons, over.hours) == ("2021-04-04", ("hours-below",), "12.00")


def test_hours_that_fall_reach_the_lower_band_later() -> None:
    # 20 hours for 91 days, then 12: below 16 from the 46th day on.
    under, over = seen(
        two_bands(),
        work("2021-01-04..2021-04-04", job="a", hours="20"),
        work("2021-04-05..2021-12-31", job="a", hours="12"),
    )

    assert (under.achieved_on, under.reasons) == ("2021-05-20", ())
    assert (over.achieved_on, over.reasons) == ("2021-04-04", ())


def test_without_the_term_the_first_91_days_decide() -> None:
    first = Employment(days=91, hours_from=Decimal(16))
    terms = contract(metrics=(metric("over", rule=first),))

    found = outcomes(terms, referral(), TWELVE_HOURS, THEN_20)

    assert found["P1/over/a"].reasons == ("hours-below",)


def test_hours_that_never_fit_are_those_of_the_first_period() -> None:
    _, over = seen(two_bands(), work("2021-01-04..2021-12-31", job="a", hours="15.99"))

    assert (over.achieved_on, over.reasons, over.hours) == ("2021-04-04", ("hours-below",), "15.99")


def test_days_of_a_break_are_left_out_of_every_period() -> None:
    # Ten days without work from 5 April on: the 46th day at 20 hours is 30 May.
    terms = two_bands(gap_days=14)

    _, over = seen(terms, TWELVE_HOURS, work("2021-04-15..2021-12-31", job="a", hours="20"))

    assert (over.achieved_on, over.reasons, over.hours) == ("2021-05-30", (), "16.04")


def test_a_break_that_ends_the_run_ends_its_periods() -> None:
    found = outcomes(two_bands(), referral(), TWELVE_HOURS, work("2021-04-15..2021-06-30", job="a", hours="20"))

    assert found["P1/over/a"].reasons == ("hours-below",)
    assert found["P1/over/a/2021-06-30"].reasons == ("not-long-enough",)


def test_months_may_begin_on_any_day_worked() -> None:
    # 20 February to 19 May are three months of 89 days, 45 of them at 20 hours: (44 x 12 + 45 x 20) / 89 = 16.04.
    # The three months that begin a day earlier have 44 of 89 days at 20: 15.95.
    under, over = seen(two_bands(months=3), TWELVE_HOURS, THEN_20)

    assert (under.achieved_on, under.reasons) == ("2021-04-03", ())
    assert (over.achieved_on, over.reasons, over.hours) == ("2021-05-19", (), "16.04")
    assert over.details == "89 of 89 days in work from 2021-02-20 to 2021-05-19"


@pytest.mark.parametrize("rule", [HoursRule.EVERY_PAY_PERIOD, HoursRule.CONTRACTED])
def test_every_stretch_of_the_period_must_lie_in_the_band_where_the_contract_says_so(rule: HoursRule) -> None:
    # 91 days at 20 hours from 5 April on end on 4 July.
    _, over = seen(two_bands(hours=rule), TWELVE_HOURS, THEN_20)

    assert (over.achieved_on, over.reasons, over.hours) == ("2021-07-04", (), "20.00")


def test_one_low_pay_period_starts_the_days_again_where_every_pay_period_counts() -> None:
    # 8 hours in the week to 11 April; 91 days from 12 April on end on 11 July.
    every = two_bands(hours=HoursRule.EVERY_PAY_PERIOD)
    low_week = paid("2021-04-05..2021-04-11", "8", job="a")

    assert seen(every, TWELVE_HOURS, THEN_20, low_week)[1].achieved_on == "2021-07-11"


def test_a_later_period_with_hours_decides_where_the_first_has_none() -> None:
    # No hours until 2 February: 91 days from 3 February on end on 4 May.
    lines = work("2021-01-04..2021-02-02", job="a", hours=""), work("2021-02-03..2021-12-31", job="a", hours="20")

    under, over = seen(two_bands(), *lines)

    assert (over.achieved_on, over.reasons) == ("2021-05-04", ())
    assert (under.achieved_on, under.reasons) == ("2021-05-04", ("hours-above",))


def test_hours_are_unknown_where_every_period_has_a_day_without() -> None:
    under, over = seen(
        two_bands(),
        work("2021-01-04..2021-04-03", job="a", hours="20"),
        work("2021-04-04..2021-04-04", job="a", hours=""),
        work("2021-04-05..2021-07-03", job="a", hours="20"),
    )

    assert (under.reasons, over.reasons) == (("hours-unknown",), ("hours-unknown",))
    assert (over.achieved_on, over.hours) == ("2021-04-04", "")


def test_an_exclusive_band_pays_the_lower_only() -> None:
    under, over = seen(two_bands(BandRule.EXCLUSIVE), TWELVE_HOURS, THEN_20)

    assert (under.reasons, over.reasons) == ((), ("other-band",))


def test_work_that_lasts_is_due_on_the_day_on_which_its_hours_would_come_to_fit() -> None:
    lines = (TWELVE_HOURS, work("2021-04-05", job="a", hours="20"))

    under, over = seen(two_bands(), *lines, known_on="2021-04-30")

    assert under.reasons == ()
    assert (over.due_on, over.reasons) == ("2021-05-20", ("still-running",))
    assert over.details == "71 of 91 days in work from 2021-02-19 to 2021-04-30"
    assert over.hours == "14.92"  # so far: (45 x 12 + 26 x 20) / 71
    assert seen(two_bands(), *lines, known_on="2021-05-19")[1].due_on == "2021-05-20"
    assert seen(two_bands(), *lines, known_on="2021-05-20")[1].reasons == ()


def test_work_that_lasts_at_hours_that_never_fit_is_not_due() -> None:
    line = work("2021-01-04", job="a", hours="12")

    before = seen(two_bands(), line, known_on="2021-02-28")
    after = seen(two_bands(), line, known_on="2021-06-30")

    assert (before[0].due_on, before[0].reasons) == ("2021-04-04", ("still-running",))
    assert (before[1].due_on, before[1].reasons) == ("NaT", ("hours-below", "still-running"))
    assert (after[1].due_on, after[1].reasons) == ("NaT", ("hours-below",))


def test_only_a_period_that_has_begun_falls_due() -> None:
    # 8 hours are paid for the week to 18 April, the last day known: a period at 20 hours begins the day after.
    every = two_bands(hours=HoursRule.EVERY_PAY_PERIOD)
    lines = (TWELVE_HOURS, work("2021-04-05", job="a", hours="20"), paid("2021-04-12..2021-04-18", "8", job="a"))

    on_the_day = seen(every, *lines, known_on="2021-04-18")[1]
    a_day_later = seen(every, *lines, known_on="2021-04-19")[1]

    assert (on_the_day.due_on, on_the_day.reasons) == ("NaT", ("hours-below",))
    assert (a_day_later.due_on, a_day_later.reasons) == ("2021-07-18", ("still-running",))


def test_hours_stay_unknown_until_a_period_with_hours_is_complete_or_falls_due() -> None:
    # No hours until 4 April, then 12: the period from 5 April to 4 July suits the lower band alone.
    lines = (work("2021-01-04..2021-04-04", job="a", hours=""), work("2021-04-05", job="a", hours="12"))

    under, over = seen(two_bands(), *lines, known_on="2021-04-30")

    assert (under.due_on, under.reasons) == ("2021-07-04", ("still-running",))
    assert (over.achieved_on, over.due_on, over.reasons) == ("2021-04-04", "NaT", ("hours-unknown",))


def test_hours_that_have_changed_decide_when_a_first_period_falls_due() -> None:
    # So far 40 days at 12 and 30 at 20: 15.43 hours. Going on at 20 they come to 16.48 on the 91st day.
    lines = (
        work("2021-01-04..2021-02-12", job="a", hours="12"),
        work("2021-02-13", job="a", hours="20"),
    )

    under, over = seen(two_bands(), *lines, known_on="2021-03-14")

    assert (under.due_on, under.reasons) == ("NaT", ("hours-above", "still-running"))
    assert (over.due_on, over.reasons, over.hours) == ("2021-04-04", ("still-running",), "15.42")


def test_a_first_period_of_work_without_weekly_hours_falls_due_as_the_pay_so_far_says() -> None:
    lines = (
        work("2021-01-04", job="a", hours=""),
        paid("2021-01-04..2021-02-28", "160", job="a"),  # 20 a week
    )

    under, over = seen(two_bands(), *lines, known_on="2021-02-28")

    assert (under.due_on, under.reasons) == ("NaT", ("hours-above", "still-running"))
    assert (over.due_on, over.reasons) == ("2021-04-04", ("still-running",))


def test_an_outcome_is_known_when_the_last_fact_of_its_own_period_is() -> None:
    late = work("2021-04-05..2021-12-31", job="a", hours="20", recorded_on="2021-08-02")

    under, over = seen(two_bands(), TWELVE_HOURS, late)

    assert (under.recorded_on, over.recorded_on) == ("2021-04-04", "2021-08-02")


def test_a_document_must_be_dated_on_or_after_the_later_day() -> None:
    rule = Employment(days=91, hours_from=Decimal(16), hours_over=HoursOver.ANY)
    terms = contract(metrics=(metric("over", rule=rule, evidence=EvidenceRule(("payslip",))),))

    def reasons(day: str) -> tuple[str, ...]:
        return outcomes(terms, referral(), TWELVE_HOURS, THEN_20, document("payslip", day))["P1/over/a"].reasons

    assert reasons("2021-05-19") == ("evidence-too-early",)
    assert reasons("2021-05-20") == ()


def test_an_edge_between_hundredths_and_uneven_pay_are_compared_exactly() -> None:
    # 230 hours in ten weeks are 23 a week.
    # (91 - x) x 12 + 23x >= 16.125 x 91 from x = 34.125 on: the 35th day from 5 April is 9 May.
    upper = Employment(days=91, hours_from=Decimal("16.125"), hours_over=HoursOver.ANY)
    terms = contract(metrics=(metric("over", rule=upper),))

    found = outcomes(terms, referral(), TWELVE_HOURS, THEN_20, paid("2021-04-05..2021-06-13", "230", job="a"))

    assert found["P1/over/a"].achieved_on == "2021-05-09"


@pytest.mark.parametrize(("module", "limit"), [(any_period, "_DAYS_AT_ONCE"), (rates, "_SAFE")])
def test_limits_of_memory_and_of_int64_change_no_result(
    module: ModuleType, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[Line] = []
    for number in range(1, 8):
        person = f"P{number}"
        lines += [
            referral(person=person),
            work("2021-01-04..2021-04-04", job="a", hours=f"{number + 5}", person=person),
            work("2021-04-05..2021-12-31", job="a", hours=f"{number + 14}", person=person),
            paid("2021-04-05..2021-04-17", "29.71", job="a", person=person),
        ]
    plain = outcomes(two_bands(), *lines)
    assert len({row.achieved_on for row in plain.values() if not row.reasons}) > 4

    monkeypatch.setattr(module, limit, 1)

    assert outcomes(two_bands(), *lines) == plain
