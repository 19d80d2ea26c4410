"""Write many rows at once: COPY where the database has it, one prepared statement where it does not."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Date, Table, insert
from sqlalchemy.exc import DBAPIError

from sib_engine.storage.row_texts import AFTER_ROW, BETWEEN_VALUES, NOTHING, joined

FEW: Final = 200
"""Below this many rows, setting up a COPY costs more than it saves."""

Columns = Mapping[str, Sequence[Any]]


def insert_columns(connection: Connection, table: Table, columns: Columns, lines: Sequence[str]) -> None:
    """Write rows.

    Args:
        connection: Where.
        table: Into which table.
        columns: The values of each column, all of one length.
        lines: The rows as :func:`~sib_engine.storage.row_texts.row_texts` has them.
    """
    if len(lines) < FEW:
        rows = zip(*columns.values(), strict=True)
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    quote = connection.dialect.identifier_preparer.quote
    name, names = quote(table.name), ", ".join(map(quote, columns))
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {name} ({names}) FROM STDIN", columns, lines)
        return
    marks = ", ".join("?" for _ in columns)
    ready = [
        _days_as_text(values) if isinstance(table.c[column].type, Date) else values
        for column, values in columns.items()
    ]
    connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", list(zip(*ready, strict=True)))  # noqa: S608 - names of our own tables


def _copy(connection: Connection, command: str, columns: Columns, lines: Sequence[str]) -> None:
    driver: Any = connection.connection.driver_connection
    block = joined(lines)
    try:
        with driver.cursor() as cursor:
            if _is_plain(block, columns, len(lines)):
                with cursor.copy(f"{command} WITH (DELIMITER E'\\x1f', NULL '\\N')") as copy:
                    copy.write(_for_copy(block))
            else:
                with cursor.copy(command) as copy:
                    for row in zip(*columns.values(), strict=True):
                        copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as failed:
        # What goes round SQLAlchemy fails as what goes through it.
        is_lost = bool(driver.closed)
        error = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(command, None, failed, error, connection_invalidated=is_lost) from failed


def _is_plain(block: str, columns: Columns, n_rows: int) -> bool:
    """Return whether the characters that divide a block stand for nothing else in it."""
    n_nothing = sum(values.count(None) for values in columns.values())
    return (
        block.count(BETWEEN_VALUES) == n_rows * (len(columns) - 1)
        and block.count(AFTER_ROW) == n_rows
        and block.count(NOTHING) == n_nothing
    )


def _for_copy(block: str) -> str:
    for found, written in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), (NOTHING, "\\N"), (AFTER_ROW, "\n")):
        block = block.replace(found, written)
    return block


def _days_as_text(values: Sequence[Any]) -> list[str | None]:
    return [None if day is None else day.isoformat() for day in values]
