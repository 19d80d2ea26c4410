"""What the checks say of tiers, targets, windows and boundaries, and where they stay silent."""

from pathlib import Path

import pytest

from sib_engine.terms.load import load
from tests.terms.edited import clause, found, named

BAD = Path(__file__).parents[1] / "bad" / "contracts"


def said(name: str, *changes: tuple[str, str], folder: Path) -> list[str]:
    """Return what is said of a bad file after some words in it have changed."""
    text = (BAD / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return [finding.what for finding in load(path).findings]


def test_a_cliff_is_shown_in_pounds(tmp_path: Path) -> None:
    assert said("tier-cliff", folder=tmp_path) == [
        "the 101st outcome lowers the total from £50,000.00 to £45,450.00: a cliff of £4,550.00"
    ]
    assert said("tier-cliff", ("price = 450", "price = 495.05"), folder=tmp_path) == []
    assert said("tier-cliff", ("price = 450", "price = 495.04"), folder=tmp_path) == [
        "the 101st outcome lowers the total from £50,000.00 to £49,999.04: a cliff of £0.96"
    ]
    assert said("tier-cliff", ('"whole volume"', '"marginal"'), folder=tmp_path) == []


def test_a_tier_above_the_targets_is_unreachable_and_one_that_the_last_outcome_reaches_is_not(tmp_path: Path) -> None:
    assert said("tier-above-targets", folder=tmp_path) == [
        "tier 2, from number 101, can never be reached: the highest targets come to 90"
    ]
    assert said("tier-above-targets", ("count = 90", "count = 101"), folder=tmp_path) == []
    assert said("tier-above-targets", ("count = 90", "count = 100"), folder=tmp_path) != []


def test_a_cap_reached_by_the_outcomes_before_a_tier_makes_it_unreachable(tmp_path: Path) -> None:
    assert said("tier-beyond-cap", folder=tmp_path) == [
        "tier 2, from number 101, can never be reached: cap 'contract-cap' of £50,000.00 has stopped payment before"
    ]
    assert said("tier-beyond-cap", ("limit = 50000.00", "limit = 50000.01"), folder=tmp_path) == []
    assert said("tier-beyond-cap", ('on = ["contract"]', 'on = ["period"]'), folder=tmp_path) == []


def test_where_prices_have_parts_of_a_penny_rounding_may_leave_room_for_a_tier(tmp_path: Path) -> None:
    down = ("price = 500 }", "price = 500.001 }")

    assert said("tier-beyond-cap", down, folder=tmp_path) == []
    assert len(said("tier-beyond-cap", down, ("50000.00", "49990.00"), folder=tmp_path)) == 1


def test_a_cap_is_not_sure_to_stop_what_a_minimum_withholds(tmp_path: Path) -> None:
    minimum = clause("minimum", 'id = "least"\non = ["contract"]\nat_least = 120\nmetrics = "job_start"')
    with_minimum = ("[[share]]", minimum + "\n[[share]]")

    assert said("tier-beyond-cap", with_minimum, folder=tmp_path) == []


def test_more_outcomes_than_count_never_reach_a_tier(tmp_path: Path) -> None:
    assert said("tier-beyond-maximum", folder=tmp_path) == [
        "tier 2, from number 101, can never be reached: volume 'places' counts at most 80"
    ]
    assert said("tier-beyond-maximum", ("maximum = 80", "maximum = 101"), folder=tmp_path) == []


def test_tariffs_whose_tiers_differ_by_one_amount_may_arrive_in_any_order(tmp_path: Path) -> None:
    assert len(said("tiers-by-arrival", folder=tmp_path)) == 1
    later = ("price = 550 }, { price = 700 }", "price = 550 }, { price = 750 }")
    assert said("tiers-by-arrival", later, folder=tmp_path) == []
    assert said("tiers-by-arrival", ('"marginal"', '"whole volume"'), folder=tmp_path) == []


def test_a_late_outcome_of_tiers_that_follow_an_index_takes_a_number_at_another_price(tmp_path: Path) -> None:
    index = '[[index]]\nid = "cpi"\nvalues = [{ from = 2020-01-01, value = 100 }, { from = 2021-01-01, value = 110 }]\n'
    index += 'status = "agreed"\nsource = "made up"\n\n[[share]]'
    follows = ('metric = "job_start"\nfrom = 2020-04-01', 'metric = "job_start"\nindex = "cpi"\nfrom = 2020-04-01')
    changed = (('"whole volume"', '"marginal"'), ("[[share]]", index), follows)

    assert said("tier-cliff", *changed, folder=tmp_path) == [
        (
            "outcomes of tariff 't2' before and after its index moves are numbered together, and the two do not"
            " differ by one amount in all tiers: the order in which they arrive may decide how much is paid in all"
        )
    ]


def test_a_minimum_that_the_highest_target_reaches_is_no_finding(tmp_path: Path) -> None:
    assert said("minimum-above-target", folder=tmp_path) == [
        (
            "minimum 'least' asks for 50 and the highest targets of job_start come to 40:"
            " at the targets, what it withholds is never paid"
        )
    ]
    assert said("minimum-above-target", ("count = 40", "count = 50"), folder=tmp_path) == []


def test_targets_earn_the_tiers_that_they_reach_and_bonuses(tmp_path: Path) -> None:
    target = clause("target", 'id = "high"\ncase = "high"\nmetric = "job_start"\ncount = 150')
    tiers = ("price = 450", "price = 600"), ("[[share]]", target + "\n[[share]]"), ('"whole volume"', '"marginal"')

    assert said("tier-cliff", *tiers, ("100000.00", "80000.00"), folder=tmp_path) == []
    assert said("tier-cliff", *tiers, ("100000.00", "79999.00"), folder=tmp_path) == [
        "targets of the high case would earn £80,000.00, which is £1.00 above cap 'contract-cap'"
    ]
    bonus = clause("bonus", 'id = "extra"\non = ["contract"]\nabove = 140\nprice = 10')
    assert said("tier-cliff", *tiers, ("100000.00", "80000.00"), ("[[cap]]", bonus + "\n[[cap]]"), folder=tmp_path) == [
        "targets of the high case would earn £80,100.00, which is £100.00 above cap 'contract-cap'"
    ]


def test_work_of_13_weeks_fits_into_90_days_from_its_first_day_and_not_into_89(tmp_path: Path) -> None:
    assert said("window-before-work-lasts", folder=tmp_path) == [
        (
            "nobody can claim 'sustained': what it needs takes 90 days or more from 'job_start' on,"
            " and its window closes after 60"
        )
    ]
    assert said("window-before-work-lasts", ("days = 60", "days = 89"), folder=tmp_path) != []
    assert said("window-before-work-lasts", ("days = 60", "days = 90"), folder=tmp_path) == []


def test_a_window_that_closes_before_a_prerequisite_opens_is_named() -> None:
    late = (
        'counts = "every time"',
        'counts = "every time"\nwithin = { after = "referral", not_before = { months = 6 } }',
    )
    early = clause("tariff", 'id = "t"\nmetric = "check_up"\nfrom = 2020-04-01\nprice = 5')
    early += '\n[metric.check_up]\nname = "C"\ndefinition = "c"\nrequires = "health"\n'
    early += 'within = { after = "referral", months = 3 }\nstatus = "agreed"\nsource = "made up"\n'

    assert [key for key, rule in named(late, add=early) if rule == "never-claimable"] == ["metric.check_up.within"]
    assert named(late, add=early.replace("months = 3", "months = 7")) == []


def test_what_takes_longer_than_the_contract_is_named(tmp_path: Path) -> None:
    assert said("later-than-the-contract", folder=tmp_path) == [
        "nobody can claim 'job_start': it takes 1,825 days or more from a referral on, and the contract has 1,461 days"
    ]
    assert said("later-than-the-contract", ("months = 60", "months = 47"), folder=tmp_path) == []


def test_a_person_is_paid_for_one_of_an_exclusive_band_and_for_both_of_an_upgrade(tmp_path: Path) -> None:
    assert said("requires-two-of-a-band", folder=tmp_path) == [
        "nobody can claim 'both': it needs short and long, and band 'hours' pays a person for one of them"
    ]
    upgrade = ('"exclusive"', '"upgrade pays the difference"')
    assert said("requires-two-of-a-band", upgrade, ("contract-cap", "whole-cap"), folder=tmp_path) == []


def test_a_boundary_in_words_that_somebody_marked_as_assumed_is_not_named_again(tmp_path: Path) -> None:
    assert said("boundary-in-words", folder=tmp_path) == [
        "the definition of 'long' says 'more than 16', and by hours_from exactly 16 counts"
    ]
    assert said("boundary-in-words", ("more than 16 hours", "16 hours or more"), folder=tmp_path) == []
    marked = (
        "employment = { weeks = 13, hours_from = 16 }",
        'employment = { weeks = 13, hours_from = 16 }\nassumed = { "employment.hours_from" = "nobody is left out" }',
    )
    assert said("boundary-in-words", marked, folder=tmp_path) == ["1 term is assumed: neither published nor agreed"]


@pytest.mark.parametrize(
    ("until", "begins", "expected"),
    [
        ("16", "16", []),
        ("16", "16.01", ["hours from 16 to below 16.01 belong to neither 'short' nor 'long'"]),
        ("16", "20", []),
        ("16.5", "16", ["hours from 16 to below 16.5 belong to both 'short' and 'long', and both are paid"]),
    ],
)
def test_metrics_that_divide_people_by_hours_meet(until: str, begins: str, expected: list[str], tmp_path: Path) -> None:
    changed = (("hours_below = 16", f"hours_below = {until}"), ("hours_from = 16.01", f"hours_from = {begins}"))

    assert said("hours-gap-outside-bands", *changed, folder=tmp_path) == expected


def test_shares_that_change_with_a_period_are_no_finding(tmp_path: Path) -> None:
    assert said("shares-mid-period", folder=tmp_path) == [
        "shares change on 2021-05-15, inside period 2021-Q2: its statement divides outcomes of one period in two ways"
    ]
    assert said("shares-mid-period", ("2021-05-15", "2021-07-01"), folder=tmp_path) == []


def test_groups_that_differ_only_in_capitals_are_named() -> None:
    groups = ('metric = "engagement"\nfrom', 'groups = ["NEET", "neet"]\nmetric = "engagement"\nfrom')

    (finding,) = [each for each in found(groups) if each.rule != "price-gap"]

    assert (finding.at.key, finding.rule) == ("tariff[engagement-1].groups", "spelt-two-ways")
    assert finding.what == "'neet' and 'NEET' are two to the engine: no group of people's facts is both"
