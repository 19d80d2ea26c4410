"""Open the database: an embedded SQLite file, or PostgreSQL by address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError, UnavailableError

BUSY_SECONDS: Final = 30
"""How long a writer waits for another before it gives up."""

_ACCEPTED: Final = "accepted: sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE"


class Store:
    """The database; made once for a process."""

    def __init__(self, url: str) -> None:
        """Prepare the connections; nothing is opened before it is needed.

        Raises:
            RefusedError: If ``url`` is not one of a database that the engine knows.
        """
        self.url = url_of(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(self.url) if self.is_sqlite else create_engine(self.url, pool_pre_ping=True)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a session that writes: all of it is kept when the block ends, or nothing of it."""
        with told(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that only reads, and sees one state of the database throughout."""
        engine = self.engine.execution_options(sib_reads=True)
        if not self.is_sqlite:
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with told(), Session(engine, expire_on_commit=False) as session:
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def told() -> Iterator[None]:
    """Say in words what a database that cannot be worked with says in its own.

    Raises:
        UnavailableError: If it cannot be reached, stops answering, or is busy for too long.
    """
    try:
        yield
    except (OperationalError, InterfaceError) as failed:
        raise UnavailableError(_words_for(failed)) from failed


def _words_for(failed: DBAPIError) -> str:
    said = str(failed.orig).strip().splitlines()
    what = said[0] if said else "it gives no reason"
    if what in {"database is locked", "database table is locked"}:
        return f"another command has been writing for {BUSY_SECONDS} seconds; nothing was written; try again"
    message = f"the database cannot be worked with: {what}"
    if not failed.connection_invalidated:
        return message
    return (
        f"{message}; what was under way was kept whole or not at all: give the command again when the database"
        " answers, and what was kept is recognised"
    )


def url_of(text: str) -> URL:
    """Return an address, with the driver that the engine uses.

    Raises:
        RefusedError: If it is none, or of a database that the engine does not know.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        # Not shown, since it may hold a password.
        message = f"the address of the database cannot be read; {_ACCEPTED}"
        raise RefusedError(message) from None
    backend = url.get_backend_name()
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            message = "a database in memory would be lost with the command that made it; accepted: sqlite:///FILE"
            raise RefusedError(message)
        return url.set(drivername="sqlite+pysqlite")
    message = f"the database {backend!r} is not known; {_ACCEPTED}"
    raise RefusedError(message)


def _sqlite(url: URL) -> Engine:
    Path(str(url.database)).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    """Set what SQLite leaves off: references are held, and a replaced row meets the triggers of a deleted one."""
    # The driver would begin a transaction only before a change; here every one begins in _begin_sqlite.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the lock of the writer at once: two that both read first could otherwise not both go on."""
    reads = connection.get_execution_options().get("sib_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
