"""What must hold where amendments replace bonuses and limits, against the oracle and on its own."""

from collections.abc import Sequence
from dataclasses import replace
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
from sib_engine.payments.statement.draw_up import Statement
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.amend import at_last, in_force
from sib_engine.terms.contract import Contract
from tests.oracle.caps import payable
from tests.oracle.pricing import earned
from tests.oracle.rows import plain_rows
from tests.oracle.statement import Ledger
from tests.properties.amended_worlds import amended
from tests.properties.clauses import NESTED, NO_UPGRADE
from tests.properties.steady import steady
from tests.properties.test_statement_properties import LAST, arrived, draw, drawn_mask, only_standing, some, when_stated
from tests.properties.worlds import ANY_COUNTING, World, contracts, worlds

STEADY = steady(30)
SLOW = steady(15)

any_amended = worlds(ANY_COUNTING.flatmap(amended))
"""Worlds whose contracts have amendments and hold every clause; the kernel is given views of them."""

nested = worlds(
    contracts(kinds=NESTED, rules=NO_UPGRADE, with_payer_caps=False, with_counting_limits=True).flatmap(amended)
)


def at_the_end(world: World) -> World:
    return replace(world, contract=at_last(world.contract))


def counting(world: World) -> OutcomeRows:
    return world.rows.take(match(world.contract, world.rows) == 0)


def prices(world: World, rows: OutcomeRows) -> IntArray:
    return price(world.contract, rows, groups=world.groups).amount


def draw_all(world: World, indices: Sequence[int]) -> list[Statement]:
    """Draw up statements, each under the terms in force at its end."""
    lines, statements = list[StatedLine](), list[Statement]()
    for index in indices:
        statements.append(draw(under(world, index), index, lines))
        lines += statements[-1].lines
    return statements


def under(world: World, index: int) -> World:
    period = world.contract.periods.period(index)
    return replace(world, contract=in_force(world.contract, period.end))


@STEADY
@given(any_amended)
def test_bonuses_earn_every_row_what_the_oracle_says(world: World) -> None:
    world = at_the_end(world)
    rows = counting(world)
    plain = plain_rows(world.contract, rows, world.groups)

    assert prices(world, rows).tolist() == earned(world.contract, plain)


@STEADY
@given(any_amended)
def test_limits_leave_of_every_row_what_the_oracle_says(world: World) -> None:
    world = at_the_end(world)
    rows = counting(world)
    amounts = prices(world, rows)
    expected = payable(world.contract, plain_rows(world.contract, rows, world.groups), amounts.tolist())

    assert cap(world.contract, rows, amounts).payable.tolist() == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sib_engine.payments.running.cells.Cells.is_small", lambda *_: False)
        patch.setattr("sib_engine.payments.running.ladder.ALWAYS_CELLS", -(1 << 20))
        assert cap(world.contract, rows, amounts).payable.tolist() == expected


@STEADY
@given(any_amended)
def test_every_penny_that_was_cut_stands_in_the_ledger_in_words(world: World) -> None:
    world = at_the_end(world)
    rows = counting(world)
    amounts = prices(world, rows)
    found = cap(world.contract, rows, amounts)

    assert (found.payable + sum(found.taken.values())).tolist() == amounts.tolist()
    assert all((taken >= 0).all() for taken in found.taken.values())
    for step in found.steps:
        assert all(step.words(np.array([place])) for place in np.flatnonzero(step.before != step.after).tolist())


@STEADY
@given(any_amended, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world: World, random: Random) -> None:
    world = at_the_end(world)
    rows = counting(world)
    shuffled = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)

    def left(of: OutcomeRows) -> IntArray:
        return cap(world.contract, of, prices(world, of)).payable

    assert left(rows.take(shuffled)).tolist() == left(rows)[shuffled].tolist()


@SLOW
@given(any_amended, when_stated, st.randoms(use_true_random=False))
def test_statements_ask_of_each_payer_what_the_oracle_says(world: World, indices: list[int], random: Random) -> None:
    ledger, lines = Ledger(), list[StatedLine]()
    for index in indices:
        known = some(under(world, index), drawn_mask(world, random))
        statement = draw(known, index, lines)
        lines += statement.lines
        recorded = arrived(known.rows, statement.period.end, statement.period.end)
        expected = ledger.state(known.contract, plain_rows(known.contract, recorded, world.groups), statement.period)
        assert dict(zip(statement.payers, statement.pays, strict=True)) == expected


@SLOW
@given(nested, when_stated)
def test_amended_limits_leave_one_total_in_one_statement_or_many(world: World, indices: list[int]) -> None:
    world = only_caps(world)

    assert draw_all(world, [*indices, LAST])[-1].due == draw_all(world, [LAST])[-1].due


@SLOW
@given(nested, when_stated)
def test_amended_bonuses_and_minimums_leave_one_total_in_one_statement_or_many(
    world: World, indices: list[int]
) -> None:
    world = replace(world, contract=replace(world.contract, caps=(), outcome_caps=(), bands=()))

    assert draw_all(world, [*indices, LAST])[-1].due == draw_all(world, [LAST])[-1].due


@SLOW
@given(any_amended)
def test_what_is_recorded_in_time_is_never_moved_by_terms_agreed_ahead(world: World) -> None:
    in_time = replace(world.rows, recorded_on=world.rows.achieved_on, claimed_on=world.rows.achieved_on)
    world = only_caps(replace(world, rows=in_time))
    lines = list[StatedLine]()
    for index in range(LAST + 1):
        period = world.contract.periods.period(index)
        statement = draw(under(world, index), index, lines)
        assert [line for line in statement.lines if line.own_period != period.label] == []
        lines += statement.lines


def only_caps(world: World) -> World:
    """Return a world in which nothing but caps on money, and prices, decides what is paid."""
    flat = replace(world.contract, minimums=(), outcome_caps=(), bands=(), metric_terms=(), volumes=())
    flat = replace(flat, tariffs=tuple(replace(tariff, tiers=None) for tariff in flat.tariffs))
    return only_standing(replace(world, contract=without_payers(flat)))


def without_payers(contract: Contract) -> Contract:
    return replace(contract, caps=tuple(cap for cap in contract.caps if cap.payer is None))
