"""Amounts of docs/mechanisms/service-fee.md."""

from pathlib import Path

from sib_engine.services.draw_statement import state_table
from sib_engine.services.inputs import contract_at, rows_at
from tests.mechanisms.examples import FOLDER, path_of, stated, words_of


def test_instalments_fall_due_on_the_last_day_of_their_span_and_add_up() -> None:
    example = stated("service-fee", "2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4")

    assert example.lines(2) == [
        ("fee", "fee/running/4", 1, "1000.00"),
        ("fee", "fee/delivery/1", 1, "3333.33"),
        ("fee", "fee/running/5", 1, "1000.00"),
        ("fee", "fee/running/6", 1, "1000.00"),
        ("fee", "fee/set-up/2", 1, "6000.00"),
    ]
    assert example.totals() == [
        ("14000.00", "8400.00", "5600.00"),
        ("13333.33", "8000.00", "5333.33"),
        ("10333.34", "6200.00", "4133.34"),
        ("6333.33", "3800.00", "2533.33"),
    ]


def test_a_fee_outside_the_caps_leaves_their_headroom_alone() -> None:
    example = stated("service-fee", "2021-Q1", "2021-Q4")

    # 44,000.00 less the 20,000.00 of the set-up fee.
    assert [drawn.statement.under_caps for drawn in example.statements] == [4_000_00, 24_000_00]


def test_the_words_of_an_instalment_name_its_place_and_every_figure() -> None:
    assert words_of("service-fee", "fee/running/3", "2021-Q4") == "month 3 of 12, £1,000.00 a month"
    assert words_of("service-fee", "fee/delivery/2", "2021-Q4") == (
        "instalment 2 of 3: 2/3 of 10% of £100,000.00 to date, less 1/3 before, rounded half-even"
    )
    assert words_of("service-fee", "fee/set-up/1", "2021-Q4") == (
        "instalment 1 of 3: 50% of £20,000.00 to date, rounded half-even"
    )


REPLACED = """
[[amendment]]
id = "cheaper"
signed_on = 2021-05-20
effective_from = 2021-06-01
replaces = "running"
text = "half the fee from June"
status = "agreed"
source = "made up"

[[fee]]
id = "running-from-june"
months = { from = 2021-06-01, to = 2021-12-31 }
monthly = 500.00
amendment = "cheaper"
status = "agreed"
source = "made up"
"""


def test_an_amendment_that_replaces_a_fee_leaves_what_fell_due_before(tmp_path: Path) -> None:
    path = tmp_path / "service-fee.toml"
    path.write_text(path_of("service-fee").read_text(encoding="utf-8") + REPLACED, encoding="utf-8")
    contract = contract_at(str(path)).contract
    table, _ = rows_at(FOLDER / "service-fee-rows.csv", contract)

    first = state_table(contract, table, "2021-Q1").statement
    second = state_table(contract, table, "2021-Q2", stated=first.lines).statement

    # Of the second quarter April and May at 1,000.00 and June at 500.00; nothing of the first is taken back.
    running = [(line.row, line.payable) for line in second.lines if "running" in line.row]
    assert running == [("fee/running/4", 1_000_00), ("fee/running/5", 1_000_00), ("fee/running-from-june/1", 500_00)]
