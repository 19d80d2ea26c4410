"""Amounts of docs/mechanisms/guaranteed-volume.md."""

from pathlib import Path

from sib_engine.services.derive_outcomes import derive_outcomes
from tests.mechanisms.examples import path_of, stated, words_of


def test_what_is_short_is_paid_and_a_late_referral_lowers_it_by_a_signed_line() -> None:
    example = stated("guaranteed-volume", "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4")

    assert example.lines(1) == [("guarantee", "guarantee/referrals/2021-Q1", 3, "1500.00")]
    assert example.lines(2) == [("correction", "guarantee/referrals/2021-Q1", -2, "-1000.00")]
    assert example.lines(3) == [("guarantee", "guarantee/referrals/2021-Q3", 20, "10000.00")]
    assert example.totals() == [
        ("1500.00", "900.00", "600.00"),
        ("-1000.00", "-600.00", "-400.00"),
        ("10000.00", "6000.00", "4000.00"),
        ("10000.00", "6000.00", "4000.00"),
    ]


def test_the_words_say_how_many_were_short_of_how_many() -> None:
    row = "guarantee/referrals/2021-Q1"

    assert words_of("guaranteed-volume", row, "2021-Q1") == "17 of 20 referred: 3 short x 500.00"
    assert words_of("guaranteed-volume", row, "2021-Q2") == "19 of 20 referred: 1 short x 500.00"


def test_a_recorded_referral_is_an_outcome_that_can_be_guaranteed(tmp_path: Path) -> None:
    facts = tmp_path / "facts.csv"
    facts.write_text("person,fact,on,recorded_on\nA,referral,2021-01-20,2021-01-20\n", encoding="utf-8")

    derived = derive_outcomes(str(path_of("guaranteed-volume")), facts)

    assert [(line.row, line.does_count) for line in derived.listed()] == [("A/referred", True)]
