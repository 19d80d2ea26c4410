"""Write many rows at once: COPY where the database has it, one prepared statement where it does not."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Date, Table, insert

FEW: Final = 200
"""Below this many rows, setting up a COPY costs more than it saves."""


def insert_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows whose values stand in the order of ``columns``."""
    if len(rows) < FEW:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        return
    quote = connection.dialect.identifier_preparer.quote
    name, names = quote(table.name), ", ".join(map(quote, columns))
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    days = [place for place, column in enumerate(columns) if isinstance(table.c[column].type, Date)]
    marks = ", ".join("?" for _ in columns)
    ready = [_with_days_as_text(row, days) for row in rows]
    connection.exec_driver_sql(f"INSERT INTO {name} ({names}) VALUES ({marks})", ready)  # noqa: S608 - names of our own tables


def _with_days_as_text(row: tuple[Any, ...], days: Sequence[int]) -> tuple[Any, ...]:
    values = list(row)
    for place in days:
        if values[place] is not None:
            values[place] = values[place].isoformat()
    return tuple(values)
