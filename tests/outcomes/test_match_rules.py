"""Which outcomes count and why the others do not, rule by rule, on dates that a calendar confirms."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import Reason, bit, reasons_in
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import Band, BandRule, Counts, Employment, Length, Window
from sib_engine.terms.money_clauses import Grant, Replaces
from tests.oracle import build

ENGAGED, JOB, SUSTAINED = 0, 1, 2

DUPLICATE = [Reason.DUPLICATE]
MISSING = [Reason.PREREQUISITE_MISSING]
LATER = [Reason.PREREQUISITE_LATER]
TOO_SOON = [Reason.TOO_SOON]
OUTSIDE = [Reason.OUTSIDE_WINDOW]
OTHER_BAND = [Reason.OTHER_BAND]
COUNTS: list[Reason] = []


def ladder(**terms: Any) -> Contract:  # noqa: ANN401 - any term of the contract
    """Return a contract from 2019 on: engagement, job start, 91 days in work; each once per person."""
    once = Counts.ONCE_PER_PERSON
    plain = build.contract(
        start=date(2019, 1, 1),
        metrics=(
            build.metric("engaged", counts=once),
            build.metric("job", counts=once, rule=Employment(), requires=("engaged",)),
            build.metric("sustained", counts=once, rule=Employment(days=91), requires=("job",)),
        ),
    )
    return replace(plain, **terms)


def per_job(contract: Contract) -> Contract:
    first, *rest = contract.metrics
    metrics = (first, *(replace(metric, counts=Counts.ONCE_PER_JOB) for metric in rest))
    return replace(contract, metrics=metrics)


def reasons(contract: Contract, *rows: tuple[int, int, str], **columns: Any) -> list[list[Reason]]:  # noqa: ANN401 - columns of any kind
    """Return the reasons of rows given as person, metric and day; other columns by name."""
    person, metric, day = zip(*rows, strict=True)
    table = build.rows(len(rows), **{"person": person, "metric": metric, "achieved_on": day, **columns})
    return [list(reasons_in(mask)) for mask in match(contract, table).tolist()]


def test_the_earliest_outcome_of_a_person_counts_whatever_the_order_of_the_rows() -> None:
    rows = [(0, ENGAGED, "2020-05-02"), (0, ENGAGED, "2020-05-01"), (1, ENGAGED, "2020-06-01")]

    assert reasons(ladder(), *rows) == [DUPLICATE, COUNTS, COUNTS]


def test_of_two_outcomes_on_one_day_the_smaller_row_id_counts() -> None:
    rows = [(0, ENGAGED, "2020-05-01"), (0, ENGAGED, "2020-05-01"), (0, ENGAGED, "2020-05-01")]

    assert reasons(ladder(), *rows, row=[9, 4, 7]) == [DUPLICATE, COUNTS, DUPLICATE]


def test_a_dated_outcome_goes_before_an_undated_one() -> None:
    rows = [(0, ENGAGED, "NaT"), (0, ENGAGED, "2023-05-01"), (1, ENGAGED, "NaT")]

    assert reasons(ladder(), *rows) == [DUPLICATE, COUNTS, COUNTS]


def test_a_metric_that_counts_every_time_has_no_duplicates() -> None:
    contract = build.contract(metrics=(build.metric("course"),))

    assert reasons(contract, (0, 0, "2020-05-01"), (0, 0, "2020-05-01")) == [COUNTS, COUNTS]


def test_once_per_job_counts_each_job_once_and_unnamed_jobs_of_a_person_as_one() -> None:
    contract = build.contract(metrics=(build.metric("job", counts=Counts.ONCE_PER_JOB),))
    rows = [
        (0, 0, "2020-05-01"),
        (0, 0, "2020-06-01"),
        (0, 0, "2020-07-01"),
        (0, 0, "2020-08-01"),
        (0, 0, "2020-09-01"),
    ]

    assert reasons(contract, *rows, job=[0, 0, 1, NONE, NONE]) == [COUNTS, DUPLICATE, COUNTS, COUNTS, DUPLICATE]


def test_a_job_reference_that_two_people_share_names_two_jobs() -> None:
    contract = build.contract(metrics=(build.metric("job", counts=Counts.ONCE_PER_JOB),))

    assert reasons(contract, (0, 0, "2020-05-01"), (1, 0, "2020-06-01"), job=[3, 3]) == [COUNTS, COUNTS]


def test_what_is_required_must_be_there_and_may_be_on_the_same_day() -> None:
    rows = [(0, JOB, "2020-05-01"), (1, ENGAGED, "2020-05-01"), (1, JOB, "2020-05-01")]

    assert reasons(ladder(), *rows) == [MISSING, COUNTS, COUNTS]


def test_what_is_required_must_not_be_later() -> None:
    assert reasons(ladder(), (0, ENGAGED, "2020-05-02"), (0, JOB, "2020-05-01")) == [COUNTS, LATER]


def test_a_later_job_counts_where_an_earlier_one_came_before_engagement() -> None:
    rows = [(0, ENGAGED, "2020-05-02"), (0, JOB, "2020-05-01"), (0, JOB, "2020-08-01"), (0, JOB, "2020-09-01")]

    assert reasons(ladder(), *rows) == [COUNTS, LATER, COUNTS, DUPLICATE]


def test_a_prerequisite_that_does_not_count_is_missing() -> None:
    rows = [(0, ENGAGED, "2018-12-31"), (0, JOB, "2020-05-01"), (0, SUSTAINED, "2020-09-01")]

    assert reasons(ladder(), *rows) == [[Reason.BEFORE_START], MISSING, MISSING]


def test_a_sustained_job_needs_the_start_of_the_same_job_where_both_count_per_job() -> None:
    contract = per_job(ladder())
    rows = [
        (0, ENGAGED, "2020-05-01"),
        (0, JOB, "2020-05-01"),
        (0, SUSTAINED, "2020-09-01"),
        (0, SUSTAINED, "2020-09-01"),
    ]

    assert reasons(contract, *rows, job=[NONE, 0, 1, 0]) == [COUNTS, COUNTS, MISSING, COUNTS]


@pytest.mark.parametrize(
    ("started_on", "ninetieth", "ninety_first"),
    [
        ("2020-01-01", "2020-03-30", "2020-03-31"),  # over 29 February
        ("2021-01-01", "2021-03-31", "2021-04-01"),  # over the clocks going forward on 28 March
        ("2020-09-01", "2020-11-29", "2020-11-30"),  # over the clocks going back on 25 October
    ],
)
def test_91_days_are_served_on_the_91st_day_with_the_first_included(
    started_on: str, ninetieth: str, ninety_first: str
) -> None:
    def judged(day: str) -> list[Reason]:
        return reasons(ladder(), (0, ENGAGED, started_on), (0, JOB, started_on), (0, SUSTAINED, day))[2]

    assert judged(ninetieth) == TOO_SOON
    assert judged(ninety_first) == COUNTS


@pytest.mark.parametrize(
    ("started_on", "too_soon", "served"),
    [("2021-02-01", "2021-07-30", "2021-07-31"), ("2020-08-31", "2021-02-26", "2021-02-27")],
)
def test_six_months_end_on_the_eve_of_the_same_day_or_of_the_last_day_of_a_shorter_month(
    started_on: str, too_soon: str, served: str
) -> None:
    engaged, job, sustained = ladder().metrics
    contract = ladder(metrics=(engaged, job, replace(sustained, rule=Employment(months=6))))

    def judged(day: str) -> list[Reason]:
        return reasons(contract, (0, ENGAGED, started_on), (0, JOB, started_on), (0, SUSTAINED, day))[2]

    assert judged(too_soon) == TOO_SOON
    assert judged(served) == COUNTS


def test_the_time_in_work_runs_from_the_earliest_job_start_that_counts() -> None:
    rows = [(0, ENGAGED, "2020-05-10"), (0, JOB, "2020-05-01"), (0, JOB, "2020-06-01"), (0, SUSTAINED, "2020-08-29")]

    assert reasons(ladder(), *rows) == [COUNTS, LATER, COUNTS, TOO_SOON]


def test_an_outcome_before_its_prerequisite_is_not_called_too_soon_as_well() -> None:
    rows = [(0, ENGAGED, "2020-05-01"), (0, JOB, "2020-06-01"), (0, SUSTAINED, "2020-05-15")]

    assert reasons(ladder(), *rows) == [COUNTS, COUNTS, LATER]


def test_a_rule_about_time_is_silent_where_a_date_is_not_recorded() -> None:
    rows = [(0, ENGAGED, "NaT"), (0, JOB, "2020-06-01"), (0, SUSTAINED, "NaT")]

    assert reasons(ladder(), *rows) == [COUNTS, COUNTS, COUNTS]


def test_a_window_ends_on_its_last_day() -> None:
    engaged, job, _ = ladder().metrics
    contract = ladder(metrics=(engaged, replace(job, within=Window("engaged", months=9))))
    rows = [(0, ENGAGED, "2020-05-31"), (0, JOB, "2021-02-28"), (1, ENGAGED, "2020-05-31"), (1, JOB, "2021-03-01")]

    assert reasons(contract, *rows) == [COUNTS, COUNTS, COUNTS, OUTSIDE]


def test_a_window_from_the_referral_is_silent_without_one() -> None:
    contract = build.contract(metrics=(build.metric("job", within=Window("referral", days=30)),))
    rows = [(0, 0, "2020-05-31"), (1, 0, "2020-05-31"), (2, 0, "2020-05-31")]

    assert reasons(contract, *rows, started_on=["2020-05-01", "2020-04-30", "NaT"]) == [COUNTS, OUTSIDE, COUNTS]


def test_a_window_opens_on_its_first_day_and_may_stay_open() -> None:
    engaged, job, _ = ladder().metrics
    open_ended = ladder(metrics=(engaged, replace(job, within=Window("engaged", not_before=Length(months=3)))))
    closing = ladder(metrics=(engaged, replace(job, within=Window("engaged", months=6, not_before=Length(months=3)))))
    # Three months after 30 November is the last day of February; six months, 30 May.
    ends = ["2021-02-27", "2021-02-28", "2021-05-30", "2021-05-31"]
    rows = [row for person, day in enumerate(ends) for row in ((person, ENGAGED, "2020-11-30"), (person, JOB, day))]

    assert reasons(open_ended, *rows)[1::2] == [TOO_SOON, COUNTS, COUNTS, COUNTS]
    assert reasons(closing, *rows)[1::2] == [TOO_SOON, COUNTS, COUNTS, OUTSIDE]


def test_an_outcome_before_its_prerequisite_is_not_called_too_soon_for_the_window_as_well() -> None:
    later = Window("a", not_before=Length(days=30))
    required = build.contract(metrics=(build.metric("a"), build.metric("b", requires=("a",), within=later)))
    not_required = build.contract(metrics=(build.metric("a"), build.metric("b", within=later)))
    rows = [(0, 0, "2020-05-31"), (0, 1, "2020-05-01")]

    assert reasons(required, *rows) == [COUNTS, LATER]
    assert reasons(not_required, *rows) == [COUNTS, TOO_SOON]


def test_a_window_from_the_referral_may_open_later() -> None:
    within = Window("referral", days=60, not_before=Length(days=30))
    contract = build.contract(metrics=(build.metric("job", within=within),))
    rows = [(person, 0, "2020-05-31") for person in range(5)]
    referred = ["2020-05-02", "2020-05-01", "2020-04-01", "2020-03-31", "NaT"]

    assert reasons(contract, *rows, started_on=referred) == [TOO_SOON, COUNTS, COUNTS, OUTSIDE, COUNTS]


def test_of_two_records_the_one_inside_the_window_counts() -> None:
    once = Counts.ONCE_PER_PERSON
    within = Window("engaged", not_before=Length(months=6))
    contract = build.contract(
        metrics=(build.metric("engaged"), build.metric("better", counts=once, requires=("engaged",), within=within))
    )

    assert reasons(contract, (0, 0, "2020-05-01"), (0, 1, "2020-07-01"), (0, 1, "2020-11-01")) == [
        COUNTS,
        TOO_SOON,
        COUNTS,
    ]


def test_a_window_from_an_outcome_that_does_not_count_cannot_be_shown_to_be_kept() -> None:
    contract = build.contract(metrics=(build.metric("a"), build.metric("b", within=Window("a", days=30))))

    assert reasons(contract, (0, 1, "2020-05-01")) == [MISSING]


BANDED = build.contract(
    metrics=(
        build.metric("low", counts=Counts.ONCE_PER_PERSON),
        build.metric("high", counts=Counts.ONCE_PER_PERSON),
    ),
    bands=(Band("hours", ("low", "high"), BandRule.EXCLUSIVE, build.AGREED),),
)


def test_the_earliest_band_wins() -> None:
    assert reasons(BANDED, (0, 1, "2020-05-02"), (0, 0, "2020-05-01")) == [OTHER_BAND, COUNTS]


def test_on_one_day_the_higher_band_wins() -> None:
    assert reasons(BANDED, (0, 0, "2020-05-01"), (0, 1, "2020-05-01")) == [OTHER_BAND, COUNTS]


def test_rows_of_the_band_that_won_are_duplicates_and_of_the_other_band_are_not() -> None:
    rows = [
        (0, 0, "2020-05-01"),
        (0, 0, "2020-05-03"),
        (0, 1, "2020-05-02"),
        (0, 1, "2020-05-04"),
        (1, 1, "2020-05-04"),
    ]

    assert reasons(BANDED, *rows) == [COUNTS, DUPLICATE, OTHER_BAND, OTHER_BAND, COUNTS]


def test_bands_that_count_per_job_are_exclusive_per_job() -> None:
    metrics = tuple(replace(metric, counts=Counts.ONCE_PER_JOB) for metric in BANDED.metrics)
    rows = [(0, 0, "2020-05-01"), (0, 1, "2020-05-02"), (0, 1, "2020-06-01")]

    assert reasons(replace(BANDED, metrics=metrics), *rows, job=[0, 0, 1]) == [COUNTS, OTHER_BAND, COUNTS]


def test_the_contract_holds_from_its_first_to_its_last_day() -> None:
    contract = build.contract(metrics=(build.metric("a"),), end=date(2021, 3, 31))
    days = [(0, 0, "2020-03-31"), (0, 0, "2020-04-01"), (0, 0, "2021-03-31"), (0, 0, "2021-04-01")]

    assert reasons(contract, *days) == [[Reason.BEFORE_START], COUNTS, COUNTS, [Reason.AFTER_END]]


def test_months_that_a_grant_paid_for_do_not_count_where_it_replaces_outcome_payments() -> None:
    grant = Grant("g", date(2020, 5, 1), date(2020, 5, 31), 1, Replaces.OUTCOME_PAYMENTS, True, None, build.AGREED)  # noqa: FBT003 - in the order of the class
    contract = build.contract(metrics=(build.metric("a"),), grants=(grant,))
    days = [(0, 0, "2020-04-30"), (0, 0, "2020-05-01"), (0, 0, "2020-05-31"), (0, 0, "2020-06-01")]
    free = replace(contract, grants=(replace(grant, replaces=Replaces.NOTHING),))

    assert reasons(contract, *days) == [COUNTS, [Reason.GRANT_MONTH], [Reason.GRANT_MONTH], COUNTS]
    assert reasons(free, *days) == [COUNTS, COUNTS, COUNTS, COUNTS]


def test_recorded_late_is_after_claims_close_or_after_the_metrics_own_limit() -> None:
    contract = build.contract(metrics=(build.metric("a"), build.metric("b", claim_within_days=60)))
    rows = [
        (0, 0, "2024-03-01"),
        (0, 0, "2024-03-01"),
        (0, 1, "2020-05-01"),
        (0, 1, "2020-05-01"),
        (0, 1, "2020-05-01"),
    ]
    recorded_on = ["2024-07-31", "2024-08-01", "2020-06-30", "2020-07-01", "NaT"]
    late = [Reason.RECORDED_LATE]

    assert reasons(contract, *rows, recorded_on=recorded_on) == [COUNTS, late, COUNTS, late, COUNTS]


def test_all_reasons_are_given_and_not_only_the_first() -> None:
    found = reasons(ladder(), (0, SUSTAINED, "2018-06-01"), recorded_on=["2030-01-01"])

    assert found == [[Reason.BEFORE_START, Reason.PREREQUISITE_MISSING, Reason.RECORDED_LATE]]


def test_a_deadline_for_claims_is_about_the_claim_and_not_what_else_the_outcome_rests_on() -> None:
    contract = build.contract(metrics=(build.metric("a", claim_within_days=30),))
    late = {"claimed_on": ["2020-05-31", "2020-06-01"], "recorded_on": ["2020-09-01", "2020-09-01"]}

    assert reasons(contract, (0, 0, "2020-05-01"), (1, 0, "2020-05-01"), **late) == [COUNTS, [Reason.RECORDED_LATE]]


def test_a_price_by_claim_date_needs_that_date_of_people_only() -> None:
    contract = build.contract(metrics=(build.metric("a"),), price_date=PriceDate.CLAIM)

    assert reasons(contract, (0, 0, "2020-05-01"), (NONE, 0, "2020-05-01")) == [[Reason.NO_CLAIM_DATE], COUNTS]


def test_published_counts_meet_no_rule_about_people() -> None:
    rows = [(NONE, ENGAGED, "2020-05-01"), (NONE, ENGAGED, "2020-05-01"), (NONE, SUSTAINED, "2019-05-01")]

    assert reasons(ladder(), *rows, count=[8, 0, 3]) == [COUNTS, COUNTS, COUNTS]


def test_a_row_with_a_count_of_0_reports_nothing_and_takes_nobodys_place() -> None:
    rows = [(0, ENGAGED, "2020-05-01"), (0, ENGAGED, "2020-05-02"), (1, ENGAGED, "2020-05-01"), (1, JOB, "2020-05-02")]

    assert reasons(ladder(), *rows, count=[0, 1, 0, 1]) == [COUNTS, COUNTS, COUNTS, MISSING]


def test_one_row_cannot_give_a_person_several_outcomes_of_what_counts_once() -> None:
    with pytest.raises(RefusedError, match="one row gives a person 3 outcomes of 'engaged', which counts once"):
        reasons(ladder(), (0, ENGAGED, "2020-05-01"), count=[3])


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(RefusedError, match="row id 4 stands twice"):
        reasons(ladder(), (0, ENGAGED, "2020-05-01"), (0, ENGAGED, "2020-05-01"), row=[4, 4])


def test_reasons_that_are_already_known_stay_and_take_a_row_out_of_the_running() -> None:
    table = build.rows(2, person=0, achieved_on=["2020-05-01", "2020-05-02"])
    known = np.array([bit(Reason.EVIDENCE_MISSING), 0], dtype=np.uint64)

    found = match(ladder(), table, mask=known)

    assert [list(reasons_in(mask)) for mask in found.tolist()] == [[Reason.EVIDENCE_MISSING], COUNTS]
    assert known.tolist() == [bit(Reason.EVIDENCE_MISSING), 0]


def test_codes_with_large_gaps_take_no_more_memory_than_rows() -> None:
    rows = [(0, ENGAGED, "2020-05-01"), (2_000_000_000, ENGAGED, "2020-05-01"), (2_000_000_000, ENGAGED, "2020-05-02")]

    assert reasons(ladder(), *rows) == [COUNTS, COUNTS, DUPLICATE]


def test_row_ids_may_be_any_whole_numbers() -> None:
    rows = [(0, ENGAGED, "2020-05-01"), (0, ENGAGED, "2020-05-01"), (0, ENGAGED, "2020-05-01")]

    assert reasons(ladder(), *rows, row=[2**62, -(2**62), 0]) == [DUPLICATE, COUNTS, DUPLICATE]


def test_no_rows_have_no_reasons() -> None:
    assert match(ladder(), build.rows(0)).tolist() == []


def test_metrics_that_require_each_other_in_a_circle_are_refused() -> None:
    metrics = (build.metric("a", requires=("b",)), build.metric("b", requires=("a",)), build.metric("c"))

    with pytest.raises(RefusedError, match="wait for each other in a circle, so none of them can count first: a, b"):
        reasons(build.contract(metrics=metrics), (0, 0, "2020-05-01"))


def test_a_metric_in_two_exclusive_bands_is_refused() -> None:
    contract = replace(BANDED, bands=(*BANDED.bands, Band("again", ("high",), BandRule.EXCLUSIVE, build.AGREED)))

    with pytest.raises(RefusedError, match="band 'again' shares a metric with another exclusive band"):
        reasons(contract, (0, 0, "2020-05-01"))
