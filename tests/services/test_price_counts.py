from pathlib import Path

import pytest

from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.services.price_counts import PricedCounts, price_counts
from sib_engine.terms import library

EVERYTHING_ROUND_1 = (
    "school_behaviour", "school_attendance", "qualification_level_1", "qualification_level_2", "qualification_level_3",
    "higher_education", "esol", "employment_13_weeks", "employment_26_weeks",
)  # fmt: skip
EVERYTHING_ROUND_2 = (
    "school_behaviour", "school_attendance", "school_attitude", "qualification_level_1", "qualification_level_2",
    "qualification_level_3", "employment_13_weeks", "employment_26_weeks", "qualification_entry_level", "basic_skills",
)  # fmt: skip
ROUND_1 = "dwp-innovation-fund/advance"
ROUND_2 = "dwp-innovation-fund/3sc-capitalise"


def priced(contract: str, folder: Path, *lines: str) -> PricedCounts:
    path = folder / "counts.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return price_counts(contract, path)


def rules(found: PricedCounts) -> set[str]:
    return {finding.rule for finding in found.findings}


def payers(found: PricedCounts) -> dict[str, int]:
    return {each.payer: each.amount for each in found.payers}


def cuts(found: PricedCounts) -> dict[str, int]:
    return {each.cap: each.taken for each in found.caps}


def test_reboot_west_earns_what_its_published_prices_come_to() -> None:
    # GO Lab INDIGO, rate card and achieved outcomes of Reboot West, December 2025.
    found = price_counts("care-leavers/reboot-west", published("care-leavers/reboot-west-2025-12.csv"))

    assert (found.earned, found.payable) == (161_733_000, 161_733_000)
    assert not found.is_assumed
    assert len(found.lines) == 23
    lines = {line.metric: (line.count, line.earned) for line in found.lines}
    assert lines["agrees_course"] == (231, 5_082_000)
    assert lines["qualification_level_2"] == (33, 15_609_000)
    assert payers(found) == {"dfe": 161_733_000}


def test_ambition_earns_more_than_its_contract_cap_lets_through() -> None:
    # GO Lab INDIGO, rate card, achieved outcomes and contract cap of Ambition, December 2025.
    found = price_counts("fair-chance-fund/ambition", published("fair-chance-fund/ambition-2025-12.csv"))

    assert (found.earned, found.payable) == (315_515_000, 294_452_500)
    assert cuts(found) == {"contract-total": 21_062_500}
    assert sum(line.payable or 0 for line in found.lines) == 294_452_500


@pytest.mark.parametrize(
    ("site", "earned"),
    [
        ("haringey-barnet", 97_987_221),  # 695 x 759.00 + 218 x 1,138.51 + 40 x 1,518.01 + 63 x 2,277.01
        ("enfield", 31_020_298),  # 254 x 568.14 + 88 x 852.20 + 14 x 1,136.27 + 44 x 1,704.41
        ("shropshire", 98_604_990),  # 496 x 1,019.70 + 170 x 1,529.55 + 18 x 2,039.40 + 60 x 3,059.10
        ("tower-hamlets-mh", 104_487_330),  # 1,171 x 466.98 + 359 x 700.48 + 60 x 933.97 + 136 x 1,400.95
        ("tower-hamlets-ld", 79_791_383),  # 75 x 1,688.71 + 119 x 2,533.06 + 96 x 3,377.41 + 9 x 5,066.12
    ],
)
def test_mhep_results_earn_assumed_amounts_and_are_marked(site: str, earned: int) -> None:
    found = price_counts(f"mhep/{site}", published(f"mhep/{site}-2025-12.csv"))

    assert found.earned == earned
    assert found.is_assumed
    assert {line.status for line in found.lines} == {"assumed"}
    assert set(found.assumed_terms) >= {"tariff[price-engagement]", "share[split]"}


def test_a_metric_goes_by_its_indigo_id_or_its_code_and_earns_the_same(tmp_path: Path) -> None:
    # Reboot West, outcomemetric1: 220.00 for each person who agrees a course.
    by_code = priced("care-leavers/reboot-west", tmp_path, "metric,count", "agrees_course,231")
    by_id = priced("care-leavers/reboot-west", tmp_path, "metric,count", "outcomemetric1,231")

    assert by_id.lines == by_code.lines
    assert [(line.metric, line.earned) for line in by_id.lines] == [("agrees_course", 5_082_000)]


@pytest.mark.parametrize(
    ("contract", "everything", "earned", "limit"),
    [(ROUND_1, EVERYTHING_ROUND_1, 1_510_000, 820_000), (ROUND_2, EVERYTHING_ROUND_2, 2_020_000, 1_170_000)],
)
def test_everything_achieved_by_one_person_is_cut_at_the_cap_per_person(
    contract: str, everything: tuple[str, ...], earned: int, limit: int, tmp_path: Path
) -> None:
    # 8,200 for a person in round 1 and 11,700 in round 2; the cards add up to 15,100 and 20,200.
    one = priced(contract, tmp_path, "metric,person", *(f"{metric},P1" for metric in everything))
    two = priced(contract, tmp_path, "metric,person", *(f"{metric},P{who}" for who in (1, 2) for metric in everything))

    assert (one.earned, one.payable) == (earned, limit)
    assert (two.earned, two.payable) == (2 * earned, 2 * limit)
    assert cuts(one)["per-person"] == earned - limit
    assert "upper-bound" not in rules(one)


def test_cap_per_person_limits_and_never_replaces_the_amount(tmp_path: Path) -> None:
    # 2,200 + 3,300 + 2,600 = 8,100, and with 700 more 8,800; the cap stands at 8,200.
    below = ("qualification_level_2", "qualification_level_3", "employment_13_weeks")

    under = priced(ROUND_1, tmp_path, "metric,person", *(f"{metric},P1" for metric in below))
    over = priced(ROUND_1, tmp_path, "metric,person", *(f"{metric},P1" for metric in (*below, "qualification_level_1")))
    none = priced(ROUND_1, tmp_path, "metric,person", *(f"{metric},P{who}" for who, metric in enumerate(below)))

    assert (under.payable, over.payable, none.payable) == (810_000, 820_000, 810_000)


@pytest.mark.parametrize(
    "lines",
    [
        ("metric,count", *(f"{metric},2" for metric in EVERYTHING_ROUND_1)),
        ("metric,count", *(f"{metric},1" for metric in EVERYTHING_ROUND_1)),
    ],
)
def test_counts_under_a_cap_per_person_are_an_upper_bound_and_say_so(lines: tuple[str, ...], tmp_path: Path) -> None:
    found = priced(ROUND_1, tmp_path, *lines)

    assert found.payable == found.earned
    assert "upper-bound" in rules(found)


def test_one_outcome_without_a_person_is_no_upper_bound(tmp_path: Path) -> None:
    assert "upper-bound" not in rules(priced(ROUND_1, tmp_path, "metric,count", "employment_13_weeks,1"))


def test_beyond_the_cap_the_fund_pays_its_maximum_and_the_boroughs_the_rest(tmp_path: Path) -> None:
    # INDIGO-POJ-0176: of 1,439,148 the fund is recorded to have paid 596,918 and the boroughs 842,230.
    found = priced("mhep/haringey-barnet", tmp_path, "metric,count", "engagement,3000")

    assert (found.earned, found.payable) == (227_700_000, 143_914_800)
    assert payers(found) == {"local": 84_223_000, "dcms": 59_691_800}
    # 42 % of 1,439,148.00 is 604,442.16.
    assert cuts(found) == {"contract-maximum": 83_785_200, "lcf-maximum": 752_416}
    assert {each.cap: each.went_to for each in found.caps}["lcf-maximum"] == "local"


def test_a_contract_without_prices_gives_counts_and_no_amounts() -> None:
    found = price_counts("mhep/west-london", published("mhep/west-london-2025-12.csv"))

    assert (found.earned, found.payable, found.payers, found.caps) == (None, None, (), ())
    assert {(line.earned, line.payable) for line in found.lines} == {(None, None)}
    assert {line.metric: line.count for line in found.lines}["engagement"] == 1054
    assert "unpriced" in rules(found)
    assert not found.is_assumed


LATER_PRICE = """
[[tariff]]
id = "price-engagement-2021"
metric = "engagement"
from = 2021-04-01
price = 320.00
status = "agreed"
source = "made up"
"""


@pytest.fixture
def two_prices(tmp_path: Path) -> str:
    plain = Path(__file__).parents[1] / "statement" / "two-payers.toml"
    contract = tmp_path / "two-payers.toml"
    contract.write_text(plain.read_text(encoding="utf-8") + LATER_PRICE, encoding="utf-8")
    return str(contract)


def test_an_undated_count_under_two_prices_is_refused(two_prices: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="engagement"):
        priced(two_prices, tmp_path, "metric,count", "engagement,3")


def test_a_dated_count_earns_the_price_in_force_on_its_day(two_prices: str, tmp_path: Path) -> None:
    # 300.01 until 31 March 2021, then 320.00; job_start has one price, and needs no date.
    found = priced(
        two_prices, tmp_path, "metric,count,achieved_on", "engagement,2,2021-03-31", "engagement,1,2021-04-01",
        "job_start,1,",
    )  # fmt: skip

    assert [(line.metric, line.earned) for line in found.lines] == [("engagement", 92_002), ("job_start", 70_000)]


def test_a_count_dated_outside_the_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingsError) as refused:
        priced("mhep/enfield", tmp_path, "metric,count,achieved_on", "engagement,3,2024-04-01")

    (finding,) = refused.value.findings
    assert (finding.rule, finding.at.row, finding.at.column) == ("date-outside-contract", 2, "achieved_on")
    assert "2024-04-01" in finding.what


def test_the_same_outcome_of_one_person_twice_is_paid_once_and_the_other_is_named(tmp_path: Path) -> None:
    found = priced(
        "mhep/enfield", tmp_path, "metric,person,achieved_on", "engagement,P1,2021-05-04", "engagement,P1,2021-06-04"
    )

    assert [(line.metric, line.count) for line in found.lines] == [("engagement", 1)]
    assert found.not_counted == (("R01 duplicate", 1),)


def test_one_person_s_outcome_at_two_sites_is_paid_once(tmp_path: Path) -> None:
    # Counted twice over parent and child units elsewhere (hesabu, orbf rules engine).
    found = priced(
        "mhep/haringey-barnet", tmp_path, "metric,person,site,achieved_on", "engagement,P1,haringey,2021-05-04",
        "engagement,P1,barnet,2021-05-04",
    )  # fmt: skip

    assert [(line.metric, line.count, line.earned) for line in found.lines] == [("engagement", 1, 75_900)]


def test_outcomes_of_months_that_a_grant_paid_for_are_left_out_and_named(tmp_path: Path) -> None:
    found = priced("mhep/enfield", tmp_path, "metric,count,achieved_on", "engagement,4,2020-05-04")

    assert (found.earned, found.payable) == (0, 0)
    assert found.not_counted == (("R26 grant-month", 4),)


def test_no_outcomes_at_all_earn_nothing(tmp_path: Path) -> None:
    found = priced("mhep/enfield", tmp_path, "metric,count", "engagement,0")

    assert (found.earned, found.payable) == (0, 0)
    assert payers(found) == {"enfield-council": 0, "dcms": 0}


def test_a_part_that_nobody_funds_is_named_and_not_anyone_s_bill(tmp_path: Path) -> None:
    plain = (Path(__file__).parents[1] / "statement" / "two-payers.toml").read_text(encoding="utf-8")
    contract = tmp_path / "two-payers.toml"
    contract.write_text(
        plain.replace('{ council = "58%", fund = "42%" }', '{ council = "58%", unfunded = "42%" }'), encoding="utf-8"
    )

    found = priced(str(contract), tmp_path, "metric,count", "job_start,1")

    assert payers(found) == {"council": 40_600, "fund": 0, "unfunded": 29_400}
    assert "unfunded" in rules(found)


def published(name: str) -> Path:
    folder, _, file = name.partition("/")
    return library.folder() / folder / "published" / file


RIVERSIDE = "docs/examples/riverside.toml"
UPGRADE_NOTE = (
    "counts do not say who rose from one metric to another, so in the band hours each is paid in full, and not the"
    " difference: it is an upper bound"
)


def upper_bounds(found: PricedCounts) -> list[str]:
    return [finding.what for finding in found.findings if finding.rule == "upper-bound"]


def test_counts_in_a_band_that_pays_the_difference_are_an_upper_bound(tmp_path: Path) -> None:
    head = "metric,count,achieved_on"
    both = priced(RIVERSIDE, tmp_path, head, "sustained_8_plus,3,2021-05-02", "sustained_16_plus,3,2021-10-03")
    one = priced(RIVERSIDE, tmp_path, head, "sustained_8_plus,3,2021-05-02")
    people = priced(
        RIVERSIDE,
        tmp_path,
        "person,metric,achieved_on",
        "P1,sustained_8_plus,2021-05-02",
        "P1,sustained_16_plus,2021-10-03",
    )

    assert both.earned == 780_000  # 3 x 1,000.00 and 3 x 1,600.00
    assert UPGRADE_NOTE in upper_bounds(both)
    assert UPGRADE_NOTE not in upper_bounds(one)
    assert (people.earned, upper_bounds(people)) == (160_000, [])


def test_counts_of_a_metric_that_repeats_within_limits_are_an_upper_bound(tmp_path: Path) -> None:
    contract = "docs/mechanisms/examples/repeatable-outcomes.toml"
    several = priced(contract, tmp_path, "metric,count,achieved_on", "attendance,9,2024-05-02")
    one = priced(contract, tmp_path, "metric,count,achieved_on", "attendance,1,2024-05-02")

    (what,) = upper_bounds(several)
    assert what.startswith("counts do not say who achieved what and when, so of attendance nothing is too often or too")
    assert upper_bounds(one) == []
