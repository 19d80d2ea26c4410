"""What every command on the store shares: which database, and who acts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from sib_engine.cli.options import AS_KNOWN_ON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from sib_engine.services.access.actors import Actor
    from sib_engine.services.audit.place import AsKnownOn, Place
    from sib_engine.storage.store import Store

DATABASE: Final = "SIB_DATABASE_URL"
DEFAULT: Final = "sqlite:///sib.db"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def on_the_store(command: _Command) -> _Command:
    """Add the option that names the database."""
    option = click.option(
        "--database",
        envvar=DATABASE,
        default=DEFAULT,
        show_default=True,
        help=f"Address of the database; or set {DATABASE}.",
    )
    return option(command)


def acting(command: _Command) -> _Command:
    """Add the options that name the database and who acts."""
    option = click.option("--as", "login", envvar="SIB_USER", required=True, help="Who acts; or set SIB_USER.")
    return on_the_store(option(command))


def as_known_on(command: _Command) -> _Command:
    """Add the option that asks what was known at an earlier place of the audit trail."""
    option = click.option(
        "--as-known-on",
        "known_on",
        type=AS_KNOWN_ON,
        help="What was known at the end of this day, or at this entry of the audit trail (default: now).",
    )
    return option(command)


@contextmanager
def opened(database: str) -> Iterator["Store"]:
    """Open the store at an address; refused where its tables are not those of this version."""
    from sib_engine.storage.migrate import refuse_old
    from sib_engine.storage.store import Store

    store = Store(database)
    try:
        refuse_old(store)
        yield store
    finally:
        store.close()


@contextmanager
def writing(database: str, login: str) -> Iterator[tuple["Session", "Actor"]]:
    """Open the store to write, for somebody; all of it is kept, or nothing."""
    from sib_engine.services.access.actors import actor_named

    with opened(database) as store, store.begin() as session:
        yield session, actor_named(session, login)


@contextmanager
def reading(database: str, login: str) -> Iterator[tuple["Session", "Actor"]]:
    """Open the store to read, for somebody."""
    from sib_engine.services.access.actors import actor_named

    with opened(database) as store, store.read() as session:
        yield session, actor_named(session, login)


@contextmanager
def reading_as_known(
    database: str, login: str, contract: str | None, known_on: "AsKnownOn | None"
) -> Iterator[tuple["Session", "Actor", "Place"]]:
    """Open the store to read, for somebody, as it was known on a day or at an entry, or as it is now."""
    from sib_engine.services.audit.place import place_known_on

    with reading(database, login) as (session, by):
        yield session, by, place_known_on(session, contract, known_on, at=now())


def now() -> datetime:
    """Return this moment: the one place where a command on the store reads the clock."""
    return datetime.now(UTC)
