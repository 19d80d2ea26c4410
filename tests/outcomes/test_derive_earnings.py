from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.terms.contract import Contract
from sib_engine.terms.indexes import Index, IndexValue
from sib_engine.terms.metric import Counts, Earnings, EvidenceRule, Since, Wage, WageOn, Window
from tests.oracle.build import AGREED, contract, metric
from tests.outcomes.people import document, outcomes, paid, referral, work

WAGE = Index(
    "nlw",
    (IndexValue(date(2020, 4, 1), Decimal("8.72")), IndexValue(date(2021, 4, 1), Decimal("8.91"))),
    AGREED,
)


def earns(rule: Earnings, **terms: Any) -> Contract:  # noqa: ANN401 - any term of a metric may be given by name
    terms = {"counts": Counts.ONCE_PER_PERSON, **terms}
    return contract(metrics=(metric("earned", rule=rule, **terms),), indexes=(WAGE,))


def at_least(amount: str, *, since: Since = Since.REFERRAL, competitive: bool = True) -> Contract:
    return earns(Earnings(at_least=Decimal(amount), since=since, competitive=competitive))


def hours_and_wage(on: WageOn) -> Contract:
    return earns(Earnings(wage=Wage(Decimal(16), 26, "nlw", on)))


def test_a_sum_is_reached_on_the_day_whose_earnings_complete_it() -> None:
    # 14 hours a week at 9.60 are 19.20 a day; 768.00 are 40 days: 1 January to 9 February.
    found = outcomes(
        at_least("768"), referral(), work("2021-01-01..2021-03-31", job="a", hours="14", hourly_pay="9.60")
    )

    row = found["P1/earned"]
    assert (row.achieved_on, row.reasons) == ("2021-02-09", ())
    assert row.details == "earned 768.00 of 768 by 2021-02-09"


def test_exactly_the_sum_counts_and_a_penny_less_does_not() -> None:
    lines = (referral(), work("2021-01-01..2021-02-09", job="a", hours="14", hourly_pay="9.60"))

    assert outcomes(at_least("768.00"), *lines)["P1/earned"].reasons == ()
    missed = outcomes(at_least("768.01"), *lines)["P1/earned"]
    assert (missed.achieved_on, missed.reasons) == ("2021-02-09", ("earnings-below",))
    assert missed.details == "earned 768.00 of 768.01 by 2021-02-09"


def test_sevenths_of_a_week_add_up_without_a_rounding_error() -> None:
    # 10 hours a week at 9.01 are 12.871428... a day, and 7 x 90.10 = 630.70 in seven weeks of seven days.
    lines = (referral(), work("2021-01-01..2021-02-18", job="a", hours="10", hourly_pay="9.01"))

    assert outcomes(at_least("630.70"), *lines)["P1/earned"].achieved_on == "2021-02-18"
    assert outcomes(at_least("630.70"), *lines)["P1/earned"].reasons == ()


def test_jobs_one_after_another_and_at_once_add_up() -> None:
    found = outcomes(
        at_least("100"),
        referral(),
        work("2021-01-01..2021-01-07", job="a", hours="7", hourly_pay="5.00"),  # 35.00
        work("2021-02-01..2021-02-28", job="b", hours="7", hourly_pay="4.00"),  # 4.00 a day
        work("2021-02-06..2021-02-28", job="c", hours="7", hourly_pay="11.00"),  # and 11.00 a day more
    )

    # 35 + 5 x 4 = 55 by 5 February, and 3 days of 15.
    assert found["P1/earned"].achieved_on == "2021-02-08"


def test_the_hours_of_a_pay_period_are_earned_evenly_on_the_days_on_which_the_job_was_held() -> None:
    found = outcomes(
        at_least("100"),
        referral(),
        work("2021-01-11..2021-03-31", job="a", hours="7", hourly_pay="10.00"),
        paid("2021-01-01..2021-01-20", "5", job="a"),  # 50.00 over the ten days from the 11th: 5.00 a day
    )

    # 50.00 by 20 January, then 10.00 a day.
    assert found["P1/earned"].achieved_on == "2021-01-25"


def test_earnings_before_the_referral_count_only_where_the_contract_counts_from_the_start_of_work() -> None:
    lines = (referral("2021-01-11"), work("2021-01-01..2021-03-31", job="a", hours="7", hourly_pay="10.00"))

    assert outcomes(at_least("200"), *lines)["P1/earned"].achieved_on == "2021-01-30"
    assert outcomes(at_least("200", since=Since.WORK), *lines)["P1/earned"].achieved_on == "2021-01-20"


def test_work_that_all_lies_before_the_referral_earned_nothing() -> None:
    row = outcomes(
        at_least("10"),
        referral("2021-03-01"),
        work("2021-01-01..2021-01-31", job="a", hours="7", hourly_pay="10.00"),
        work("2021-04-01..2021-04-01", job="b", person="P2", hourly_pay="10.00"),
    )["P1/earned"]

    assert (row.achieved_on, row.reasons) == ("2021-01-31", ("no-referral", "earnings-below"))
    assert row.details == "earned 0.00 of 10 by 2021-01-31"


def test_without_hourly_pay_it_cannot_be_told() -> None:
    lines = (
        work("2021-01-01..2021-01-31", job="a", hours="7"),
        work("2021-02-01..2021-03-31", job="b", hours="7", hourly_pay="10.00"),
    )

    row = outcomes(at_least("100"), referral(), *lines)["P1/earned"]

    assert (row.achieved_on, row.reasons) == ("2021-02-10", ("pay-unknown",))


def test_pay_that_is_missing_only_after_the_day_of_the_outcome_does_not_matter() -> None:
    lines = (
        work("2021-01-01..2021-01-31", job="a", hours="7", hourly_pay="10.00"),
        work("2021-01-11..2021-03-31", job="b", hours="7"),
    )

    assert outcomes(at_least("100"), referral(), *lines)["P1/earned"].reasons == ()
    assert outcomes(at_least("100.01"), referral(), *lines)["P1/earned"].reasons == ("pay-unknown",)


def test_hours_that_are_missing_are_another_reason_which_a_pay_period_mends() -> None:
    job = work("2021-01-01..2021-01-31", job="a", hours="", hourly_pay="10.00")

    assert outcomes(at_least("100"), referral(), job)["P1/earned"].reasons == ("hours-unknown",)
    slip = paid("2021-01-01..2021-01-31", "31", job="a")
    assert outcomes(at_least("100"), referral(), job, slip)["P1/earned"].achieved_on == "2021-01-10"


def test_work_that_lasts_is_due_on_the_day_on_which_it_would_have_earned_enough() -> None:
    lines = (referral(), work("2021-01-01", job="a", hours="7", hourly_pay="10.00"))

    row = outcomes(at_least("500"), *lines, known_on="2021-01-31")["P1/earned"]

    assert (row.reasons, row.due_on) == (("still-running",), "2021-02-19")
    assert row.details == "earned 310.00 of 500 by 2021-01-31"
    assert outcomes(at_least("500"), *lines, known_on="2021-02-18")["P1/earned"].due_on == "2021-02-19"
    assert outcomes(at_least("500"), *lines, known_on="2021-02-19")["P1/earned"].reasons == ()


def test_work_that_lasts_without_pay_has_no_due_date() -> None:
    unpaid = work("2021-01-01", job="a", hours="7", hourly_pay="0")
    unsaid = work("2021-01-01", job="a", hours="7")

    never = outcomes(at_least("500"), referral(), unpaid, known_on="2021-01-31")["P1/earned"]
    unknown = outcomes(at_least("500"), referral(), unsaid, known_on="2021-01-31")["P1/earned"]

    assert (never.reasons, never.due_on) == (("still-running", "earnings-below"), "NaT")
    assert (unknown.reasons, unknown.due_on) == (("still-running", "pay-unknown"), "NaT")


def test_volunteering_and_excluded_self_employment_add_nothing_and_say_why() -> None:
    lines = (
        referral(),
        work("2021-01-01..2021-01-31", job="v", hours="7", hourly_pay="10.00", competitive="no"),
        work("2021-02-01..2021-02-28", job="s", hours="7", hourly_pay="10.00", self_employed="yes"),
        work("2021-03-01..2021-03-31", job="a", hours="7", hourly_pay="10.00"),
    )

    found = outcomes(earns(Earnings(at_least=Decimal(300), self_employment=False)), *lines)
    assert {row_id: row.reasons for row_id, row in found.items()} == {
        "P1/earned": (),
        "P1/earned/v": ("not-competitive",),
        "P1/earned/s": ("self-employed", "earnings-below"),
    }
    assert found["P1/earned"].achieved_on == "2021-03-30"
    everything = outcomes(at_least("300", competitive=False), *lines)
    assert {row_id: row.achieved_on for row_id, row in everything.items()} == {"P1/earned": "2021-01-30"}


def test_once_per_job_adds_up_each_job_for_itself() -> None:
    terms = earns(Earnings(at_least=Decimal(200)), counts=Counts.ONCE_PER_JOB)

    found = outcomes(
        terms,
        referral(),
        work("2021-01-01..2021-01-15", job="a", hours="7", hourly_pay="10.00"),
        work("2021-02-01..2021-02-28", job="b", hours="7", hourly_pay="10.00"),
    )

    assert {row_id: (row.achieved_on, row.reasons) for row_id, row in found.items()} == {
        "P1/earned/a": ("2021-01-15", ("earnings-below",)),
        "P1/earned/b": ("2021-02-20", ()),
    }


def test_hours_times_weeks_times_the_wage_of_the_first_day_of_work() -> None:
    # 16 x 26 x 8.72 = 3,627.52; 40 hours at 9.10 are 52.00 a day: 70 days.
    lines = (referral(), work("2021-02-01..2021-12-31", job="a", hours="40", hourly_pay="9.10"))

    row = outcomes(hours_and_wage(WageOn.WORK), *lines)["P1/earned"]

    assert (row.achieved_on, row.reasons) == ("2021-04-11", ())
    assert row.details == "earned 3640.00 of 16 x 26 x 8.72 by 2021-04-11"


def test_the_wage_of_the_day_on_which_it_is_reached_may_ask_for_more() -> None:
    # From 1 April 16 x 26 x 8.91 = 3,706.56: 72 days of 52.00 make 3,744.
    lines = (referral(), work("2021-02-01..2021-12-31", job="a", hours="40", hourly_pay="9.10"))

    row = outcomes(hours_and_wage(WageOn.REACHED), *lines)["P1/earned"]

    assert row.achieved_on == "2021-04-13"
    assert row.details == "earned 3744.00 of 16 x 26 x 8.91 by 2021-04-13"


def test_the_last_day_of_a_wage_still_asks_for_its_own_sum() -> None:
    # 3,627.52 are 70 days of 52.00: from 21 January they end on 31 March.
    lines = (referral(), work("2021-01-21..2021-12-31", job="a", hours="40", hourly_pay="9.10"))

    assert outcomes(hours_and_wage(WageOn.REACHED), *lines)["P1/earned"].achieved_on == "2021-03-31"


def test_a_wage_that_is_not_yet_known_on_a_day_that_decides_is_refused() -> None:
    lines = (referral("2020-03-01"), work("2020-03-02..2021-12-31", job="a", hours="40", hourly_pay="9.10"))

    with pytest.raises(RefusedError, match="index 'nlw' has no value on 2020-03-02, a day from which earnings count"):
        outcomes(hours_and_wage(WageOn.WORK), *lines)


def test_a_limit_of_time_and_evidence_are_asked_as_of_any_other_outcome() -> None:
    terms = earns(
        Earnings(at_least=Decimal(200)), within=Window("referral", days=30), evidence=EvidenceRule(("payslip",))
    )
    lines = (referral("2021-01-01"), work("2021-01-01..2021-03-31", job="a", hours="7", hourly_pay="10.00"))
    late = (
        referral("2021-01-01", person="P2"),
        work("2021-01-13..2021-03-31", person="P2", hours="7", hourly_pay="10"),
    )

    found = outcomes(terms, *lines, *late, document("payslip", "2021-01-20", job="a"))

    assert found["P1/earned"].reasons == ()
    assert found["P2/earned"].reasons == ("outside-window", "evidence-missing")


def test_it_is_known_when_the_last_thing_that_it_rests_on_was_recorded() -> None:
    found = outcomes(
        at_least("100"),
        referral(),
        work("2021-01-01..2021-01-31", job="a", hours="7", hourly_pay="10.00", recorded_on="2021-01-04"),
        work("2021-01-06..2021-01-31", job="b", hours="7", hourly_pay="1.00", recorded_on="2021-05-01"),
        work("2021-01-25..2021-01-31", job="c", hours="7", hourly_pay="1.00", recorded_on="2021-06-01"),
    )

    assert (found["P1/earned"].achieved_on, found["P1/earned"].recorded_on) == ("2021-01-10", "2021-05-01")
