"""The audit chain: every command writes its rows and one entry that holds their digest, in one transaction."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from sib_engine.storage.base import Base, table_of
from sib_engine.storage.bulk import insert_columns
from sib_engine.storage.closures import STILL_GIVEN, refuse_closed
from sib_engine.storage.row_texts import columns_of, joined, row_texts, text_of
from sib_engine.storage.tables import APPEND_ONLY, AuditEntry

START: Final = "sib-audit-1"
"""What stands in place of the hash before the first entry."""

_LOCK: Final = 0x51B
"""Number of the lock under which PostgreSQL lets one command at a time write; SQLite has one writer anyway."""

_IN_CHAIN: Final = frozenset(table.__tablename__ for table in APPEND_ONLY)


@dataclass(slots=True)
class Command:
    """A command that is under way: its place in the chain, and what it has written so far.

    Made by :func:`begin` and ended by :meth:`close`; both stand in the same transaction.
    """

    session: Session
    seq: int
    name: str
    by_id: int | None
    at: datetime
    previous: str
    contract_id: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    _digests: dict[str, Any] = field(default_factory=dict)
    _n_rows: int = 0

    def add(self, table: type[Base], rows: Iterable[Mapping[str, Any]], **same: Any) -> Sequence[int]:  # noqa: ANN401 - the columns of any table
        """Write rows and return their ids; ``id`` and ``seq`` are given here, and ``same`` to every row."""
        listed = list(rows)
        if not listed:
            return ()
        columns = columns_of(listed) | {name: [value] * len(listed) for name, value in same.items()}
        return self.add_columns(table, columns)

    def add_columns(self, table: type[Base], columns: Mapping[str, Sequence[Any]]) -> Sequence[int]:
        """Write rows given as columns of one length, and return their ids; ``id`` and ``seq`` are given here."""
        n_rows = len(next(iter(columns.values())))
        if not n_rows:
            return ()
        found = table_of(table)
        first = (self.session.execute(select(func.max(found.c.id))).scalar() or 0) + 1
        given = {**columns, "id": list(range(first, first + n_rows)), "seq": [self.seq] * n_rows}
        ordered = {column.name: given.get(column.name) or [None] * n_rows for column in found.columns}
        lines = row_texts(ordered)
        insert_columns(self.session.connection(), found, ordered, lines)
        if found.name in _IN_CHAIN:
            self._digests.setdefault(found.name, hashlib.sha256()).update(joined(lines).encode())
            self._n_rows += n_rows
        return ordered["id"]

    def add_one(self, table: type[Base], **row: Any) -> int:  # noqa: ANN401 - the columns of any table
        """Write one row and return its id."""
        return self.add(table, [row])[0]

    def close(self) -> AuditEntry:
        """Write the entry and return it.

        Raises:
            RefusedError: If it is about a contract that was closed out before.
        """
        if self.contract_id is not None and self.name not in STILL_GIVEN:
            refuse_closed(self.session, self.contract_id, before=self.seq)
        entry = AuditEntry(
            seq=self.seq,
            at=self.at,
            by_id=self.by_id,
            contract_id=self.contract_id,
            command=self.name,
            payload=canonical(self.payload),
            n_rows=self._n_rows,
            rows_digest=combined({name: digest.hexdigest() for name, digest in self._digests.items()}),
            previous=self.previous,
            hash="",
        )
        entry.hash = hash_of(entry)
        self.session.add(entry)
        self.session.flush()
        return entry


def begin(session: Session, name: str, *, by_id: int | None, at: datetime, contract_id: int | None = None) -> Command:
    """Take the next place in the chain; nobody else writes until the transaction ends.

    A command begins with this, before it reads anything that it decides by: what it reads then cannot change
    under it.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    seq, previous = (1, START) if last is None else (last.seq + 1, last.hash)
    return Command(session, seq, name, by_id, at, previous, contract_id)


def head(session: Session) -> tuple[int, str]:
    """Return the last place in the chain and its hash; 0 where there is none."""
    last = session.execute(select(AuditEntry.seq, AuditEntry.hash).order_by(AuditEntry.seq.desc()).limit(1)).first()
    return (0, START) if last is None else (last.seq, last.hash)


def place(session: Session, seq: int | None) -> int:
    """Return a place in the chain: the one that is named, or the last."""
    return head(session)[0] if seq is None else seq


def hash_of(entry: AuditEntry) -> str:
    """Return the hash over everything that an entry says and the hash before it."""
    said = {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "by": entry.by_id,
        "contract": entry.contract_id,
        "command": entry.command,
        "payload": entry.payload,
        "n_rows": entry.n_rows,
        "rows": entry.rows_digest,
        "previous": entry.previous,
    }
    return f"sha256:{hashlib.sha256(canonical(said).encode()).hexdigest()}"


def canonical(value: Mapping[str, Any]) -> str:
    """Return JSON of which there is one form only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=text_of)


def combined(digests: Mapping[str, str]) -> str:
    """Return one digest of the digests of several tables; of nothing where no table was written."""
    return f"sha256:{hashlib.sha256(canonical(digests).encode()).hexdigest()}"


__all__ = ["START", "Command", "begin", "canonical", "combined", "hash_of", "head", "place"]
