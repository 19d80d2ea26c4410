from datetime import date

from sib_engine.payments.reconciliation.anomaly import Kind
from tests.published_cases import COUNTS, found_in, made_up_case, made_up_contract, one_of

MAY, DECEMBER = date(2025, 5, 1), date(2025, 12, 1)


def test_more_outcomes_than_the_metric_that_they_require_are_named() -> None:
    found = one_of(made_up_case(counts={DECEMBER: {**COUNTS, "job_start": 41}}))

    assert (found.code, found.subject, found.amount) == ("more-outcomes-than-required", "metric job_start", None)
    assert found.figures == {"job_start": 41, "engagement": 40}
    assert found.what == (
        "Job start: 41 achieved on 40 of Engagement, which must come first (published in December 2025)."
    )


def test_counting_once_per_job_is_given_as_a_reason_and_named_all_the_same() -> None:
    contract = made_up_contract(('requires = "engagement"', 'requires = "engagement"\ncounts = "once per job"'))

    found = one_of(made_up_case(contract=contract, counts={DECEMBER: {**COUNTS, "job_start": 41}}))

    assert found.what.endswith("; the contract counts it once per job, not once per person.")


def test_exclusive_bands_are_added_up_before_they_are_compared() -> None:
    case = made_up_case(counts={DECEMBER: {**COUNTS, "short_hours": 20, "long_hours": 12}})

    assert found_in(case) == [("more-outcomes-than-required", "metric short_hours+long_hours", None)]


def test_bands_that_pay_the_difference_may_both_be_reached_and_are_not_added_up() -> None:
    contract = made_up_contract(('rule = "exclusive"', 'rule = "upgrade pays the difference"'))

    case = made_up_case(contract=contract, counts={DECEMBER: {**COUNTS, "short_hours": 20, "long_hours": 12}})

    assert found_in(case) == []


def test_a_required_metric_whose_count_is_not_published_compares_nothing() -> None:
    assert found_in(made_up_case(counts={DECEMBER: {"job_start": 41}})) == []


def test_only_the_counts_published_last_are_compared_with_what_they_require() -> None:
    case = made_up_case(counts={MAY: {**COUNTS, "job_start": 41}, DECEMBER: COUNTS})

    assert found_in(case) == [("results-restated", "metric job_start", None)]


def test_results_restated_are_a_note_for_each_metric_that_changed() -> None:
    found = one_of(made_up_case(counts={MAY: {**COUNTS, "engagement": 45}, DECEMBER: COUNTS}))

    assert (found.kind, found.figures) == (Kind.NOTE, {"earlier": 45, "later": 40})
    assert found.what == "Engagement: 45 in May 2025, 40 in December 2025."


def test_a_target_published_earlier_with_another_value_is_named() -> None:
    found = one_of(made_up_case(("target = []", 'target = [{ metric = "outcomemetric1", count = 63 }]')))

    assert (found.code, found.subject) == ("target-restated", "target engagement")
    assert found.what == "The target for Engagement is 100 in the contract and 63 in an earlier publication."


def test_the_same_target_published_again_is_silent() -> None:
    case = made_up_case(("target = []", 'target = [{ metric = "engagement", as_published = "2025-05", count = 100 }]'))

    assert found_in(case) == []


TARGET = """[[target]]
id = "high-engagement"
case = "high"
metric = "engagement"
count = 100
status = "agreed"
source = "made up"
"""
PLAN = """[[plan]]
id = "plan1"
in_force = { from = "2020-04" }
starts = 2020-04-01
months = 3
amounts = [2000, 3000, 3000, 2000]
status = "agreed"
source = "made up"
"""


def test_plans_without_any_target_are_named() -> None:
    found = one_of(made_up_case(contract=made_up_contract((TARGET, ""))))

    assert found.code == "targets-not-published"
    assert found.what == "1 payment plan is published, and no target for any of the 4 metrics."


def test_a_contract_with_neither_plans_nor_targets_is_silent() -> None:
    assert found_in(made_up_case(contract=made_up_contract((TARGET, ""), (PLAN, "")))) == []
