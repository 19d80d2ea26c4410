"""What must hold for limits that count outcomes, against the oracle and on their own."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.money import IntArray
from sib_engine.outcomes.match import match
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.caps.cap import Capped, cap
from sib_engine.payments.price.pricing import price
from sib_engine.payments.statement.lines import StatedLine
from tests.oracle import build
from tests.oracle.caps import payable
from tests.oracle.rows import plain_rows
from tests.oracle.statement import Ledger
from tests.properties.clauses import LONG_AGO
from tests.properties.steady import steady
from tests.properties.test_statement_properties import LAST, arrived, draw, draw_all, drawn_mask, some, when_stated
from tests.properties.worlds import ANY_COUNTING, World, contracts, worlds

STEADY = steady(80)
SLOW = steady(40)

counting_worlds = worlds(ANY_COUNTING)
only_counting = worlds(contracts(kinds=("contract",), with_payer_caps=False, with_counting_limits=True))


def counting(world: World) -> OutcomeRows:
    return world.rows.take(match(world.contract, world.rows) == 0)


def earned(world: World, rows: OutcomeRows) -> IntArray:
    return price(world.contract, rows, groups=world.groups).amount


def limited(world: World, rows: OutcomeRows) -> Capped:
    return cap(world.contract, rows, earned(world, rows))


@STEADY
@given(counting_worlds)
def test_counting_limits_leave_of_every_row_what_the_oracle_says(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    left = limited(world, rows).payable.tolist()

    assert left == payable(world.contract, plain, earned(world, rows).tolist())


@STEADY
@given(counting_worlds)
def test_counting_limits_over_many_scopes_leave_the_same(world: World) -> None:
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sib_engine.payments.running.ladder.ALWAYS_CELLS", -(1 << 20))
        left = limited(world, rows).payable.tolist()

    assert left == payable(world.contract, plain, earned(world, rows).tolist())


@STEADY
@given(counting_worlds, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world: World, random: Random) -> None:
    rows = counting(world)
    shuffled = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)

    assert limited(world, rows.take(shuffled)).payable.tolist() == limited(world, rows).payable[shuffled].tolist()


@STEADY
@given(counting_worlds)
def test_every_penny_that_was_cut_stands_in_the_ledger(world: World) -> None:
    rows = counting(world)
    found = limited(world, rows)

    assert (found.payable >= 0).all()
    assert all((taken >= 0).all() for taken in found.taken.values())
    assert (found.payable + sum(found.taken.values())).tolist() == earned(world, rows).tolist()
    for step in found.steps:
        assert all(step.words(np.array([place])) for place in np.flatnonzero(step.before != step.after).tolist())


@STEADY
@given(only_counting, st.fractions(0, 1, max_denominator=50))
def test_no_more_than_the_share_of_outcomes_is_paid(world: World, share: Fraction) -> None:
    # Each outcome earns 1.00, so that what is paid counts what is paid for.
    clause = build.outcome_cap("most", "contract", share)
    contract = replace(world.contract, caps=(), minimums=(), outcome_caps=(clause,))
    rows = counting(world)

    paid = cap(contract, rows, 100 * rows.count).payable

    assert paid.sum() == 100 * floor(share * int(rows.count.sum()))


@SLOW
@given(counting_worlds, when_stated, st.randoms(use_true_random=False))
def test_statements_ask_of_each_payer_what_the_oracle_says(world: World, indices: list[int], random: Random) -> None:
    ledger, lines = Ledger(), list[StatedLine]()
    for index in indices:
        known = some(world, drawn_mask(world, random))
        statement = draw(known, index, lines)
        lines += statement.lines
        recorded = arrived(known.rows, statement.period.end, statement.period.end)
        expected = ledger.state(world.contract, plain_rows(world.contract, recorded, world.groups), statement.period)
        assert dict(zip(statement.payers, statement.pays, strict=True)) == expected
        assert statement.restatements == ()


@SLOW
@given(counting_worlds, when_stated)
def test_stating_again_adds_nothing(world: World, indices: list[int]) -> None:
    again = draw_all(world, [*indices, indices[-1]])[-1]

    assert again.lines == ()


def due_at_last(world: World, indices: Sequence[int]) -> int:
    return draw_all(world, [*indices, LAST])[-1].due


@SLOW
@given(only_counting, when_stated)
def test_outcomes_of_one_price_come_to_one_total_in_one_statement_or_many(world: World, indices: list[int]) -> None:
    # With one price in each scope it does not matter which outcomes are paid, only how many.
    flat = tuple(build.tariff(metric.code, "250", starts_on=LONG_AGO) for metric in world.contract.metrics)
    caps = world.contract.outcome_caps[:1]
    contract = replace(world.contract, tariffs=flat, bands=(), bonuses=(), caps=(), outcome_caps=caps, minimums=())
    world = replace(world, contract=contract)

    assert due_at_last(world, indices) == due_at_last(world, [])


@SLOW
@given(only_counting, when_stated)
def test_minimums_come_to_one_total_in_one_statement_or_many(world: World, indices: list[int]) -> None:
    contract = replace(world.contract, outcome_caps=(), bands=(), bonuses=())
    world = replace(world, contract=contract)

    assert due_at_last(world, indices) == due_at_last(world, [])
