"""Bonuses, as docs/mechanisms/bonus.md has them."""

from pathlib import Path

import pytest

from tests.mechanisms import pages

NAME = "bonus"


def test_a_subgroup_and_a_number_reached_earn_a_bonus() -> None:
    assert pages.payable(pages.priced(NAME)) == {"job": "77500.00"}
    assert pages.detail(NAME, "older", "bonus") == []
    assert pages.detail(NAME, "young", "bonus") == [
        ("2500.00", "10 x 250.00 (bonus above 20 of 16 to 24 per contract)"),
        ("5000.00", "1 x 5000.00 (bonus above 59, up to 60 per contract)"),
    ]


@pytest.mark.parametrize(
    ("older", "young", "payable"),
    [(0, 20, "20000.00"), (0, 21, "21250.00"), (59, 0, "59000.00"), (60, 0, "65000.00"), (61, 0, "66000.00")],
)
def test_the_outcomes_around_a_bound(older: int, young: int, payable: str, tmp_path: Path) -> None:
    rows = pages.rows_file(
        tmp_path,
        "metric,group,count,achieved_on",
        *([f"job,,{older},2024-02-10"] if older else []),
        *([f"job,16 to 24,{young},2024-03-10"] if young else []),
    )

    found = pages.priced(NAME, rows=rows)

    assert pages.payable(found) == {"job": payable}
    assert [finding.rule for finding in found.findings] == ([] if young else ["group-missing"])


def test_a_withdrawn_outcome_takes_the_last_bonus_back(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    engine.rows.clear()
    for number in range(1, 23):
        engine.accept(f"P{number:02d}/job", "job", f"2024-02-{number:02d}", group="16 to 24")
    pages.stated(engine, ["2024-Q1"])
    engine.withdraw("P01/job")

    drawn = engine.state("2024-Q2")

    # 22 x 1,000 + 2 x 250; then 21 x 1,000 + 250, on the twenty-second.
    assert [(line.row, line.payable) for line in drawn.statement.lines] == [
        ("P01/job", -100_000),
        ("P21/job", -25_000),
    ]
