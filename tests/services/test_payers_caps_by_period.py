"""A payer's cap by period counts by statement: what prices and explanations say where they count otherwise."""

from pathlib import Path

from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import price_counts
from tests.services.stated import contract_of, file_of, stated_in

BY_PERIOD = """
[[cap]]
id = "fund-limit"
on = ["payer", "period"]
payer = "fund"
limit = 150.00
overflow = "lost"
status = "agreed"
source = "made up"
"""
HEADING = "row,person,metric,achieved_on,recorded_on\n"
FIRST = "first,P1,engagement,2020-05-04,2020-05-10\n"
SECOND = "second,P2,engagement,2020-06-10,2020-06-12\n"
OWN_PERIODS = (
    "a payer's cap counts by period, and each outcome that is not stated counts here in the period of its own day;"
    " a statement counts it in the period for which it states it, which is a later one for late records"
)


def test_a_price_says_that_outcomes_count_in_their_own_periods_for_a_payers_cap(tmp_path: Path) -> None:
    rows = file_of(tmp_path, HEADING + FIRST + SECOND)
    plain = price_counts(contract_of(tmp_path), rows)

    found = price_counts(contract_of(tmp_path, more=BY_PERIOD), rows)

    assert [finding.rule for finding in plain.findings] == []
    assert [(finding.rule, finding.what) for finding in found.findings] == [("own-periods", OWN_PERIODS)]
    assert [finding["rule"] for finding in found.as_dict()["findings"]] == ["own-periods"]


def test_an_explanation_without_a_period_says_so_too_and_one_of_a_statement_need_not(tmp_path: Path) -> None:
    contract, rows = contract_of(tmp_path, more=BY_PERIOD), file_of(tmp_path, HEADING + FIRST)
    stated = stated_in(contract, rows, "2020-Q2")

    whole = explain_amounts(contract, rows)
    of_statement = explain_amounts(contract, rows, stated=stated, period="2020-Q2")

    assert [finding.rule for finding in whole.findings] == ["own-periods"]
    assert of_statement.findings == ()


def test_late_records_are_explained_in_the_period_of_the_statement_that_stated_them(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, more=BY_PERIOD)
    late = "late,P1,engagement,2020-05-04,2020-08-10\n"
    rows = file_of(tmp_path, HEADING + late + SECOND)
    stated = stated_in(contract, rows, "2020-Q2", "2020-Q3")

    found = explain_amounts(contract, rows, stated=stated, period="2020-Q3", payer="fund")

    # 42 % of 300.01 in each of two periods, each below 150.00; in one period 252.01 would have met it.
    assert [step.amount for step in found.steps] == [25_201]
    assert price_counts(contract, rows).payers[1].amount == 15_000


def test_a_row_that_was_stated_in_steps_is_named_where_a_payers_cap_counts_by_period(tmp_path: Path) -> None:
    contract = contract_of(tmp_path, ("limit = 2000.00", "limit = 500.00"), more=BY_PERIOD)
    both = file_of(tmp_path, HEADING + FIRST + SECOND)
    (one,) = stated_in(contract, both, "2020-Q2")
    without = file_of(tmp_path, HEADING + SECOND)

    found = explain_amounts(contract, without, stated=(one,), period="2020-Q3")

    # 199.99 of the second was below the contract's cap in its own quarter; 100.02 more came with the first one gone.
    assert [finding.rule for finding in found.findings] == ["stated-in-steps"]
    assert found.findings[0].what.startswith("a payer's cap counts by period, and statements state second in steps;")
    assert [finding["rule"] for finding in found.as_dict()["findings"]] == ["stated-in-steps"]


def test_a_corrected_price_is_no_further_step_where_it_asks_for_less(tmp_path: Path) -> None:
    rows = file_of(tmp_path, HEADING + FIRST)
    stated = stated_in(contract_of(tmp_path, more=BY_PERIOD), rows, "2020-Q2")
    cheaper = contract_of(tmp_path, ("price = 300.01", "price = 200.00"), more=BY_PERIOD)

    found = explain_amounts(cheaper, rows, stated=stated, period="2020-Q3", payer="fund")

    assert [finding.rule for finding in found.findings] == ["restatement"]  # and not stated-in-steps
    assert [step.amount for step in found.steps] == [8_400]
