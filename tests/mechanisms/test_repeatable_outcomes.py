"""Repeatable outcomes, as docs/mechanisms/repeatable-outcomes.md has them."""

from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError
from sib_engine.services.explain_amounts import explain_amounts
from tests.mechanisms import pages

NAME = "repeatable-outcomes"
CONTRACT, ROWS = pages.FOLDER / f"{NAME}.toml", pages.FOLDER / f"{NAME}.csv"


def found_of(row: str) -> tuple[list[str], str]:
    """Return the codes of the reasons against a row, and what was found."""
    outcome = explain_amounts(str(CONTRACT), ROWS, row=row).outcome
    assert outcome is not None
    return [reason.code for reason in outcome.reasons], outcome.detail


def test_three_count_at_least_90_days_apart() -> None:
    found = pages.priced(NAME)

    assert pages.payable(found) == {"attendance": "1200.00"}
    assert found.not_counted == (("R29 too-often", 1), ("R30 too-close", 2))


@pytest.mark.parametrize(
    ("row", "reasons", "detail"),
    [
        ("A1/1", [], ""),
        ("A1/2", ["R30 too-close"], "51 days after 2024-01-10, the last that counts; another counts from 2024-04-09"),
        ("A1/3", [], ""),
        ("A1/5", ["R29 too-often"], "3 of at most 3 are counted already, the last on 2024-09-01"),
        ("A2/2", ["R30 too-close"], "89 days after 2024-02-05, the last that counts; another counts from 2024-05-05"),
    ],
)
def test_each_says_what_was_found_and_when_another_counts(row: str, reasons: list[str], detail: str) -> None:
    assert found_of(row) == (reasons, detail)


def test_one_that_is_left_out_holds_off_none_after_it(tmp_path: Path) -> None:
    # 80 days, then 20 more: the third is 100 days after the first, which is the last that counts.
    days = ("2024-01-01", "2024-03-21", "2024-04-10")
    rows = pages.rows_file(tmp_path, "person,metric,achieved_on", *(f"P,attendance,{day}" for day in days))

    assert pages.payable(pages.priced(NAME, rows=rows)) == {"attendance": "600.00"}


def test_of_two_on_one_day_the_smaller_row_id_counts_and_what_has_no_date_comes_last(tmp_path: Path) -> None:
    rows = pages.rows_file(
        tmp_path,
        "row,person,metric,achieved_on",
        "a,P,attendance,",
        "c,P,attendance,2024-05-01",
        "b,P,attendance,2024-05-01",
        "d,P,attendance,2024-12-01",
        "e,P,attendance,",
    )

    # b, d and the undated a: three.
    found = explain_amounts(str(CONTRACT), rows, row="e").outcome
    assert found is not None
    assert [reason.code for reason in found.reasons] == ["R29 too-often"]
    assert found.detail == "3 of at most 3 are counted already, the last on no date"
    found = explain_amounts(str(CONTRACT), rows, row="c").outcome
    assert found is not None
    assert [reason.code for reason in found.reasons] == ["R30 too-close"]


@pytest.mark.parametrize(("left_out", "payable"), [("at_most = 3\n", "1500.00"), ("days_apart = 90\n", "1500.00")])
def test_each_bound_stands_alone(left_out: str, payable: str, tmp_path: Path) -> None:
    contract = pages.contract_file(NAME, tmp_path, (left_out, ""))

    assert pages.payable(pages.priced(NAME, contract=contract)) == {"attendance": payable}


def test_an_early_outcome_that_comes_late_takes_the_place_of_one_that_is_now_too_close(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    engine.rows.clear()
    engine.accept("P/2", "attendance", "2024-03-01")
    assert pages.stated(engine, ["2024-Q1"]) == [[("outcome", "2024-Q1", 300_00)]]
    engine.accept("P/1", "attendance", "2024-02-01", recorded_on="2024-05-02")

    drawn = engine.state("2024-Q2").statement

    assert [(line.row, line.payable) for line in drawn.lines] == [("P/2", -300_00), ("P/1", 300_00)]
    assert drawn.restatements == ()


def test_a_row_about_a_person_is_one_outcome(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "person,metric,achieved_on,count", "P,attendance,2024-03-01,2")

    with pytest.raises(FindingsError) as refused:
        pages.priced(NAME, rows=rows)
    (finding,) = refused.value.findings
    assert finding.rule == "count-of-one-person"
    assert (
        finding.accepted == "1: the contract pays attendance every time, at most 3 for a person, at least 90 days apart"
    )


def test_published_counts_are_not_bounded(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,achieved_on,count", "attendance,2024-03-01,9")

    assert pages.payable(pages.priced(NAME, rows=rows)) == {"attendance": "2700.00"}
