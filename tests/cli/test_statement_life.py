"""The whole life of a contract in quarters, as a commissioner would run it: from files, each statement on the last."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from sib_engine.payments.statement.lines_file import read_lines, write_lines
from sib_engine.services.draw_statement import DrawnStatement, draw_statement
from sib_engine.services.price_counts import price_counts
from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from tests.synthetic.sites import example, folder

pytestmark = pytest.mark.slow

SITES = ("mhep/enfield", "mhep/tower-hamlets-ld", "mhep/haringey-barnet")


@dataclass(frozen=True, slots=True)
class Life:
    """Every statement of a contract, the file of each, and a last one that was drawn up a second time."""

    contract: Contract
    drawn: tuple[DrawnStatement, ...]
    files: tuple[Path, ...]
    again: DrawnStatement


@cache
def life(site: str) -> Life:
    kept, rows = folder(site.replace("/", "-")), example(site).rows
    contract = example(site).derived.contract
    first, last = (contract.periods.index_of(day) for day in (contract.start, contract.claims_close))
    drawn: list[DrawnStatement] = []
    files: list[Path] = []
    for index in range(first, last + 1):
        label = contract.periods.period(index).label
        drawn.append(draw_statement(site, rows, label, stated=files))
        files.append(kept / f"{label}.csv")
        write_lines(files[-1], contract, drawn[-1].statement.kept_lines)
    again = draw_statement(site, rows, contract.periods.period(last).label, stated=files)
    return Life(contract, tuple(drawn), tuple(files), again)


@pytest.mark.parametrize("site", SITES)
def test_all_statements_together_are_what_is_due_at_the_end(site: str) -> None:
    whole = life(site)

    stated = sum(drawn.statement.total for drawn in whole.drawn)
    payable = price_counts(site, example(site).rows).payable
    assert payable is not None
    assert stated == whole.drawn[-1].statement.due == payable + sum(grant.amount for grant in whole.contract.grants)


@pytest.mark.parametrize("site", SITES)
def test_running_the_last_one_again_adds_nothing(site: str) -> None:
    again = life(site).again.statement

    assert (again.lines, again.total, set(again.pays)) == ((), 0, {0})


@pytest.mark.parametrize("site", SITES)
def test_every_quarter_every_payer_is_within_a_penny_of_its_share_of_everything_so_far(site: str) -> None:
    # 58 % to the local payer and 42 % to the fund in each of these contracts.
    paid, total = [0, 0], 0
    for drawn in life(site).drawn:
        paid = [before + now for before, now in zip(paid, drawn.statement.pays, strict=True)]
        total += sum(drawn.statement.pays)
        assert abs(paid[0] - Fraction(58, 100) * total) < 1
        assert abs(paid[1] - Fraction(42, 100) * total) < 1


@pytest.mark.parametrize("site", SITES)
def test_without_corrections_nobody_is_asked_to_give_back(site: str) -> None:
    for drawn in life(site).drawn:
        assert min(drawn.statement.pays) >= 0
        assert all(min(line.pays) >= 0 and line.count > 0 for line in drawn.statement.lines)


@pytest.mark.parametrize("site", SITES)
def test_every_outcome_that_counts_is_stated_once(site: str) -> None:
    rows = [line.row for drawn in life(site).drawn for line in drawn.statement.lines]
    grants = {f"grant/{grant.id}" for grant in life(site).contract.grants}

    assert len(rows) == len(set(rows))
    assert set(rows) - grants == {line.row for line in example(site).derived.listed() if line.does_count}
    assert grants <= set(rows)


@pytest.mark.parametrize("site", SITES)
def test_late_data_is_paid_when_known_and_keeps_its_own_quarter(site: str) -> None:
    late = [line for drawn in life(site).drawn for line in drawn.statement.lines if line.own_period != line.period]

    assert late
    assert all(line.own_period < line.period for line in late)


def test_caps_that_bind_half_way_hold_to_the_penny_at_the_end(tmp_path: Path) -> None:
    # Made-up limits that the made-up outcomes reach: 600,000 in all, of which the fund pays 200,000 at most.
    text = (library.folder() / "mhep" / "haringey-barnet.toml").read_text(encoding="utf-8")
    text = text.replace("limit = 1439148.00", "limit = 600000.00").replace("limit = 596918.00", "limit = 200000.00")
    contract = tmp_path / "haringey-barnet.toml"
    contract.write_text(text, encoding="utf-8")
    rows, files = example("mhep/haringey-barnet").rows, list[Path]()
    paid = {"local": 0, "dcms": 0}

    for period in ("2020-Q1", "2020-Q4", "2021-Q4", "2022-Q4", "2023-Q3"):
        drawn = draw_statement(str(contract), rows, period, stated=files)
        files.append(tmp_path / f"{period}.csv")
        write_lines(files[-1], drawn.contract, drawn.statement.kept_lines)
        for payer, amount in zip(drawn.statement.payers, drawn.statement.pays, strict=True):
            paid[payer] += amount
            assert amount >= 0
        assert paid["dcms"] <= 20_000_000
        assert sum(paid.values()) <= 60_000_000

    assert paid == {"local": 40_000_000, "dcms": 20_000_000}


@pytest.mark.parametrize("site", SITES)
def test_the_files_give_back_the_lines_that_were_stated(site: str) -> None:
    whole = life(site)

    for path, drawn in zip(whole.files, whole.drawn, strict=True):
        assert read_lines(path, whole.contract) == (drawn.statement.kept_lines, ())


@pytest.mark.parametrize("site", SITES)
def test_statements_are_numbered_from_one_whether_or_not_anything_was_due(site: str) -> None:
    numbers = [drawn.statement.number for drawn in life(site).drawn]

    assert numbers == list(range(1, len(numbers) + 1))
