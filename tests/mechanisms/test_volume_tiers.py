"""Volume tiers, as docs/mechanisms/volume-tiers.md has them."""

from pathlib import Path

import pytest

from tests.mechanisms import pages

NAME = "volume-tiers"


def test_each_kind_of_tiers_earns_what_the_page_says() -> None:
    assert pages.payable(pages.priced(NAME)) == {
        "job": "112000.00",
        "training": "24000.00",
        "visit": "7000.00",
        "level_2": "1600.00",
        "level_3": "3800.00",
    }


def test_explanations_give_the_outcomes_of_each_tier() -> None:
    assert pages.detail(NAME, "jobs", "tiers") == [
        (
            "22000.00",
            (
                "100 x 500 (tier 1 to 100, marginal); 50 x 700 (tier 101 to 150, marginal); "
                "30 x 900 (tier from 151, marginal), in place of 180 x 500"
            ),
        )
    ]
    assert pages.detail(NAME, "training", "tiers") == [
        ("6000.00", "60 x 400 (tier from 51, whole volume), in place of 60 x 300")
    ]
    ((amount, words),) = pages.detail(NAME, "level-3", "tiers")
    assert amount == "1000.00"
    assert words == (
        "2 x 400 (tier 1 to 10 of the contract, marginal); 5 x 600 (tier from 11 of the contract, marginal),"
        " in place of 7 x 400"
    )


@pytest.mark.parametrize(
    ("count", "marginal", "whole"),
    [(49, "24500.00", "14700.00"), (50, "25000.00", "15000.00"), (51, "25500.00", "20400.00")],
)
def test_the_outcomes_around_a_bound(count: int, marginal: str, whole: str, tmp_path: Path) -> None:
    rows = pages.rows_file(
        tmp_path, "metric,site,count,achieved_on", *(f"{one},north,{count},2024-02-10" for one in ("job", "training"))
    )

    assert pages.payable(pages.priced(NAME, rows=rows)) == {"job": marginal, "training": whole}


def test_a_late_outcome_takes_the_next_number_and_leaves_the_others_theirs(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    engine.rows.clear()
    engine.accept("march", "job", "2024-03-20", count="100", site="north", person="")
    engine.state("2024-Q1")
    engine.accept("january", "job", "2024-01-20", count="1", site="north", person="", recorded_on="2024-04-02")

    assert pages.stated(engine, ["2024-Q2"]) == [[("outcome", "2024-Q1", 70_000)]]


def test_a_whole_volume_tier_corrects_what_was_stated_up_and_down(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    engine.rows.clear()
    engine.accept("first", "training", "2024-02-20", count="50", site="north", person="")
    engine.accept("second", "training", "2024-05-20", count="10", site="north", person="")

    up = pages.stated(engine, ["2024-Q1", "2024-Q2"])
    engine.withdraw("second")
    down = pages.stated(engine, ["2024-Q3"])

    # 50 x 300; then 60 x 400; then 50 x 300 again, without new terms to accept.
    assert up == [
        [("outcome", "2024-Q1", 1_500_000)],
        [("correction", "2024-Q1", 500_000), ("outcome", "2024-Q2", 400_000)],
    ]
    assert down == [[("correction", "2024-Q1", -500_000), ("correction", "2024-Q2", -400_000)]]


def test_a_whole_volume_price_that_falls_takes_back_without_new_terms(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path, ("price = 400 }]\nvolume", "price = 200 }]\nvolume"))
    engine.rows.clear()
    engine.accept("first", "training", "2024-02-20", count="50", site="north", person="")
    engine.accept("second", "training", "2024-05-20", count="10", site="north", person="")

    # 50 x 300, then 60 x 200.
    assert pages.stated(engine, ["2024-Q1", "2024-Q2"]) == [
        [("outcome", "2024-Q1", 1_500_000)],
        [("correction", "2024-Q1", -500_000), ("outcome", "2024-Q2", 200_000)],
    ]
