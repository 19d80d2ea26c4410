"""Use case: take in the keyed hashes by which the same person can be recognised across providers."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core import cells
from sib_engine.core.dates import local_day
from sib_engine.core.errors import FindingsError
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.personal import shown
from sib_engine.core.tabular import Column, Table, read_table
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.follow import Followed, recheck
from sib_engine.services.claims.owners import last_uploads
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import Participant

COLUMNS: Final = (Column("person", required=True), Column("hash", required=True))

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_ACCEPTED: Final = {
    "hash": "64 hexadecimal digits: HMAC-SHA-256, with the programme's key, of what the programme agreed on",
    "person": "each reference under which your organisation reported somebody, once",
}


@dataclass(frozen=True, slots=True)
class Supplied:
    """What was taken in: hashes of people who had none, hashes that changed, those known already, and what followed."""

    n_new: int
    n_changed: int
    n_known: int
    followed: Followed


def supply_hashes(session: Session, code: str, path: Path, *, by: Actor, at: datetime) -> Supplied:
    """Take in a file of ``person`` and ``hash``, whole or not at all, and ask the checks again.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        path: The file.
        by: Somebody of the organisation that last reported something about these people.
        at: When.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not upload for it.
        FindingsError: If the file has errors; nothing of it is written.
    """
    command = chain.begin(session, "claims.hashes", by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    command.contract_id = contract.id
    require(session, by, Action.UPLOAD, contract.id)
    table, log = read_table(path, COLUMNS)
    if table is None:
        raise FindingsError(log.findings())
    owners = last_uploads(session, contract.id)
    people = {
        person.reference: person
        for person in session.execute(select(Participant).where(Participant.contract_id == contract.id)).scalars()
        if person.reference is not None and owners.get(person.id, (0, 0))[1] == by.organisation_id
    }
    references, hashes = _checked(table, people, log)
    if log.has_errors:
        raise FindingsError(log.findings())
    n_new = n_changed = 0
    for reference, found in zip(references, hashes, strict=True):
        person = people[reference]
        n_new += person.programme_hash is None
        n_changed += person.programme_hash not in {None, found}
        person.programme_hash = found
    session.flush()
    followed = recheck(session, command, contract, local_day(at, contract.terms.timezone))
    command.payload = {
        "file": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        "new": n_new,
        "changed": n_changed,
        "checks": followed.n_checked,
    }
    command.close()
    return Supplied(n_new, n_changed, len(references) - n_new - n_changed, followed)


def _checked(table: Table, people: dict[str, Participant], log: FindingLog) -> tuple[list[str], list[str]]:
    """Return references and hashes, row by row, with everything that is wrong noted."""
    references = cells.references(table, "person", log, required=True).texts()
    hashes = [text.casefold() for text in table.column("hash").texts()]
    _refuse(log, table, [not _HASH.fullmatch(text) for text in hashes], "hash", "hash-unclear", "is no keyed hash")
    unknown = [bool(reference) and reference not in people for reference in references]
    _refuse(log, table, unknown, "person", "person-unknown", "is nobody about whom your organisation reported")
    _refuse(log, table, _repeated(references), "person", "person-twice", "stands in the file twice")
    _refuse(log, table, _repeated(hashes), "hash", "hash-twice", "stands in the file twice: two references, one person")
    return references, hashes


def _refuse(log: FindingLog, table: Table, which: Sequence[bool], column: str, rule: str, why: str) -> None:
    rows = np.flatnonzero(np.array(which, dtype=np.bool_))
    texts = table.column(column).texts()

    def say(place: int) -> Said:
        return Said(rule, f"{shown(texts[rows[place]])!r} {why}", _ACCEPTED[column])

    log.add_rows(Severity.ERROR, rule, table.numbers[rows], say, column=column)


def _repeated(texts: Sequence[str]) -> list[bool]:
    seen: set[str] = set()
    repeated = []
    for text in texts:
        repeated.append(bool(text) and text in seen)
        seen.add(text)
    return repeated
