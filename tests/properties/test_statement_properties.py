"""What must hold for statements, the whole kernel from outcome to payer, against the oracle and on its own."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.outcomes.match import match
from sib_engine.outcomes.reasons import Reason, bit
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.statement.draw_up import Known, Statement, draw_up
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.metric import ClawBackFrom
from sib_engine.terms.money_clauses import Dimension
from tests.oracle import build
from tests.oracle.rows import plain_rows
from tests.oracle.statement import Ledger, payers_of
from tests.properties.bounded_worlds import ANY_BOUNDED, claw_backs
from tests.properties.clauses import ALSO_NESTED, NESTED, NESTED_FOR_UPGRADES, NO_UPGRADE
from tests.properties.scopes import paid_by_scope
from tests.properties.steady import steady
from tests.properties.worlds import World, contracts, worlds

STEADY = steady(50)
LAST = 6
"""Index of the contract's last statement period: claims close in it."""

# Which metric of an upgrade band earns the difference follows the order of arrival, so caps by metric cross it.
nested = st.one_of(
    worlds(contracts(kinds=NESTED, rules=NO_UPGRADE, with_payer_caps=False)),
    worlds(contracts(kinds=ALSO_NESTED, rules=NO_UPGRADE, with_payer_caps=False)),
    worlds(contracts(kinds=NESTED_FOR_UPGRADES, with_payer_caps=False)),
)
any_world = st.one_of(worlds(), worlds(ANY_BOUNDED))
when_stated = st.lists(st.integers(0, LAST), min_size=1, max_size=4).map(sorted)


def draw(
    world: World, index: int, stated: Sequence[StatedLine] = (), known_on: date | None = None, ids: str = "r{}"
) -> Statement:
    """Draw up one statement from everything that is recorded by its end."""
    period = world.contract.periods.period(index)
    rows = arrived(world.rows, known_on or period.end, period.end)
    counting = rows.take(match(world.contract, rows) == 0)
    row_ids = [ids.format(row) for row in counting.row.tolist()]
    known = Known(counting, row_ids, world.contract.site_codes, world.groups, world.measures)
    return draw_up(world.contract, known, period, stated=stated, known_on=known_on)


def arrived(rows: OutcomeRows, known_on: date, until: date) -> OutcomeRows:
    is_recorded = ~(rows.recorded_on > np.datetime64(known_on, "D"))
    return rows.take(is_recorded & ~(rows.achieved_on > np.datetime64(until, "D")))


def draw_all(world: World, indices: Sequence[int]) -> list[Statement]:
    statements: list[Statement] = []
    for index in indices:
        lines = [line for statement in statements for line in statement.lines]
        statements.append(draw(world, index, lines))
    return statements


def some(world: World, which: npt.NDArray[np.bool_]) -> World:
    return replace(world, rows=world.rows.take(which))


def only_standing(world: World) -> World:
    """Return the world without the outcomes that nothing rests on: they do not count and take nobody's place."""
    return some(world, (match(world.contract, world.rows) & ~np.uint64(bit(Reason.GRANT_MONTH))) == 0)


def drawn_mask(world: World, random: Random) -> npt.NDArray[np.bool_]:
    return np.array([random.random() < 0.5 for _ in range(len(world.rows))], dtype=np.bool_)


@STEADY
@given(any_world, when_stated)
def test_every_statement_asks_of_each_payer_what_the_oracle_says(world: World, indices: list[int]) -> None:
    ledger = Ledger()
    statements = draw_all(world, indices)

    for statement in statements:
        known = plain_rows(
            world.contract, arrived(world.rows, statement.period.end, statement.period.end), world.groups
        )
        expected = ledger.state(world.contract, known, statement.period)
        assert dict(zip(statement.payers, statement.pays, strict=True)) == expected


@STEADY
@given(any_world, when_stated, st.randoms(use_true_random=False))
def test_records_that_come_and_go_are_asked_for_and_given_back_as_the_oracle_says(
    world: World, indices: list[int], random: Random
) -> None:
    ledger, lines = Ledger(), list[StatedLine]()
    for index in indices:
        known = some(world, drawn_mask(world, random))
        statement = draw(known, index, lines)
        assert [line for line in statement.lines if line.payable < 0 and not line.why] == []
        lines += statement.lines
        recorded = arrived(known.rows, statement.period.end, statement.period.end)
        expected = ledger.state(world.contract, plain_rows(world.contract, recorded, world.groups), statement.period)
        assert dict(zip(statement.payers, statement.pays, strict=True)) == expected


@STEADY
@given(any_world, when_stated)
def test_stating_again_adds_nothing(world: World, indices: list[int]) -> None:
    again = draw_all(world, [*indices, indices[-1]])[-1]

    assert again.lines == ()
    assert again.pays == (0,) * len(again.payers)


@STEADY
@given(any_world, when_stated, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_no_line(world: World, indices: list[int], random: Random) -> None:
    shuffled = replace(
        world, rows=world.rows.take(np.array(random.sample(range(len(world.rows)), len(world.rows)), dtype=np.intp))
    )

    assert [one.lines for one in draw_all(shuffled, indices)] == [one.lines for one in draw_all(world, indices)]


@STEADY
@given(any_world, when_stated)
def test_what_is_due_in_a_scope_never_exceeds_its_cap(world: World, indices: list[int]) -> None:
    for statement in draw_all(world, indices):
        for cap in world.contract.caps:
            if Dimension.PAYER not in cap.on:
                paid = paid_by_scope(world.contract, cap, statement.rows, statement.capped.payable)
                assert max(paid.values(), default=0) <= cap.limit


@STEADY
@given(any_world, when_stated)
def test_a_grant_that_uses_the_cap_leaves_less_of_it(world: World, indices: list[int]) -> None:
    in_all = build.cap("in-all", "contract", 200_000)
    world = replace(world, contract=replace(world.contract, caps=(*world.contract.caps, in_all)))
    outside = sum(grant.amount for grant in world.contract.grants if not grant.uses_caps)

    assert draw_all(world, indices)[-1].due <= 200_000 + outside


@STEADY
@given(any_world, when_stated)
def test_no_payer_is_asked_for_more_than_its_cap(world: World, indices: list[int]) -> None:
    outside = sum(grant.amount for grant in world.contract.grants if not grant.uses_caps)
    paid = np.zeros(len(payers_of(world.contract)), dtype=np.int64)
    for statement in draw_all(world, indices):
        paid += statement.pays
        for cap in world.contract.caps:
            if Dimension.PAYER in cap.on and Dimension.PERIOD not in cap.on:
                assert paid[statement.payers.index(cap.payer or "")] <= cap.limit + outside


@STEADY
@given(any_world, when_stated, st.randoms(use_true_random=False))
def test_no_payer_is_ever_given_more_back_than_it_paid(world: World, indices: list[int], random: Random) -> None:
    lines, paid = list[StatedLine](), np.zeros(len(payers_of(world.contract)), dtype=np.int64)
    for index in indices:
        statement = draw(some(world, drawn_mask(world, random)), index, lines)
        lines += statement.lines
        paid += statement.pays
        # A reversal may find that a penny of its outcome has moved to another payer since.
        assert (paid >= -sum(line.payable < 0 for line in lines)).all()


@STEADY
@given(any_world, when_stated)
def test_the_lines_add_up_to_the_statement_and_to_what_is_due(world: World, indices: list[int]) -> None:
    statements = draw_all(world, indices)
    lines = [line for statement in statements for line in statement.lines]

    assert sum(line.payable for line in lines) == statements[-1].due
    assert all(sum(line.shared) == line.payable for line in lines)
    for statement in statements:
        assert [sum(column) for column in zip(*(line.pays for line in statement.lines), strict=True)] in (
            [],
            list(statement.pays),
        )


@STEADY
@given(nested, when_stated)
def test_nested_caps_leave_one_total_in_one_statement_or_many(world: World, indices: list[int]) -> None:
    in_steps = draw_all(world, [*indices, LAST])

    assert in_steps[-1].due == draw_all(world, [LAST])[-1].due


@STEADY
@given(nested, st.randoms(use_true_random=False), st.randoms(use_true_random=False))
def test_nested_caps_leave_one_total_whatever_arrives_first(world: World, first: Random, second: Random) -> None:
    world = only_standing(world)
    some_first, some_then = drawn_mask(world, first), drawn_mask(world, second)
    known_on = world.contract.claims_close

    steps: list[StatedLine] = []
    for so_far in (some_first, some_first | some_then, np.ones(len(world.rows), dtype=np.bool_)):
        statement = draw(some(world, so_far), LAST, steps, known_on)
        steps += statement.lines

    assert statement.due == draw(world, LAST, (), known_on).due == sum(line.payable for line in steps)


@STEADY
@given(nested, st.randoms(use_true_random=False))
def test_what_is_taken_out_and_put_back_leaves_the_total_as_it_was(world: World, random: Random) -> None:
    world = only_standing(world)
    kept, known_on = drawn_mask(world, random), world.contract.claims_close

    before = draw(world, LAST, (), known_on)
    without = draw(some(world, kept), LAST, before.lines, known_on)
    after = draw(world, LAST, [*before.lines, *without.lines], known_on)

    assert after.due == before.due
    assert without.due == draw(some(world, kept), LAST, (), known_on).due
    assert without.total + after.total == 0 or world.contract.shares[1:]


@STEADY
@given(nested, st.randoms(use_true_random=False))
def test_one_share_clause_divides_the_same_total_the_same_way_whatever_happened_on_the_way(
    world: World, random: Random
) -> None:
    world = only_standing(replace(world, contract=replace(world.contract, shares=world.contract.shares[:1])))
    kept, known_on = drawn_mask(world, random), world.contract.claims_close

    before = draw(world, LAST, (), known_on)
    without = draw(some(world, kept), LAST, before.lines, known_on)
    after = draw(world, LAST, [*before.lines, *without.lines], known_on)

    assert [gone + back for gone, back in zip(without.pays, after.pays, strict=True)] == [0] * len(before.pays)


@STEADY
@given(nested, st.randoms(use_true_random=False))
def test_more_outcomes_never_earn_less(world: World, random: Random) -> None:
    flat = replace(world.contract, bands=(), grants=())
    world = only_standing(replace(world, contract=flat))
    known_on = world.contract.claims_close

    fewer = draw(some(world, drawn_mask(world, random)), LAST, (), known_on)

    assert fewer.due <= draw(world, LAST, (), known_on).due


@st.composite
def clawed_back_from_the_outcome(draw: st.DrawFn) -> World:
    """Draw a world with nested caps in which what jobs earned is taken back, counted from the outcome."""
    world = draw(nested)
    terms = claw_backs((ClawBackFrom.OUTCOME,))
    metrics = [
        replace(metric, claw_back=draw(st.none() | terms)) if metric.code in {"job", "low", "high"} else metric
        for metric in world.contract.metrics
    ]
    return replace(world, contract=replace(world.contract, metrics=tuple(metrics)))


@STEADY
@given(clawed_back_from_the_outcome(), when_stated)
def test_a_claw_back_counted_from_the_outcome_leaves_one_total_in_one_statement_or_many(
    world: World, indices: list[int]
) -> None:
    in_steps = draw_all(world, [*indices, LAST])

    assert in_steps[-1].due == draw_all(world, [LAST])[-1].due


@STEADY
@given(worlds(ANY_BOUNDED), when_stated, st.randoms(use_true_random=False))
def test_nothing_but_the_facts_makes_a_claw_back_a_restatement(
    world: World, indices: list[int], random: Random
) -> None:
    flat = replace(world.contract, bands=(), caps=(), bonuses=(), volumes=())
    flat = replace(flat, tariffs=tuple(replace(tariff, tiers=None) for tariff in flat.tariffs))
    lines = list[StatedLine]()
    for index in indices:
        statement = draw(some(replace(world, contract=flat), drawn_mask(world, random)), index, lines)
        lines += statement.lines
        assert statement.restatements == ()
