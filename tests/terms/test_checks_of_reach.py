"""Bounds of what can be counted and earned: caps, bonuses and tiers at the number, and one beyond it."""

from pathlib import Path

import pytest

from sib_engine.terms.load import load
from tests.terms.edited import clause, found, named

BAD = Path(__file__).parents[1] / "bad" / "contracts"

TIERS = (
    'metric = "job_start"\nfrom = 2020-04-01\nprice = 700.00',
    (
        'metric = "job_start"\nfrom = 2020-04-01\ntiers = [{ up_to = 3, price = 700 }, { price = 1500.55 }]'
        '\nvolume = "marginal"\ncount_over = "metric"'
    ),
)


def said(name: str, *changes: tuple[str, str], folder: Path) -> list[tuple[str, str]]:
    """Return key and rule of what is said of a bad file after some words in it have changed."""
    text = (BAD / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return [(finding.at.key, finding.rule) for finding in load(path).findings]


def about_person_cap(limit: str, *changes: tuple[str, str], add: str = "") -> list[str]:
    cap = clause("cap", f'id = "person"\non = ["person"]\nmetrics = ["engagement", "job_start"]\nlimit = {limit}')
    return [one.what for one in found(*changes, add=cap + add) if one.at.key == "cap[person].limit"]


def test_a_person_may_earn_the_highest_tier_and_every_bonus() -> None:
    bonus = clause("bonus", 'id = "young"\non = ["contract"]\nmetrics = ["job_start"]\nabove = 1\nprice = 250')

    assert about_person_cap("1150.00") == []
    assert about_person_cap("1150.01") == [
        "cap 'person' of £1,150.01 can never be reached: one person earns at most £1,150.00"
    ]
    assert about_person_cap("1900.55", TIERS) == []
    assert about_person_cap("2150.55", TIERS, add=bonus) == []
    assert about_person_cap("2150.56", TIERS, add=bonus) == [
        "cap 'person' of £2,150.56 can never be reached: one person earns at most £2,150.55"
    ]


def test_a_person_may_earn_a_repeated_outcome_as_often_as_it_counts() -> None:
    often = ('counts = "every time"', 'counts = "every time"\nat_most = 5')
    cap = clause("cap", 'id = "person"\non = ["person"]\nmetrics = ["health"]\nlimit = 50.01')

    assert ("cap[person].limit", "unreachable-cap") in named(often, add=cap)
    assert ("cap[person].limit", "unreachable-cap") not in named(often, add=cap.replace("50.01", "50.00"))
    assert ("cap[person].limit", "unreachable-cap") not in named(add=cap)


def test_a_fee_may_fill_a_cap_that_the_caps_on_its_metrics_do_not() -> None:
    metrics = ("engagement", "job_start", "short_weeks", "full_weeks", "health")
    caps = "".join(
        clause("cap", f'id = "c-{place}"\non = ["metric"]\nmetrics = "{one}"\nlimit = 30000.00')
        for place, one in enumerate(metrics)
    )
    fee = clause("fee", 'id = "service"\nmonths = { from = 2020-04-01, to = 2021-03-31 }\nmonthly = 5000')
    grants = ("uses_caps = false\nstatus", "uses_caps = true\nstatus")

    def told(*changes: tuple[str, str], add: str) -> list[str]:
        return [one.what for one in found(*changes, add=add) if one.at.key == "cap[contract-cap-2].limit"]

    assert told(add=caps) == [
        "cap 'contract-cap-2' of £170,000.00 can never be reached: the caps on its metrics add up to £150,000.00"
    ]
    assert told(add=caps + fee) == []
    assert told(grants, add=caps) == [
        (
            "cap 'contract-cap-2' of £170,000.00 can never be reached: the caps on its metrics, with what no outcome"
            " earns, add up to £155,000.00"
        )
    ]


def test_maxima_bound_what_a_cap_can_meet_to_the_pound(tmp_path: Path) -> None:
    assert said("cap-beyond-maximum", ("15000.00", "14000.00"), folder=tmp_path) == []


def test_a_bonus_a_minimum_and_a_guarantee_may_ask_for_all_that_can_count(tmp_path: Path) -> None:
    assert said("bonus-beyond-maximum", ("above = 20", "above = 19"), folder=tmp_path) == []
    assert said("minimum-beyond-maximum", ("at_least = 50", "at_least = 20"), folder=tmp_path) == []
    assert said("guarantee-beyond-maximum", ("minimum = 50", "minimum = 20"), folder=tmp_path) == []


def test_a_bonus_is_earned_by_targets_that_reach_its_first_number() -> None:
    bonus = clause("bonus", 'id = "many"\non = ["contract"]\nmetrics = ["engagement"]\nabove = 100\nprice = 5')

    (finding,) = found(add=bonus)

    assert (finding.at.key, finding.rule) == ("bonus[many].above", "unreachable-bonus")
    assert finding.what == "bonus 'many', from number 101, can never be earned: the highest targets come to 100"
    assert named(add=bonus.replace("above = 100", "above = 99")) == []


def test_one_person_reaches_a_metric_of_once_per_person_once() -> None:
    bonus = clause("bonus", 'id = "twice"\non = ["person"]\nmetrics = ["job_start"]\nabove = 1\nprice = 5')
    either = bonus.replace('["job_start"]', '["short_weeks", "full_weeks"]')  # of an exclusive band
    both = bonus.replace('["job_start"]', '["engagement", "job_start"]')

    assert named(add=bonus) == [("bonus[twice].above", "unreachable-bonus")]
    assert named(add=either) == [("bonus[twice].above", "unreachable-bonus")]
    assert named(add=both) == []


def test_a_maximum_of_what_is_required_bounds_what_requires_it() -> None:
    places = clause("volume", 'id = "places"\nmetric = "engagement"\non = ["contract"]\nmaximum = 3')

    assert [(one.at.key, one.rule) for one in found(TIERS, add=places) if one.rule == "unreachable-tier"] == [
        ("tariff[job-start-1].tiers", "unreachable-tier")
    ]
    four = places.replace("maximum = 3", "maximum = 4")
    assert "unreachable-tier" not in [rule for _, rule in named(TIERS, add=four)]


def test_tiers_of_one_metric_are_counted_in_one_way(tmp_path: Path) -> None:
    assert said("tiers-mixed", ('"whole volume"', '"marginal"'), folder=tmp_path) == []
    over = ('volume = "whole volume"\ncount_over = "metric"', 'volume = "marginal"\ncount_over = "site"')
    assert ("tariff[t2].tiers", "tiers-mixed") in said("tiers-mixed", over, folder=tmp_path)


def test_a_payers_cap_at_its_share_can_be_reached(tmp_path: Path) -> None:
    assert said("payer-cap-above-share", ("9000.00", "4666.67"), folder=tmp_path) == []
    assert said("payer-cap-above-share", ("9000.00", "4666.68"), folder=tmp_path) != []


def test_payers_caps_that_are_lost_leave_a_contracts_cap_its_work_while_one_of_them_has_room(tmp_path: Path) -> None:
    assert (
        said(
            "payer-caps-below-cap",
            ('limit = 3000.00\noverflow = "lost"', 'limit = 3000.00\noverflow = "next period"'),
            ('on = ["payer"]\npayer = "council"', 'on = ["payer", "period"]\npayer = "council"'),
            folder=tmp_path,
        )
        == []
    )
    assert said("payer-caps-below-cap", ("3000.00", "9333.33"), folder=tmp_path) != []
    assert said("payer-caps-below-cap", ("limit = 4000.00", "limit = 4666.67"), folder=tmp_path) == []


def test_a_lower_minimum_that_pays_a_part_below_the_higher_one_is_no_finding(tmp_path: Path) -> None:
    assert said("two-minimums", ("at_least = 5", 'at_least = 5\npays_below = "50%"'), folder=tmp_path) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("targets-above-share-cap", ("count = 9", "count = 4")),
        ("target-above-required", ("count = 9", "count = 5")),
        ("targets-above-payer-cap", ("5000.00", "7000.00")),
        ("targets-and-fee-above-cap", ("14000.00", "19000.00")),
        ("fee-above-cap", ("monthly = 5000.00", "monthly = 1000.00")),
        ("fee-above-cap", ("monthly = 5000.00", "monthly = 5000.00\nuses_caps = false")),
        ("work-longer-than-contract", ("weeks = 209", "weeks = 208")),
        ("window-opens-after-the-end", ("months = 60", "months = 47")),
        ("grant-in-every-month", ("2024-03-31 }", "2024-02-29 }")),
        ("grant-in-every-month", ('"outcome payments"', '"nothing"')),
        ("hours-decided-once", ("gap_days = 90", "gap_days = 28")),
        ("hours-decided-once", ("gap_days = 90", 'gap_days = 90, hours_over = "any period"')),
        ("gap-nearly-any", ("gap_days = 1400", 'gap_days = "any"')),
        ("gap-nearly-any", ("gap_days = 1400", "gap_days = 1300")),
        ("gap-in-words", ('"long"', '"any"')),
    ],
)
def test_what_is_within_its_bound_is_no_finding(name: str, change: tuple[str, str], tmp_path: Path) -> None:
    assert said(name, change, folder=tmp_path) == []


def test_work_of_one_job_that_must_begin_with_its_start_cannot_have_begun_before_the_contract(tmp_path: Path) -> None:
    per_job = ("employment = {", 'counts = "once per job"\nemployment = {')

    assert said("work-longer-than-contract", per_job, folder=tmp_path) == [
        ("metric.sustained.within", "never-claimable")
    ]


def test_hours_that_any_break_leaves_decided_are_named_for_it() -> None:
    whole = ("weeks = 13, hours_from = 16, gap_days = 7", 'weeks = 13, hours_from = 16, gap_days = "any"')

    (finding,) = found(whole)

    assert (finding.at.key, finding.rule) == ("metric.full_weeks.employment.hours_over", "hours-decided-once")
    assert finding.what == (
        "the hours of 'full_weeks' are measured over the first days of a run, which no break ends: whoever works other"
        " hours then is shut out for good, in later jobs too"
    )


def test_an_amendment_that_reaches_back_says_which_price_it_changes_and_how_to_see_the_sum() -> None:
    early = ("effective_from = 2022-04-01", "effective_from = 2022-01-01")
    signed = ("signed_on = 2022-03-01", "signed_on = 2022-05-01")

    told = [one for one in found(early, signed) if one.rule == "amendment-reaches-back"]

    assert [one.what for one in told] == [
        (
            "it was signed 120 days after it takes effect, and reaches into the past:"
            " job_start from £700.00 to £750.00 an outcome (tariff 'job-start-2')"
        )
    ]
    assert "--rows" in told[0].accepted
