import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.payments.sampling.parts import in_proportion, within


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [0, 0], [0, 0]),
        (0, [3, 1], [0, 0]),
        (7, [2, 1], [5, 2]),
    ],
)
def test_sums_are_divided_by_largest_remainder(amount: int, weights: list[int], parts: list[int]) -> None:
    assert in_proportion(amount, weights) == parts


@pytest.mark.parametrize(
    ("weights", "room", "parts"),
    [
        ([1, 1], [100, 100], [50, 50]),
        ([1, 1], [30, 100], [30, 70]),  # what the first cannot hold falls to the second
        ([0, 0], [60, 140], [30, 70]),  # nothing to go by: by what there is room for
        ([1, 0], [40, 30], [40, 30]),  # more than all room: the rest is left out
    ],
)
def test_no_part_is_beyond_its_room(weights: list[int], room: list[int], parts: list[int]) -> None:
    assert within(100, weights, room) == parts


LISTED = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 1_000)), min_size=1, max_size=5)


@given(amount=st.integers(0, 3_000), listed=LISTED)
def test_all_that_there_is_room_for_is_divided(amount: int, listed: list[tuple[int, int]]) -> None:
    weights, room = zip(*listed, strict=True)

    parts = within(amount, weights, room)

    assert sum(parts) == min(amount, sum(room))
    assert all(0 <= part <= most for part, most in zip(parts, room, strict=True))
