"""Upgrade bands: the higher band pays what it adds to the lower."""

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.rows import NONE
from sib_engine.payments.price.pricing import price
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts
from tests.oracle import build
from tests.properties.steady import steady

LOW, MIDDLE, HIGH = 0, 1, 2
CODES = ("low", "middle", "high")

CONTRACT = build.contract(
    metrics=tuple(build.metric(code, counts=Counts.ONCE_PER_PERSON) for code in CODES),
    bands=(Band("hours", CODES, BandRule.UPGRADE, build.AGREED),),
    tariffs=(build.tariff("low", "400.00"), build.tariff("middle", "600.00"), build.tariff("high", "900.00")),
)


def amounts(*metrics: int, contract: Contract = CONTRACT, **columns: Any) -> list[int]:  # noqa: ANN401 - columns of any kind
    """Return what rows of person 0 earn, a day apart in the order given."""
    days = np.datetime64("2020-05-01") + np.arange(len(metrics))
    rows = build.rows(len(metrics), **{"person": 0, "metric": metrics, "achieved_on": days, **columns})
    return [int(amount) for amount in price(contract, rows).amount]


def test_a_higher_band_earns_the_difference_and_alone_its_full_price() -> None:
    assert amounts(LOW, HIGH) == [40000, 50000]
    assert amounts(HIGH) == [90000]
    assert amounts(LOW, MIDDLE, HIGH) == [40000, 20000, 30000]


def test_a_lower_band_that_is_reached_later_adds_nothing() -> None:
    assert amounts(HIGH, LOW) == [90000, 0]
    assert amounts(LOW, HIGH, MIDDLE) == [40000, 50000, 0]


def test_on_one_day_the_lower_band_is_taken_first() -> None:
    assert amounts(HIGH, LOW, achieved_on="2020-05-01") == [50000, 40000]


def test_what_was_stated_is_not_restated_when_a_lower_band_comes_to_light() -> None:
    assert amounts(LOW, HIGH, stated=[NONE, 0]) == [0, 90000]
    assert amounts(LOW, MIDDLE, HIGH, stated=[2, 0, 1]) == [0, 60000, 30000]


def test_a_higher_band_whose_price_is_no_higher_adds_nothing() -> None:
    contract = replace(CONTRACT, tariffs=(*CONTRACT.tariffs[:2], build.tariff("high", "599.99")))

    assert amounts(MIDDLE, HIGH, contract=contract) == [60000, 0]


def test_each_person_and_where_all_count_per_job_each_job_is_upgraded_alone() -> None:
    metrics = tuple(replace(metric, counts=Counts.ONCE_PER_JOB) for metric in CONTRACT.metrics)

    assert amounts(LOW, HIGH, person=[0, 1]) == [40000, 90000]
    assert amounts(LOW, HIGH, job=[0, 1]) == [40000, 50000]
    assert amounts(LOW, HIGH, LOW, job=[0, 1, 1], contract=replace(CONTRACT, metrics=metrics)) == [40000, 90000, 0]


def test_rows_that_do_not_count_and_published_counts_are_left_out() -> None:
    rows = build.rows(2, person=0, metric=[LOW, HIGH])
    found = price(CONTRACT, rows, where=np.array([False, True]))

    assert found.amount.tolist() == [0, 90000]
    assert amounts(LOW, HIGH, person=NONE, count=[2, 3]) == [80000, 270000]


@steady(100)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 5), st.integers(-1, 2)), min_size=1))
def test_a_person_earns_the_highest_price_in_all_however_rows_arrive(drawn: list[tuple[int, int, int, int]]) -> None:
    person, metric, day, stated = (np.array(column) for column in zip(*drawn, strict=True))
    days = np.datetime64("2020-05-01") + day
    found = np.array(amounts(*metric.tolist(), person=person, achieved_on=days, stated=stated))
    prices = np.array([40000, 60000, 90000])

    for one in set(person.tolist()):
        assert found[person == one].sum() == prices[metric[person == one].max()]
