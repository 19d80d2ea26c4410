"""Sums by place are exact whichever way they are added up."""

from unittest.mock import patch

import numpy as np
import pytest

from sib_engine.core import blocks
from sib_engine.core.blocks import copied, found_in_blocks, summed

PLACES = np.array([0, 2, 2, 0, 3], dtype=np.intp)


@pytest.mark.parametrize("near", [0, 10])
def test_units_are_added_up_by_place(near: int) -> None:
    with patch.object(blocks, "NEAR_PLACES", near), patch.object(blocks, "BLOCK", 2):
        found = summed(4, lambda block: PLACES[block], np.array([1, 10, 5, 2, 0]))

    assert found.tolist() == [3, 0, 15, 0]


@pytest.mark.parametrize("near", [0, 10])
def test_sums_beyond_four_bytes_are_exact(near: int) -> None:
    with patch.object(blocks, "NEAR_PLACES", near):
        found = summed(4, lambda block: PLACES[block], np.array([2**32, 2**31, 2**31, 7, 2**40]))

    assert found.tolist() == [2**32 + 7, 0, 2**32, 2**40]


@pytest.mark.parametrize("near", [0, 10])
def test_no_rows_add_up_to_nothing(near: int) -> None:
    with patch.object(blocks, "NEAR_PLACES", near):
        assert summed(2, lambda block: PLACES[block], np.array([], dtype=np.int64)).tolist() == [0, 0]


def test_what_holds_is_found_in_order_over_several_blocks() -> None:
    values = np.array([5, 1, 7, 2, 9])
    with patch.object(blocks, "BLOCK", 2):
        assert found_in_blocks(5, lambda block: values[block] > 4).tolist() == [0, 2, 4]
        assert found_in_blocks(0, lambda block: values[block] > 4).tolist() == []


def test_a_copy_is_equal_and_apart() -> None:
    values = np.array([1, 2, 3])
    copy = copied(values)
    copy[0] = 9

    assert (values.tolist(), copy.tolist()) == ([1, 2, 3], [9, 2, 3])
