"""A cap at a share of outcomes, as docs/mechanisms/share-of-outcomes-cap.md has it."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.caps.cap import cap
from sib_engine.payments.statement.lines import LineKind
from sib_engine.terms.contract import Contract, Rounding, RoundingMode, RoundingPlace
from sib_engine.terms.money_clauses import OutcomeCap
from tests.mechanisms import pages
from tests.oracle import build
from tests.statement.engine import Engine

NAME = "share-of-outcomes-cap"


def left(clauses: list[OutcomeCap], amounts: list[int], contract: Contract | None = None, **columns: Any) -> list[int]:  # noqa: ANN401 - columns of any kind
    terms = contract or build.contract(sites=("north", "south"), outcome_caps=tuple(clauses))
    return [int(each) for each in cap(terms, build.rows(len(amounts), **columns), np.array(amounts)).payable]


def test_twelve_of_thirty_placements_are_paid() -> None:
    found = pages.priced(NAME).as_dict()

    assert (found["earned"], found["payable"]) == ("30000.00", "12000.00")
    assert found["caps"] == [
        {"cap": "forty-percent", "limit": None, "share": "40%", "of": [], "taken": "18000.00", "went_to": "unpaid"}
    ]


def test_the_thirteenth_placement_is_told_its_number() -> None:
    assert pages.detail(NAME, "P12/placement", "cut") == []
    assert pages.detail(NAME, "P13/placement", "cut") == [
        ("-1000.00", "12 of 30 per metric are paid: 40% of 30; this is number 13")
    ]


def test_each_statement_releases_what_more_placements_let_through(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)

    assert pages.stated(engine, ["2024-Q1", "2024-Q2", "2024-Q3", "2024-Q3"]) == [
        [("outcome", "2024-Q1", 400_000)],
        [("headroom", "2024-Q1", 400_000)],
        [("headroom", "2024-Q1", 200_000), ("headroom", "2024-Q2", 200_000)],
        [],
    ]


def test_a_smaller_base_takes_back_only_what_is_no_longer_due(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2024-Q1", "2024-Q2"])
    # 8 of 22 are paid; 40 % of 19 is 7, so the last of the eight is taken back although it is as it was.
    for row in ("P20/placement", "P21/placement", "P22/placement"):
        engine.withdraw(row)

    drawn = engine.state("2024-Q2")

    taken = [(line.row, line.kind, line.payable) for line in drawn.statement.lines if line.payable]
    assert taken == [("P08/placement", LineKind.HEADROOM, -100_000)]
    assert drawn.statement.due == 700_000


def test_a_paid_placement_that_is_withdrawn_hands_its_place_on(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2024-Q1", "2024-Q2"])
    engine.withdraw("P01/placement")

    drawn = engine.state("2024-Q2")

    # 40 % of 21 is 8 still.
    assert [(line.row, line.payable) for line in drawn.statement.lines] == [
        ("P01/placement", -100_000),
        ("P09/placement", 100_000),
    ]


def test_one_statement_or_three_come_to_the_same(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)

    assert pages.stated(engine, ["2024-Q3"]) == [
        [("outcome", "2024-Q1", 1_000_000), ("outcome", "2024-Q2", 200_000)],
    ]


def test_a_full_cap_on_money_keeps_the_total_when_headroom_goes_to_an_older_outcome(tmp_path: Path) -> None:
    more = (
        '\n[metric.visit]\nname = "Visit"\ndefinition = "recorded"\ncounts = "every time"\n'
        'status = "agreed"\nsource = "made up"\n\n[[tariff]]\nid = "visit-price"\nmetric = "visit"\nfrom = 2024-01-01\n'
        'price = 1000.00\nstatus = "agreed"\nsource = "made up"\n\n[[cap]]\nid = "all"\non = ["contract"]\n'
        'limit = 5000.00\nstatus = "agreed"\nsource = "made up"\n'
    )
    engine = pages.engine(NAME, tmp_path)
    engine.contract.write_text(engine.contract.read_text(encoding="utf-8") + more, encoding="utf-8")
    engine.accept("V1/visit", "visit", "2024-02-20")

    engine.state("2024-Q1")
    drawn = engine.state("2024-Q2")

    # 4 placements and a visit use up the 5,000; the second statement may pay 4 more placements, before the visit.
    assert drawn.statement.due == 500_000
    assert drawn.statement.total == 0


AMENDED = """
[[cap]]
id = "thirty-percent"
on = ["metric"]
metrics = ["placement"]
share = "30%"
amendment = "lower"
status = "agreed"
source = "made up"

[[amendment]]
id = "lower"
signed_on = 2024-03-20
effective_from = 2024-04-01
replaces = ["forty-percent"]
text = "30% instead of 40%"
status = "agreed"
source = "made up"
"""


def amended(folder: Path, more: str) -> Engine:
    engine = pages.engine(NAME, folder)
    engine.contract.write_text(engine.contract.read_text(encoding="utf-8") + more, encoding="utf-8")
    for row in [row for row in engine.rows if row > "P10/placement"]:
        engine.withdraw(row)
    return engine


def test_a_share_that_an_amendment_lowers_ahead_takes_nothing_back(tmp_path: Path) -> None:
    engine = amended(tmp_path, AMENDED)
    assert engine.state("2024-Q1").statement.total == 400_000

    assert engine.state("2024-Q2").statement.lines == ()


def test_a_share_that_an_amendment_lowers_for_days_before_takes_nothing_back_until_that_is_accepted(
    tmp_path: Path,
) -> None:
    engine = amended(tmp_path, AMENDED.replace("2024-03-20", "2024-04-20").replace("2024-04-01", "2024-01-01"))
    engine.state("2024-Q1")

    # 4 of 10 were paid; now 3 of 10 are.
    with pytest.raises(RefusedError, match="the terms have changed since earlier statements"):
        engine.state("2024-Q2")
    drawn = engine.state("2024-Q2", accepts_restatement=True)

    assert [(line.row, line.payable) for line in drawn.statement.lines] == [("P04/placement", -100_000)]
    assert engine.state("2024-Q3").statement.lines == ()


def test_the_number_paid_is_exact() -> None:
    clause = build.outcome_cap("c", "contract", Fraction(1, 3))

    assert [sum(left([clause], [1] * n)) for n in range(8)] == [0, 0, 0, 1, 1, 1, 2, 2]
    # 7 % of 100 is 7; as a binary float it is 7.000000000000001.
    assert sum(left([build.outcome_cap("c", "contract", Fraction(7, 100))], [1] * 100)) == 7


def test_each_scope_has_its_own_share() -> None:
    columns: dict[str, Any] = {"metric": [0, 0, 1, 1], "site": [0, 1, 0, 1]}
    half = Fraction(1, 2)

    assert left([build.outcome_cap("c", "metric", half)], [10] * 4, **columns) == [10, 0, 10, 0]
    assert left([build.outcome_cap("c", "site", half)], [10] * 4, **columns) == [10, 10, 0, 0]
    assert left([build.outcome_cap("c", "metric site", half)], [10] * 4, **columns) == [0, 0, 0, 0]
    assert left([build.outcome_cap("c", "contract", half, metrics=("m1",))], [10] * 4, **columns) == [10, 10, 10, 0]
    assert left([build.outcome_cap("c", "contract", half, sites=("south",))], [10] * 4, **columns) == [10, 10, 10, 0]


def test_a_share_may_be_of_other_outcomes_at_the_same_site_and_in_the_same_quarter() -> None:
    clause = build.outcome_cap("c", "site period", Fraction(1, 2), metrics=("m1",), of=("m0",))
    columns: dict[str, Any] = {
        "metric": [0, 0, 1, 1, 1, 1],
        "site": [0, 0, 0, 0, 1, 0],
        "achieved_on": ["2020-04-01", "2020-05-01", "2020-06-01", "2020-06-02", "2020-06-03", "2020-07-01"],
    }

    # North has two of m0 in the quarter, so one of its two of m1 is paid; south and the next quarter have none.
    assert left([clause], [10] * 6, **columns) == [10, 10, 10, 0, 0, 0]


@pytest.mark.parametrize(
    ("mode", "amount"),
    [
        (RoundingMode.DOWN, 428),
        (RoundingMode.UP, 429),
        (RoundingMode.HALF_EVEN, 429),
        (RoundingMode.HALF_UP, 429),
    ],
)
def test_of_a_count_the_first_are_paid_in_part(mode: RoundingMode, amount: int) -> None:
    # 3 of 7 for 10.00: 428.57 pennies.
    clause = build.outcome_cap("c", "contract", Fraction(1, 2))
    contract = build.contract(outcome_caps=(clause,), rounding=Rounding(mode, RoundingPlace.ROW))

    assert left([], [1000], contract, count=[7]) == [amount]


def test_half_a_penny_goes_to_the_even_penny_whatever_the_whole_pennies_are() -> None:
    clause = build.outcome_cap("c", "contract", Fraction(1, 2))

    # 1 of 2 for 0.05 and for 0.07: 2.5 and 3.5 pennies.
    assert left([clause], [5], count=[2]) == [2]
    assert left([clause], [7], count=[2]) == [4]


def test_large_amounts_and_counts_stay_exact() -> None:
    clause = build.outcome_cap("c", "contract", Fraction(999_999_999_999, 1_000_000_000_000))

    # All but one of 2,000,000,000 outcomes at 10.00: 19,999,999,990.00.
    assert left([clause], [2_000_000_000_000], count=[2_000_000_000]) == [1_999_999_999_000]


def test_finer_caps_act_first_and_the_next_counts_what_they_left() -> None:
    fine = build.outcome_cap("fine", "metric", Fraction(1, 2))
    coarse = build.outcome_cap("coarse", "contract", Fraction(1, 2))
    columns: dict[str, Any] = {"metric": [0, 0, 0, 0, 1, 1]}

    # Two of four and one of two pass the first; three of six pass the second.
    assert left([coarse, fine], [10] * 6, **columns) == [10, 10, 0, 0, 10, 0]


def test_caps_on_money_act_after_caps_on_outcomes() -> None:
    contract = build.contract(
        outcome_caps=(build.outcome_cap("half", "metric", Fraction(1, 2)),), caps=(build.cap("all", "contract", 25),)
    )

    assert left([], [10, 10, 10, 10, 10, 10], contract, metric=[0, 0, 0, 0, 1, 1]) == [10, 10, 0, 0, 5, 0]


def test_a_grant_is_no_outcome() -> None:
    clause = build.outcome_cap("half", "contract", Fraction(1, 2))

    assert left([clause], [10, 10, 99], metric=[0, 0, NONE]) == [10, 0, 99]


def test_a_grant_that_uses_the_caps_is_no_outcome_either() -> None:
    contract = build.contract(outcome_caps=(build.outcome_cap("half", "contract", Fraction(1, 2)),))
    rows = build.rows(3, metric=[NONE, 0, 0], achieved_on=["2020-04-01", "2020-04-02", "2020-04-03"])

    found = cap(contract, rows, np.array([99, 10, 10]), exempt=np.zeros(3, dtype=np.bool_))

    # One of two outcomes is paid, and the grant, which comes first, takes no number.
    assert found.payable.tolist() == [99, 10, 0]


def test_an_undated_outcome_under_a_share_by_period_is_refused() -> None:
    with pytest.raises(RefusedError, match="clause 'c' counts by period, and an outcome has no date"):
        left([build.outcome_cap("c", "period", Fraction(1, 2))], [10], achieved_on="NaT")
