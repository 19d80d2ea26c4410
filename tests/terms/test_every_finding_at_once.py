"""One mistake in a table hides no other: what each key says, and what keys say together, is listed at once."""

from pathlib import Path

import pytest

from sib_engine.terms.load import load_text

GOOD = (Path(__file__).with_name("clean.toml")).read_text()

STATED = """
status = "agreed"
source = "made up"
"""


def rules(table: str) -> list[tuple[str, str]]:
    """Return key and rule of each error about a good contract with one more table."""
    found = load_text(GOOD + table + STATED, "contract").findings
    return [(finding.at.key, finding.rule) for finding in found if finding.severity == "error"]


TARIFF = """
[[tariff]]
id = "x"
metric = "engagement"
from = 2021-04-01
"""


def test_overlapping_tiers_are_found_beside_a_missing_count_over() -> None:
    tiers = "tiers = [{ up_to = 10, price = 1 }, { up_to = 9, price = 2 }, { up_to = 20, price = 3 }]"
    assert rules(f'{TARIFF}volume = "marginal"\n{tiers}') == [
        ("tariff[x].count_over", "tiers-unclear"),
        ("tariff[x].tiers", "tiers-out-of-order"),
    ]


def test_overlapping_tiers_are_found_beside_an_unknown_volume() -> None:
    tiers = "tiers = [{ up_to = 10, price = 1 }, { up_to = 10, price = 2 }, { up_to = 5, price = 3 }]"
    assert rules(f'{TARIFF}volume = "both"\ncount_over = "metric"\n{tiers}') == [
        ("tariff[x].volume", "not-a-choice"),
        ("tariff[x].tiers", "tiers-out-of-order"),
    ]


def test_what_is_wrong_with_one_tier_is_no_mistake_of_their_order() -> None:
    tiers = "tiers = [{ up_to = 10, price = 1 }, { up_to = 0, price = 2 }, { price = 3 }]"
    assert rules(f'{TARIFF}volume = "marginal"\ncount_over = "metric"\n{tiers}') == [
        ("tariff[x].tiers[2].up_to", "not-a-count")
    ]


def test_a_bonus_on_a_payer_that_ends_before_it_begins_is_both() -> None:
    bonus = '[[bonus]]\nid = "x"\non = ["payer"]\nabove = 5\nup_to = 5\nprice = 1'
    assert rules(bonus) == [("bonus[x].up_to", "bonus-never-paid"), ("bonus[x].on", "bonus-on-payer")]


def test_a_minimum_by_person_with_both_numbers_is_both() -> None:
    minimum = '[[minimum]]\nid = "x"\non = ["person"]\nat_least = 5\nat_least_share = "5%"\nof = "engagement"'
    assert rules(minimum) == [("minimum[x].at_least_share", "minimum-unclear"), ("minimum[x].on", "not-counted-over")]


def test_two_sums_and_a_tail_below_zero_are_both() -> None:
    termination = '[[termination]]\nid = "x"\nfrom = 2020-04-01\namount = 5\nshare = "5%"\ntail_days = -1'
    assert rules(termination) == [
        ("termination[x].tail_days", "not-a-count"),
        ("termination[x].of", "termination-unclear"),
    ]


def test_days_in_the_wrong_order_are_both_found() -> None:
    text = GOOD.replace("end = 2024-03-31", "end = 2019-03-31").replace("claims_close = 2024", "claims_close = 2018")
    found = load_text(text, "contract").findings
    assert [(each.at.key, each.rule) for each in found if each.severity == "error"] == [
        ("contract.end", "ends-before-start"),
        ("contract.claims_close", "claims-close-too-early"),
    ]


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ('share = "5%"\npayer = "council"\nlimit = 5', ["cap[x].share", "cap[x].payer"]),
        ('of = "engagement"\npayer = "council"', ["cap[x].limit", "cap[x].of", "cap[x].payer"]),
    ],
)
def test_a_cap_says_all_that_does_not_go_together(keys: str, expected: list[str]) -> None:
    assert sorted(key for key, _ in rules(f'[[cap]]\nid = "x"\non = ["contract"]\n{keys}')) == sorted(expected)
