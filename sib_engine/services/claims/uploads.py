"""Use case: list what was taken in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.seen_by import sees_only_own
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import Account, AuditEntry, Fact, FactWithdrawal, Mapping, Organisation, Upload


@dataclass(frozen=True, slots=True)
class UploadLine:
    """One upload as it is listed: what came, when and from whom, and how many of its facts still stand.

    ``mapping`` and ``version`` are the mapping through which it was read, None for a file of facts.
    """

    number: int
    name: str
    taken_in_at: datetime
    login: str
    organisation: str
    mapping: str | None
    version: int | None
    n_facts: int
    n_standing: int

    def as_dict(self) -> dict[str, Any]:
        """Return the upload as ``sib claims uploads --json`` prints it."""
        return {
            "upload": self.number,
            "file": self.name,
            "taken_in_at": self.taken_in_at.isoformat(),
            "by": self.login,
            "organisation": self.organisation,
            "mapping": self.mapping,
            "mapping_version": self.version,
            "facts": self.n_facts,
            "standing": self.n_standing,
        }


def list_uploads(session: Session, code: str, *, by: Actor, seq: int | None = None) -> tuple[UploadLine, ...]:
    """Return the uploads of a contract that somebody may see, as known at a place, the first one first.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may see no rows about people.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_PEOPLE, contract.id)
    query = (
        select(
            Upload.id,
            Upload.name,
            AuditEntry.at,
            Account.login,
            Organisation.name,
            Mapping.name,
            Mapping.version,
            func.count(Fact.id),
            func.count(Fact.id) - func.count(FactWithdrawal.id),
        )
        .join(AuditEntry, AuditEntry.seq == Upload.seq)
        .join(Account, Account.id == Upload.by_id)
        .join(Organisation, Organisation.id == Upload.organisation_id)
        .outerjoin(Mapping, Mapping.id == Upload.mapping_id)
        .outerjoin(Fact, Fact.upload_id == Upload.id)
        .outerjoin(FactWithdrawal, and_(FactWithdrawal.fact_id == Fact.id, FactWithdrawal.seq <= seq))
        .where(Upload.contract_id == contract.id, Upload.seq <= seq)
        .group_by(
            Upload.id, Upload.name, AuditEntry.at, Account.login, Organisation.name, Mapping.name, Mapping.version
        )
        .order_by(Upload.id)
    )
    if sees_only_own(session, by, contract.id):
        query = query.where(Upload.organisation_id == by.organisation_id)
    return tuple(UploadLine(*row) for row in session.execute(query))
