"""Contracts paid on a measured result: the published figures, and the published outcome where there is one."""

from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import price_counts

COUNTS = "cases,population,comparison_cases,comparison_population"


def paid(folder: Path, contract: str, metric: str, columns: str, figures: str) -> Decimal:
    """Return what one measured row pays, in the contract's currency."""
    path = folder / "counts.csv"
    path.write_text(f"metric,{columns}\n{metric},{figures}\n", encoding="utf-8")
    return Decimal(price_counts(contract, path).as_dict()["payable"])


@pytest.mark.parametrize(
    ("metric", "figures", "amount"),
    [
        # Published in August 2014: 142 reconvictions per 100 against 155, 8.4 % fewer. No payment for the cohort.
        ("cohort_reconvictions", "142,100,155,100", "0.00"),
        ("cohort_reconvictions", "1420,1000,15500,10000", "0.00"),
        ("cohort_reconvictions", "1396,1000,1550,1000", "0.00"),
        ("cohort_reconvictions", "1395,1000,1550,1000", "1666667.00"),
        # The same figures pooled are beyond 7.5 %, "on course for payment in 2016" (Social Finance, August 2014).
        ("pooled_reconvictions", "142,100,155,100", "5000000.00"),
        # Published in July 2017: 9 % fewer in the whole pilot, and investors were paid.
        ("pooled_reconvictions", "910,1000,1000,1000", "5000000.00"),
        ("pooled_reconvictions", "926,1000,1000,1000", "0.00"),
    ],
)
def test_peterborough_pays_a_cohort_from_10_percent_and_all_of_them_from_7_5(
    metric: str, figures: str, amount: str, tmp_path: Path
) -> None:
    assert paid(tmp_path, "peterborough/one-service", metric, COUNTS, figures) == Decimal(amount)


def test_peterborough_pays_no_pooled_result_where_a_cohort_is_paid_and_no_more_than_the_whole(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    cohorts = "".join(f"cohort_reconvictions,2014-08-0{day},1300,1000,1550,1000,{day}\n" for day in (1, 2, 3))
    pooled = "pooled_reconvictions,2017-07-27,3900,3000,4650,3000,p\n"
    path.write_text(f"metric,achieved_on,{COUNTS},row\n{cohorts}{pooled}", encoding="utf-8")

    found = price_counts("peterborough/one-service", path)

    assert [(line.metric, line.earned) for line in found.lines] == [
        ("cohort_reconvictions", 5_000_001_00),
        ("pooled_reconvictions", 0),
    ]
    assert found.payable == 5_000_000_00


def test_peterboroughs_first_cohort_is_explained_to_the_thousandth_of_a_percent(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(f"metric,{COUNTS}\ncohort_reconvictions,142,100,155,100\n", encoding="utf-8")

    outcome = explain_amounts("peterborough/one-service", path, row="count/cohort_reconvictions").outcome

    assert outcome is not None
    assert outcome.step is not None
    assert outcome.step.steps[0].detail == (
        "reduction 8.387...% = 1 - (142/100) / (155/100); below 10%: nothing"
        " (scale from 2010-09-01; rounded half-even, once)"
    )


@pytest.mark.parametrize(
    ("returned", "amount"),
    [
        (1000, "0.00"),  # what happened: no reduction (Vera Institute, July 2015), and the city paid nothing
        (916, "0.00"),
        (915, "4800000.00"),  # assumed
        (901, "4800000.00"),
        (900, "9600000.00"),  # break-even: the loan of 9.6 million
        (891, "9600000.00"),
        (890, "10069000.00"),  # 9.6 million at the published 1.2 % a year for four years
        (880, "10189000.00"),  # 1.5 %
        (870, "10351000.00"),  # 1.9 %
        (841, "10351000.00"),
        (840, "10931000.00"),  # 3.3 %
        (801, "10931000.00"),
        (800, "11713000.00"),  # 5.1 %; published as the most: 11.7 million
        (500, "11713000.00"),
    ],
)
def test_new_york_breaks_even_at_10_percent(returned: int, amount: str, tmp_path: Path) -> None:
    figures = f"{returned},1000,1000,1000"

    assert paid(tmp_path, "new-york/able", "bed_days", COUNTS, figures) == Decimal(amount)


@pytest.mark.parametrize(
    ("change", "amount"),
    [("0.49", "0.00"), ("0.5", "0.00"), ("0.95", "50.00"), ("1.04", "60.00"), ("1.4", "100.00"), ("2.1", "100.00")],
)
def test_ways_to_wellness_pays_in_proportion_between_0_5_and_1_4_points(
    change: str, amount: str, tmp_path: Path
) -> None:
    found = paid(tmp_path, "ways-to-wellness/outcome-a", "wellbeing", "count,value", f"1,{change}")

    assert found == Decimal(amount)


@pytest.mark.parametrize(
    ("metric", "restored", "amount"),
    [
        ("restoration_at_maturity", 40, "3500000.00"),
        ("restoration_at_maturity", 55, "3500000.00"),
        ("restoration_at_maturity", 56, "7000000.00"),
        # Published: 60 % in the year to June 2014, a return of 7.5 % (Newpin annual investor report, 30 June 2014).
        ("restoration_in_a_year", 60, "525000.00"),
        ("restoration_in_a_year", 54, "0.00"),
        ("restoration_in_a_year", 55, "210000.00"),
        ("restoration_in_a_year", 65, "840000.00"),
        ("restoration_in_a_year", 70, "1050000.00"),
    ],
)
def test_newpin_repays_principal_above_55_percent_and_half_of_it_otherwise(
    metric: str, restored: int, amount: str, tmp_path: Path
) -> None:
    figures = f"{restored},100"

    assert paid(tmp_path, "newpin/return-rule", metric, "cases,population", figures) == Decimal(amount)
