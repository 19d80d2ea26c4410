"""Scheduled money against the oracle and on its own: fees, guaranteed volumes and early termination in statements."""

from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.payments.scheduled.entries import scheduled
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension
from tests.oracle import build
from tests.oracle.pricing import rounded
from tests.oracle.rows import plain_rows
from tests.oracle.scheduled import scheduled as slow
from tests.oracle.statement import Ledger
from tests.properties.steady import steady
from tests.properties.test_statement_properties import LAST, arrived, draw, draw_all, drawn_mask, some, when_stated
from tests.properties.worlds import ANY_SCHEDULED, World, worlds

STEADY = steady(50)
ANY_DAY = st.dates(date(2020, 4, 1), date(2021, 12, 31))


@STEADY
@given(worlds(ANY_SCHEDULED), ANY_DAY)
def test_every_scheduled_amount_is_what_the_oracle_says(world: World, until: date) -> None:
    counting = world.rows.take(match(world.contract, world.rows) == 0)

    found = [(each.day, each.amount, each.count) for each in scheduled(world.contract, counting, until)]

    expected = slow(world.contract, plain_rows(world.contract, counting, world.groups), until)
    assert found == [(each.day, each.amount, each.count) for each in expected]


@STEADY
@given(ANY_SCHEDULED)
def test_the_instalments_of_a_fee_that_runs_to_its_end_add_up_to_it(contract: Contract) -> None:
    whole_life = replace(contract, terminated_on=None, grants=(), guarantees=())
    no_rows = build.rows(0)

    for fee in whole_life.fees:
        own = [each.amount for each in scheduled(whole_life, no_rows, date.max) if each.clause == fee.id]
        total = (fee.monthly or 0) * 12 if fee.total is None else rounded(fee.total.exact, contract.rounding.mode)
        assert sum(own) == total
        assert min(own) >= 0


@STEADY
@given(worlds(ANY_SCHEDULED), when_stated, st.randoms(use_true_random=False))
def test_statements_with_scheduled_money_ask_of_each_payer_what_the_oracle_says(
    world: World, indices: list[int], random: Random
) -> None:
    ledger, lines = Ledger(), list[StatedLine]()
    for index in indices:
        known = some(world, drawn_mask(world, random))
        statement = draw(known, index, lines)
        lines += statement.lines
        recorded = arrived(known.rows, statement.period.end, statement.period.end)
        expected = ledger.state(world.contract, plain_rows(world.contract, recorded, world.groups), statement.period)
        assert dict(zip(statement.payers, statement.pays, strict=True)) == expected


@STEADY
@given(worlds(ANY_SCHEDULED), when_stated)
def test_stating_scheduled_money_again_adds_nothing(world: World, indices: list[int]) -> None:
    assert draw_all(world, [*indices, indices[-1]])[-1].lines == ()


@STEADY
@given(worlds(ANY_SCHEDULED), when_stated, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_line_of_scheduled_money(
    world: World, indices: list[int], random: Random
) -> None:
    order = np.array(random.sample(range(len(world.rows)), len(world.rows)), dtype=np.intp)
    shuffled = replace(world, rows=world.rows.take(order))

    assert [one.lines for one in draw_all(shuffled, indices)] == [one.lines for one in draw_all(world, indices)]


@STEADY
@given(worlds(ANY_SCHEDULED), when_stated)
def test_scheduled_money_that_uses_the_caps_never_passes_a_cap_on_the_contract(
    world: World, indices: list[int]
) -> None:
    for statement in draw_all(world, indices):
        for cap in world.contract.caps:
            if cap.on == {Dimension.CONTRACT} and not cap.metrics and not cap.sites:
                assert statement.under_caps <= cap.limit


@STEADY
@given(worlds(ANY_SCHEDULED), when_stated)
def test_without_caps_the_total_is_the_same_in_one_statement_or_many(world: World, indices: list[int]) -> None:
    world = replace(world, contract=replace(world.contract, caps=(), bands=()))

    assert draw_all(world, [*indices, LAST])[-1].due == draw_all(world, [LAST])[-1].due


@STEADY
@given(worlds(ANY_SCHEDULED), when_stated)
def test_new_facts_alone_are_never_a_restatement(world: World, indices: list[int]) -> None:
    assert all(statement.restatements == () for statement in draw_all(world, indices))
