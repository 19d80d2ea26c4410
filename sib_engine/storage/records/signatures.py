"""Who submitted, verified and approved what a statement states, as the audit chain has it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from sib_engine.outcomes.claims import ClaimState
from sib_engine.storage.tables import (
    Account,
    AuditEntry,
    Claim,
    ClaimMove,
    Organisation,
    Statement,
    StatementLine,
)

_VERIFIED = (ClaimState.ACCEPTED.value, ClaimState.REJECTED.value)


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody who stands behind some claims of a statement, or all of it: ``seq`` is the last entry they made so."""

    name: str
    organisation: str
    at: datetime
    seq: int
    n_claims: int


def submitted_by(session: Session, statement: Statement) -> tuple[Signature, ...]:
    """Return who submitted the claims of which a statement states something, in the order of the chain."""
    claims = _claims_on(statement)
    found = (
        select(AuditEntry.by_id, func.max(AuditEntry.seq), func.count(Claim.id))
        .join(Claim, Claim.seq == AuditEntry.seq)
        .where(Claim.id.in_(claims))
        .group_by(AuditEntry.by_id)
    )
    return _signatures(session, found.subquery())


def verified_by(session: Session, statement: Statement) -> tuple[Signature, ...]:
    """Return who last accepted, or rejected, those claims before the statement was drawn up."""
    last = (
        select(func.max(ClaimMove.id))
        .where(
            ClaimMove.claim_id.in_(_claims_on(statement)),
            ClaimMove.seq <= statement.known_seq,
            ClaimMove.state.in_(_VERIFIED),
        )
        .group_by(ClaimMove.claim_id)
    )
    found = (
        select(ClaimMove.by_id, func.max(ClaimMove.seq), func.count(ClaimMove.claim_id))
        .where(ClaimMove.id.in_(last))
        .group_by(ClaimMove.by_id)
    )
    return _signatures(session, found.subquery())


def approved_by(session: Session, statement: Statement) -> Signature:
    """Return who approved a statement."""
    query = (
        select(Account.name, Organisation.name, AuditEntry.at)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .join(AuditEntry, AuditEntry.by_id == Account.id)
        .where(Account.id == statement.approved_by_id, AuditEntry.seq == statement.seq)
    )
    name, organisation, at = session.execute(query).one()
    return Signature(name, organisation, at, statement.seq, 0)


def _claims_on(statement: Statement) -> Select[Any]:
    return (
        select(Claim.id)
        .join(StatementLine, StatementLine.row == Claim.row)
        .where(StatementLine.statement_id == statement.id, Claim.contract_id == statement.contract_id)
    )


def _signatures(session: Session, found: Subquery) -> tuple[Signature, ...]:
    person, seq, n_claims = found.columns
    query = (
        select(Account.name, Organisation.name, AuditEntry.at, seq, n_claims)
        .join(Account, Account.id == person)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .join(AuditEntry, AuditEntry.seq == seq)
        .order_by(seq)
    )
    return tuple(Signature(*row) for row in session.execute(query))
