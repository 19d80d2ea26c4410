from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError
from sib_engine.services.check_contract import check_contract, check_contracts

TESTS = Path(__file__).parents[1]


def test_a_clean_contract_can_be_used() -> None:
    checked = check_contract(str(TESTS / "terms" / "clean.toml"))

    assert checked.is_usable
    assert checked.as_dict() | {"terms": "-"} == {
        "file": "clean.toml",
        "contract": "clean",
        "terms": "-",
        "usable": True,
        "errors": 0,
        "warnings": 0,
        "notes": 0,
        "findings": [],
    }


def test_a_contract_with_a_warning_can_be_used_and_one_with_an_error_cannot() -> None:
    warned = check_contract(str(TESTS / "bad" / "contracts" / "cap-of-zero.toml"))
    refused = check_contract(str(TESTS / "bad" / "contracts" / "two-tariffs.toml"))

    assert (warned.is_usable, warned.as_dict()["warnings"]) == (True, 1)
    assert (refused.is_usable, refused.as_dict()["errors"], refused.as_dict()["terms"]) == (False, 1, None)
    assert refused.as_dict()["findings"] == [
        {
            "severity": "error",
            "rule": "two-tariffs",
            "file": str(TESTS / "bad" / "contracts" / "two-tariffs.toml"),
            "key": "tariff[t3]",
            "row": None,
            "column": "",
            "what": "tariff 't2' prices 'job_start' from 2020-04-01 too",
            "accepted": "one price for a metric, site and group from any day",
        }
    ]


def test_a_library_contract_is_found_by_name() -> None:
    assert check_contract("mhep/enfield").is_usable


def test_a_name_that_is_neither_file_nor_library_contract_is_refused() -> None:
    with pytest.raises(NotFoundError, match="mhep/enfield"):
        check_contract("mhep/nowhere")


def test_a_missing_file_keeps_no_finding_about_the_others_back() -> None:
    clean, missing, warned = check_contracts(
        [str(TESTS / "terms" / "clean.toml"), "mhep/nowhere", str(TESTS / "bad" / "contracts" / "cap-of-zero.toml")]
    )

    assert (clean.is_usable, clean.findings) == (True, ())
    assert (missing.is_usable, [(each.rule, each.at.file) for each in missing.findings]) == (
        False,
        [("no-such-file", "mhep/nowhere")],
    )
    assert missing.findings[0].what == "there is no contract file 'mhep/nowhere'"
    assert [each.rule for each in warned.findings] == ["cap-of-zero"]


def test_a_bad_row_keeps_no_finding_about_the_contract_back(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("metric,count,achieved_on\nengagement,many,2022-04-15\n", encoding="utf-8")
    checked = check_contract(str(TESTS / "bad" / "contracts" / "cap-of-zero.toml"), rows=rows)

    assert (checked.is_usable, checked.rows_refused) == (True, True)
    assert [(each.rule, each.at.key or each.at.column) for each in checked.findings] == [
        ("cap-of-zero", "cap[none].limit"),
        ("not-a-whole-number", "count"),
    ]


def test_an_outcome_that_cannot_be_priced_keeps_no_finding_about_the_contract_back(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("metric,group,count,achieved_on\njob_start,women,1,2022-04-15\n", encoding="utf-8")
    text = (TESTS / "bad" / "contracts" / "amendment-reaches-back.toml").read_text(encoding="utf-8")
    path = tmp_path / "amendment-reaches-back.toml"
    path.write_text(text.replace('metric = "job_start"\nfrom', 'groups = "men"\nmetric = "job_start"\nfrom'), "utf-8")
    checked = check_contract(str(path), rows=rows)

    assert [each.rule for each in checked.findings if each.severity != "note"] == [
        "price-gap",
        "amendment-reaches-back",
        "group-unknown",
        "rows-not-priced",
    ]
    assert "'job_start' has no tariff for group 'women'; its tariffs are for: men" in checked.findings[-1].what
    assert checked.rows_refused
