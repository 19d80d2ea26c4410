import json
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError
from sib_engine.services.show_contract import TABLES, Section, ShownContract, show_contract
from sib_engine.terms.clauses import LISTED_TABLES

TESTS = Path(__file__).parents[1]


@pytest.fixture
def clean() -> ShownContract:
    return show_contract(str(TESTS / "terms" / "clean.toml"))


def section(shown: ShownContract, title: str) -> Section:
    return next(section for section in shown.sections if section.title == title)


def texts(one: Section) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in one.rows]


def test_prices_stand_in_a_table_whose_columns_are_the_terms_that_are_used(clean: ShownContract) -> None:
    prices = section(clean, "Prices")

    assert [column.name for column in prices.columns] == [
        "id", "metric", "from", "price", "sites", "groups", "amendment", "status",
    ]  # fmt: skip
    assert [column.name for column in prices.columns if column.is_number] == ["price"]
    assert texts(prices)[2] == ["job-start-2", "job_start", "1 April 2022", "£750.00", "", "", "a1", "agreed"]


def test_every_row_has_a_cell_for_each_column_and_no_section_is_empty(clean: ShownContract) -> None:
    assert all(one.rows for one in clean.sections)
    assert {len(row.cells) - len(one.columns) for one in clean.sections for row in one.rows} == {0}


def test_nothing_is_marked_where_nothing_is_assumed(clean: ShownContract) -> None:
    assert not clean.is_assumed
    assert not any(cell.is_assumed for one in clean.sections for row in one.rows for cell in row.cells)
    assert "Assumed: neither published nor agreed" not in [one.title for one in clean.sections]


def test_assumed_prices_are_marked_and_their_reasons_listed() -> None:
    shown = show_contract("mhep/enfield")

    prices = section(shown, "Prices")
    price = [column.name for column in prices.columns].index("price")
    assert shown.is_assumed
    assert all(row.is_assumed and row.cells[price].is_assumed and not row.cells[0].is_assumed for row in prices.rows)
    reasons = texts(section(shown, "Assumed: neither published nor agreed"))
    assert ["contract", "rounding", "not published"] in reasons


def test_an_unpriced_tariff_says_so() -> None:
    prices = section(show_contract("mhep/west-london"), "Prices")

    place = [column.name for column in prices.columns].index("price")
    assert {row.cells[place].text for row in prices.rows} == {"no price"}


def test_json_holds_the_tables_of_the_file_with_amounts_and_dates_as_text(clean: ShownContract) -> None:
    printed = json.loads(json.dumps(clean.as_dict()))

    assert printed["terms"] == clean.contract.digest
    assert printed["document"]["contract"]["start"] == "2020-04-01"
    assert printed["document"]["tariff"][0]["price"] == "400.00"
    assert printed["document"]["metric"]["full_weeks"]["employment"]["gap_days"] == 7


def test_changed_terms_stand_in_tables_of_their_own_and_changed_days_with_their_amendment() -> None:
    shown = show_contract(str(TESTS.parent / "docs" / "examples" / "harbourside.toml"))

    assert texts(section(shown, "Outcomes whose terms change")) == [
        ["payslip-2021", "job_start", "1 May 2021", "first-amendment", "agreed"],
        ["breaks-2021", "sustained", "1 May 2021", "first-amendment", "agreed"],
    ]
    assert texts(section(shown, "What changes for an outcome")) == [
        ["payslip-2021", "evidence", "payslip"],
        ["breaks-2021", "employment.gap_days", "14"],
    ]
    assert texts(section(shown, "Amendments"))[1][3:5] == ["30 June 2022", "30 September 2022"]


def test_a_contract_with_errors_is_not_shown() -> None:
    with pytest.raises(FindingsError):
        show_contract(str(TESTS / "bad" / "contracts" / "two-tariffs.toml"))


def test_every_kind_of_clause_has_a_table_of_its_own() -> None:
    assert set(LISTED_TABLES) - {table for table, _, _ in TABLES} == set()


def test_a_price_by_tiers_is_shown_and_not_called_missing() -> None:
    shown = show_contract(str(Path(__file__).parents[2] / "docs" / "mechanisms" / "examples" / "volume-tiers.toml"))

    (prices,) = [section for section in shown.sections if section.title == "Prices"]
    first = [cell.text for cell in prices.rows[0].cells]
    assert "no price" not in first
    assert "up to 100: £500.00, up to 150: £700.00, beyond: £900.00" in first
