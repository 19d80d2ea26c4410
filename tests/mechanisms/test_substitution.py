"""Substitution, as docs/mechanisms/substitution.md has it."""

from pathlib import Path

from tests.mechanisms import pages

NAME = "substitution"


def test_each_person_is_paid_the_highest_price_in_all() -> None:
    rows = ("P1/short", "P1/full", "P2/full", "P3/full", "P3/short")

    assert [pages.tree(NAME, row)["amount"] for row in rows] == ["1000.00", "600.00", "1600.00", "1600.00", "0.00"]
    assert pages.payable(pages.priced(NAME)) == {"short_weeks": "1000.00", "full_weeks": "3800.00"}


def test_a_late_lower_outcome_adds_nothing(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    engine.rows["P1/short"]["recorded_on"] = "2024-07-02"

    assert pages.stated(engine, ["2024-Q2", "2024-Q3"]) == [
        [("outcome", "2024-Q1", 160_000), ("outcome", "2024-Q2", 320_000)],
        [],
    ]


def test_when_the_lower_outcome_is_withdrawn_the_higher_one_earns_its_whole_price(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2024-Q2"])
    engine.withdraw("P1/short")

    assert pages.stated(engine, ["2024-Q3"]) == [
        [("correction", "2024-Q1", -100_000), ("correction", "2024-Q2", 100_000)]
    ]
