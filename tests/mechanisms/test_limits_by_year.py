"""Limits by contract year and by financial year, as docs/mechanisms/limits-by-year.md has them."""

from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from tests.mechanisms import pages

NAME = "limits-by-year"
OWN_YEARS = ('year_from = "04-01"\n', "")
BY_YEAR = 'on = ["year"]\nlimit = 3000.00'


def amounts(*changes: tuple[str, str], folder: Path) -> str:
    return pages.payable(pages.priced(NAME, contract=pages.contract_file(NAME, folder, *changes)))["job"]


def test_each_financial_year_has_the_whole_limit() -> None:
    assert pages.payable(pages.priced(NAME)) == {"job": "6000.00"}
    assert pages.detail(NAME, "last-day", "cut") == [("-1000.00", "limit £3,000.00 per year; it cuts £1,000.00 in all")]
    assert pages.detail(NAME, "new-year", "cut") == []


def test_without_a_declared_day_years_are_those_of_the_contract(tmp_path: Path) -> None:
    # 2024: 4,500.00 earned, 3,000.00 payable; 2025: 2,500.00.
    assert amounts(OWN_YEARS, folder=tmp_path) == "5500.00"


def test_quarterly_statements_meet_the_limit_of_the_year_in_which_outcomes_were_achieved(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)

    found = pages.stated(engine, ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2"])

    assert [sum(payable for _row, _kind, payable in lines) for lines in found] == [
        200_000,
        250_000,
        0,
        0,
        50_000,
        100_000,
    ]


def test_a_late_outcome_takes_what_is_left_of_its_own_year(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2024-Q1", "2024-Q2", "2024-Q3"])
    engine.rows["late"] = engine.rows["first"] | {"row": "late", "count": "3", "achieved_on": "2024-03-31"}

    drawn = engine.state("2024-Q4")

    # 3,000.00 less the 2,000.00 of February, which lies in the same financial year.
    assert [(line.row, line.payable) for line in drawn.statement.lines] == [("late", 100_000)]


@pytest.mark.parametrize(
    ("clause", "payable"),
    [
        ('on = ["metric", "year"]\nlimit = 1000.00', "3000.00"),
        ('on = ["year"]\nshare = "50%"', "3500.00"),
        ('on = ["period", "year"]\nlimit = 1000.00', "4000.00"),
    ],
)
def test_other_limits_are_counted_by_year_too(clause: str, payable: str, tmp_path: Path) -> None:
    # Half of 4, 8 and 2 jobs are 7 of 500.00; 1,000.00 in each of three years, or of four quarters.
    assert amounts((BY_YEAR, clause), folder=tmp_path) == payable


def test_a_minimum_by_year_withholds_the_years_that_do_not_reach_it(tmp_path: Path) -> None:
    minimum = (
        '[[cap]]\nid = "each-year"\non = ["year"]\nlimit = 3000.00',
        '[[minimum]]\nid = "m"\non = ["year"]\nat_least = 4',
    )

    assert amounts(minimum, folder=tmp_path) == "6000.00"


def test_a_bonus_by_year_counts_each_year_anew(tmp_path: Path) -> None:
    bonus = (
        '[[cap]]\nid = "each-year"\non = ["year"]\nlimit = 3000.00',
        '[[bonus]]\nid = "b"\non = ["year"]\nabove = 3\nprice = 10',
    )

    # One of the 4 of the first year and five of the 8 of the second.
    assert amounts(bonus, folder=tmp_path) == "7060.00"


def test_an_outcome_without_a_date_is_of_no_year(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count", "job,1")

    with pytest.raises(RefusedError, match="clause 'each-year' counts by year, and an outcome has no date"):
        pages.priced(NAME, rows=rows)
