"""Minimums, as docs/mechanisms/minimum.md has them."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from sib_engine.outcomes.rows import NONE
from sib_engine.payments.caps.cap import cap
from sib_engine.terms.money_clauses import Minimum
from tests.mechanisms import pages
from tests.oracle import build

NAME = "minimum"


def left(clauses: list[Minimum], amounts: list[int], **columns: Any) -> list[int]:  # noqa: ANN401 - columns of any kind
    terms = build.contract(sites=("north", "south"), minimums=tuple(clauses))
    return [int(each) for each in cap(terms, build.rows(len(amounts), **columns), np.array(amounts)).payable]


def test_what_is_below_a_minimum_is_withheld() -> None:
    found = pages.priced(NAME)

    assert pages.payable(found) == {"start": "6000.00", "job": "5500.00", "sustained": "0.00"}
    assert found.as_dict()["minimums"] == [
        {
            "minimum": "jobs-for-starts",
            "at_least": None,
            "at_least_share": "30%",
            "of": ["start"],
            "pays_below": "50%",
            "withheld": "2500.00",
        },
        {
            "minimum": "first-five",
            "at_least": 5,
            "at_least_share": None,
            "of": [],
            "pays_below": "0%",
            "withheld": "8000.00",
        },
    ]


def test_an_explanation_says_how_many_are_needed() -> None:
    assert pages.detail(NAME, "q1-jobs", "withheld") == [
        ("-2500.00", "5 reached of a minimum of 6, 30% of start, per period; pays 50% until then, rounded half-even")
    ]
    assert pages.detail(NAME, "q2-jobs", "withheld") == []
    assert pages.detail(NAME, "q2-sustained", "withheld") == [
        ("-8000.00", "4 reached of a minimum of 5 per contract; pays 0% until then")
    ]


def test_a_late_outcome_releases_the_period_in_a_later_statement(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)

    first = pages.stated(engine, ["2024-Q1", "2024-Q2"])
    engine.accept("late", "job", "2024-03-20", recorded_on="2024-07-02", person="")
    engine.accept("fifth", "sustained", "2024-07-02", person="")
    then = pages.stated(engine, ["2024-Q3", "2024-Q3"])

    assert first == [
        [("outcome", "2024-Q1", 650_000)],
        [("outcome", "2024-Q2", 500_000)],
    ]
    assert then == [
        [
            ("headroom", "2024-Q1", 250_000),
            ("headroom", "2024-Q2", 800_000),
            ("outcome", "2024-Q1", 100_000),
            ("outcome", "2024-Q3", 200_000),
        ],
        [],
    ]


def test_a_withdrawn_outcome_takes_back_what_is_no_longer_due_without_a_restatement(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    engine.accept("sixth", "job", "2024-03-20", person="")
    pages.stated(engine, ["2024-Q1"])
    engine.withdraw("sixth")

    drawn = engine.state("2024-Q1")

    # Six jobs had been paid in full; five are paid by half.
    assert [(line.row, line.kind.value, line.payable) for line in drawn.statement.lines] == [
        ("sixth", "correction", -100_000),
        ("q1-jobs", "headroom", -250_000),
    ]


def test_a_share_over_the_contract_can_be_missed_again_and_reached_again(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path, ('on = ["period"]', 'on = ["contract"]'), ('"50%"', '"0%"'))
    engine.rows.clear()
    for row, metric, day, count in (
        ("s1", "start", "2024-01-10", "10"),
        ("j1", "job", "2024-02-10", "3"),
        ("s2", "start", "2024-04-10", "10"),
        ("j3", "job", "2024-08-10", "3"),
    ):
        engine.accept(row, metric, day, count=count, person="")

    # 3 of 10; 3 of 20; 6 of 20.
    assert pages.stated(engine, ["2024-Q1", "2024-Q2", "2024-Q3"]) == [
        [("outcome", "2024-Q1", 500_000)],
        [("headroom", "2024-Q1", -300_000), ("outcome", "2024-Q2", 200_000)],
        [("headroom", "2024-Q1", 300_000), ("outcome", "2024-Q3", 300_000)],
    ]


def test_the_number_itself_is_enough() -> None:
    clause = build.minimum("m", "contract", 3)

    assert left([clause], [10, 10]) == [0, 0]
    assert left([clause], [10, 10, 10]) == [10, 10, 10]


def test_a_share_is_exact() -> None:
    # 7 % of 100 is 7, and not a hair more.
    clause = build.minimum("m", "contract", None, at_least_share=Fraction(7, 100), of=("m0",), metrics=("m1",))

    assert left([clause], [0, 5], metric=[0, 1], count=[100, 7]) == [0, 5]
    assert left([clause], [0, 5], metric=[0, 1], count=[101, 7]) == [0, 0]


def test_each_scope_has_its_own_minimum() -> None:
    columns: dict[str, Any] = {"metric": [0, 0, 1, 1], "site": [0, 0, 0, 1]}

    assert left([build.minimum("m", "site", 2)], [10] * 4, **columns) == [10, 10, 10, 0]
    assert left([build.minimum("m", "metric", 2)], [10] * 4, **columns) == [10, 10, 10, 10]
    assert left([build.minimum("m", "metric site", 2)], [10] * 4, **columns) == [10, 10, 0, 0]
    assert left([build.minimum("m", "contract", 2, sites=("south",))], [10] * 4, **columns) == [10, 10, 10, 0]


def test_each_row_keeps_its_part_rounded() -> None:
    # A third of 10 and of 5 pennies: 3.33 and 1.67.
    clause = build.minimum("m", "contract", 9, pays_below=Fraction(1, 3))

    assert left([clause], [10, 5]) == [3, 2]


def test_a_grant_that_uses_the_caps_neither_counts_nor_is_withheld() -> None:
    contract = build.contract(minimums=(build.minimum("m", "contract", 2),))
    rows = build.rows(2, metric=[NONE, 0])

    found = cap(contract, rows, np.array([99, 10]), exempt=np.zeros(2, dtype=np.bool_))

    assert found.payable.tolist() == [99, 0]


def test_a_grant_neither_counts_nor_is_withheld() -> None:
    assert left([build.minimum("m", "contract", 2)], [10, 99], metric=[0, NONE]) == [0, 99]
