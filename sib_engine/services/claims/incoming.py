"""A file that comes in: recognised by its digest, read as facts or through a mapping, with everything wrong with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.core.delimited import UnreadableError
from sib_engine.core.findings import Finding, Location, error, note
from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.facts_file import read_facts
from sib_engine.outcomes.intake.digest import bytes_digest
from sib_engine.outcomes.intake.mapping import Mapping as TrackerMapping
from sib_engine.outcomes.intake.preview import Preview as Understood
from sib_engine.outcomes.intake.preview import file_label, understood
from sib_engine.services.claims.withdrawn import has_withdrawn
from sib_engine.storage.records.mappings import StoredMapping
from sib_engine.storage.tables import Account, AuditEntry, Mapping, Organisation, Upload
from sib_engine.terms.contract import Contract

SHOWN_ROWS: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """What was read: the facts, None where any finding is an error; for a tracker, what was understood of it."""

    facts: Facts | None
    understood: Understood | None
    findings: tuple[Finding, ...]


def name_of(path: Path) -> str:
    """Return what a file is called: without folders, and with nothing that cannot be seen."""
    return file_label(path.name)


def digest_of(path: Path) -> str:
    """Return ``sha256:`` and the SHA-256 of a file's bytes; blank where it cannot be read, or is too large."""
    try:
        return f"sha256:{bytes_digest(path)}"
    except (UnreadableError, OSError):
        return ""


def as_read(file_digest: str, mapping: StoredMapping | None) -> str:
    """Return the digest of a file together with the mapping through which it is read: what a commit names."""
    if mapping is None or not file_digest:
        return file_digest
    return f"sha256:{hashlib.sha256(f'{file_digest} {mapping.digest}'.encode()).hexdigest()}"


def read_incoming(path: Path, terms: Contract, mapping: StoredMapping | None, *, today: date) -> Incoming:
    """Return what a file of facts says, or a tracker through a mapping; what is wrong stands at the file's own places.

    Args:
        path: The file.
        terms: The contract.
        mapping: How a tracker is to be read; None for a file of facts.
        today: The last day on which anything can have been recorded.
    """
    if mapping is None:
        facts, findings = read_facts(path, terms)
        late = () if facts is None else tuple(_in_the_future(facts, path.name, today))
        return Incoming(None if late else facts, None, (*findings, *late))
    rules = mapping.read()
    seen = understood(rules, path, terms)
    late = tuple(_in_the_tracker(seen, rules, today))
    return Incoming(None if late else seen.facts, seen, (*seen.findings, *late))


def taken_in_before(
    session: Session, contract_id: int, file_digest: str, mapping: StoredMapping | None
) -> tuple[Finding | None, tuple[Finding, ...]]:
    """Return why a file is not taken in again, if it is not; and what is to be known where it is.

    A file of which facts were withdrawn since has something to say again, and so has one that is read through
    another mapping than it was the last time.
    """
    query = (
        select(Upload.name, Upload.id, AuditEntry.at, Account.login, Organisation.name, Mapping.digest, Mapping.name)
        .add_columns(Mapping.version)
        .join(AuditEntry, AuditEntry.seq == Upload.seq)
        .join(Account, Account.id == Upload.by_id)
        .join(Organisation, Organisation.id == Upload.organisation_id)
        .outerjoin(Mapping, Mapping.id == Upload.mapping_id)
        .where(Upload.contract_id == contract_id, Upload.file_digest == file_digest)
        .order_by(Upload.id.desc())
    )
    found = session.execute(query).first() if file_digest else None
    if found is None or has_withdrawn(session, found[1]):
        return None, ()
    name, number, at, login, organisation, digest, called, version = found
    what = f"the same file was taken in on {at:%Y-%m-%d} as upload {number} ({name}) by {login} of {organisation}"
    if digest == (None if mapping is None else mapping.digest):
        return note("same-file", what, "a file with something new in it"), ()
    through = "without a mapping" if digest is None else f"through {called}, version {version}"
    what = f"{what}, read {through}: what it was read to say then still stands where it is not said anew"
    accepted = f"`sib claims withdraw-facts --upload {number}` first, where that reading was wrong"
    return None, (note("same-file-read-anew", what, accepted),)


def times_taken_in(session: Session, contract_id: int, file_digest: str) -> int:
    """Return how often a file was taken in."""
    same = select(func.count()).where(Upload.contract_id == contract_id, Upload.file_digest == file_digest)
    return session.execute(same).scalar_one()


def _in_the_future(facts: Facts, name: str, today: date) -> Iterator[Finding]:
    late = _late(facts, today)
    for place in late[:SHOWN_ROWS]:
        yield _said(facts, place, today, Location(file=name, row=int(facts.line[place]), column="recorded_on"))
    yield from _more(len(late))


def _in_the_tracker(seen: Understood, mapping: TrackerMapping, today: date) -> Iterator[Finding]:
    """Yield what is recorded in the future, each cell of the tracker once: one may feed several facts."""
    if seen.facts is None or seen.origins is None:
        return
    facts, rules = seen.facts, mapping.rules()
    cells: dict[tuple[int, str], int] = {}
    for place in _late(facts, today):
        fed = rules[int(seen.origins.rule[place])].cells
        day = facts.recorded_on[place]
        # A day of recording that nobody gave is the fact's own, or the last one of a pay period.
        names = ("recorded_on", "until" if day == facts.ends_on[place] else "on", "on")
        column = next(fed[name].column for name in names if name in fed and fed[name].column)
        cells.setdefault((int(facts.line[place]), column), place)
    for (row, column), place in list(cells.items())[:SHOWN_ROWS]:
        yield _said(facts, place, today, Location(file=seen.file, row=row, column=column, sheet=seen.sheet))
    yield from _more(len(cells))


def _late(facts: Facts, today: date) -> list[int]:
    found: list[int] = np.flatnonzero(facts.recorded_on > np.datetime64(today, "D")).tolist()
    return found


def _said(facts: Facts, place: int, today: date, at: Location) -> Finding:
    what = f"recorded on {facts.recorded_on[place]}, which is after today, {today}"
    return error("recorded-in-future", what, f"a day up to {today}", at)


def _more(n_found: int) -> Iterator[Finding]:
    if n_found > SHOWN_ROWS:
        yield error("recorded-in-future", f"and {n_found - SHOWN_ROWS:,} more like these")
