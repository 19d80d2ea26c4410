"""A maximum of referrals, as docs/mechanisms/referral-maximum.md has it."""

from pathlib import Path

import pytest

from sib_engine.outcomes.reasons import names_of
from sib_engine.outcomes.rows_file import write_rows
from sib_engine.services.derive_outcomes import DerivedOutcomes, derive_outcomes
from sib_engine.services.draw_statement import state_table
from sib_engine.services.price_counts import price_table
from tests.mechanisms import pages

NAME = "referral-maximum"
CONTRACT, FACTS = pages.FOLDER / f"{NAME}.toml", pages.FOLDER / f"{NAME}-facts.csv"
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


@pytest.mark.parametrize(("count", "n_notes"), [(0, 0), (4, 1)])
def test_published_counts_are_an_upper_bound_and_say_so(count: int, n_notes: int, tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count", f"referred,{count}", "engaged,4")

    found = pages.priced(NAME, rows=rows)

    assert found.payable == 1_600_00
    assert [finding.rule for finding in found.findings].count("upper-bound") == n_notes


def test_an_amendment_lets_more_people_in(tmp_path: Path) -> None:
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
    contract.write_text(contract.read_text(encoding="utf-8") + more, encoding="utf-8")
    found = outcomes(tmp_path, contract=contract)

    assert price_table(found.contract, found.table).payable == 3_600_00
