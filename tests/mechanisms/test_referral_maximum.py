"""A maximum of referrals, as docs/mechanisms/referral-maximum.md has it."""

from pathlib import Path
from typing import Any

import pytest

from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import names_of
from sib_engine.outcomes.rows_file import write_rows
from sib_engine.services.derive_outcomes import DerivedOutcomes, derive_outcomes
from sib_engine.services.draw_statement import state_table
from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.inputs import contract_at, rows_at
from sib_engine.services.price_counts import price_table
from tests.mechanisms import pages

NAME = "referral-maximum"
CONTRACT, FACTS = pages.FOLDER / f"{NAME}.toml", pages.FOLDER / f"{NAME}-facts.csv"
THEN = "so it leaves none of them out: it is an upper bound"
LATE = "R5,referral,2024-01-20,,,,out of work,2024-05-02"


def outcomes(folder: Path, *more: str, contract: Path = CONTRACT) -> DerivedOutcomes:
    """Return what the facts of the page, and more of them, come to."""
    path = folder / "facts.csv"
    path.write_text(FACTS.read_text(encoding="utf-8") + "".join(f"{line}\n" for line in more), encoding="utf-8")
    return derive_outcomes(str(contract), path)


def reasons(found: DerivedOutcomes) -> dict[str, str]:
    return dict(zip(found.table.row_ids(), map(names_of, found.table.mask.tolist()), strict=True))


def test_nobody_beyond_the_maximum_is_paid_for(tmp_path: Path) -> None:
    found = outcomes(tmp_path)
    priced = price_table(found.contract, found.table)

    assert {row: why for row, why in reasons(found).items() if why} == {
        "R4/engaged": "R04 prerequisite-missing",
        "R4/job/shop": "R04 prerequisite-missing",
        "R4/referred": "R31 beyond-maximum",
    }
    assert pages.payable(priced) == {"referred": "0.00", "engaged": "1200.00", "job": "1000.00"}
    assert priced.payable == 2_200_00


def test_a_referral_beyond_the_maximum_says_which_number_it_has(tmp_path: Path) -> None:
    table = outcomes(tmp_path).table
    place = table.place_of("R4/referred")

    assert place is not None
    assert table.details[place] == "referral on 2024-02-20; number 4 of at most 3 (first-three)"


def test_a_late_referral_of_an_early_day_takes_its_number_and_the_last_one_is_taken_back(tmp_path: Path) -> None:
    first = outcomes(tmp_path)
    drawn = state_table(first.contract, first.table, "2024-Q1")
    late = outcomes(tmp_path, LATE, *(f"R5,appointment,2024-04-{day},,,,,2024-05-02" for day in ("08", "15", "22")))

    then = state_table(late.contract, late.table, "2024-Q2", stated=drawn.statement.lines)

    assert drawn.statement.total == 2_200_00
    assert [(line.row, line.payable) for line in then.statement.lines] == [
        ("R3/referred", 0),
        ("R3/engaged", -400_00),
        ("R5/referred", 0),
        ("R5/engaged", 400_00),
    ]
    # As if everything had been known from the beginning.
    assert then.statement.due == 2_200_00


def test_over_sites_and_periods_each_has_a_maximum_of_its_own(tmp_path: Path) -> None:
    changes = (('on = ["contract"]\nmaximum = 3', 'on = ["period"]\nmaximum = 1'),)
    contract = pages.contract_file(NAME, tmp_path, *changes)
    found = outcomes(
        tmp_path, "R6,referral,2024-04-01,,,,out of work,", "R7,referral,2024-04-02,,,,,", contract=contract
    )

    referred = {row: why for row, why in reasons(found).items() if row.endswith("referred")}
    assert [row for row, why in referred.items() if not why] == ["R1/referred", "R6/referred"]


def test_without_the_prerequisite_a_metric_is_paid_for_everybody(tmp_path: Path) -> None:
    contract = pages.contract_file(NAME, tmp_path, ('requires = "referred"\n', ""))
    found = outcomes(tmp_path, contract=contract)

    assert pages.payable(price_table(found.contract, found.table))["engaged"] == "1600.00"


def test_what_sib_outcomes_writes_is_priced_to_the_same(tmp_path: Path) -> None:
    found = outcomes(tmp_path)
    write_rows(tmp_path / "rows.csv", found.table, found.contract)

    assert pages.priced(NAME, rows=tmp_path / "rows.csv").payable == 2_200_00


@pytest.mark.parametrize("count", [0, 4])
def test_counts_of_what_requires_the_referral_are_an_upper_bound_and_say_so(count: int, tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count", f"referred,{count}", "engaged,4")

    found = pages.priced(NAME, rows=rows)

    assert found.payable == 1_600_00
    assert [finding.what for finding in found.findings if finding.rule == "upper-bound"] == [
        f"counts of engaged do not say whose referred lies beyond first-three, {THEN}"
    ]


def test_of_a_published_count_only_what_lies_within_the_maximum_counts(tmp_path: Path) -> None:
    contract = pages.contract_file(NAME, tmp_path, ("price = 0.00", "price = 100.00"))
    rows = pages.rows_file(tmp_path, "metric,count,achieved_on", "referred,2,2024-01-10", "referred,3,2024-02-10")

    found = pages.priced(NAME, contract=contract, rows=rows)
    drawn = state_table(found.contract, read(contract, rows), "2024-Q1")
    first, second = (explain(contract, rows, f"count/referred/{day}") for day in ("2024-01-10", "2024-02-10"))

    assert (found.payable, found.not_counted) == (300_00, (("R31 beyond-maximum", 2),))
    assert [(line.count, line.payable) for line in drawn.statement.lines] == [(2, 200_00), (1, 100_00)]
    assert (first["detail"], first["amount"]["amount"]) == ("", "200.00")
    assert second["detail"] == "1 of 3 count; the others are beyond the maximum of 3 (first-three)"
    assert second["amount"]["amount"] == "100.00"


def test_a_published_count_wholly_beyond_the_maximum_has_the_reason(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count,achieved_on", "referred,3,2024-01-10", "referred,2,2024-02-10")

    found = explain(CONTRACT, rows, "count/referred/2024-02-10")

    assert found["amount"] is None
    assert [reason["code"] for reason in found["reasons"]] == ["R31 beyond-maximum"]
    assert found["detail"] == "all 2 are beyond the maximum of 3 (first-three)"


def test_counts_of_which_nobody_can_say_who_came_first_are_taken_in_order_and_say_so(tmp_path: Path) -> None:
    rows = pages.rows_file(
        tmp_path, "metric,count,group,achieved_on", "referred,2,a,2024-01-10", "referred,2,b,2024-01-10"
    )

    assert "maximum-by-order" in {finding.rule for finding in pages.priced(NAME, rows=rows).findings}


def test_people_and_counts_take_their_places_together(tmp_path: Path) -> None:
    lines = ("referred,,2,2024-01-10", "referred,P,1,2024-01-05", "referred,Q,1,2024-03-05")
    rows = pages.rows_file(tmp_path, "metric,person,count,achieved_on", *lines)

    found = pages.priced(NAME, rows=rows)

    assert (found.lines[0].count, found.not_counted) == (3, (("R31 beyond-maximum", 1),))


def explain(contract: Path, rows: Path, row: str) -> dict[str, Any]:
    found: dict[str, Any] = explain_amounts(str(contract), rows, row=row).as_dict()["outcome"]
    return found


def read(contract: Path, rows: Path) -> OutcomeTable:
    return rows_at(rows, contract_at(str(contract)).contract)[0]


@pytest.mark.parametrize(("effective_from", "payable"), [("2024-02-01", 3_600_00), ("2024-04-01", 2_200_00)])
def test_an_amendment_lets_in_more_people_referred_from_its_day_on(
    effective_from: str, payable: int, tmp_path: Path
) -> None:
    contract = pages.contract_file(NAME, tmp_path)
    more = """
[[volume]]
id = "first-four"
metric = "referred"
on = ["contract"]
maximum = 4
amendment = "a1"
status = "agreed"
source = "made up"

[[amendment]]
id = "a1"
signed_on = 2024-03-20
effective_from = 2024-04-01
replaces = ["first-three"]
text = "one more"
status = "agreed"
source = "made up"
"""
    more = more.replace("effective_from = 2024-04-01", f"effective_from = {effective_from}")
    contract.write_text(contract.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = outcomes(tmp_path, contract=contract)

    assert price_table(found.contract, found.table).payable == payable
