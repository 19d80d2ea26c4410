"""Weeks of work within a window, as docs/mechanisms/windows.md has them."""

from sib_engine.services.derive_outcomes import derive_outcomes
from sib_engine.services.price_counts import price_table
from tests.mechanisms import pages

NAME = "windows"
CONTRACT, FACTS = pages.FOLDER / f"{NAME}.toml", pages.FOLDER / f"{NAME}-facts.csv"


def test_weeks_count_where_they_lie_within_the_window() -> None:
    table = derive_outcomes(str(CONTRACT), FACTS).table
    rows = zip(table.row_ids(), table.rows.achieved_on.tolist(), table.counts.tolist(), strict=True)

    assert {row: str(day) for row, day, counts in rows if counts} == {
        "W1/weeks_13/shop": "2024-04-07",
        "W1/weeks_26/shop": "2024-07-07",
        "W1/weeks_52/shop": "2025-01-05",
        "W2/weeks_13/cafe": "2024-04-21",
    }


def test_what_the_windows_pay() -> None:
    found = derive_outcomes(str(CONTRACT), FACTS)
    priced = price_table(found.contract, found.table)

    assert pages.payable(priced) == {"weeks_13": "2000.00", "weeks_26": "1500.00", "weeks_52": "2500.00"}
    assert priced.payable == 600_000
