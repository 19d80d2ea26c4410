"""Threshold, payment grid, sliding scale and price per unit: the amounts on their pages, and what the pages say."""

from decimal import Decimal
from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.core.findings import Severity
from sib_engine.payments.statement.lines_file import read_lines, write_lines
from sib_engine.services.draw_statement import draw_statement
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.explained import Explanation
from sib_engine.services.price_counts import price_counts
from tests.explain.recompute import recompute_payer, recompute_row

EXAMPLES = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples"
PAGES = {
    "threshold": {"cohort-1": "0.00", "cohort-2": "0.00", "pooled": "2000000.00"},
    "payment-grid": {
        "restored-1": "350000.00",
        "restored-2": "700000.00",
        "entries-1": "40000.00",
        "entries-2": "90000.00",
        "entries-3": "0.00",
    },
    "sliding-scale": {"joined-q1": "6000.00", "joined-q2": "9000.00", "joined-q3": "0.00", "joined-q4": "1000.00"},
    "per-unit": {"year-1": "57240.00", "half-2": "0.00", "half-3": "22760.00"},
}
"""What each row of an example pays: the amounts that stand on the pages."""


def explained(name: str, row: str, counts: Path | None = None) -> Explanation:
    return explain_amounts(str(EXAMPLES / f"{name}.toml"), counts or EXAMPLES / f"{name}.csv", row=row)


@pytest.mark.parametrize(
    ("name", "row", "amount"), [(name, *each) for name, rows in PAGES.items() for each in rows.items()]
)
def test_each_row_of_a_page_pays_what_the_page_says_and_can_be_worked_out_from_its_explanation(
    name: str, row: str, amount: str
) -> None:
    found = explained(name, row)
    tree = found.as_dict()["outcome"]["amount"]

    assert sum(recompute_row(tree).values()) == Decimal(amount)


@pytest.mark.parametrize("name", PAGES)
def test_what_a_payer_owes_comes_out_of_its_explanation(name: str) -> None:
    found = explain_amounts(str(EXAMPLES / f"{name}.toml"), EXAMPLES / f"{name}.csv").as_dict()["amounts"]

    assert sum(map(recompute_payer, found)) == sum(map(Decimal, PAGES[name].values()))


def detail_of(name: str, row: str) -> str:
    outcome = explained(name, row).outcome
    assert outcome is not None
    assert outcome.step is not None
    return next(step.detail for step in outcome.step.walk() if step.kind == "measured")


def test_the_explanation_says_what_was_measured_and_which_point_it_falls_short_of() -> None:
    assert detail_of("threshold", "cohort-1") == (
        "reduction 8.387...% = 1 - (1420/1000) / (15500/10000); below 10%: nothing"
        " (scale from 2021-01-01; rounded half-even, once)"
    )


def test_a_result_at_the_point_itself_reaches_it_but_not_where_the_point_says_above() -> None:
    # 180 v 200 in 1,000 is exactly 10 %; 55 of 100 is exactly 55 %.
    assert "reduction 10% = 1 - (180/1000) / (200/1000); at least 10%: 90000" in detail_of("payment-grid", "entries-2")
    assert "rate 55% = 55/100; at least 0%: 50% of 700000.00" in detail_of("payment-grid", "restored-1")
    assert "rate 56% = 56/100; above 55%: 100% of 700000.00" in detail_of("payment-grid", "restored-2")


def test_a_line_pays_in_proportion_between_two_points() -> None:
    assert "value 0.8; between 0.5 (0%) and 1.4 (100%), 1/3 of the way: 1/3 of 300.00 x 10 outcomes" in detail_of(
        "sliding-scale", "joined-q4"
    )
    assert "value 1.6; at least 1.4: 100% of 300.00 x 30 outcomes" in detail_of("sliding-scale", "joined-q2")
    assert "value 0.4; below 0.5: nothing x 20 outcomes" in detail_of("sliding-scale", "joined-q3")


def test_units_that_were_not_avoided_take_nothing_back() -> None:
    assert "units avoided -135 = 15500/1000 x 250 - 4010; none avoided, so nothing of 180.00 each" in detail_of(
        "per-unit", "half-2"
    )


def test_prices_are_printed_with_one_count_for_each_result() -> None:
    found = price_counts(str(EXAMPLES / "threshold.toml"), EXAMPLES / "threshold.csv").as_dict()

    assert [(line["metric"], line["count"], line["payable"]) for line in found["lines"]] == [
        ("fewer_reconvictions", 2, "0.00"),
        ("fewer_reconvictions_pooled", 1, "2000000.00"),
    ]
    assert {each["payer"]: each["amount"] for each in found["payers"]} == {
        "ministry": "1200000.00",
        "fund": "800000.00",
    }


def test_a_pooled_result_is_paid_nothing_where_a_cohort_is_paid(tmp_path: Path) -> None:
    counts = edited("threshold", tmp_path, ("1370,1000,15150,10000", "1363,1000,15150,10000"))

    found = price_counts(str(EXAMPLES / "threshold.toml"), counts)
    pooled = explained("threshold", "pooled", counts).outcome

    assert [(line.metric, line.payable) for line in found.lines] == [
        ("fewer_reconvictions", 1_500_000_00),
        ("fewer_reconvictions_pooled", 0),
    ]
    assert pooled is not None
    assert pooled.step is not None
    assert next(step.detail for step in pooled.step.walk() if step.kind == "measured").startswith(
        "reduction 8.972...% = 1 - (2790/2000) / (30650/20000); nothing, since fewer_reconvictions is paid (scale from"
    )


def test_a_cohort_found_to_be_paid_takes_back_a_pooled_result_that_was_stated(tmp_path: Path) -> None:
    contract, stated = str(EXAMPLES / "threshold.toml"), tmp_path / "first.csv"
    first = draw_statement(contract, EXAMPLES / "threshold.csv", "2022-Q4")
    write_lines(stated, first.contract, first.statement.kept_lines)
    counts = edited("threshold", tmp_path, ("1370,1000,15150,10000", "1363,1000,15150,10000"))

    then = draw_statement(contract, counts, "2023-Q1", stated=(stated,))

    assert {line.row: line.payable for line in then.statement.lines if line.payable} == {
        "pooled": -2_000_000_00,
        "cohort-2": 1_500_000_00,
    }


def edited(name: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """Return the example's counts with some words changed, in a file of their own."""
    text = (EXAMPLES / f"{name}.csv").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_thirds_of_a_penny_are_rounded_once(tmp_path: Path) -> None:
    # A third of the way to 300.00, times 10 and a count of 7: 100.00 each. At 0.7, 2/9 of 300 is 66.666..., times 7
    # is 466.666...: rounded once 466.67, where seven rounded payments would be 466.69.
    counts = edited("sliding-scale", tmp_path, ("2022-06-30,10,0.8", "2022-06-30,7,0.7"))

    found = explained("sliding-scale", "joined-q4", counts).outcome

    assert found is not None
    assert found.step is not None
    assert found.step.amount == 466_67


def test_a_result_is_stated_once_and_a_corrected_measurement_is_a_signed_line(tmp_path: Path) -> None:
    contract, counts = str(EXAMPLES / "per-unit.toml"), EXAMPLES / "per-unit.csv"
    first = draw_statement(contract, counts, "2021-Q4")
    stated = tmp_path / "first.csv"
    write_lines(stated, first.contract, first.statement.kept_lines)

    again = draw_statement(contract, counts, "2021-Q4", stated=[stated])
    fewer = edited("per-unit", tmp_path, ("3402,240", "3420,240"))
    corrected = draw_statement(contract, fewer, "2022-Q1", stated=[stated])

    assert [(line.row, line.count, line.payable, line.tariff, line.price) for line in first.statement.lines] == [
        ("year-1", 1, 57_240_00, "bed-day", "180.00")
    ]
    assert read_lines(stated, first.contract) == (first.statement.kept_lines, ())
    assert again.statement.lines == ()
    # Eighteen bed days more, at 180.00 each. New figures are new facts: nobody has to accept a restatement.
    assert [(line.kind.value, line.count, line.payable, line.measured) for line in corrected.statement.lines] == [
        ("correction", -1, -57_240_00, "cases=3402 population=240 comparison_cases=15500 comparison_population=1000"),
        ("correction", 1, 54_000_00, "cases=3420 population=240 comparison_cases=15500 comparison_population=1000"),
    ]
    assert corrected.statement.total == -3_240_00


def test_figures_edited_in_a_stated_line_are_noticed(tmp_path: Path) -> None:
    contract, counts = str(EXAMPLES / "per-unit.toml"), EXAMPLES / "per-unit.csv"
    first = draw_statement(contract, counts, "2021-Q4")
    stated = tmp_path / "first.csv"
    write_lines(stated, first.contract, first.statement.kept_lines)
    stated.write_text(stated.read_text(encoding="utf-8").replace("cases=3402", "cases=3400"), encoding="utf-8")

    lines, findings = read_lines(stated, first.contract)

    assert lines == ()
    assert [finding.rule for finding in findings] == ["statement-changed"]


def test_terms_that_change_what_a_stated_result_pays_are_refused_in_pounds(tmp_path: Path) -> None:
    text = (EXAMPLES / "sliding-scale.toml").read_text(encoding="utf-8")
    contract = tmp_path / "sliding-scale.toml"
    contract.write_text(text, encoding="utf-8")
    counts = EXAMPLES / "sliding-scale.csv"
    first = draw_statement(str(contract), counts, "2021-Q3")
    write_lines(tmp_path / "first.csv", first.contract, first.statement.kept_lines)
    contract.write_text(text.replace("amount = 300.00", "amount = 330.00"), encoding="utf-8")

    with pytest.raises(RefusedError, match=r"1 of what was stated \(joined-q1\) would change by £600\.00"):
        draw_statement(str(contract), counts, "2021-Q4", stated=[tmp_path / "first.csv"])


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "rule"),
    [
        ("threshold", "1420,1000,15500,10000", "1420,1000,,10000", 2, "comparison_cases", "measure-missing"),
        ("threshold", "1420,1000,15500,10000", "1420,0,15500,10000", 2, "population", "population-zero"),
        ("threshold", "1370,1000,15150,10000", "1370,1000,15150,0", 3, "comparison_population", "population-zero"),
        ("threshold", "1420,1000,15500,10000", "1420,1000,0,10000", 2, "comparison_cases", "comparison-without-cases"),
        ("threshold", "1420,1000,15500,10000", "-1,1000,15500,10000", 2, "cases", "not-a-whole-number"),
        ("threshold", "1420,1000,15500,10000", "1420.5,1000,15500,10000", 2, "cases", "not-a-whole-number"),
        ("payment-grid", "2021-12-31,55,100,,", "2021-12-31,101,100,,", 2, "cases", "cases-above-population"),
        ("payment-grid", "2021-12-31,55,100,,", "2021-12-31,55,100,60,", 2, "comparison_cases", "measure-unexpected"),
        ("sliding-scale", "40,0.95", "40,", 2, "value", "measure-missing"),
        ("sliding-scale", "40,0.95", '40,"0,95"', 2, "value", "not-a-number"),
        ("sliding-scale", "40,0.95", ",0.95", 2, "count", "measured-count"),
    ],
)
def test_what_is_wrong_with_a_measured_row_is_named_by_row_column_and_rule(
    name: str, old: str, new: str, row: int, column: str, rule: str, tmp_path: Path
) -> None:
    counts = edited(name, tmp_path, (old, new))

    with pytest.raises(FindingsError) as refused:
        price_counts(str(EXAMPLES / f"{name}.toml"), counts)

    found = [(finding.at.row, finding.at.column, finding.rule) for finding in refused.value.findings]
    assert (row, column, rule) in found


def test_a_measured_row_of_a_person_or_with_a_count_is_refused(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(
        "metric,person,count,cases,population\nrestored,P1,,55,100\nrestored,,2,55,100\n", encoding="utf-8"
    )

    with pytest.raises(FindingsError) as refused:
        price_counts(str(EXAMPLES / "payment-grid.toml"), counts)

    errors = [each for each in refused.value.findings if each.severity is Severity.ERROR]
    assert [(finding.at.row, finding.rule) for finding in errors] == [
        (2, "measured-person"),
        (3, "measured-count"),
    ]


def test_a_value_below_zero_pays_nothing(tmp_path: Path) -> None:
    counts = edited("sliding-scale", tmp_path, ("40,0.95", "40,-0.95"))

    found = explained("sliding-scale", "joined-q1", counts).outcome

    assert found is not None
    assert found.step is not None
    assert found.step.amount == 0
    assert "value -0.95; below 0.5: nothing" in found.step.steps[0].detail
