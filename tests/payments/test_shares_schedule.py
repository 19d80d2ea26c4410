from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from sib_engine.core.errors import OverflowRefusedError, RefusedError
from sib_engine.core.money import MAX_MINOR
from sib_engine.payments.payers.shares import ShareSchedule, divided, divided_many, schedule_of
from sib_engine.terms.money_clauses import Share
from sib_engine.terms.provenance import Provenance, Status
from sib_engine.terms.share_cycle import MAX_CYCLE, cycle_length, is_cycle_too_long, whole_weights


def schedule(**parts: str) -> ShareSchedule:
    payers = {payer: Fraction(part) for payer, part in parts.items()}
    return schedule_of(Share("s", (), date(2020, 4, 1), payers, None, Provenance(Status.AGREED, "test")))


def test_two_payers_of_42_and_58_percent_repeat_after_fifty_pennies() -> None:
    found = schedule(lcf="42/100", local="58/100")

    assert found.cycle == 50
    assert found.weights.tolist() == [21, 29]


def test_whole_cycles_and_the_rest_are_divided_exactly() -> None:
    # 1,439,148.00 is 2,878,296 cycles of 50 pennies: 42 % of it is a whole number of pennies.
    assert divided(143_914_800, schedule(lcf="42/100", local="58/100")).tolist() == [60_444_216, 83_470_584]


def test_the_first_pennies_go_to_whoever_falls_due_first() -> None:
    thirds = schedule(a="1/3", b="1/3", c="1/3")

    assert [divided(total, thirds).tolist() for total in range(5)] == [
        [0, 0, 0],
        [1, 0, 0],
        [1, 1, 0],
        [1, 1, 1],
        [2, 1, 1],
    ]


def test_the_larger_share_takes_the_first_penny_whatever_the_order() -> None:
    assert divided(1, schedule(small="1/4", large="3/4")).tolist() == [0, 1]
    assert divided(1, schedule(large="3/4", small="1/4")).tolist() == [1, 0]


def test_a_payer_with_nothing_to_pay_never_gets_a_penny() -> None:
    assert divided(999_999, schedule(a="1/2", nobody="0", b="1/2")).tolist() == [500_000, 0, 499_999]


def test_a_single_payer_pays_all() -> None:
    assert divided(12_345, schedule(only="1")).tolist() == [12_345]


def test_many_totals_at_once_are_divided_as_one_by_one() -> None:
    awkward = schedule(a="1/7", b="2/7", c="4/7")
    totals = np.array([0, 1, 6, 7, 8, 700_003], dtype=np.int64)

    assert divided_many(totals, awkward).tolist() == [
        [0, 0, 0],
        [0, 0, 1],
        [1, 2, 3],
        [1, 2, 4],
        [1, 2, 5],
        [100_000, 200_001, 400_002],
    ]


def test_a_negative_total_is_no_total() -> None:
    with pytest.raises(ValueError, match="negative"):
        divided(-1, schedule(a="1"))


def test_a_total_beyond_the_exact_range_is_refused() -> None:
    with pytest.raises(OverflowRefusedError):
        divided(MAX_MINOR + 1, schedule(a="1"))
    with pytest.raises(OverflowRefusedError):
        divided_many(np.array([2**62], dtype=np.int64), schedule(a="1"))


def test_the_largest_exact_total_is_divided_exactly() -> None:
    assert divided(MAX_MINOR, schedule(a="1/2", b="1/2")).tolist() == [2**52, 2**52 - 1]


@pytest.mark.parametrize("parts", [{"a": "1/2"}, {"a": "3/2", "b": "-1/2"}, {}])
def test_shares_that_are_no_division_of_the_whole_are_refused(parts: dict[str, str]) -> None:
    with pytest.raises(RefusedError):
        schedule(**parts)


def test_a_cycle_of_a_hundred_thousand_pennies_is_the_longest_accepted() -> None:
    assert schedule(a="41999/100000", b="58001/100000").cycle == 100_000
    with pytest.raises(RefusedError, match="1000000"):
        schedule(a="333333/1000000", b="666667/1000000")


def test_the_cycle_is_the_least_common_multiple_of_the_denominators() -> None:
    parts = (Fraction(1, 3), Fraction(1, 4), Fraction(5, 12))

    assert cycle_length(parts) == 12
    assert whole_weights(parts) == (4, 3, 5)
    assert not is_cycle_too_long(parts)
    assert is_cycle_too_long((Fraction(1, MAX_CYCLE + 1), Fraction(MAX_CYCLE, MAX_CYCLE + 1)))


def test_a_schedule_is_made_once_for_equal_terms() -> None:
    assert schedule(a="42/100", b="58/100").table is schedule(a="21/50", b="29/50").table


def test_a_schedule_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        schedule(a="1/2", b="1/2").table[0, 0] = 1
