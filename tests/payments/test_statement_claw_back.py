"""A claw-back never takes more than was paid, and undoes what had spilled to another payer."""

import pytest

from sib_engine.payments.statement.draw_up import Known, Statement, draw_up
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Overflow
from tests.oracle import build


def contract(*caps: Cap, price: str = "100") -> Contract:
    """Return a contract under which payer a owes 100.00, or another price, for each outcome."""
    return build.contract(
        payers=("a", "b"), shares=(build.share("s", {"a": "1"}),), tariffs=(build.tariff("m0", price),), caps=caps
    )


def state(terms: Contract, period: int, n_outcomes: int, stated: list[StatedLine]) -> Statement:
    """State outcomes r0, r1, ... of the first day, and keep the lines."""
    known = Known(build.rows(n_outcomes), [f"r{row}" for row in range(n_outcomes)], (), ())
    statement = draw_up(terms, known, terms.periods.period(period), stated=stated)
    stated.extend(statement.lines)
    return statement


def pays(terms: Contract, *n_outcomes: int) -> list[tuple[int, ...]]:
    """Return what a and b are asked for, statement by statement, as outcomes come and go."""
    stated: list[StatedLine] = []
    return [state(terms, period, n, stated).pays for period, n in enumerate(n_outcomes)]


def test_an_outcome_taken_back_gives_each_payer_what_it_paid() -> None:
    terms = contract(build.cap("c", "payer", 30_00, payer="a", overflow="b"))

    assert pays(terms, 1, 0, 1) == [(30_00, 70_00), (-30_00, -70_00), (30_00, 70_00)]


def test_what_a_cap_for_the_period_cut_is_not_taken_back_in_a_later_period() -> None:
    terms = contract(build.cap("c", "payer period", 30_00, payer="a"))

    assert pays(terms, 1, 0, 1) == [(30_00, 0), (-30_00, 0), (30_00, 0)]


def test_a_later_period_keeps_its_own_room_when_an_earlier_outcome_is_taken_back() -> None:
    terms = contract(build.cap("c", "payer period", 150_00, payer="a"))

    # 200.00 in the first period, 50.00 of it cut; the second outcome is taken back, so nothing is cut any more.
    assert pays(terms, 2, 1) == [(150_00, 0), (-50_00, 0)]


def test_spill_of_a_period_comes_back_from_whoever_received_it() -> None:
    terms = contract(build.cap("c", "payer period", 30_00, payer="a", overflow="b"))

    assert pays(terms, 1, 0, 1) == [(30_00, 70_00), (-30_00, -70_00), (30_00, 70_00)]


def test_what_waits_is_paid_in_later_periods_until_it_is_taken_back() -> None:
    terms = contract(build.cap("c", "payer period", 30_00, payer="a", overflow=Overflow.NEXT_PERIOD))

    assert pays(terms, 1, 1, 0) == [(30_00, 0), (30_00, 0), (-60_00, 0)]


def test_headroom_that_a_claw_back_frees_is_released_to_what_was_cut() -> None:
    terms = contract(build.cap("all", "contract", 150_00))

    # Three outcomes earn 150.00 of 300.00; without the last two the first is still paid in full.
    assert pays(terms, 3, 1, 2) == [(150_00, 0), (-50_00, 0), (50_00, 0)]


@pytest.mark.parametrize(
    ("overflow", "price", "asked"),
    [
        # 20.00 more for the first outcome and 120.00 for the second leave 10.00 of the period's limit.
        (Overflow.NEXT_PERIOD, "120", [(100_00, 0), (140_00, 0), (0, 0)]),
        (Overflow.LOST, "120", [(100_00, 0), (140_00, 0), (0, 0)]),
        # 20.00 less for the first, 80.00 for the second.
        (Overflow.NEXT_PERIOD, "80", [(100_00, 0), (60_00, 0), (0, 0)]),
        # 40.00 more and 140.00 are 30.00 too many: they wait.
        (Overflow.NEXT_PERIOD, "140", [(100_00, 0), (150_00, 0), (30_00, 0)]),
    ],
)
def test_a_restatement_under_a_cap_for_the_period_settles_in_one_statement(
    overflow: Overflow, price: str, asked: list[tuple[int, int]]
) -> None:
    cap = build.cap("c", "payer period", 150_00, payer="a", overflow=overflow)
    stated: list[StatedLine] = []

    before = state(contract(cap), 0, 1, stated)
    after = [state(contract(cap, price=price), period, 2, stated) for period in (1, 2)]

    assert [statement.pays for statement in (before, *after)] == asked
