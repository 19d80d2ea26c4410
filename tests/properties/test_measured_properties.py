"""What must hold for measured results beside outcomes of people: price, caps and statements."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.cap import cap
from sib_engine.payments.price.pricing import Priced, price
from sib_engine.terms.money_clauses import Dimension
from tests.oracle.caps import payable
from tests.oracle.pricing import earned
from tests.oracle.rows import plain_rows
from tests.oracle.statement import Ledger
from tests.properties.clauses import METRICS, NESTED, NO_UPGRADE
from tests.properties.scopes import paid_by_scope
from tests.properties.steady import steady
from tests.properties.test_statement_properties import arrived, draw_all, when_stated
from tests.properties.worlds import ANY_MEASURED, World, contracts, worlds

STEADY = steady(60)
MEASURED_WORLDS = worlds(ANY_MEASURED)
NESTED_WORLDS = worlds(contracts(kinds=NESTED, rules=NO_UPGRADE, with_payer_caps=False, with_measures=True))


def counting(world: World) -> OutcomeRows:
    return world.rows.take(match(world.contract, world.rows) == 0)


def priced(world: World, rows: OutcomeRows) -> Priced:
    return price(world.contract, rows, groups=world.groups, measures=world.measures)


@STEADY
@given(MEASURED_WORLDS)
def test_every_row_earns_what_the_oracle_says(world: World) -> None:
    rows = counting(world)

    found = priced(world, rows)

    assert found.amount.tolist() == earned(
        world.contract, plain_rows(world.contract, rows, world.groups, world.measures)
    )
    # A row is priced by a tariff or by a scale, never by both.
    assert ((found.scale != NONE) == (rows.metric >= len(METRICS))).all()
    assert ((found.tariff == NONE) == (found.scale != NONE)).all()


@STEADY
@given(MEASURED_WORLDS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(world: World, random: Random) -> None:
    rows = counting(world)
    shuffled = np.array(random.sample(range(len(rows)), len(rows)), dtype=np.intp)

    assert priced(world, rows.take(shuffled)).amount.tolist() == priced(world, rows).amount[shuffled].tolist()


@STEADY
@given(MEASURED_WORLDS)
def test_rows_that_do_not_count_earn_nothing_and_change_nothing(world: World) -> None:
    where = match(world.contract, world.rows) == 0

    found = price(world.contract, world.rows, groups=world.groups, measures=world.measures, where=where).amount

    assert found[where].tolist() == priced(world, counting(world)).amount.tolist()
    assert not found[~where].any()


@STEADY
@given(MEASURED_WORLDS)
def test_caps_cut_results_as_the_oracle_says_and_no_scope_is_paid_more(world: World) -> None:
    rows = counting(world)
    amounts = priced(world, rows).amount
    left = cap(world.contract, rows, amounts).payable

    plain = plain_rows(world.contract, rows, world.groups, world.measures)
    assert left.tolist() == payable(world.contract, plain, amounts.tolist())
    for clause in world.contract.caps:
        if Dimension.PAYER not in clause.on:
            assert max(paid_by_scope(world.contract, clause, rows, left).values(), default=0) <= clause.limit


@STEADY
@given(worlds(contracts(with_measures=True)), when_stated)
def test_every_statement_asks_of_each_payer_what_the_oracle_says(world: World, indices: list[int]) -> None:
    ledger = Ledger()

    for statement in draw_all(world, indices):
        recorded = arrived(world.rows, statement.period.end, statement.period.end)
        known = plain_rows(world.contract, recorded, world.groups, world.measures)
        expected = ledger.state(world.contract, known, statement.period)
        assert dict(zip(statement.payers, statement.pays, strict=True)) == expected


@STEADY
@given(worlds(contracts(with_measures=True)), when_stated)
def test_stating_again_adds_nothing(world: World, indices: list[int]) -> None:
    again = draw_all(world, [*indices, indices[-1]])[-1]

    assert again.lines == ()


@STEADY
@given(NESTED_WORLDS, when_stated)
def test_in_how_many_statements_results_are_stated_changes_no_total(world: World, indices: list[int]) -> None:
    many = draw_all(world, indices)
    (one,) = draw_all(world, indices[-1:])

    assert sum(line.payable for statement in many for line in statement.lines) == one.due
