from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError
from sib_engine.services.check_contract import check_contract

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
