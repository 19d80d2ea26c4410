"""Grants, as docs/mechanisms/grants.md has them."""

from pathlib import Path

from tests.mechanisms import pages

NAME = "grants"
AMENDED = (
    'replaces = "outcome payments"\n',
    'replaces = "outcome payments"\namendment = "variation"\n',
)
VARIATION = """
[[amendment]]
id = "variation"
signed_on = 2024-03-20
effective_from = 2024-04-01
replaces = []
text = "COVID variation"
status = "agreed"
source = "made up"
"""


def test_statements_hold_grants_beside_outcomes(tmp_path: Path) -> None:
    assert pages.stated(pages.engine(NAME, tmp_path), ["2024-Q1", "2024-Q2", "2024-Q3"]) == [
        [("grant", "2024-Q1", 500_000), ("outcome", "2024-Q1", 400_000)],
        [("grant", "2024-Q2", 3_000_000)],
        [("outcome", "2024-Q3", 600_000)],
    ]


def test_price_leaves_grants_out_and_says_which_outcomes_they_replace() -> None:
    found = pages.priced(NAME).as_dict()

    assert found["payable"] == "13000.00"
    assert found["not_counted"] == [{"reason": "R26 grant-month", "count": 3}]


def test_a_variation_that_an_amendment_brings_pays_the_same(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path, AMENDED)
    engine.contract.write_text(engine.contract.read_text(encoding="utf-8") + VARIATION, encoding="utf-8")

    assert pages.stated(engine, ["2024-Q1", "2024-Q2", "2024-Q3"]) == [
        [("grant", "2024-Q1", 500_000), ("outcome", "2024-Q1", 400_000)],
        [("grant", "2024-Q2", 3_000_000)],
        [("outcome", "2024-Q3", 600_000)],
    ]


def test_a_late_outcome_of_a_grants_month_adds_nothing(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2024-Q1", "2024-Q2"])
    engine.accept("late", "job", "2024-06-20", recorded_on="2024-07-02", person="")
    engine.withdraw("q3-jobs")

    assert pages.stated(engine, ["2024-Q3"]) == [[]]
