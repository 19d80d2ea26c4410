import numpy as np
import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import IntArray
from sib_engine.payments.payers.caps import PayerCapped, payer_cap
from sib_engine.payments.payers.shares import share
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Overflow
from tests.oracle import build

EVEN = build.share("s", {"a": "1/2", "b": "1/2"})


def pennies(*amounts: int) -> IntArray:
    return np.array(amounts, dtype=np.int64)


def capped(contract: Contract, *amounts: int, period: IntArray | None = None, until: int | None = None) -> PayerCapped:
    rows = build.rows(len(amounts))
    return payer_cap(contract, share(contract, rows, pennies(*amounts)), period=period, until=until)


def even(*caps: Cap) -> Contract:
    return build.contract(payers=("a", "b"), shares=(EVEN,), caps=caps)


def test_haringey_and_barnet_above_the_lcf_cap_the_local_payers_pay_the_rest() -> None:
    # Published (INDIGO, May 2025): at 1,439,148 in all, LCF paid 596,918 and the local payers 842,230.
    shares = build.share("s", {"lcf": "42/100", "local": "58/100"})
    caps = (
        build.cap("contract-cap", "contract", 143_914_800),
        build.cap("lcf-cap", "payer", 59_691_800, payer="lcf", overflow="local"),
    )
    contract = build.contract(payers=("lcf", "local"), shares=(shares,), caps=caps)

    found = capped(contract, 100_000_000, 43_914_800)

    assert found.parts.sum(axis=0).tolist() == [59_691_800, 84_223_000]
    assert found.parts[0].tolist() == [42_000_000, 58_000_000]
    use = found.uses[0]
    assert (use.cap, use.payer, use.limit, use.went_to) == ("lcf-cap", "lcf", 59_691_800, "local")
    assert (use.arrived, use.taken) == (60_444_216, 752_416)


def test_without_caps_on_payers_nothing_changes() -> None:
    found = capped(even(build.cap("c", "contract", 1)), 5, 6)

    assert found.parts.tolist() == [[3, 2], [3, 3]]
    assert found.uses == ()
    assert found.taken.shape == (0, 2)
    assert found.lost.tolist() == found.deferred.tolist() == [0, 0]


def test_what_is_lost_is_paid_by_nobody() -> None:
    found = capped(even(build.cap("c", "payer", 30, payer="a")), 50, 50)

    assert found.parts.tolist() == [[25, 25], [5, 25]]
    assert found.lost.tolist() == [0, 20]
    assert found.taken.tolist() == [[0, 20]]
    assert found.uses[0].went_to == "lost"


def test_who_receives_is_held_to_its_own_cap_too() -> None:
    # b is listed first, and still acts after a, whose overflow it receives.
    found = capped(
        even(build.cap("b-cap", "payer", 60, payer="b"), build.cap("a-cap", "payer", 30, payer="a", overflow="b")), 100
    )

    assert found.parts.tolist() == [[30, 60]]
    assert found.lost.tolist() == [10]
    assert [(use.cap, use.arrived, use.taken) for use in found.uses] == [("a-cap", 50, 20), ("b-cap", 70, 10)]


def test_overflow_passes_along_a_chain() -> None:
    thirds = build.share("s", {"a": "1/3", "b": "1/3", "c": "1/3"})
    chain = (
        build.cap("c2", "payer", 35, payer="b", overflow="c"),
        build.cap("c1", "payer", 20, payer="a", overflow="b"),
    )
    contract = build.contract(payers=("a", "b", "c"), shares=(thirds,), caps=chain)

    assert capped(contract, 90).parts.tolist() == [[20, 35, 35]]


def test_overflow_in_a_circle_is_refused() -> None:
    circle = even(
        build.cap("c1", "payer", 30, payer="a", overflow="b"), build.cap("c2", "payer", 60, payer="b", overflow="a")
    )

    with pytest.raises(RefusedError, match="circle"):
        capped(circle, 1)


def test_overflow_to_oneself_is_refused() -> None:
    with pytest.raises(RefusedError, match="circle"):
        capped(even(build.cap("c", "payer", 30, payer="a", overflow="a")), 1)


def test_a_correction_takes_back_the_spill_first() -> None:
    contract = even(build.cap("c", "payer", 30, payer="a", overflow="b"))

    found = capped(contract, 100, -30, -30)

    # 100: a 30, b 70. At 70 a's half is 35, 5 of it spilled: a 30, b 40. At 40 nothing spills.
    assert found.parts.tolist() == [[30, 70], [0, -30], [-10, -20]]
    assert found.parts.sum(axis=0).tolist() == [20, 20]
    assert found.taken.sum() == 0


def test_headroom_freed_by_a_correction_is_used_again() -> None:
    found = capped(even(build.cap("c", "payer", 30, payer="a")), 100, -60, 20)

    assert found.parts.tolist() == [[30, 50], [-10, -30], [10, 10]]
    assert found.lost.tolist() == [20, -20, 0]


def test_a_cap_for_each_period_starts_afresh_in_the_next() -> None:
    found = capped(even(build.cap("c", "payer period", 30, payer="a")), 40, 40, 40, 80, period=pennies(0, 0, 1, 1))

    assert found.parts[:, 0].tolist() == [20, 10, 20, 10]
    assert found.lost.tolist() == [0, 10, 0, 30]


def test_periods_may_come_in_any_order() -> None:
    found = capped(even(build.cap("c", "payer period", 30, payer="a")), 40, 40, 80, 40, period=pennies(1, -3, 1, -3))

    assert found.parts[:, 0].tolist() == [20, 20, 10, 10]


def test_a_period_cap_may_pass_its_overflow_to_another_payer() -> None:
    found = capped(even(build.cap("c", "payer period", 30, payer="a", overflow="b")), 80, 80, period=pennies(0, 1))

    assert found.parts.tolist() == [[30, 50], [30, 50]]


def test_what_waits_is_not_payable_until_a_period_has_room() -> None:
    contract = even(build.cap("c", "payer period", 30, payer="a", overflow=Overflow.NEXT_PERIOD))
    periods = pennies(0, 1)

    # a owes 50 for period 0 and 5 for period 1, and pays at most 30 a period.
    at_first = capped(contract, 100, 10, period=periods, until=0)
    then = capped(contract, 100, 10, period=periods, until=1)
    last = capped(contract, 100, 10, period=periods, until=2)

    assert (at_first.parts[:, 0].tolist(), at_first.deferred.tolist()) == ([30, 0], [20, 5])
    assert (then.parts[:, 0].tolist(), then.deferred.tolist()) == ([50, 5], [0, 0])
    assert (last.parts[:, 0].tolist(), last.deferred.tolist()) == ([50, 5], [0, 0])


def test_what_waits_uses_the_room_of_periods_without_outcomes() -> None:
    contract = even(build.cap("c", "payer period", 30, payer="a", overflow=Overflow.NEXT_PERIOD))

    paid = [int(capped(contract, 200, 200, period=pennies(0, 5), until=until).parts[:, 0].sum()) for until in range(9)]

    # 100 falls due in period 0: 30, 30, 30, 10; nothing in period 4; 100 more in period 5.
    assert paid == [30, 60, 90, 100, 100, 130, 160, 190, 200]


def test_room_that_was_not_used_is_not_carried_on() -> None:
    contract = even(build.cap("c", "payer period", 30, payer="a", overflow=Overflow.NEXT_PERIOD))

    found = capped(contract, 10, 200, period=pennies(0, 4), until=4)

    assert found.parts[:, 0].tolist() == [5, 30]


def test_a_period_cap_acts_before_the_cap_for_the_whole_contract() -> None:
    caps = (build.cap("all", "payer", 45, payer="a", overflow="b"), build.cap("each", "payer period", 30, payer="a"))

    found = capped(even(*caps), 100, 100, period=pennies(0, 1))

    assert [use.cap for use in found.uses] == ["each", "all"]
    assert found.parts.tolist() == [[30, 50], [15, 65]]
    assert found.lost.tolist() == [20, 20]


def test_every_row_adds_up_to_what_was_shared() -> None:
    caps = (
        build.cap("c1", "payer period", 30, payer="a", overflow=Overflow.NEXT_PERIOD),
        build.cap("c2", "payer", 45, payer="a", overflow="b"),
        build.cap("c3", "payer", 100, payer="b"),
    )

    found = capped(even(*caps), 100, 77, 33, period=pennies(0, 1, 1), until=1)

    assert (found.parts.sum(axis=1) + found.lost + found.deferred).tolist() == [100, 77, 33]


def test_the_unfunded_part_passes_untouched() -> None:
    shares = build.share("s", {"a": "1/2", "unfunded": "1/2"})
    contract = build.contract(payers=("a", "b"), shares=(shares,), caps=(build.cap("c", "payer", 3, payer="a"),))

    assert capped(contract, 20).parts.tolist() == [[3, 0, 10]]


def test_a_cap_on_payer_and_contract_is_a_cap_on_the_payer() -> None:
    assert capped(even(build.cap("c", "payer contract", 30, payer="a")), 100).parts.tolist() == [[30, 50]]


def test_overflow_of_the_whole_contract_into_a_cap_by_period_is_refused() -> None:
    # An outcome of an early period taken back would empty a later period's overflow, or an early one's too far.
    caps = (build.cap("a-cap", "payer", 30, payer="a", overflow="b"), build.cap("b-cap", "payer period", 9, payer="b"))

    with pytest.raises(RefusedError, match=r"'a-cap'.*'b-cap'"):
        capped(even(*caps), 1, period=pennies(0), until=0)


def test_overflow_of_a_period_into_a_cap_by_period_stays_in_its_period() -> None:
    caps = (
        build.cap("a-cap", "payer period", 30, payer="a", overflow="b"),
        build.cap("b-cap", "payer period", 60, payer="b"),
    )

    found = capped(even(*caps), 100, 40, period=pennies(0, 1))

    assert found.parts.tolist() == [[30, 60], [20, 20]]


@pytest.mark.parametrize(
    "odd",
    [
        build.cap("c", "payer metric", 1, payer="a"),
        build.cap("c", "payer person", 1, payer="a"),
        build.cap("c", "payer", 1, payer="a", metrics=("m0",)),
        build.cap("c", "payer", 1, payer="a", sites=("here",)),
        build.cap("c", "payer", 1, payer="nobody"),
        build.cap("c", "payer", 1, payer=None),
        build.cap("c", "payer", 1, payer="a", overflow="nobody"),
        build.cap("c", "payer", 1, payer="a", overflow="unfunded"),
        build.cap("c", "payer", 1, payer="a", overflow=Overflow.NEXT_PERIOD),
    ],
)
def test_a_payers_cap_without_a_clear_meaning_is_refused(odd: Cap) -> None:
    with pytest.raises(RefusedError, match="'c'"):
        capped(even(odd), 1)


def test_periods_must_be_given_where_a_cap_counts_by_them() -> None:
    contract = even(build.cap("c", "payer period", 1, payer="a", overflow=Overflow.NEXT_PERIOD))

    with pytest.raises(ValueError, match="no periods"):
        capped(contract, 1)
    with pytest.raises(ValueError, match="until"):
        capped(contract, 1, period=pennies(0))


def test_no_rows_are_cut_by_nothing() -> None:
    contract = even(
        build.cap("c1", "payer", 1, payer="a"),
        build.cap("c2", "payer period", 1, payer="a"),
        build.cap("c3", "payer period", 1, payer="b", overflow=Overflow.NEXT_PERIOD),
    )

    assert capped(contract, period=pennies(), until=3).parts.shape == (0, 2)
