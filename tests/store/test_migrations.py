"""The migrations on an empty database of each kind."""

from pathlib import Path

import pytest

from sib_engine.core.errors import RefusedError
from sib_engine.storage.migrate import head, refuse_old, revision, upgrade
from sib_engine.storage.store import Store
from tests.store.stores import EACH_KIND, empty_database


@pytest.mark.parametrize("kind", EACH_KIND)
def test_an_empty_database_is_refused_until_it_is_upgraded(kind: str, tmp_path: Path) -> None:
    with empty_database(kind, tmp_path) as url:
        store = Store(url)
        with pytest.raises(RefusedError, match="the database is empty; run `sib db upgrade` first"):
            refuse_old(store)

        assert upgrade(store) == (None, head())
        refuse_old(store)
        assert revision(store) == head()
        store.close()


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://localhost/x", "the database 'mysql' is not known"),
        ("not an address", "the address of the database cannot be read"),
        ("sqlite://", "a database in memory would be lost"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        Store(url)
