"""Prices that follow an index and prices of quick outcomes, held against the oracle row by row."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import reasons_in
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.price.pricing import price
from sib_engine.terms.dated_prices import with_dated_prices
from tests.oracle.matching import reasons_of
from tests.oracle.pricing import earned
from tests.oracle.rows import plain_rows
from tests.properties.steady import steady
from tests.properties.worlds import ANY_DATED, World, worlds

STEADY = steady(80)


def counting(world: World) -> OutcomeRows:
    """Return the rows that count; none is dated before its referral, which pricing refuses beside quick prices."""
    rows = world.rows.take(match(world.contract, world.rows) == 0)
    return replace(rows, started_on=np.minimum(rows.started_on, rows.achieved_on))


@STEADY
@given(worlds(ANY_DATED))
def test_indexed_and_quick_prices_earn_every_row_what_the_oracle_says(world: World) -> None:
    rows = counting(world)

    found = price(world.contract, rows, groups=world.groups).amount.tolist()

    assert found == earned(world.contract, plain_rows(world.contract, rows, world.groups))


@STEADY
@given(worlds(ANY_DATED), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_dated_price(world: World, random: Random) -> None:
    rows = counting(world)
    shuffled = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)

    there = price(world.contract, rows.take(shuffled), groups=world.groups).amount

    assert there.tolist() == price(world.contract, rows, groups=world.groups).amount[shuffled].tolist()


@STEADY
@given(worlds(ANY_DATED))
def test_prices_that_were_dated_before_are_not_dated_again(world: World) -> None:
    dated = with_dated_prices(world.contract)

    assert with_dated_prices(dated) is dated
    assert [tariff.id for tariff in dated.tariffs if tariff.indexation is not None] == []


@STEADY
@given(worlds(ANY_DATED, with_gaps=True))
def test_rows_without_a_referral_have_the_reasons_that_the_oracle_says(world: World) -> None:
    plain = plain_rows(world.contract, world.rows, world.groups)

    found = [set(reasons_in(mask)) for mask in match(world.contract, world.rows).tolist()]

    assert found == reasons_of(world.contract, plain)
