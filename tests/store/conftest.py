"""Every test of the store runs on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sib_engine.storage.store import Store
from tests.store.stores import EACH_KIND, fresh_store


@pytest.fixture(params=EACH_KIND)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with fresh_store(request.param, tmp_path) as found:
        yield found
