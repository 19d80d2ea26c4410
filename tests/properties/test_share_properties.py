"""What must hold for every division of a running total, whatever the shares and the totals."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.money import MAX_MINOR
from sib_engine.payments.payers.shares import ShareSchedule, divided, divided_many, schedule_of, share
from tests.oracle import build
from tests.oracle.shares import divided as slowly_divided
from tests.oracle.shares import largest_remainder, penny_by_penny
from tests.properties.steady import steady

STEADY = steady(60)

parts_of_the_whole = (
    st.lists(st.integers(0, 97), min_size=2, max_size=6)
    .filter(any)
    .map(lambda weights: [Fraction(weight, sum(weights)) for weight in weights])
)
totals = st.integers(0, MAX_MINOR)
small_totals = st.integers(0, 400)


def schedule(parts: list[Fraction]) -> ShareSchedule:
    return schedule_of(build.share("s", {f"p{place}": part for place, part in enumerate(parts)}))


@STEADY
@given(parts_of_the_whole, totals)
def test_the_parts_add_up_to_the_total(parts: list[Fraction], total: int) -> None:
    assert int(divided(total, schedule(parts)).sum()) == total


@STEADY
@given(parts_of_the_whole, totals)
def test_every_part_is_within_a_penny_of_the_exact_share(parts: list[Fraction], total: int) -> None:
    got = divided(total, schedule(parts)).tolist()

    assert all(abs(has - part * total) < 1 for has, part in zip(got, parts, strict=True))


@STEADY
@given(parts_of_the_whole, small_totals)
def test_no_part_shrinks_while_the_total_grows(parts: list[Fraction], total: int) -> None:
    steps = divided_many(np.arange(total + 1, dtype=np.int64), schedule(parts))

    assert (np.diff(steps, axis=0) >= 0).all()
    assert (np.diff(steps, axis=0).sum(axis=1) == 1).all()


@STEADY
@given(parts_of_the_whole, small_totals)
def test_the_table_is_the_penny_by_penny_simulation(parts: list[Fraction], total: int) -> None:
    assert divided(total, schedule(parts)).tolist() == penny_by_penny(total, parts)


@STEADY
@given(parts_of_the_whole, st.lists(totals, max_size=5))
def test_all_at_once_is_one_by_one_and_both_are_the_slow_one(parts: list[Fraction], several: list[int]) -> None:
    at_once = divided_many(np.array(several, dtype=np.int64), schedule(parts)).tolist()

    assert at_once == [divided(total, schedule(parts)).tolist() for total in several]
    assert at_once == [slowly_divided(total, parts) for total in several]


@STEADY
@given(parts_of_the_whole, st.lists(st.integers(0, 10**7), min_size=1, max_size=30), st.integers(0, 30))
def test_the_split_does_not_depend_on_the_steps_in_which_the_total_was_reached(
    parts: list[Fraction], amounts: list[int], first: int
) -> None:
    contract = build.contract(
        payers=[f"p{place}" for place in range(len(parts))],
        shares=(build.share("s", {f"p{place}": part for place, part in enumerate(parts)}),),
    )
    rows, payable = build.rows(len(amounts)), np.array(amounts, dtype=np.int64)

    all_at_once = share(contract, rows, payable)
    before = share(contract, rows.take(np.arange(len(rows)) < first), payable[:first])
    after = share(contract, rows.take(np.arange(len(rows)) >= first), payable[first:], stated_totals=before.totals)

    assert np.concatenate([before.parts, after.parts]).tolist() == all_at_once.parts.tolist()
    assert all_at_once.parts.sum(axis=0).tolist() == slowly_divided(sum(amounts), parts)
    assert all_at_once.parts.sum(axis=1).tolist() == amounts
    assert after.totals.tolist() == [sum(amounts)]


@STEADY
@given(parts_of_the_whole, st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30))
def test_corrections_leave_the_split_of_what_remains(parts: list[Fraction], changes: list[int]) -> None:
    contract = build.contract(
        payers=[f"p{place}" for place in range(len(parts))],
        shares=(build.share("s", {f"p{place}": part for place, part in enumerate(parts)}),),
    )
    start = 30 * 10**6
    before = np.array(slowly_divided(start, parts))

    shared = share(
        contract, build.rows(len(changes)), np.array(changes), stated_totals=np.array([start], dtype=np.int64)
    )

    assert (before + shared.parts.sum(axis=0)).tolist() == slowly_divided(start + sum(changes), parts)


def test_largest_remainder_would_shrink_a_part_of_a_growing_total() -> None:
    # Why it is not used: the third payer has its penny at a total of 3 and loses it at 4.
    # Of the 4,851 ways to split 100 % in three whole percentages, 3,157 do the like.
    parts = [Fraction(3, 7), Fraction(3, 7), Fraction(1, 7)]

    assert largest_remainder(3, parts) == [1, 1, 1]
    assert largest_remainder(4, parts) == [2, 2, 0]
    assert divided_many(np.array([3, 4], dtype=np.int64), schedule(parts)).tolist() == [[2, 1, 0], [2, 2, 0]]
