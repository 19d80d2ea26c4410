"""Whether the audit chain is whole: every hash, every link, every row that an entry vouches for."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.storage.append_only import unguarded
from sib_engine.storage.base import table_of
from sib_engine.storage.chain import START, combined, hash_of, update
from sib_engine.storage.tables import APPEND_ONLY, AuditEntry

_AT_ONCE: Final = 5_000

NO_SUCH_ENTRY: Final = 0
"""Place of what is wrong with no entry in particular."""


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the entry, its command, and what is wrong with it."""

    seq: int
    command: str
    what: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at: entries and rows, the last hash, and every break, in order; none where all is whole."""

    n_entries: int
    n_rows: int
    head: str
    breaks: tuple[Break, ...]


def verify(session: Session, *, anchors: dict[int, str] | None = None) -> Verified:
    """Return whether the chain is whole.

    Args:
        session: A session on the store.
        anchors: Hashes that were kept elsewhere, by the place of their entry.
    """
    digests, counts = _digests_of_rows(session)
    previous, last, n_rows = START, 0, 0
    breaks: list[Break] = []
    left = dict(anchors or {})
    for entry in session.execute(
        select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=_AT_ONCE)
    ).scalars():
        wrong = list(_wrong_with(entry, previous, last, digests.pop(entry.seq, {}), counts.pop(entry.seq, 0)))
        anchor = left.pop(entry.seq, entry.hash)
        if anchor != entry.hash:
            wrong.append("its hash is not the one that was kept as an anchor: the chain was written anew")
        breaks += [Break(entry.seq, entry.command, what) for what in wrong]
        previous, last, n_rows = entry.hash, entry.seq, n_rows + entry.n_rows
    for seq in sorted(digests):
        breaks.append(Break(seq, "", "rows name this entry, and there is no such entry"))
    for seq in sorted(left):
        breaks.append(Break(seq, "", "an anchor names this entry, and there is no such entry"))
    bare = unguarded(session.connection(), *(table.__tablename__ for table in APPEND_ONLY))
    if bare:
        breaks.append(Break(NO_SUCH_ENTRY, "", f"nothing keeps these tables from being changed: {', '.join(bare)}"))
    return Verified(last, n_rows, previous, tuple(breaks))


def _wrong_with(entry: AuditEntry, previous: str, last: int, digests: dict[str, str], n_rows: int) -> Iterator[str]:
    if entry.seq != last + 1:
        yield f"it follows number {last}: entries between are missing"
    if entry.previous != previous:
        yield "it does not hold the hash of the entry before it"
    if entry.hash != hash_of(entry):
        yield "what it says was changed after it was written"
    if n_rows != entry.n_rows:
        yield f"it wrote {entry.n_rows:,} rows, and there are {n_rows:,}"
    elif combined(digests) != entry.rows_digest:
        yield "a row that it wrote was changed"


def _digests_of_rows(session: Session) -> tuple[dict[int, dict[str, str]], dict[int, int]]:
    """Return the digest of each table's rows, and their number, by the entry that wrote them."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    counts: dict[int, int] = defaultdict(int)
    for mapped in APPEND_ONLY:
        table = table_of(mapped)
        if mapped is AuditEntry:
            continue
        place = list(table.columns).index(table.c.seq)
        query = select(*table.columns).order_by(table.c.seq, table.c.id).execution_options(yield_per=_AT_ONCE)
        for row in session.execute(query):
            digest = found[row[place]].setdefault(table.name, hashlib.sha256())
            update(digest, [tuple(row)])
            counts[row[place]] += 1
    return {seq: {name: each.hexdigest() for name, each in by.items()} for seq, by in found.items()}, counts
