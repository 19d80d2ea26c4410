"""What one more outcome is worth, in literal amounts, and why."""

from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.services.price_counts import price_counts
from sib_engine.services.simulate_contract import Who, simulate_contract
from sib_engine.services.simulated import OneMore, SimulatedContract
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
    assert [cause.words for cause in line.other_causes] == ["1 x 700 (tier 101 to 150, marginal), in place of 1 x 500"]


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
        "+£5,100.00: 1 x 400 (tier from 51, whole volume), in place of 1 x 300, with outcomes counted before"
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
        "£2,000.00: 1 x 2000.00 (price from 2024-01-01)",
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
    # The fund's 42 % of two grants of 108,990 uses 91,551.60 of its 596,918.00.
    assert line.later.number == 1_057
    assert [cause.said(found.contract.currency) for cause in line.other_causes] == [
        "cap lcf-maximum takes £63.73: limit £596,918.00 of dcms; what it cuts falls to local"
    ]


@pytest.mark.parametrize("name", PRICED)
def test_causes_add_up_to_what_is_earned_and_payable_more(name: str) -> None:
    limits = {"minimum", "share of outcomes", "money", "grant", "fee", "guarantee", "termination"}
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
    measured = simulate_contract(str(EXAMPLES / "threshold.toml")).lines[0]
    undated = simulate_contract(str(EXAMPLES / "price-date.toml")).lines[0]
    unpriced = simulate_contract("mhep/west-london").lines[0]
    late = simulate_contract("fair-chance-fund/ambition", on=date(2031, 1, 1)).lines[0]

    assert measured.refused == (
        "a measured result, and the position has none: --at has it in a row, or --measure"
        " (cases, population, comparison_cases, comparison_population)"
    )
    assert undated.refused == (
        "1 of metric 'job' has no day of referral (started_on), and more than one tariff could apply;"
        " --on gives the outcomes more a day"
    )
    assert unpriced.refused == "no price is published"
    assert late.refused == "R03 after-end, R10 recorded-late"


@pytest.mark.parametrize(("key", "accepted"), [("site", "haringey, barnet"), ("metric", "engagement, job_start")])
def test_a_name_that_the_contract_does_not_have_is_refused(key: str, accepted: str) -> None:
    with pytest.raises(NotFoundError, match=f"no {key} 'nowhere'; accepted: {accepted}"):
        simulate_contract("mhep/haringey-barnet", **{key: "nowhere"})  # type: ignore[arg-type]  # one of its options


def test_that_each_one_more_is_of_another_person_is_noted_where_a_cap_counts_by_person() -> None:
    found = simulate_contract(str(EXAMPLES / "person-cap.toml"))

    assert [finding.rule for finding in found.findings] == ["of-another-person"]


def one(name: str, metric: str, on: date) -> tuple[SimulatedContract, OneMore]:
    """Return what is simulated of one metric of an example from nothing, and the only line of it."""
    found = simulate_contract(str(EXAMPLES / f"{name}.toml"), metric=metric, on=on)
    (line,) = found.lines
    return found, line


def test_one_more_beyond_a_maximum_is_worth_nothing_and_names_the_clause(tmp_path: Path) -> None:
    path = contract_file("referral-maximum", tmp_path, ("price = 0.00", "price = 100.00"))
    rows = rows_file(tmp_path, "person,metric,achieved_on", "R1,referred,2024-01-08", "R2,referred,2024-01-15")

    (line,) = simulate_contract(str(path), at=rows, metric="referred", to=10).lines

    assert worth(line) == (100_00, 100_00)
    assert line.later is not None
    assert (line.later.number, line.later.worth.payable) == (2, 0)
    (cause,) = line.later.causes
    assert (cause.clause, cause.words) == (
        "first-three",
        "does not count: R31 beyond-maximum: number 4 of at most 3 (first-three)",
    )
    assert [total.payable for _, total in line.curve] == [200_00] + [300_00] * 10


def test_a_published_count_takes_the_places_of_a_maximum_from_one_more(tmp_path: Path) -> None:
    path = contract_file("referral-maximum", tmp_path, ("price = 0.00", "price = 100.00"))
    rows = rows_file(tmp_path, "metric,achieved_on,count", "referred,2024-01-08,5")

    found = simulate_contract(str(path), at=rows, metric="referred")

    assert (found.position.payable, worth(found.lines[0]), found.lines[0].later) == (300_00, (0, 0), None)


def test_what_must_rest_on_a_referral_within_the_maximum_is_noted() -> None:
    found, _ = one("referral-maximum", "engaged", date(2024, 3, 1))

    assert [(finding.rule, finding.what) for finding in found.findings] == [
        (
            "prerequisite-taken",
            "engaged: worth so much only where the referred that it requires lies within first-three",
        )
    ]


def test_an_outcome_dated_before_those_counted_takes_the_place_of_the_last(tmp_path: Path) -> None:
    path = contract_file("referral-maximum", tmp_path, ("price = 0.00", "price = 100.00"))
    days = ("08", "15", "22")
    rows = rows_file(tmp_path, "person,metric,achieved_on", *(f"R{day},referred,2024-01-{day}" for day in days))

    found = simulate_contract(str(path), at=rows, metric="referred", on=date(2024, 1, 1))

    assert worth(found.lines[0]) == (0, 0)
    assert said(found, found.lines[0]) == [
        "£100.00: 1 x 100.00 (price from 2024-01-01)",
        "-£100.00: no longer counted, or counted anew, with outcomes counted before",
    ]


def test_one_more_of_a_person_who_repeats_it_too_soon_is_worth_nothing() -> None:
    name = "repeatable-outcomes"
    by_person = {
        person: simulate_contract(
            str(EXAMPLES / f"{name}.toml"), at=EXAMPLES / f"{name}.csv", on=date(2025, 6, 1), who=Who(person=person)
        ).lines[0]
        for person in ("A1", "A2")
    }

    assert {person: worth(line)[1] for person, line in by_person.items()} == {"A1": 0, "A2": 300_00}
    assert by_person["A1"].causes[0].words == (
        "does not count: R29 too-often: 3 of at most 3 are counted already, the last on 2024-09-01"
    )
    later = by_person["A2"].later
    assert later is not None
    assert (later.number, later.worth.payable, later.causes[0].words) == (
        2,
        0,
        "does not count: R30 too-close: 0 days after 2025-06-01, the last that counts; another counts from 2025-08-30",
    )


def test_one_more_of_a_person_at_the_limit_of_a_cap_is_worth_nothing(tmp_path: Path) -> None:
    path = str(EXAMPLES / "person-cap.toml")
    lines = (EXAMPLES / "person-cap.csv").read_text(encoding="utf-8").splitlines()
    rows = rows_file(tmp_path, *(line for line in lines if "employment_26" not in line))

    found = simulate_contract(path, at=rows, metric="employment_26_weeks", who=Who(person="Y01"))
    other = simulate_contract(path, at=rows, metric="employment_26_weeks")

    assert worth(found.lines[0]) == (1_000_00, 0)
    assert said(found, found.lines[0])[1] == "cap per-person takes £1,000.00: limit £8,200.00 per person"
    assert worth(other.lines[0]) == (1_000_00, 1_000_00)


def test_a_person_who_is_not_in_the_position_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no outcome of the position is of a person 'Z'; there is, for example: A1"):
        simulate_contract(
            str(EXAMPLES / "repeatable-outcomes.toml"), at=EXAMPLES / "repeatable-outcomes.csv", who=Who(person="Z")
        )


def test_a_group_that_no_price_names_is_a_warning_as_in_rows() -> None:
    found = simulate_contract(str(EXAMPLES / "prices-by-group.toml"), on=date(2024, 2, 1), who=Who(group="nonsense"))

    assert "group-unknown" in {finding.rule for finding in found.findings}


def test_grants_that_use_a_cap_leave_room_for_fewer() -> None:
    (line,) = simulate_contract("mhep/enfield", metric="engagement").lines

    # (620,689.00 - 77,479.00) / 568.14 = 956.12...
    assert line.later is not None
    assert (line.later.number, line.later.worth.payable) == (957, 68_16)


def test_only_what_is_scheduled_by_the_end_of_the_period_of_the_day_is_taken() -> None:
    first = simulate_contract("mhep/enfield", on=date(2019, 12, 1), metric="engagement")
    whole = simulate_contract("mhep/enfield", metric="engagement")

    assert (first.position.scheduled, whole.position.scheduled) == (0, 77_479_00)
    assert whole.as_dict()["position"]["scheduled"] == "77479.00"


def test_a_referral_short_of_a_guaranteed_volume_saves_what_it_would_have_cost() -> None:
    found, line = one("guaranteed-volume", "referred", date(2021, 3, 20))

    assert worth(line) == (0, -500_00)
    assert said(found, line) == [
        "£0.00: 1 x 0 (price from 2021-01-01)",
        "-£500.00: guarantee referrals: 1 of 20 referred: 19 short x 500.00",
    ]
    assert line.later is not None
    assert (line.later.number, line.later.worth.payable) == (21, 0)


def test_amounts_of_a_tier_stand_on_every_line_and_add_up(tmp_path: Path) -> None:
    rows = rows_file(tmp_path, "metric,site,achieved_on,count", "job,north,2024-02-01,100")

    found = simulate_contract(str(EXAMPLES / "volume-tiers.toml"), at=rows, metric="job", site="north")

    assert worth(found.lines[0]) == (700_00, 700_00)
    assert said(found, found.lines[0]) == [
        "£500.00: 1 x 500 (price from 2024-01-01)",
        "+£200.00: 1 x 700 (tier 101 to 150, marginal), in place of 1 x 500",
    ]


def test_one_case_fewer_in_a_measured_result_says_at_which_number_the_threshold_is_reached() -> None:
    lines = simulated("threshold", metric="fewer_reconvictions").lines
    fewer, more = lines[:2]

    assert [(line.row, line.change) for line in (fewer, more)] == [
        ("cohort-1", "one case fewer"),
        ("cohort-1", "one case more"),
    ]
    # 10 % fewer than 1.55 a person are 1,395 reconvictions of 1,000: 25 fewer than 1,420.
    assert fewer.later is not None
    assert (worth(fewer), fewer.later.number, fewer.later.worth.payable) == ((0, 0), 25, -500_000_00)
    # The cohort is then paid its own amount, and the pooled result, which gives way to it, nothing.
    assert [(cause.clause, cause.amount) for cause in fewer.later.causes] == [
        ("cohort", 1_500_000_00),
        ("pooled", -2_000_000_00),
    ]
    assert (worth(more), more.later) == ((0, 0), None)
    (cause,) = more.causes
    assert cause.words.startswith("reduction 8.322...% = 1 - (1421/1000) / (15500/10000); below 10%: nothing (scale")


def test_one_bed_day_fewer_is_worth_its_price() -> None:
    figures = "cases=900 population=100 comparison_cases=1000 comparison_population=100"
    found = simulate_contract(str(EXAMPLES / "per-unit.toml"), on=date(2022, 12, 31), measure=figures)

    by_change = {line.change: worth(line)[1] for line in found.lines}
    assert by_change == {"the result itself": 18_000_00, "one case fewer": 180_00, "one case more": -180_00}


@pytest.mark.parametrize(
    "figures", ["cases=142", "cases=x population=1 comparison_cases=1 comparison_population=1", ""]
)
def test_figures_that_are_not_those_of_the_metric_are_refused(figures: str) -> None:
    accepted = "accepted: cases=NUMBER population=NUMBER comparison_cases=NUMBER comparison_population=NUMBER"
    with pytest.raises(RefusedError, match=accepted):
        simulate_contract(str(EXAMPLES / "per-unit.toml"), measure=figures)


def test_figures_without_the_metric_that_they_are_of_are_refused() -> None:
    with pytest.raises(RefusedError, match="figures are of one measured metric, and 2 are asked about; --metric"):
        simulate_contract(str(EXAMPLES / "threshold.toml"), measure="value=1")
