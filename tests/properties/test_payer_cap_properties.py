"""What must hold for payers' own caps, whatever they are, and wherever the money goes that they cut."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.money import IntArray
from sib_engine.payments.payers.caps import PayerCapped, payer_cap
from sib_engine.payments.payers.shares import share
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension, Overflow
from tests.oracle import build
from tests.oracle.shares import PayerCapState, after_payer_caps
from tests.properties.clauses import PAYERS, payer_caps
from tests.properties.steady import steady

STEADY = steady(120)
SHARES = build.share("s", {"lcf": "1/2", "local": "1/3", "sof": "1/6"})


ANY_CAPS = payer_caps()


@dataclass(frozen=True)
class Case:
    """Payments to divide under payers' caps, their periods, and the period of the statement."""

    contract: Contract
    amounts: IntArray
    period: IntArray
    until: int

    def run(self, which: slice = slice(None)) -> PayerCapped:
        """Return what the kernel makes of some of the payments."""
        rows = build.rows(len(self.amounts)).take(np.arange(len(self.amounts))[which])
        shared = share(self.contract, rows, self.amounts[which])
        return payer_cap(self.contract, shared, period=self.period[which], until=self.until)


@st.composite
def cases(draw: st.DrawFn, *, lowest: int = 0, drawn_caps: st.SearchStrategy[list[Cap]] = ANY_CAPS) -> Case:
    """Draw payments in periods 0 to 6, seen from period 0 to 8; never less than nothing in all."""
    amounts: list[int] = []
    for amount in draw(st.lists(st.integers(lowest, 400), max_size=12)):
        amounts.append(max(amount, -sum(amounts)))
    n = len(amounts)
    periods = draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))
    contract = build.contract(payers=PAYERS, shares=(SHARES,), caps=tuple(draw(drawn_caps)))
    return Case(contract, np.array(amounts, dtype=np.int64), np.array(periods, dtype=np.int64), draw(st.integers(0, 8)))


@STEADY
@given(cases(lowest=-300))
def test_the_kernel_agrees_with_the_row_by_row_oracle(case: Case) -> None:
    found = case.run()
    owed = share(case.contract, build.rows(len(case.amounts)), case.amounts).parts
    states = [
        PayerCapState(cap.payer or "", cap.limit, str(cap.overflow), per_period=Dimension.PERIOD in cap.on)
        for cap in case.contract.caps
    ]

    expected = after_payer_caps(
        [
            (period, dict(zip(PAYERS, row, strict=True)))
            for period, row in zip(case.period.tolist(), owed.tolist(), strict=True)
        ],
        states,
        case.until,
    )

    assert found.parts.tolist() == [[row.parts[payer] for payer in PAYERS] for row in expected]
    assert found.lost.tolist() == [row.lost for row in expected]
    assert found.deferred.tolist() == [row.waiting for row in expected]


@STEADY
@given(cases(lowest=-300))
def test_nothing_appears_or_vanishes(case: Case) -> None:
    found = case.run()

    assert (found.parts.sum(axis=1) + found.lost + found.deferred).tolist() == case.amounts.tolist()
    assert [int(taken.sum()) for taken in found.taken] == [use.taken for use in found.uses]


@STEADY
@given(cases())
def test_nobody_ever_pays_more_than_its_cap(case: Case) -> None:
    found = case.run()

    for cap in case.contract.caps:
        of_payer = found.parts[:, PAYERS.index(cap.payer or "")]
        if Dimension.PERIOD not in cap.on:
            assert of_payer.sum() <= cap.limit
        elif cap.overflow != Overflow.NEXT_PERIOD:
            assert all(of_payer[case.period == period].sum() <= cap.limit for period in range(7))
        else:
            assert of_payer.sum() <= cap.limit * (case.until + 1)


@STEADY
@given(cases())
def test_rising_payments_take_nothing_back(case: Case) -> None:
    found = case.run()

    assert (found.parts >= 0).all()
    assert (found.lost >= 0).all()
    assert (found.deferred >= 0).all()


@STEADY
@given(cases(lowest=-300), st.integers(0, 12))
def test_what_was_paid_for_the_first_rows_does_not_change_when_more_follow(case: Case, first: int) -> None:
    assert case.run().parts[:first].tolist() == case.run(slice(first)).parts.tolist()


@STEADY
@given(cases(drawn_caps=payer_caps(kinds=("payer",))))
def test_a_correction_of_everything_leaves_nothing_paid(case: Case) -> None:
    undone = Case(
        case.contract, np.concatenate([case.amounts, -case.amounts]), np.tile(case.period, 2), case.until
    ).run()

    assert undone.parts.sum(axis=0).tolist() == [0, 0, 0]
    assert undone.lost.sum() == 0
    assert undone.deferred.sum() == 0


@STEADY
@given(cases())
def test_what_waits_never_grows_by_waiting(case: Case) -> None:
    later = Case(case.contract, case.amounts, case.period, case.until + 1).run()

    reached = case.period <= case.until
    if reached.all():
        assert later.deferred.sum() <= case.run().deferred.sum()
