"""What makes a database refuse to change or take away a row that was written, on both kinds of database."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, inspect, text

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def guard(connection: Connection, *tables: str) -> None:
    """Make tables append-only: UPDATE, DELETE, REPLACE and TRUNCATE are refused."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text(_FUNCTION))
    for table in tables:
        for statement in _sqlite(table) if is_sqlite else _postgresql(table):
            connection.execute(text(statement))


def unguard(connection: Connection, *tables: str) -> None:
    """Take the guards off, for a migration that rebuilds a table; it guards the table again before it ends."""
    for table in tables:
        if connection.dialect.name == "sqlite":
            for name in _names(table)[:2]:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            for name in _names(table):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name} ON {table}"))


def unguarded(connection: Connection, *tables: str) -> tuple[str, ...]:
    """Return those of some tables that lack a guard, or do not exist."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        needed = 2
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        needed = 3
    there = set(connection.execute(text(query)).scalars())
    known = set(inspect(connection).get_table_names())
    return tuple(table for table in tables if table not in known or not there >= set(_names(table)[:needed]))


def _names(table: str) -> tuple[str, str, str]:
    return f"{table}_no_update", f"{table}_no_delete", f"{table}_no_truncate"


def _sqlite(table: str) -> Iterator[str]:
    for name, change in zip(_names(table), ("UPDATE", "DELETE"), strict=False):
        yield (
            f"CREATE TRIGGER {name} BEFORE {change} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _postgresql(table: str) -> Iterator[str]:
    for name, change, each in zip(
        _names(table), ("UPDATE", "DELETE", "TRUNCATE"), ("ROW", "ROW", "STATEMENT"), strict=True
    ):
        yield f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change()"
