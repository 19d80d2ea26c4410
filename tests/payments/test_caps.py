"""Caps that name no payer: how much each scope is paid, of which rows, and which cap took what."""

from typing import Any

import numpy as np
import pytest

from sib_engine.core.errors import OverflowRefusedError, RefusedError
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.caps.cap import Capped, cap, caps_in_order
from sib_engine.terms.money_clauses import Cap
from tests.oracle import build

SITES = ("north", "south")


def capped(amounts: list[int], *caps: Cap, exempt: list[bool] | None = None, **columns: Any) -> Capped:  # noqa: ANN401 - columns of any kind
    contract = build.contract(sites=SITES, caps=caps)
    rows = build.rows(len(amounts), **columns)
    mask = None if exempt is None else np.array(exempt)
    return cap(contract, rows, np.array(amounts, dtype=np.int64), exempt=mask)


def payable(amounts: list[int], *caps: Cap, **columns: Any) -> list[int]:  # noqa: ANN401 - columns of any kind
    return [int(left) for left in capped(amounts, *caps, **columns).payable]


def whole(limit: int) -> Cap:
    return build.cap("whole", "contract", limit)


@pytest.mark.parametrize(
    ("limit", "left"),
    [(61, [10, 20, 30]), (60, [10, 20, 30]), (59, [10, 20, 29]), (30, [10, 20, 0]), (10, [10, 0, 0]), (0, [0, 0, 0])],
)
def test_a_cap_above_at_and_below_what_is_earned(limit: int, left: list[int]) -> None:
    assert payable([10, 20, 30], whole(limit)) == left


def test_nothing_to_cap() -> None:
    assert payable([10, 20]) == [10, 20]
    assert payable([], whole(5)) == []
    assert capped([10], whole(10)).taken == {}


def test_the_ledger_says_which_cap_took_what_of_each_row() -> None:
    found = capped([10, 20, 30], whole(45), build.cap("per-metric", "metric", 25), metric=[0, 0, 1])

    assert found.payable.tolist() == [10, 15, 20]
    assert {cap_id: taken.tolist() for cap_id, taken in found.taken.items()} == {
        "per-metric": [0, 5, 5],
        "whole": [0, 0, 5],
    }


def test_a_cap_that_takes_nothing_stands_in_no_ledger() -> None:
    found = capped([10, 20], whole(25), build.cap("per-metric", "metric", 99))

    assert list(found.taken) == ["whole"]


def test_rows_meet_the_limit_in_order_of_date_metric_site_and_id() -> None:
    columns = {
        "achieved_on": ["2020-06-01", "2020-05-01", "2020-05-01", "2020-05-01", "2020-05-01"],
        "metric": [0, 1, 0, 0, 0],
        "site": [0, 0, 1, 0, 0],
        "row": [0, 1, 2, 4, 3],
    }
    paid_first = [payable([10] * 5, whole(10 * n_paid), **columns) for n_paid in range(1, 6)]

    assert paid_first == [
        [0, 0, 0, 0, 10],
        [0, 0, 0, 10, 10],
        [0, 0, 10, 10, 10],
        [0, 10, 10, 10, 10],
        [10, 10, 10, 10, 10],
    ]


def test_what_was_stated_keeps_its_headroom_in_order_of_the_statements() -> None:
    days = ["2020-04-01", "2020-04-02", "2020-04-03", "2020-04-04"]

    assert payable([10] * 4, whole(25), achieved_on=days, stated=[NONE, 1, 0, NONE]) == [5, 10, 10, 0]


def test_an_undated_count_goes_before_dated_ones() -> None:
    assert payable([10, 10], whole(15), achieved_on=["2020-04-01", "NaT"]) == [5, 10]


def test_each_scope_has_the_whole_limit() -> None:
    columns = {"metric": [0, 0, 1, 1], "site": [0, 1, 0, 1]}
    amounts = [10, 10, 10, 10]

    assert payable(amounts, build.cap("c", "metric", 15), **columns) == [10, 5, 10, 5]
    assert payable(amounts, build.cap("c", "site", 15), **columns) == [10, 10, 5, 5]
    assert payable(amounts, build.cap("c", "metric site", 9), **columns) == [9, 9, 9, 9]


def test_a_cap_may_be_narrowed_to_metrics_and_sites() -> None:
    columns = {"metric": [0, 0, 1, 1], "site": [0, 1, 0, 1]}

    assert payable([10] * 4, build.cap("c", "contract", 5, metrics=("m1",)), **columns) == [10, 10, 5, 0]
    assert payable([10] * 4, build.cap("c", "contract", 5, sites=("south",)), **columns) == [10, 5, 10, 0]
    assert payable([10] * 4, build.cap("c", "metric", 5, metrics=("m1",), sites=("north",)), **columns)[2:] == [5, 10]


def test_a_cap_by_person_leaves_published_counts_whole() -> None:
    assert payable([10, 10, 10, 90], build.cap("c", "person", 15), person=[3, 3, 0, NONE]) == [10, 5, 10, 90]


def test_rows_without_a_site_use_up_no_sites_own_limit() -> None:
    assert payable([10, 10, 10], build.cap("c", "site", 15), site=[NONE, NONE, 0]) == [10, 10, 10]


def test_a_cap_by_period_counts_each_quarter_by_the_day_of_the_outcome() -> None:
    days = ["2020-06-30", "2020-07-01", "2020-07-01", "2020-04-01"]

    assert payable([10, 10, 10, 10], build.cap("c", "period", 12), achieved_on=days) == [2, 10, 2, 10]


def test_an_undated_row_under_a_cap_by_period_is_refused() -> None:
    with pytest.raises(RefusedError, match="clause 'c' counts by period, and an outcome has no date"):
        payable([10], build.cap("c", "period", 12), achieved_on="NaT")


def test_grants_use_only_unnarrowed_caps_over_the_contract_or_a_period_and_only_when_told() -> None:
    rows = {"metric": [NONE, 0], "achieved_on": ["2020-04-01", "2020-04-02"]}

    assert payable([10, 10], whole(15), **rows) == [10, 10]
    assert payable([10, 10], whole(15), exempt=[False, False], **rows) == [10, 5]
    assert payable([10, 10], build.cap("c", "period", 15), exempt=[False, False], **rows) == [10, 5]
    assert payable([10, 10], build.cap("c", "metric", 5), exempt=[False, False], **rows) == [10, 5]
    assert payable([10, 10], build.cap("c", "contract", 5, metrics=("m0",)), exempt=[False, False], **rows) == [10, 5]


def test_an_exempt_row_is_paid_whole_and_uses_up_nothing() -> None:
    assert payable([10, 10, 10], whole(15), exempt=[True, False, False]) == [10, 10, 5]


def test_caps_on_payers_are_left_to_their_own_stage() -> None:
    assert payable([10], build.cap("c", "payer", 5, payer="lcf")) == [10]


def test_finer_caps_act_before_coarser_and_narrower_before_wider_ones() -> None:
    caps = (
        build.cap("contract", "contract", 1),
        build.cap("person", "person", 1),
        build.cap("one-metric", "metric", 1, metrics=("m0",)),
        build.cap("person-metric", "person metric", 1),
        build.cap("one-site", "contract", 1, sites=("north",)),
        build.cap("again", "person", 1),
        build.cap("payer", "payer", 1, payer="lcf"),
    )
    contract = build.contract(sites=SITES, caps=caps)

    acting = [held.clause.id for held in caps_in_order(contract)]

    assert acting == ["person-metric", "one-metric", "person", "again", "one-site", "contract"]


def test_amounts_below_zero_and_sums_that_cannot_be_exact_are_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        payable([-1], whole(1))
    with pytest.raises(OverflowRefusedError):
        payable([2**52, 2**52], whole(1))
    assert payable([2**53 - 1], whole(1)) == [1]


def test_the_amounts_given_are_not_changed() -> None:
    amounts = np.array([10, 20], dtype=np.int64)
    found = cap(build.contract(caps=(whole(15),)), build.rows(2), amounts)
    found.payable[:] = 0

    assert amounts.tolist() == [10, 20]


def test_counts_without_a_site_are_held_to_the_sum_of_the_sites_limits() -> None:
    by_site = build.cap("by-site", "metric site", 1100)

    assert payable([5000], by_site, site=[NONE]) == [2200]
    assert payable([2500, 2500, 2500], by_site, site=[0, 1, NONE], stated=[1, 1, NONE]) == [1100, 1100, 0]
    assert payable([2500, 600, 2500], by_site, site=[0, 1, NONE], stated=[1, 1, NONE]) == [1100, 600, 500]
    assert payable([2500, 2500], by_site, site=[NONE, 0], stated=[1, NONE]) == [2200, 0]
    assert payable([5000, 5000], by_site, site=[NONE, NONE], metric=[0, 1]) == [2200, 2200]


def test_counts_without_a_site_are_under_a_cap_that_names_every_site() -> None:
    assert payable([5000], build.cap("all", "metric", 1100, sites=SITES), site=[NONE]) == [1100]
    assert payable([5000], build.cap("each", "site", 1100, sites=SITES), site=[NONE]) == [2200]


def test_counts_without_a_site_are_not_under_a_cap_of_some_sites() -> None:
    assert payable([5000], build.cap("north", "metric", 1100, sites=("north",)), site=[NONE]) == [5000]


def test_grants_are_not_under_a_cap_that_names_every_site() -> None:
    caps = build.cap("all", "contract", 10, sites=SITES)

    assert payable([500, 50], caps, metric=[NONE, 0], site=[NONE, NONE], exempt=[False, False]) == [500, 10]


def test_what_all_sites_together_leave_is_said_in_words() -> None:
    found = capped([2500, 2500], build.cap("by-site", "site", 1100), site=[0, NONE], stated=[1, NONE])

    assert found.steps[0].words(build.positions([0])) == "limit £11.00 per site"
    assert found.steps[0].words(build.positions([1])) == (
        "limit £11.00 per site; £22.00 for 2 sites together, as counts name none"
    )
