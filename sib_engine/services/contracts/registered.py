"""Use case: which contracts are registered, in which version, and the file of a version."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import SegregationError
from sib_engine.services.access.actors import Actor, contract_number, roles_of
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import AuditEntry, Contract, ContractClosure, ContractVersion


@dataclass(frozen=True, slots=True)
class ListedContract:
    """One registered contract in its latest version, the day of that, and that of its close-out."""

    code: str
    name: str
    version: int
    digest: str
    note: str
    registered_on: date
    closed_on: date | None

    def as_dict(self) -> dict[str, Any]:
        """Return the contract as ``sib contract registered --json`` prints it."""
        return {
            "contract": self.code,
            "name": self.name,
            "version": self.version,
            "digest": self.digest,
            "note": self.note or None,
            "registered_on": self.registered_on.isoformat(),
            "closed_on": None if self.closed_on is None else self.closed_on.isoformat(),
        }


def list_registered(session: Session, *, by: Actor, seq: int | None = None) -> tuple[ListedContract, ...]:
    """Return the contracts on which somebody has a role, as known at a place of the chain, in order of their codes."""
    seq = chain.place(session, seq)
    known = select(Contract.id, Contract.code).where(Contract.seq <= seq).order_by(Contract.code)
    mine = [each for each in session.execute(known).all() if roles_of(session, by, each.id)]
    return tuple(_listed(session, each.id, each.code, seq) for each in mine)


def source_of(session: Session, code: str, *, by: Actor, seq: int | None = None) -> str:
    """Return the text of a contract's file as it was registered at a place of the chain.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` has no role on it.
    """
    seq = chain.place(session, seq)
    number = contract_number(session, code)
    if not roles_of(session, by, number):
        message = f"{by.login!r} has no role on {code}; accepted: any role there"
        raise SegregationError(message)
    latest = (
        select(ContractVersion.source)
        .where(ContractVersion.contract_id == number, ContractVersion.seq <= seq)
        .order_by(ContractVersion.number.desc())
        .limit(1)
    )
    return session.execute(latest).scalar_one()


def _listed(session: Session, number: int, code: str, seq: int) -> ListedContract:
    contract = contract_as_known(session, code, seq)
    query = (
        select(ContractVersion.number, ContractVersion.digest, ContractVersion.note, AuditEntry.at)
        .join(AuditEntry, AuditEntry.seq == ContractVersion.seq)
        .where(ContractVersion.contract_id == number, ContractVersion.seq <= seq)
        .order_by(ContractVersion.number.desc())
        .limit(1)
    )
    closed = select(ContractClosure.closed_on).where(ContractClosure.contract_id == number, ContractClosure.seq <= seq)
    closed_on = session.execute(closed).scalar()
    version, digest, note, at = session.execute(query).one()
    registered_on = local_day(at, contract.terms.timezone)
    return ListedContract(code, contract.terms.name, version, digest, note, registered_on, closed_on)
