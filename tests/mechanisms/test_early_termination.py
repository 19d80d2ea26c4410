"""Amounts of docs/mechanisms/early-termination.md."""

from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.services.draw_statement import state_table
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.price_counts import price_counts
from tests.mechanisms.examples import FOLDER, path_of, stated, words_of

AMENDED = """
[[amendment]]
id = "ends"
signed_on = 2021-04-20
effective_from = 2021-05-01
terminated_on = 2021-05-10
text = "ends early"
status = "agreed"
source = "made up"
"""


def amended(folder: Path) -> str:
    text = path_of("early-termination").read_text(encoding="utf-8").replace("terminated_on = 2021-05-10\n", "")
    path = folder / "early-termination.toml"
    path.write_text(text + AMENDED, encoding="utf-8")
    return str(path)


def test_the_fee_stops_pro_rata_and_the_clause_of_the_day_pays() -> None:
    example = stated("early-termination", "2021-Q1", "2021-Q2", "2021-Q3")

    assert example.lines(2) == [
        ("fee", "fee/running/4", 1, "3100.00"),
        ("fee", "fee/running/5", 1, "1000.00"),
        ("termination", "termination/later", 1, "25000.00"),
    ]
    assert example.totals() == [
        ("10300.00", "6180.00", "4120.00"),
        ("30100.00", "18060.00", "12040.00"),
        ("0.00", "0.00", "0.00"),
    ]


def test_outcomes_count_until_the_tail_ends_and_no_longer() -> None:
    priced = price_counts(str(path_of("early-termination")), FOLDER / "early-termination-rows.csv")

    assert priced.payable == 2_000_00
    assert priced.not_counted == (("R03 after-end", 1),)


def test_the_words_name_the_day_and_the_days_that_ran() -> None:
    assert words_of("early-termination", "fee/running/5", "2021-Q2") == (
        "month 5 of 12, £3,100.00 a month; 10 of 31 days, rounded half-even"
    )
    assert words_of("early-termination", "termination/later", "2021-Q2") == (
        "terminated on 2021-05-10: 25% of £100,000.00"
    )


def test_an_amendment_ends_the_contract_as_the_contract_itself_would(tmp_path: Path) -> None:
    contract = contract_at(amended(tmp_path)).contract
    table, _ = rows_at(FOLDER / "early-termination-rows.csv", contract)

    first = state_table(contract, table, "2021-Q1")
    second = state_table(contract, table, "2021-Q2", stated=first.statement.lines)

    assert [first.statement.due, second.statement.due] == [10_300_00, 40_400_00]


def test_a_termination_of_months_that_were_stated_is_a_restatement(tmp_path: Path) -> None:
    path = Path(amended(tmp_path))
    ends = path.read_text(encoding="utf-8")
    path.write_text(ends.replace("terminated_on = 2021-05-10\n", ""), encoding="utf-8")
    contract = contract_at(str(path)).contract
    table, _ = rows_at(FOLDER / "early-termination-rows.csv", contract)
    second = state_table(contract, table, "2021-Q2")

    path.write_text(ends, encoding="utf-8")
    terminated = contract_at(str(path)).contract

    # May is stated whole, on another day; June is no longer owed; one outcome of 1,000.00 came after the tail.
    with pytest.raises(RefusedError, match=r"3 of what was stated .* would change by -£6,200\.00"):
        state_table(terminated, table, "2021-Q3", stated=second.statement.lines)
