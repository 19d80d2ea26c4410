"""The page on earnings thresholds, and the contract that has them."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from sib_engine.outcomes.facts_file import read_facts
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import names_of
from sib_engine.services.price_counts import price_table
from sib_engine.terms import library
from sib_engine.terms.load import load, load_contract
from sib_engine.terms.metric import Earnings
from tests.outcomes.people import outcomes, referral, work

FOLDER = Path(__file__).parents[2] / "docs" / "mechanisms"
EXAMPLE = FOLDER / "examples" / "earnings-threshold.toml"
FACTS = EXAMPLE.with_name("earnings-threshold-facts.csv")
REBOOT_WEST = library.folder() / "care-leavers" / "reboot-west.toml"


def test_the_example_has_no_findings_and_its_outcomes_are_those_of_the_page() -> None:
    contract = load_contract(EXAMPLE)
    facts, findings = read_facts(FACTS, contract)
    assert facts is not None

    table = find_outcomes(contract, facts, known_on=date(2021, 7, 31))

    assert load(EXAMPLE).findings == findings == ()
    rows = zip(
        table.row_ids(),
        np.datetime_as_string(table.rows.achieved_on).tolist(),
        map(names_of, table.mask.tolist()),
        strict=True,
    )
    assert list(rows) == [
        ("A/earns_768", "2021-02-15", ""),
        ("A/job_outcome", "2021-04-11", ""),
        ("B/earns_768", "2021-03-12", ""),
        ("B/job_outcome", "2021-03-12", "R33 earnings-below"),
        ("C/earns_768", "2021-03-11", "R33 earnings-below"),
        ("C/job_outcome", "2021-03-11", "R33 earnings-below"),
        ("D/earns_768", "2021-07-31", "R19 still-running; R32 pay-unknown"),
        ("D/job_outcome", "2021-07-31", "R19 still-running; R32 pay-unknown"),
        ("E/earns_768", "2021-07-12", ""),
        ("E/job_outcome", "2021-12-01", "R19 still-running"),
    ]
    assert np.datetime_as_string(table.due_on[-1]) == "2021-12-01"
    priced = price_table(contract, table).as_dict()
    assert priced["payable"] == "2900.00"
    assert "**2,900.00**" in (FOLDER / "earnings-threshold.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("metric", "day"),
    [
        # 16 hours at 7.00 are 16.00 a day: 768 in 48 days, 1,631 in 102, 3,350 in 210, 8,155 in 510.
        ("earns_768", "2019-02-17"),
        ("earns_1631", "2019-04-12"),
        ("earns_3350", "2019-07-29"),
        ("earns_8155", "2020-05-24"),
    ],
)
def test_reboot_west_pays_four_steps_of_earnings(metric: str, day: str) -> None:
    contract = load_contract(REBOOT_WEST)
    job = work("2019-01-01..2020-12-31", job="shop", hours="16", hourly_pay="7.00")

    row = outcomes(contract, referral("2018-12-01"), job)[f"P1/{metric}"]

    assert (row.achieved_on, row.reasons) == (day, ())


def test_reboot_west_says_what_of_its_earnings_is_assumed() -> None:
    rules = {metric.code: metric for metric in load_contract(REBOOT_WEST).metrics if isinstance(metric.rule, Earnings)}

    assert list(rules) == ["earns_768", "earns_1631", "earns_3350", "earns_8155"]
    for metric in rules.values():
        assert set(metric.provenance.assumed) >= {"earnings.since", "earnings.competitive", "earnings.self_employment"}
