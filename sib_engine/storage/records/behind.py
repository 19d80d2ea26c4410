"""What stands behind one claim: facts, steps and documents, as they are written."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from sib_engine.storage.records.claims import ClaimRecord
from sib_engine.storage.tables import (
    Account,
    AuditEntry,
    Claim,
    ClaimMove,
    EvidenceFile,
    Fact,
    FactWithdrawal,
    Inspection,
    Organisation,
    Participant,
    Upload,
)


@dataclass(frozen=True, slots=True)
class FactBehind:
    """One fact about the person; ``upload`` is None where it is the store's own; ``withdrawn`` says why it was."""

    number: int
    name: str
    starts_on: date
    ends_on: date | None
    recorded_on: date
    job: str | None
    detail: str | None
    metric: str | None
    upload: int | None
    sheet_row: int
    withdrawn: str

    def as_dict(self) -> dict[str, Any]:
        """Return the fact as JSON has it."""
        return {
            "number": self.number,
            "fact": self.name,
            "on": self.starts_on.isoformat(),
            "until": None if self.ends_on is None else self.ends_on.isoformat(),
            "recorded_on": self.recorded_on.isoformat(),
            "job": self.job,
            "detail": self.detail,
            "metric": self.metric,
            "upload": self.upload,
            "row": self.sheet_row or None,
            "withdrawn": self.withdrawn or None,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a claim: where it led, when, by whom and for whom, with which code and words."""

    state: str
    at: datetime
    login: str
    organisation: str
    code: str
    note: str

    def as_dict(self) -> dict[str, Any]:
        """Return the step as JSON has it."""
        return {
            "state": self.state,
            "at": self.at.isoformat(),
            "by": self.login,
            "organisation": self.organisation,
            "code": self.code or None,
            "note": self.note or None,
        }


@dataclass(frozen=True, slots=True)
class DocumentBehind:
    """A file that is held (``digest``), or a document that was inspected (``seen_on``, ``place``, ``note``)."""

    number: int
    kind: str
    dated_on: date
    at: datetime
    login: str
    digest: str
    media_type: str
    n_bytes: int
    seen_on: date | None
    place: str
    note: str
    withdrawn: str

    def as_dict(self) -> dict[str, Any]:
        """Return the document as JSON has it."""
        return {
            "number": self.number,
            "kind": self.kind,
            "dated_on": self.dated_on.isoformat(),
            "entered_at": self.at.isoformat(),
            "by": self.login,
            "held": bool(self.digest),
            "digest": self.digest or None,
            "media_type": self.media_type or None,
            "bytes": self.n_bytes or None,
            "seen_on": None if self.seen_on is None else self.seen_on.isoformat(),
            "place": self.place or None,
            "note": self.note or None,
            "withdrawn": self.withdrawn or None,
        }


def person_of(session: Session, participant_id: int) -> str | None:
    """Return the reference of a person; None where they were forgotten."""
    return session.execute(select(Participant.reference).where(Participant.id == participant_id)).scalar()


def facts_of(session: Session, claim: ClaimRecord, job: str | None, seq: int) -> tuple[FactBehind, ...]:
    """Return the facts about the claim's person, reported by ``seq``, that name its job, or none; the oldest first."""
    query = (
        select(
            Fact.id,
            Fact.name,
            Fact.starts_on,
            Fact.ends_on,
            Fact.recorded_on,
            Fact.job,
            Fact.detail,
            Fact.metric,
            Fact.upload_id,
            Fact.sheet_row,
            FactWithdrawal.reason,
        )
        .outerjoin(FactWithdrawal, _withdrawn_by(seq))
        .where(Fact.participant_id == claim.participant_id, Fact.seq <= seq)
        .order_by(Fact.starts_on, Fact.id)
    )
    if job is not None:
        query = query.where(or_(Fact.job.is_(None), Fact.job == job))
    rows: list[tuple[Any, ...]] = [tuple(row) for row in session.execute(query)]
    return tuple(FactBehind(*(*row[:-1], row[-1] or "")) for row in rows)


def steps_of(session: Session, claim_id: int, seq: int) -> tuple[Step, ...]:
    """Return the steps of a claim from its submission to ``seq``."""
    people = (Account.login, Organisation.name)
    submitted = (
        select(AuditEntry.at, *people)
        .select_from(Claim)
        .join(AuditEntry, AuditEntry.seq == Claim.seq)
        .join(Upload, Upload.id == Claim.upload_id)
        .join(Account, Account.id == Upload.by_id)
        .join(Organisation, Organisation.id == Claim.organisation_id)
        .where(Claim.id == claim_id)
    )
    moves = (
        select(ClaimMove.state, AuditEntry.at, *people, ClaimMove.code, ClaimMove.note)
        .join(AuditEntry, AuditEntry.seq == ClaimMove.seq)
        .join(Account, Account.id == ClaimMove.by_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(ClaimMove.claim_id == claim_id, ClaimMove.seq <= seq)
        .order_by(ClaimMove.id)
    )
    first = session.execute(submitted).one()
    return (
        Step("submitted", first[0], first[1], first[2], "", ""),
        *(Step(*row) for row in session.execute(moves)),
    )


def documents_of(session: Session, claim_id: int, seq: int) -> tuple[DocumentBehind, ...]:
    """Return the documents behind a claim, held or inspected by ``seq``, in the order in which they were entered."""
    held = (
        select(
            EvidenceFile.id,
            EvidenceFile.kind,
            Fact.starts_on,
            AuditEntry.at,
            Account.login,
            EvidenceFile.digest,
            EvidenceFile.media_type,
            EvidenceFile.n_bytes,
            FactWithdrawal.reason,
        )
        .join(Fact, Fact.id == EvidenceFile.fact_id)
        .join(AuditEntry, AuditEntry.seq == EvidenceFile.seq)
        .join(Account, Account.id == EvidenceFile.by_id)
        .outerjoin(FactWithdrawal, _withdrawn_by(seq))
        .where(EvidenceFile.claim_id == claim_id, EvidenceFile.seq <= seq)
    )
    seen = (
        select(
            Inspection.id,
            Inspection.kind,
            Fact.starts_on,
            AuditEntry.at,
            Account.login,
            Inspection.seen_on,
            Inspection.place,
            Inspection.note,
            FactWithdrawal.reason,
        )
        .join(Fact, Fact.id == Inspection.fact_id)
        .join(AuditEntry, AuditEntry.seq == Inspection.seq)
        .join(Account, Account.id == Inspection.by_id)
        .outerjoin(FactWithdrawal, _withdrawn_by(seq))
        .where(Inspection.claim_id == claim_id, Inspection.seq <= seq)
    )
    files = [DocumentBehind(*row[:8], None, "", "", row[8] or "") for row in session.execute(held)]
    inspections = [DocumentBehind(*row[:5], "", "", 0, *row[5:8], row[8] or "") for row in session.execute(seen)]
    return tuple(sorted((*files, *inspections), key=lambda document: document.at))


def _withdrawn_by(seq: int) -> ColumnElement[bool]:
    return and_(FactWithdrawal.fact_id == Fact.id, FactWithdrawal.seq <= seq)
