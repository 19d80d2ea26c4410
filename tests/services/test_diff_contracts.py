from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.services.diff_contracts import ContractDifference, diff_contracts

TWO_PAYERS = Path(__file__).parents[1] / "statement" / "two-payers.toml"


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    path = tmp_path / "counts.csv"
    path.write_text("metric,count\nengagement,2\njob_start,1\n", encoding="utf-8")
    return path


def edited(folder: Path, *changes: tuple[str, str], more: str = "") -> str:
    text = TWO_PAYERS.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "two-payers.toml"
    path.write_text(text + more, encoding="utf-8")
    return str(path)


def money(found: ContractDifference) -> dict[str, tuple[int | None, int | None, int | None]]:
    return {each.name: (each.before, each.after, each.change) for each in found.money}


def test_a_contract_does_not_differ_from_itself(counts: Path) -> None:
    found = diff_contracts(str(TWO_PAYERS), str(TWO_PAYERS), counts=counts)

    assert found.clauses == ()
    assert {change for _before, _after, change in money(found).values()} == {0}


def test_a_new_price_is_named_by_clause_and_in_pounds_for_each_party(tmp_path: Path, counts: Path) -> None:
    new = edited(tmp_path, ("price = 700.00", "price = 750.00"))

    found = diff_contracts(str(TWO_PAYERS), new, counts=counts)

    (clause,) = found.clauses
    (term,) = clause.terms
    assert (clause.name, term.key, term.before, term.after) == ("tariff[price-job]", "price", "£700.00", "£750.00")
    # 2 x 300.01 + 700.00 = 1,300.02 and 1,350.02; 58 % of them is 754.0116 and 783.0116.
    assert money(found) == {
        "earned": (130_002, 135_002, 5_000),
        "payable": (130_002, 135_002, 5_000),
        "council": (75_401, 78_301, 2_900),
        "fund": (54_601, 56_701, 2_100),
    }


def test_another_split_moves_money_between_the_parties_and_changes_no_total(tmp_path: Path, counts: Path) -> None:
    new = edited(tmp_path, ('council = "58%", fund = "42%"', 'council = "50%", fund = "50%"'))

    found = diff_contracts(str(TWO_PAYERS), new, counts=counts)

    assert money(found)["payable"] == (130_002, 130_002, 0)
    assert money(found)["council"] == (75_401, 65_001, -10_400)
    assert money(found)["fund"] == (54_601, 65_001, 10_400)


def test_a_party_that_only_one_version_has_pays_nothing_in_the_other(tmp_path: Path, counts: Path) -> None:
    party = '[[party]]\nid = "trust"\nrole = "outcomes_payer"\norganisation = "A trust"\nstatus = "agreed"\n'
    new = edited(
        tmp_path,
        ('council = "58%", fund = "42%"', 'council = "58%", trust = "42%"'),
        more=party + 'source = "made up"\n',
    )

    found = diff_contracts(str(TWO_PAYERS), new, counts=counts)

    assert money(found)["fund"] == (54_601, 0, -54_601)
    assert money(found)["trust"] == (0, 54_601, 54_601)


def test_without_counts_only_the_clauses_are_compared(tmp_path: Path) -> None:
    found = diff_contracts(str(TWO_PAYERS), edited(tmp_path, ("limit = 2000.00", "limit = 2500.00")))

    assert [clause.name for clause in found.clauses] == ["cap[contract-cap]"]
    assert found.money == ()


def test_a_version_without_prices_has_no_amounts_and_no_change(tmp_path: Path, counts: Path) -> None:
    new = edited(tmp_path, ('price = 700.00\nstatus = "agreed"', 'status = "unpriced"'))

    found = diff_contracts(str(TWO_PAYERS), new, counts=counts)

    assert money(found) == {"earned": (130_002, None, None), "payable": (130_002, None, None)}
    assert "unpriced" in {finding.rule for finding in found.findings}


def test_counts_that_one_version_cannot_read_are_refused(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("metric,count\nsustained,2\n", encoding="utf-8")

    with pytest.raises(FindingsError) as refused:
        diff_contracts(str(TWO_PAYERS), str(TWO_PAYERS), counts=counts)

    assert [finding.rule for finding in refused.value.findings] == ["metric-unknown"]


def test_counts_that_one_version_cannot_price_are_refused(tmp_path: Path, counts: Path) -> None:
    later = '\n[[tariff]]\nid = "later"\nmetric = "job_start"\nfrom = 2021-04-01\nprice = 1.00\nstatus = "agreed"\n'
    new = edited(tmp_path, more=later + 'source = "made up"\n')

    with pytest.raises(RefusedError, match="job_start"):
        diff_contracts(str(TWO_PAYERS), new, counts=counts)


def test_json_gives_amounts_as_text_and_both_digests(tmp_path: Path, counts: Path) -> None:
    shown = diff_contracts(
        str(TWO_PAYERS), edited(tmp_path, ("price = 700.00", "price = 750.00")), counts=counts
    ).as_dict()

    assert set(shown) == {"old", "new", "currency", "clauses", "money", "findings"}
    assert shown["old"]["terms"] != shown["new"]["terms"]
    assert shown["money"][0] == {"name": "earned", "before": "1300.02", "after": "1350.02", "change": "50.00"}


LATER_PRICE = """
[[tariff]]
id = "price-job-2"
metric = "job_start"
from = 2021-04-01
price = 750.00
status = "agreed"
source = "made up"
"""


def test_what_only_one_version_refuses_names_that_version(tmp_path: Path, counts: Path) -> None:
    new = edited(tmp_path, more=LATER_PRICE)

    with pytest.raises(RefusedError) as refused:
        diff_contracts(str(TWO_PAYERS), new, counts=counts)

    assert str(refused.value) == (
        f"under the new version ({new}): 'count/job_start' (row 3 of the file): 1 of metric 'job_start' has no date, "
        "and more than one tariff could apply"
    )


def test_counts_that_have_errors_under_one_version_name_that_version(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text("metric,count,achieved_on\njob_start,1,2022-01-04\n", encoding="utf-8")
    old = edited(tmp_path, ("end = 2022-03-31", "end = 2021-12-31"))

    with pytest.raises(FindingsError) as refused:
        diff_contracts(old, str(TWO_PAYERS), counts=counts)

    assert [finding.what for finding in refused.value.findings] == [
        f"2022-01-04 is not within the contract's dates, under the old version ({old})"
    ]
