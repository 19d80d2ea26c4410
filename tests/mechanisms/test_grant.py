"""Amounts of docs/mechanisms/grant.md."""

from tests.mechanisms.examples import stated, words_of


def test_a_grant_replaces_outcomes_of_its_months_and_meets_the_cap() -> None:
    example = stated("grant", "2021-Q1", "2021-Q2", "2021-Q3")

    assert example.lines(2) == [("grant", "grant/covid", 1, "9000.00")]
    assert example.totals() == [
        ("1000.00", "600.00", "400.00"),
        ("9000.00", "5400.00", "3600.00"),
        ("0.00", "0.00", "0.00"),
    ]


def test_the_words_name_the_months() -> None:
    assert words_of("grant", "grant/covid", "2021-Q2") == "flat grant for 2021-04-01 to 2021-06-30"
