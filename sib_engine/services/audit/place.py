"""As known on: a day, or an entry of the audit trail, as the place in the chain up to which records are read."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.services.access.actors import contract_number
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import AuditEntry, Contract

AsKnownOn: TypeAlias = date | int
"""A day, whose end is meant, or the number of an entry."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the chain, and the moment as of which what stands there is read."""

    seq: int
    at: datetime


def place_known_on(session: Session, code: str | None, known_on: AsKnownOn | None, *, at: datetime) -> Place:
    """Return the place that is meant: the last one now, the last one of a day, or that of an entry.

    A day ends in the time zone of the contract, as it is now; in UTC where no contract is meant. An entry is
    read as of the moment when it was written.

    Args:
        session: The store, open to read.
        code: Code of a registered contract, or None for all of the store.
        known_on: The day or entry; None for now.
        at: Now.

    Raises:
        NotFoundError: If there is no such entry or contract, or the contract was registered later.
        RefusedError: If the day is yet to come.
    """
    head, _ = chain.head(session)
    if known_on is None:
        return Place(head, at)
    contract_id = None if code is None else contract_number(session, code)
    zone = "UTC" if code is None else contract_as_known(session, code, head).terms.timezone
    place = _of_entry(session, known_on, head) if isinstance(known_on, int) else _of_day(session, known_on, zone, at=at)
    if contract_id is not None:
        _refuse_before_registration(session, contract_id, place, known_on, zone)
    return place


def _of_entry(session: Session, seq: int, head: int) -> Place:
    at = session.execute(select(AuditEntry.at).where(AuditEntry.seq == seq)).scalar()
    if at is None:
        known = f"1 to {head}" if head else "none is written yet"
        message = f"the audit trail has no entry {seq}; accepted: {known}"
        raise NotFoundError(message)
    return Place(seq, at)


def _of_day(session: Session, day: date, zone: str, *, at: datetime) -> Place:
    today = local_day(at, zone)
    if day > today:
        message = f"{day} is yet to come: nobody knows what will be known then; accepted: a day up to {today}"
        raise RefusedError(message)
    ends = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    seq = session.execute(select(func.max(AuditEntry.seq)).where(AuditEntry.at < ends)).scalar() or 0
    return Place(seq, min(at, ends - timedelta(microseconds=1)))


def _refuse_before_registration(
    session: Session, contract_id: int, place: Place, known_on: AsKnownOn, zone: str
) -> None:
    query = (
        select(Contract.code, Contract.seq, AuditEntry.at)
        .join(AuditEntry, AuditEntry.seq == Contract.seq)
        .where(Contract.id == contract_id)
    )
    code, registered, at = session.execute(query).one()
    if place.seq < registered:
        when = f"entry {known_on}" if isinstance(known_on, int) else f"{known_on}"
        day = local_day(at, zone)
        message = (
            f"{code} was registered on {day}, as entry {registered}: nothing was known of it at {when}; accepted: a day"
            f" from {day} on, or an entry from {registered} on"
        )
        raise NotFoundError(message)
