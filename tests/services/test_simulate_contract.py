"""What one more outcome is worth, in literal amounts, and why."""

from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError
from sib_engine.services.price_counts import price_counts
from sib_engine.services.simulate_contract import OneMore, SimulatedContract, simulate_contract
from sib_engine.terms import library
from tests.mechanisms.pages import contract_file, rows_file

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "mechanisms" / "examples"
AMBITION = library.folder() / "fair-chance-fund" / "published" / "ambition-2025-12.csv"
PRICED = sorted(path.stem for path in EXAMPLES.glob("*.csv") if path.with_suffix(".toml").exists())


def simulated(name: str, *, metric: str | None = None, site: str | None = None) -> SimulatedContract:
    return simulate_contract(str(EXAMPLES / f"{name}.toml"), at=EXAMPLES / f"{name}.csv", metric=metric, site=site)


def said(found: SimulatedContract, line: OneMore) -> list[str]:
    return [cause.said(found.contract.currency) for cause in line.causes]


def worth(line: OneMore) -> tuple[int, int]:
    assert line.worth is not None
    return line.worth.earned, line.worth.payable


def test_a_position_of_none_reaches_the_second_tier_with_number_101() -> None:
    found = simulate_contract(str(EXAMPLES / "volume-tiers.toml"), on=date(2024, 2, 1), metric="job", site="north")
    (line,) = found.lines

    assert worth(line) == (500_00, 500_00)
    assert line.later is not None
    assert (line.later.number, line.later.worth.payable) == (101, 700_00)
    assert [cause.words for cause in line.other_causes] == ["1 x 700 (tier 101 to 150, marginal)"]


def test_180_jobs_are_in_the_last_tier_for_good() -> None:
    found = simulated("volume-tiers", metric="job", site="south")
    (line,) = found.lines

    assert (worth(line), line.later) == ((900_00, 900_00), None)
    assert found.position.earned == 148_400_00


def test_the_first_outcome_of_a_whole_volume_tier_brings_the_difference_for_those_before() -> None:
    found = simulate_contract(str(EXAMPLES / "volume-tiers.toml"), on=date(2024, 2, 1), metric="training", site="north")
    (line,) = found.lines

    assert worth(line) == (300_00, 300_00)
    assert line.later is not None
    assert (line.later.number, line.later.worth.earned) == (51, 5_400_00)
    assert [cause.said(found.contract.currency) for cause in line.other_causes] == [
        "1 x 400 (tier from 51, whole volume): £5,100.00 with outcomes counted before"
    ]


def test_a_cliff_costs_what_the_check_says_it_does(tmp_path: Path) -> None:
    change = ("{ up_to = 50, price = 300 }, { price = 400 }", "{ up_to = 100, price = 500 }, { price = 450 }")
    name = str(contract_file("volume-tiers", tmp_path, change))

    (line,) = simulate_contract(name, on=date(2024, 2, 1), metric="training", site="north").lines

    assert line.later is not None
    assert (line.later.number, line.later.worth.earned) == (101, -4_550_00)


def test_the_fifth_reaches_a_minimum_and_releases_the_four_before() -> None:
    found = simulated("minimum", metric="sustained")
    (line,) = found.lines

    assert worth(line) == (2_000_00, 10_000_00)
    assert said(found, line) == [
        "1 x 2000.00 (price from 2024-01-01)",
        "minimum first-five reached: releases £8,000.00",
    ]
    assert line.later is not None
    assert (line.later.number, line.later.worth.payable) == (2, 2_000_00)


def test_one_more_start_can_cost_money_where_jobs_have_to_keep_up_with_starts() -> None:
    found = simulated("minimum", metric="start")
    (line,) = found.lines

    assert worth(line) == (200_00, -1_300_00)
    assert said(found, line)[1] == (
        "minimum jobs-for-starts withholds £1,500.00: 3 reached of a minimum of 4, 30% of start, per period;"
        " pays 50% until then, rounded half-even"
    )


def test_of_forty_percent_the_33rd_is_the_next_that_lets_one_more_through() -> None:
    found = simulated("share-of-outcomes-cap")
    (line,) = found.lines

    assert worth(line) == (1_000_00, 0)
    assert line.later is not None
    assert (line.later.number, line.later.worth.payable) == (3, 1_000_00)


@pytest.mark.slow
def test_ambition_pays_nothing_for_one_more_at_its_published_counts() -> None:
    found = simulate_contract("fair-chance-fund/ambition", at=AMBITION)

    assert (found.position.earned, found.position.payable) == (3_155_150_00, 2_944_525_00)
    assert [line.worth.payable for line in found.lines if line.worth is not None] == [0] * 21
    first = found.lines[0]
    assert (first.metric, first.count, worth(first)[0], first.later) == ("initial_assessment", 406, 500_00, None)
    assert said(found, first)[1] == "cap contract-total takes £500.00: limit £2,944,525.00 per contract"


def test_ambition_reaches_its_cap_after_5889_more_of_500_pounds() -> None:
    (line,) = simulate_contract("fair-chance-fund/ambition", metric="education_entry").lines

    assert line.later is not None
    assert (line.later.number, line.later.worth.earned, line.later.worth.payable) == (5_890, 500_00, 25_00)


def test_a_payers_cap_moves_what_the_next_one_owes() -> None:
    found = simulate_contract("mhep/haringey-barnet", site="barnet", metric="job_start")
    (line,) = found.lines

    assert line.worth is not None
    assert dict(zip(found.payers, line.worth.payers, strict=True)) == {"local": 660_34, "dcms": 478_17}
    assert line.later is not None
    assert line.later.number == 1_249
    assert [cause.said(found.contract.currency) for cause in line.other_causes] == [
        "cap lcf-maximum takes £321.57: limit £596,918.00 of dcms; what it cuts falls to local"
    ]


@pytest.mark.parametrize("name", PRICED)
def test_causes_add_up_to_what_is_earned_and_payable_more(name: str) -> None:
    limits = {"minimum", "share of outcomes", "money"}
    for line in simulated(name).lines:
        both = [] if line.worth is None else [(line.worth, line.causes)]
        both += [] if line.later is None else [(line.later.worth, line.later.causes)]
        for found, causes in both:
            earned = sum(cause.amount for cause in causes if cause.kind not in {*limits, "payer cap"})
            assert earned == found.earned
            assert earned + sum(cause.amount for cause in causes if cause.kind in limits) == found.payable


def test_worth_is_the_price_of_the_file_with_one_more_line_less_that_of_the_file(tmp_path: Path) -> None:
    text = AMBITION.read_text(encoding="utf-8").splitlines()
    without = [line for line in text if not line.startswith(("full_time", "volunteering"))]
    before = rows_file(tmp_path, *without)
    (line,) = simulate_contract("fair-chance-fund/ambition", at=before, metric="full_time_13_weeks").lines
    old = price_counts("fair-chance-fund/ambition", before)
    new = price_counts("fair-chance-fund/ambition", rows_file(tmp_path, *without, "full_time_13_weeks,1"))

    assert old.payable is not None
    assert new.payable is not None
    assert worth(line) == (4_500_00, new.payable - old.payable)


def test_a_curve_holds_the_totals_in_ten_steps() -> None:
    found = simulate_contract(str(EXAMPLES / "bonus.toml"), on=date(2024, 2, 1), metric="job", to=20)

    assert [more for more, _ in found.lines[0].curve] == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]
    assert [each["earned"] for each in found.as_dict()["lines"][0]["curve"]][:3] == ["0.00", "2000.00", "4000.00"]


def test_what_cannot_be_said_says_why() -> None:
    measured = simulated("threshold").lines[0]
    undated = simulate_contract(str(EXAMPLES / "price-date.toml")).lines[0]
    unpriced = simulate_contract("mhep/west-london").lines[0]
    late = simulate_contract("fair-chance-fund/ambition", on=date(2031, 1, 1)).lines[0]

    assert measured.refused == "a measured result, not an outcome that one more can be added to"
    assert undated.refused == "1 of metric 'job' has no date, and more than one tariff could apply"
    assert unpriced.refused == "no price is published"
    assert late.refused == "R03 after-end, R10 recorded-late"


@pytest.mark.parametrize(("key", "accepted"), [("site", "haringey, barnet"), ("metric", "engagement, job_start")])
def test_a_name_that_the_contract_does_not_have_is_refused(key: str, accepted: str) -> None:
    with pytest.raises(NotFoundError, match=f"no {key} 'nowhere'; accepted: {accepted}"):
        simulate_contract("mhep/haringey-barnet", **{key: "nowhere"})  # type: ignore[arg-type]  # one of its options


def test_outcomes_of_nobody_are_noted_where_a_cap_counts_by_person() -> None:
    assert [finding.rule for finding in simulate_contract(str(EXAMPLES / "person-cap.toml")).findings] == ["of-nobody"]
