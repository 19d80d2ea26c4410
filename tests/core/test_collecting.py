"""Objects that hold each other are looked for less often, and still go away."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from sib_engine.core.collecting import collect_seldom


class _Ring:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_rings_of_objects_go_away_once_enough_of_them_were_made() -> None:
    collect_seldom()
    gc.collect()
    first = weakref.ref(_Ring())
    for _ in range(5_000):
        _Ring()
    assert first() is not None

    for _ in range(400_000):
        _Ring()
    assert first() is None
