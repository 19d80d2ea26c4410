"""The date that decides the price, as docs/mechanisms/price-date.md has it."""

from pathlib import Path

import pytest

from tests.mechanisms import pages

NAME = "price-date"


@pytest.mark.parametrize(
    ("by", "amounts"),
    [
        ("start", ["500.00", "500.00", "500.00", "600.00"]),
        ("outcome", ["500.00", "500.00", "600.00", "600.00"]),
        ("claim", ["500.00", "600.00", "600.00", "600.00"]),
    ],
)
def test_the_contract_names_the_day_whose_price_counts(by: str, amounts: list[str], tmp_path: Path) -> None:
    contract = pages.contract_file(NAME, tmp_path, ('price_date = "start"', f'price_date = "{by}"'))
    heading, *rows = (pages.FOLDER / f"{NAME}.csv").read_text(encoding="utf-8").splitlines()

    found = [
        pages.payable(pages.priced(NAME, contract=contract, rows=pages.rows_file(tmp_path, heading, row)))
        for row in rows
    ]

    assert [each["job"] for each in found] == amounts


def test_a_row_whose_start_is_not_known_does_not_count(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "person,metric,achieved_on", "P1,job,2024-08-15")

    assert pages.priced(NAME, rows=rows).not_counted == (("R28 no-claim-date", 1),)


def test_by_claim_a_corrected_day_of_recording_moves_the_price(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path, ('price_date = "start"', 'price_date = "claim"'))
    engine.rows = {"P1/job": engine.rows["P1/job"]}
    pages.stated(engine, ["2024-Q2"])
    engine.rows["P1/job"]["recorded_on"] = "2024-07-01"

    assert pages.stated(engine, ["2024-Q3"]) == [[("correction", "2024-Q2", 10_000)]]
