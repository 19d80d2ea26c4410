"""The DWP Work and Health Programme: what is published of its model, and that every figure of money is marked.

Source: DWP, Work and Health Programme provider guidance, chapter 13 (funding model), 1 April 2020.
"""

from fractions import Fraction
from pathlib import Path

from sib_engine.core.money import plain
from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.inputs import contract_at
from sib_engine.terms.provenance import Status

NAME = "dwp-work-health-programme/area"


def test_the_fee_is_thirty_percent_of_a_value_that_is_assumed_in_sixty_equal_months() -> None:
    (fee,) = contract_at(NAME).contract.fees

    assert fee.total is not None
    assert (fee.total.share, fee.n_instalments, fee.profile) == (Fraction(3, 10), 60, ())
    assert fee.provenance.assumes("of")


def test_prices_and_the_volume_beyond_which_they_rise_are_not_given_as_published() -> None:
    tiered = [tariff for tariff in contract_at(NAME).contract.tariffs if tariff.tiers]

    assert [(tariff.metric, tariff.provenance.status) for tariff in tiered] == [
        ("work_outcome", Status.ASSUMED),
        ("self_employed_outcome", Status.ASSUMED),
    ]


def outcomes_of(folder: Path, *lines: str) -> dict[str, bool]:
    """Return which outcomes of people who started on 8 January 2018 count."""
    facts = folder / "facts.csv"
    people = sorted({line.partition(",")[0] for line in lines})
    started = [f"{one},{fact},2018-01-08,,,,,,2018-01-08" for one in people for fact in ("referral", "programme start")]
    heading = "person,fact,on,until,job,hours,hourly_pay,competitive,recorded_on"
    facts.write_text("\n".join([heading, *started, *lines, ""]), encoding="utf-8")
    listed = derive_outcomes(NAME, facts).listed()
    return {line.row: line.does_count for line in listed if line.metric != "started"}


def test_earnings_of_16_hours_for_182_days_at_the_living_wage_count_within_456_and_182_days(tmp_path: Path) -> None:
    # 16 hours a week at 8.21, the wage from April 2019, for 182 days: to 8 October 2019, day 638, and to the day after.
    found = outcomes_of(
        tmp_path,
        "A,employment,2019-04-10,2019-12-31,a,16,8.21,yes,2020-01-10",
        "B,employment,2019-04-11,2019-12-31,b,16,8.21,yes,2020-01-10",
    )

    assert found == {"A/work_outcome": True, "B/work_outcome": False}


def test_a_penny_an_hour_below_the_living_wage_takes_longer(tmp_path: Path) -> None:
    found = outcomes_of(tmp_path, "A,employment,2019-04-10,2019-12-31,a,16,8.20,yes,2020-01-10")

    assert found == {"A/work_outcome": False}


def test_a_participant_is_paid_for_work_or_self_employment_whichever_comes_first(tmp_path: Path) -> None:
    found = outcomes_of(
        tmp_path,
        "A,self-employed for 182 days,2019-01-10,,,,,,2019-02-01",
        "A,employment,2019-02-01,2019-09-30,a,40,12.00,yes,2019-10-10",
    )

    assert found == {"A/self_employed_outcome": True, "A/work_outcome": False}


def test_the_fee_is_stated_beside_outcomes_and_marked_as_assumed(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("metric,achieved_on,recorded_on,count\nwork_outcome,2019-10-08,2019-10-20,1\n", encoding="utf-8")

    drawn = draw_statement(NAME, rows, "2022-10")

    # 60 instalments of 30 % of 100,000,000.00, and one outcome at the assumed 4,000.00.
    fees = [line for line in drawn.statement.lines if line.kind == "fee"]
    assert [plain(line.payable, drawn.contract.currency) for line in fees] == ["500000.00"] * 60
    assert drawn.statement.due == 30_004_000_00
    assert all(line.is_assumed for line in fees)
