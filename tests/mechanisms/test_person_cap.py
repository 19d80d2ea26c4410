"""The cap per person and its order, as docs/mechanisms/person-cap.md has them."""

from pathlib import Path

from tests.mechanisms import pages

NAME = "person-cap"


def test_a_person_who_achieves_everything_is_cut_at_8200() -> None:
    assert pages.payable(pages.priced(NAME)) == {
        "school_behaviour": "1300.00",
        "school_attendance": "800.00",
        "qualification_level_1": "700.00",
        "qualification_level_2": "2200.00",
        "qualification_level_3": "3300.00",
        "employment_13_weeks": "2600.00",
        "employment_26_weeks": "600.00",
    }


def test_the_outcome_that_reaches_the_limit_is_cut_to_what_is_left() -> None:
    assert pages.detail(NAME, "Y01/employment_13_weeks", "cut") == []
    assert pages.detail(NAME, "Y01/employment_26_weeks", "cut") == [
        ("-400.00", "limit £8,200.00 per person; it cuts £3,700.00 in all")
    ]
    assert pages.detail(NAME, "Y01/qualification_level_3", "cut") == [
        ("-3300.00", "limit £8,200.00 per person; it cuts £3,700.00 in all")
    ]


def test_outcomes_of_one_day_come_in_the_order_of_the_metrics(tmp_path: Path) -> None:
    day = "2024-03-01"
    rows = pages.rows_file(
        tmp_path,
        "person,metric,achieved_on",
        *(f"Y01,{metric},{day}" for metric in ("employment_26_weeks", "employment_13_weeks")),
        *(f"Y01,qualification_level_{level},{day}" for level in (3, 2)),
    )

    # Level 2 and level 3 stand before work in the contract: 2,200, 3,300, 2,600, and 100 are left for the last.
    assert pages.payable(pages.priced(NAME, rows=rows)) == {
        "qualification_level_2": "2200.00",
        "qualification_level_3": "3300.00",
        "employment_13_weeks": "2600.00",
        "employment_26_weeks": "100.00",
    }


def test_a_late_outcome_takes_what_is_left_and_nothing_that_was_paid(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    early = engine.rows.pop("Y01/qualification_level_2")
    pages.stated(engine, ["2025-Q2"])
    engine.rows["Y01/qualification_level_2"] = {**early, "recorded_on": "2025-07-02"}

    # 1,300 + 800 + 700 + 2,600 + 1,000 + 1,800 of 3,300 were paid: nothing is left for July 2024.
    assert pages.stated(engine, ["2025-Q3"]) == [[]]


def test_a_withdrawn_outcome_frees_headroom_for_the_next(tmp_path: Path) -> None:
    engine = pages.engine(NAME, tmp_path)
    pages.stated(engine, ["2025-Q2"])
    engine.withdraw("Y01/employment_13_weeks")

    # 2,600 back; 400 more for the 26 weeks, and 2,200 for level 3.
    assert pages.stated(engine, ["2025-Q3"]) == [
        [("correction", "2024-Q4", -260_000), ("headroom", "2025-Q1", 40_000), ("headroom", "2025-Q2", 220_000)]
    ]


def test_counts_of_nobody_are_an_upper_bound(tmp_path: Path) -> None:
    rows = pages.rows_file(tmp_path, "metric,count", "qualification_level_3,5")
    found = pages.priced(NAME, rows=rows)

    assert pages.payable(found) == {"qualification_level_3": "16500.00"}
    assert [finding.rule for finding in found.findings] == ["upper-bound"]
