"""Work in blocks covers every row once, on one thread or several, and reports the first mistake."""

from collections.abc import Iterator
from threading import Lock
from unittest.mock import patch

import numpy as np
import pytest

from sib_engine.core import blocks
from sib_engine.core.blocks import each_block, extremes, gathered


@pytest.fixture(params=[1, 3], ids=["one thread", "three threads"])
def _threads(request: pytest.FixtureRequest) -> Iterator[None]:
    with (
        patch.object(blocks, "BLOCK", 10),
        patch.object(blocks, "THREADS_FROM", 0),
        patch.object(blocks, "_processors", lambda: request.param),
    ):
        yield


def slices_of(n_rows: int) -> list[slice]:
    found = []
    lock = Lock()

    def work(block: slice) -> None:
        with lock:
            found.append(block)

    each_block(n_rows, work)
    return sorted(found, key=lambda block: int(block.start))


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize("n_rows", [0, 1, 9, 10, 11, 30, 95])
def test_every_row_is_in_one_block(n_rows: int) -> None:
    covered = np.zeros(n_rows, dtype=np.int64)
    for block in slices_of(n_rows):
        assert block.stop - block.start <= 10
        covered[block] += 1

    assert (covered == 1).all()


@pytest.mark.usefixtures("_threads")
def test_the_mistake_of_the_earliest_block_is_reported() -> None:
    def work(block: slice) -> None:
        if block.start >= 20:
            message = f"block {block.start}"
            raise ValueError(message)

    with pytest.raises(ValueError, match="block 20"):
        each_block(95, work)


def test_blocks_of_large_inputs_are_spread_evenly_over_the_threads() -> None:
    with patch.object(blocks, "_processors", lambda: 2):
        assert len(slices_of(800_000)) == 8
        assert len(slices_of(4_000_000)) == 16
        assert len(slices_of(200_000)) == 1


@pytest.mark.usefixtures("_threads")
def test_the_least_and_the_greatest_of_integers() -> None:
    assert extremes(np.array([3, -7, 5] * 20)) == (-7, 5)
    assert extremes(np.array([], dtype=np.int64)) == (0, -1)


@pytest.mark.usefixtures("_threads")
def test_columns_are_gathered_at_positions() -> None:
    letters, numbers = gathered(np.array([2, 0, 2] * 10), np.array(["a", "b", "c"]), np.array([1.5, 2.5, 3.5]))

    assert "".join(letters) == "cac" * 10
    assert numbers.tolist() == [3.5, 1.5, 3.5] * 10
