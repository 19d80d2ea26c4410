"""What one unit more or less of a measured value is worth: below zero, and to its last place."""

from datetime import date
from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.services.simulate_contract import simulate_contract
from sib_engine.services.simulated import OneMore

SCALE = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples" / "sliding-scale.toml"


def lines(value: str, folder: Path) -> tuple[OneMore, ...]:
    """Return what is said of one result of 10 people on a line from 0.5 (nothing) to 1.4 (300.00 each)."""
    rows = folder / "rows.csv"
    rows.write_text(f"row,metric,group,achieved_on,count,value\nr1,wellbeing,,2021-09-30,10,{value}\n", "utf-8")
    return simulate_contract(str(SCALE), at=rows).lines


def test_a_value_below_zero_changes_in_both_directions(tmp_path: Path) -> None:
    less, more = lines("-1.0", tmp_path)

    assert [(line.change, line.searched) for line in (less, more)] == [("0.1 less", 20_000), ("0.1 more", 20_000)]
    assert (less.worth is not None, less.later) == (True, None)
    # From -1.0 the line begins beyond 0.5, so the 16th tenth is the first that pays: 300.00 / 9 for each of 10.
    assert more.later is not None
    assert (more.later.number, more.later.worth.payable) == (16, 333_33)


def test_a_value_steps_by_one_in_the_last_place_it_is_written_to(tmp_path: Path) -> None:
    assert [line.change for line in lines("1.0", tmp_path)] == ["0.1 less", "0.1 more"]
    assert [line.change for line in lines("1.00", tmp_path)] == ["0.01 less", "0.01 more"]
    assert [line.change for line in lines("1", tmp_path)] == ["1 less", "1 more"]


@pytest.mark.parametrize(("value", "change"), [("-0.3", "0.1 less"), ("1.0000000001", "0.0000000001 less")])
def test_a_measure_may_be_below_zero_and_have_as_many_places_as_a_file(value: str, change: str) -> None:
    found = simulate_contract(str(SCALE), on=date(2021, 9, 30), measure=f"value={value} count=2")

    assert [line.change for line in found.lines][:2] == ["the result itself", change]


@pytest.mark.parametrize("figures", ["value=1", "value=x count=2", "value=1.00000000001 count=2", "cases=1 count=2"])
def test_a_measure_that_is_not_that_of_the_metric_is_refused(figures: str) -> None:
    with pytest.raises(RefusedError, match="does not say what wellbeing is measured by; accepted: value=NUMBER count"):
        simulate_contract(str(SCALE), on=date(2021, 9, 30), measure=figures)
