from datetime import date

import numpy as np
import pytest

from sib_engine.core.errors import OverflowRefusedError, RefusedError
from sib_engine.core.money import MAX_MINOR, IntArray
from sib_engine.payments.payers.shares import share
from sib_engine.terms.contract import PriceDate
from tests.oracle import build

TWO = build.share("s1", {"lcf": "42/100", "local": "58/100"})


def pennies(*amounts: int) -> IntArray:
    return np.array(amounts, dtype=np.int64)


def test_rows_are_divided_as_the_running_total_passes_over_them() -> None:
    contract = build.contract(payers=("a", "b", "c"), shares=(build.share("s", {"a": "1/3", "b": "1/3", "c": "1/3"}),))

    shared = share(contract, build.rows(3), pennies(1, 1, 2))

    assert shared.payers == ("a", "b", "c")
    assert shared.parts.tolist() == [[1, 0, 0], [0, 1, 0], [1, 0, 1]]
    assert shared.totals.tolist() == [4]


def test_a_later_statement_goes_on_where_the_last_one_ended() -> None:
    contract = build.contract(payers=("a", "b", "c"), shares=(build.share("s", {"a": "1/3", "b": "1/3", "c": "1/3"}),))

    shared = share(contract, build.rows(1), pennies(1), stated_totals=pennies(7))

    assert shared.parts.tolist() == [[0, 1, 0]]
    assert shared.totals.tolist() == [8]


def test_the_order_of_the_rows_in_the_file_does_not_matter() -> None:
    contract = build.contract(payers=("a", "b", "c"), shares=(build.share("s", {"a": "1/3", "b": "1/3", "c": "1/3"}),))
    days = ["2020-06-01", "2020-05-01", "2020-05-01", "NaT"]
    here = build.rows(4, row=[3, 9, 4, 1], achieved_on=days)
    there = here.take(np.array([2, 0, 3, 1]))

    # Undated row 1 first, then 4 and 9 of 1 May, then 3 of 1 June.
    assert share(contract, here, pennies(1, 1, 1, 2)).parts.tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 1], [1, 1, 0]]
    assert share(contract, there, pennies(1, 1, 2, 1)).parts.tolist() == [[0, 0, 1], [0, 1, 0], [1, 1, 0], [1, 0, 0]]


def test_what_was_stated_before_keeps_its_pennies_when_an_earlier_outcome_arrives_late() -> None:
    contract = build.contract(payers=("a", "b"), shares=(build.share("s", {"a": "1/2", "b": "1/2"}),))
    first = build.rows(1, row=[5], achieved_on=["2020-09-01"], stated=[0])
    both = build.rows(2, row=[2, 5], achieved_on=["2020-05-01", "2020-09-01"], stated=[-1, 0])

    assert share(contract, first, pennies(3)).parts.tolist() == [[2, 1]]
    assert share(contract, both, pennies(1, 3)).parts.tolist() == [[0, 1], [2, 1]]


def test_statements_are_in_the_order_of_their_numbers() -> None:
    contract = build.contract(payers=("a", "b"), shares=(build.share("s", {"a": "1/2", "b": "1/2"}),))
    three = build.rows(3, stated=[-1, 1, 0])

    assert share(contract, three, pennies(1, 1, 1)).parts.tolist() == [[1, 0], [0, 1], [1, 0]]


def test_a_correction_lets_the_total_fall() -> None:
    contract = build.contract(payers=("a", "b", "c"), shares=(build.share("s", {"a": "1/3", "b": "1/3", "c": "1/3"}),))

    shared = share(contract, build.rows(1), pennies(-2), stated_totals=pennies(4))

    assert shared.parts.tolist() == [[-1, 0, -1]]
    assert shared.totals.tolist() == [2]


def test_a_correction_of_more_than_was_paid_is_refused() -> None:
    contract = build.contract(shares=(TWO,))

    with pytest.raises(RefusedError, match="s1"):
        share(contract, build.rows(1), pennies(-5), stated_totals=pennies(4))


def test_the_clause_in_force_on_the_day_of_the_outcome_applies() -> None:
    later = build.share("s2", {"lcf": "1", "local": "0"}, starts_on=date(2021, 4, 1))
    contract = build.contract(shares=(TWO, later))
    days = ["2021-03-31", "2021-04-01", "2022-01-01"]

    shared = share(contract, build.rows(3, achieved_on=days), pennies(100, 100, 100))

    assert shared.clauses.tolist() == [0, 1, 1]
    assert shared.parts.tolist() == [[42, 58], [100, 0], [100, 0]]
    assert shared.totals.tolist() == [100, 200]


def test_each_clause_has_a_running_total_of_its_own() -> None:
    own = build.share("s2", {"lcf": "1/3", "local": "2/3"}, metrics=("m1",))
    contract = build.contract(shares=(build.share("s1", {"lcf": "1/2", "local": "1/2"}), own))

    shared = share(contract, build.rows(4, metric=[0, 1, 0, 1]), pennies(1, 1, 1, 1))

    assert shared.clauses.tolist() == [0, 1, 0, 1]
    # Metric order: both rows of m0, then both of m1.
    assert shared.parts.tolist() == [[1, 0], [0, 1], [0, 1], [1, 0]]


def test_a_clause_that_names_the_metric_goes_before_a_later_one_for_all() -> None:
    own = build.share("own", {"lcf": "1"}, metrics=("m1",))
    later = build.share("later", {"local": "1"}, starts_on=date(2022, 1, 1))
    contract = build.contract(shares=(TWO, own, later))

    shared = share(contract, build.rows(2, metric=[0, 1], achieved_on="2023-01-01"), pennies(100, 100))

    assert shared.parts.tolist() == [[0, 100], [100, 0]]


def test_until_its_own_clause_begins_a_metric_uses_the_one_for_all() -> None:
    own = build.share("own", {"lcf": "1"}, metrics=("m0",), starts_on=date(2021, 1, 1))
    contract = build.contract(shares=(TWO, own))

    shared = share(contract, build.rows(2, achieved_on=["2020-12-31", "2021-01-01"]), pennies(100, 100))

    assert shared.clauses.tolist() == [0, 1]


@pytest.mark.parametrize(("named", "clause"), [(PriceDate.OUTCOME, 1), (PriceDate.START, 0), (PriceDate.CLAIM, 2)])
def test_the_contract_names_the_date_that_decides(named: PriceDate, clause: int) -> None:
    changes = (
        TWO,
        build.share("s2", {"lcf": "1"}, starts_on=date(2021, 1, 1)),
        build.share("s3", {"local": "1"}, starts_on=date(2022, 1, 1)),
    )
    contract = build.contract(shares=changes, price_date=named)
    row = build.rows(1, started_on="2020-06-01", achieved_on="2021-06-01", claimed_on="2022-06-01")

    assert share(contract, row, pennies(1)).clauses.tolist() == [clause]


def test_a_day_before_the_first_clause_is_refused_with_metric_and_day() -> None:
    contract = build.contract(shares=(build.share("s1", {"lcf": "1"}, starts_on=date(2020, 7, 1)),))

    with pytest.raises(RefusedError, match=r"'m0' on 2020-06-30"):
        share(contract, build.rows(1, achieved_on="2020-06-30"), pennies(1))


def test_an_undated_count_under_one_clause_is_divided() -> None:
    contract = build.contract(shares=(TWO,))

    assert share(contract, build.rows(1, achieved_on="NaT", count=7), pennies(100)).parts.tolist() == [[42, 58]]


def test_an_undated_count_under_two_clauses_is_refused() -> None:
    later = build.share("s2", {"lcf": "1"}, starts_on=date(2021, 4, 1))

    with pytest.raises(RefusedError, match="s1, s2"):
        share(build.contract(shares=(TWO, later)), build.rows(1, achieved_on="NaT"), pennies(100))


def test_a_clause_never_in_force_during_the_contract_leaves_an_undated_count_alone() -> None:
    before = build.share("old", {"lcf": "1"}, starts_on=date(2019, 4, 1))
    after = build.share("new", {"lcf": "1"}, starts_on=date(2024, 4, 1))
    contract = build.contract(shares=(before, TWO, after))

    assert share(contract, build.rows(1, achieved_on="NaT"), pennies(100)).clauses.tolist() == [1]


def test_by_claim_date_a_clause_of_the_claiming_months_could_apply_too() -> None:
    after = build.share("new", {"lcf": "1"}, starts_on=date(2024, 4, 1))
    contract = build.contract(shares=(TWO, after), price_date=PriceDate.CLAIM)

    with pytest.raises(RefusedError, match="s1, new"):
        share(contract, build.rows(1), pennies(100))


def test_a_grant_uses_the_clause_for_all_metrics_by_its_own_day() -> None:
    own = build.share("own", {"local": "1"}, metrics=("m0",))
    contract = build.contract(shares=(own, TWO), price_date=PriceDate.START)

    shared = share(contract, build.rows(1, metric=-1, achieved_on="2020-06-30"), pennies(100))

    assert shared.parts.tolist() == [[42, 58]]


def test_a_grant_under_shares_of_single_metrics_is_refused() -> None:
    own = build.share("own", {"local": "1"}, metrics=("m0", "m1"))

    with pytest.raises(RefusedError, match="a grant"):
        share(build.contract(shares=(own,)), build.rows(1, metric=-1), pennies(100))


def test_what_is_unfunded_stands_in_the_last_column() -> None:
    phase_1 = build.share("s", {"unfunded": "20/100", "lcf": "10/100", "local": "70/100"})

    shared = share(build.contract(shares=(phase_1,)), build.rows(1), pennies(1000))

    assert shared.payers == ("lcf", "local", "unfunded")
    assert shared.parts.tolist() == [[100, 700, 200]]


def test_a_share_of_somebody_who_does_not_pay_is_refused() -> None:
    with pytest.raises(RefusedError, match="stranger"):
        share(build.contract(shares=(build.share("s", {"stranger": "1"}),)), build.rows(1), pennies(1))


def test_no_rows_need_no_shares() -> None:
    shared = share(build.contract(), build.rows(0), pennies())

    assert shared.parts.shape == (0, 2)
    assert shared.totals.tolist() == []


def test_totals_beyond_the_exact_range_are_refused() -> None:
    with pytest.raises(OverflowRefusedError):
        share(build.contract(shares=(TWO,)), build.rows(2), pennies(MAX_MINOR, 1))


def test_running_totals_must_be_one_for_each_clause() -> None:
    with pytest.raises(ValueError, match="1 share clauses"):
        share(build.contract(shares=(TWO,)), build.rows(1), pennies(1), stated_totals=pennies(1, 2))


def test_row_ids_too_wide_to_pack_still_order_the_rows() -> None:
    contract = build.contract(payers=("a", "b"), shares=(build.share("s", {"a": "1/2", "b": "1/2"}),))
    wide = build.rows(3, row=[2**62, 5, -(2**62)], achieved_on=["2020-05-02", "2020-05-01", "2020-05-02"])

    assert share(contract, wide, pennies(1, 1, 1)).parts.tolist() == [[1, 0], [1, 0], [0, 1]]
