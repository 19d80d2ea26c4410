from datetime import date

import pytest

from sib_engine.core.dates import PeriodRule

QUARTERS = PeriodRule(3, date(2020, 4, 1))


@pytest.mark.parametrize(
    ("named", "label"),
    [
        ("2020-Q2", "2020-Q2"),
        ("2020-06", "2020-Q2"),
        ("2020-06-30", "2020-Q2"),
        ("2020-07-01", "2020-Q3"),
        ("2020-02-29", "2020-Q1"),
    ],
)
def test_period_is_named_by_its_label_or_any_month_or_day_inside(named: str, label: str) -> None:
    assert QUARTERS.find(named).label == label


@pytest.mark.parametrize("named", ["2021-02-30", "9999-Q4", "0000-Q1", "2021-Q5", "second quarter", ""])
def test_what_names_no_period_is_refused_with_what_would_be_accepted(named: str) -> None:
    with pytest.raises(ValueError, match="names no period; accepted: 2020-Q2, a month 2020-04 or a day 2020-04-30"):
        QUARTERS.find(named)


def test_quarter_of_another_rhythm_is_refused_with_the_period_that_holds_it() -> None:
    halves = PeriodRule(6, date(2020, 4, 1))

    with pytest.raises(ValueError, match=r"the one that holds its first day is 2020-04-01\.\.2020-09-30"):
        halves.find("2020-Q3")
    assert halves.find("2020-04-01..2020-09-30").index == 0


def test_period_of_a_day_before_the_anchor_has_a_negative_index() -> None:
    assert QUARTERS.index_of(date(2020, 3, 31)) == -1
    assert QUARTERS.period(-1).label == "2020-Q1"
