"""The DWP Work and Health Programme: what is published of its model, and that every figure of money is marked.

Source: DWP, Work and Health Programme provider guidance, chapter 13 (funding model), 1 April 2020.
"""

from fractions import Fraction
from pathlib import Path

from sib_engine.core.money import plain
from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.inputs import contract_at

NAME = "dwp-work-health-programme/area"


def test_the_fee_is_thirty_percent_of_a_value_that_is_assumed_in_sixty_equal_months() -> None:
    (fee,) = contract_at(NAME).contract.fees

    assert fee.total is not None
    assert (fee.total.share, fee.n_instalments, fee.profile) == (Fraction(3, 10), 60, ())
    assert fee.provenance.assumes("of")


def test_no_price_of_an_outcome_is_given_as_published() -> None:
    priced = [tariff for tariff in contract_at(NAME).contract.tariffs if tariff.price]

    assert [(tariff.metric, tariff.provenance.assumes("price")) for tariff in priced] == [("work_outcome", True)]


def test_an_outcome_counts_within_456_and_182_days_of_the_start(tmp_path: Path) -> None:
    facts = tmp_path / "facts.csv"
    reached = "earnings threshold reached"
    facts.write_text(
        "person,fact,on,recorded_on\n"
        "A,referral,2018-01-02,2018-01-02\nB,referral,2018-01-02,2018-01-02\n"
        "A,programme start,2018-01-08,2018-01-08\nB,programme start,2018-01-08,2018-01-08\n"
        f"A,{reached},2019-10-08,2019-10-20\nB,{reached},2019-10-09,2019-10-20\n",  # 638 days, 639 days
        encoding="utf-8",
    )

    derived = derive_outcomes(NAME, facts)

    outcomes = {line.row: line.does_count for line in derived.listed() if line.metric == "work_outcome"}
    assert outcomes == {"A/work_outcome": True, "B/work_outcome": False}


def test_the_fee_is_stated_beside_outcomes_and_marked_as_assumed(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("metric,achieved_on,recorded_on,count\nwork_outcome,2019-10-08,2019-10-20,1\n", encoding="utf-8")

    drawn = draw_statement(NAME, rows, "2022-10")

    # 60 instalments of 30 % of 100,000,000.00, and one outcome at the assumed 4,000.00.
    fees = [line for line in drawn.statement.lines if line.kind == "fee"]
    assert [plain(line.payable, drawn.contract.currency) for line in fees] == ["500000.00"] * 60
    assert drawn.statement.due == 30_004_000_00
    assert all(line.is_assumed for line in fees)
