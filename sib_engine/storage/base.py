"""What all tables share: names of constraints, types of columns, and rows that belong to a place in the audit chain."""

from datetime import UTC, date, datetime
from typing import Annotated, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; SQLite keeps it without a zone, so the zone is put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's own signature
        """Return the moment in UTC; one without a zone is refused, since nobody could say which it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's own signature
        """Return the moment with its zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


Id = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=False)]
"""Numbers are allotted under the lock of the audit chain, so they have no gaps and are the same on both databases."""

Money = Annotated[int, mapped_column(BigInteger)]
"""Minor units of the contract's currency."""

Code = Annotated[str, mapped_column(String(200))]
Words = Annotated[str, mapped_column(Text)]
Digest = Annotated[str, mapped_column(String(80))]

_CONVENTION: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The tables of the store."""

    metadata = MetaData(naming_convention=_CONVENTION)
    type_annotation_map = {  # noqa: RUF012 - how SQLAlchemy reads it
        bool: Boolean,
        int: Integer,
        str: Text,
        date: Date,
        datetime: Instant,
    }


def table_of(mapped: type[Base]) -> Table:
    """Return the table behind a class, for what is read or written without making objects."""
    return Base.metadata.tables[mapped.__tablename__]
