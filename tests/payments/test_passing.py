"""Which scopes may pass a bound: never one too few, and seldom many more."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.payments.running.passing import may_pass


def found(scopes: list[int], units: list[int], bound: int) -> list[bool] | None:
    places = np.array(scopes, dtype=np.intp)

    def of(block: slice) -> npt.NDArray[np.intp]:
        return places[block]

    passes = may_pass(4, of, np.array(units, dtype=np.int64), bound)
    return None if passes is None else passes.tolist()


def test_those_above_the_bound_are_found_and_those_far_below_are_not() -> None:
    assert found([0, 0, 1, 2], [600_00, 500_00, 1_000_01, 700_00], 1_000_00) == [True, True, False, False]


def test_a_bound_of_nothing_is_passed_by_anything() -> None:
    assert found([0, 1], [0, 1], 0) == [False, True, False, False]


def test_small_counts_are_exact() -> None:
    assert found([0, 0, 0, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1], 3) == [False, True, False, False]


def test_nothing_is_said_when_a_sum_does_not_fit_into_a_byte() -> None:
    assert found([0] * 20, [1_000_00] * 20, 1_000_00) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**40)), max_size=12), st.integers(0, 2**41))
def test_none_that_passes_is_missed(rows: list[tuple[int, int]], bound: int) -> None:
    passes = found([scope for scope, _ in rows], [units for _, units in rows], bound)

    totals = [sum(units for own, units in rows if own == scope) for scope in range(4)]
    assert passes is None or all(may for may, total in zip(passes, totals, strict=True) if total > bound)
