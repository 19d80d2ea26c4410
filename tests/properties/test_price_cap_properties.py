"""What must hold for prices and for the caps that name no payer, row by row."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.money import IntArray
from sib_engine.outcomes.match import match
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.caps.cap import cap
from sib_engine.payments.price.pricing import price
from sib_engine.terms.money_clauses import Dimension
from tests.oracle.caps import payable
from tests.oracle.pricing import earned
from tests.oracle.rows import plain_rows
from tests.properties.bounded_worlds import ANY_BOUNDED
from tests.properties.scopes import paid_by_scope
from tests.properties.steady import steady
from tests.properties.worlds import ANY_VOLUME, World, worlds

STEADY = steady(80)


def counting(world: World) -> OutcomeRows:
    return world.rows.take(match(world.contract, world.rows) == 0)


def prices(world: World, rows: OutcomeRows) -> IntArray:
    return price(world.contract, rows, groups=world.groups).amount


def after_caps(world: World, rows: OutcomeRows) -> IntArray:
    return cap(world.contract, rows, prices(world, rows)).payable


@STEADY
@given(worlds())
def test_every_row_earns_what_the_oracle_says(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    assert prices(world, rows).tolist() == earned(world.contract, plain)


@STEADY
@given(worlds(ANY_VOLUME))
def test_tiers_and_bonuses_earn_every_row_what_the_oracle_says(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    assert prices(world, rows).tolist() == earned(world.contract, plain)


@STEADY
@given(worlds(ANY_BOUNDED))
def test_what_is_clawed_back_is_what_the_oracle_takes_back(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    assert prices(world, rows).tolist() == earned(world.contract, plain)


@STEADY
@given(worlds(ANY_VOLUME))
def test_tiers_and_bonuses_over_many_scopes_earn_the_same(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sib_engine.payments.running.cells.Cells.is_small", lambda *_: False)
        patch.setattr("sib_engine.payments.running.ladder.ALWAYS_CELLS", -(1 << 20))
        found = prices(world, rows)

    assert found.tolist() == earned(world.contract, plain)


@STEADY
@given(worlds(ANY_BOUNDED))
def test_price_steps_lead_from_count_times_price_to_what_is_earned(world: World) -> None:
    rows = counting(world)
    priced = price(world.contract, rows, groups=world.groups)
    amounts = [priced.base, *(step.after for step in priced.steps)]

    assert [step.before.tolist() for step in priced.steps] == [each.tolist() for each in amounts[:-1]]
    assert amounts[-1].tolist() == priced.amount.tolist()


@STEADY
@given(worlds(ANY_BOUNDED), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_tier(world: World, random: Random) -> None:
    rows = counting(world)
    shuffled = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)

    assert prices(world, rows.take(shuffled)).tolist() == prices(world, rows)[shuffled].tolist()


@STEADY
@given(worlds())
def test_caps_leave_of_every_row_what_the_oracle_says(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)
    amounts = prices(world, rows)

    assert cap(world.contract, rows, amounts).payable.tolist() == payable(world.contract, plain, amounts.tolist())


@STEADY
@given(worlds())
def test_caps_with_many_scopes_leave_the_same(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)
    amounts = prices(world, rows)

    # So small a table that rows are put in order instead, as they are for a cap on a million people.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sib_engine.payments.running.cells.Cells.is_small", lambda *_: False)
        left = cap(world.contract, rows, amounts).payable

    assert left.tolist() == payable(world.contract, plain, amounts.tolist())


@STEADY
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world: World, random: Random) -> None:
    rows = counting(world)
    shuffled = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)

    there = after_caps(world, rows.take(shuffled))

    assert there.tolist() == after_caps(world, rows)[shuffled].tolist()


@STEADY
@given(worlds())
def test_no_scope_is_ever_paid_more_than_its_cap(world: World) -> None:
    rows = counting(world)
    left = after_caps(world, rows)

    for clause in world.contract.caps:
        if Dimension.PAYER not in clause.on:
            assert max(paid_by_scope(world.contract, clause, rows, left).values(), default=0) <= clause.limit


@STEADY
@given(worlds())
def test_the_ledger_holds_every_penny_that_was_cut(world: World) -> None:
    rows = counting(world)
    amounts = prices(world, rows)
    found = cap(world.contract, rows, amounts)

    assert (found.payable >= 0).all()
    assert all((taken >= 0).all() for taken in found.taken.values())
    assert (found.payable + sum(found.taken.values())).tolist() == amounts.tolist()
