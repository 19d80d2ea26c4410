"""Currencies of 0, 2, 3 and 4 decimals, as docs/mechanisms/currencies.md has them: in every file and output."""

import csv
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError
from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.terms.load import load
from tests.mechanisms import pages

NAME = "currencies"
CASES = [
    ("KWD", "376.000", "376.125", "376.000", "250.667", "125.333"),
    ("BHD", "376.000", "376.125", "376.000", "250.667", "125.333"),
    ("GBP", "376.00", "376.12", "376.00", "250.67", "125.33"),
    ("JPY", "376", "376", "376", "251", "125"),
    ("CLP", "376", "376", "376", "251", "125"),
    ("COP", "376.00", "376.12", "376.00", "250.67", "125.33"),
    ("CLF", "376.0000", "376.1250", "376.0000", "250.6667", "125.3333"),
]


def in_currency(code: str, limit: str, folder: Path) -> Path:
    return pages.contract_file(
        NAME, folder, ('currency = "KWD"', f'currency = "{code}"'), ("limit = 376.000", f"limit = {limit}")
    )


@pytest.mark.parametrize(("code", "limit", "earned", "payable", "council", "fund"), CASES)
def test_amounts_have_the_decimals_of_the_currency(
    code: str, limit: str, earned: str, payable: str, council: str, fund: str, tmp_path: Path
) -> None:
    found = pages.priced(NAME, contract=in_currency(code, limit, tmp_path)).as_dict()

    assert (found["currency"], found["earned"], found["payable"]) == (code, earned, payable)
    assert found["payers"] == [{"payer": "council", "amount": council}, {"payer": "fund", "amount": fund}]
    assert [cap["limit"] for cap in found["caps"]] == [limit]


@pytest.mark.parametrize(("code", "limit", "earned", "payable", "council", "fund"), CASES)
def test_statement_lines_are_written_and_read_back(
    code: str, limit: str, earned: str, payable: str, council: str, fund: str, tmp_path: Path
) -> None:
    contract, lines = in_currency(code, limit, tmp_path), tmp_path / "lines.csv"
    rows = pages.FOLDER / f"{NAME}.csv"

    drawn = draw_statement(str(contract), rows, "2024-Q1")
    write_lines(lines, drawn.contract, drawn.statement.kept_lines)
    again = draw_statement(str(contract), rows, "2024-Q2", stated=[lines])

    (line,) = csv.DictReader(lines.read_text(encoding="utf-8").splitlines())
    assert (line["earned"], line["payable"]) == (earned, payable)
    assert (line["pays council"], line["pays fund"]) == (council, fund)
    assert drawn.as_dict()["total"] == payable
    assert again.as_dict()["stated_before"] == payable
    assert again.statement.lines == ()


@pytest.mark.parametrize(("code", "limit", "payable", "council", "fund"), [(*case[:2], *case[3:]) for case in CASES])
def test_explanations_have_the_decimals_of_the_currency(
    code: str, limit: str, payable: str, council: str, fund: str, tmp_path: Path
) -> None:
    contract = in_currency(code, limit, tmp_path)

    found = explain_amounts(str(contract), pages.FOLDER / f"{NAME}.csv", row="jobs").as_dict()["outcome"]["amount"]

    assert found["amount"] == payable
    assert [(step["subject"], step["amount"]) for step in found["steps"] if step["kind"] == "pays"] == [
        ("council", council),
        ("fund", fund),
    ]


def test_lines_of_another_currency_are_refused(tmp_path: Path) -> None:
    contract, lines = in_currency("KWD", "376.000", tmp_path), tmp_path / "lines.csv"
    rows = pages.FOLDER / f"{NAME}.csv"
    drawn = draw_statement(str(contract), rows, "2024-Q1")
    write_lines(lines, drawn.contract, drawn.statement.kept_lines)

    with pytest.raises(FindingsError):
        draw_statement(str(in_currency("JPY", "376", tmp_path)), rows, "2024-Q2", stated=[lines])


@pytest.mark.parametrize(("code", "limit"), [("JPY", "376.5"), ("GBP", "376.005"), ("KWD", "376.0005")])
def test_an_amount_with_more_decimals_than_the_currency_is_named(code: str, limit: str, tmp_path: Path) -> None:
    (finding,) = load(in_currency(code, limit, tmp_path)).findings

    assert (finding.rule, finding.at.key) == ("not-an-amount", "cap[all].limit")
