from datetime import date
from pathlib import Path

from sib_engine.terms.amend import in_force, states
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load_contract

CONTRACT = load_contract(Path(__file__).parent / "clean.toml")


def ids(contract: Contract) -> dict[str, list[str]]:
    return {
        "tariffs": [clause.id for clause in contract.tariffs if clause.metric == "job_start"],
        "caps": [clause.id for clause in contract.caps],
        "shares": [clause.id for clause in contract.shares],
        "targets": [clause.id for clause in contract.targets],
    }


def test_before_an_amendment_takes_effect_nothing_that_it_brings_is_in_force() -> None:
    assert ids(in_force(CONTRACT, date(2022, 3, 31))) == {
        "tariffs": ["job-start-1"],
        "caps": ["contract-cap", "weeks-at-a-site", "fund-cap"],
        "shares": ["split", "split-engagement"],
        "targets": ["high-engagement", "high-job-start", "low-full-weeks-north"],
    }


def test_from_its_day_on_caps_and_targets_are_replaced_while_dated_prices_and_shares_stay_for_earlier_days() -> None:
    assert ids(in_force(CONTRACT, date(2022, 4, 1))) == {
        "tariffs": ["job-start-1", "job-start-2"],
        "caps": ["contract-cap-2", "weeks-at-a-site", "fund-cap"],
        "shares": ["split", "split-engagement", "split-2"],
        "targets": ["high-engagement", "high-job-start-2", "low-full-weeks-north"],
    }


def test_a_view_of_the_contract_keeps_its_digest() -> None:
    assert in_force(CONTRACT, date(2020, 4, 1)).digest == CONTRACT.digest


def test_a_contract_has_a_state_for_its_start_and_one_for_each_later_amendment() -> None:
    assert [len(state.tariffs) for state in states(CONTRACT)] == [7, 8]
