"""Contracts of the store as they are read: which there are, each with its versions, and what a version changes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from sib_engine.core.errors import FindingsError, NotFoundError
from sib_engine.core.findings import Finding
from sib_engine.services.access.actors import Actor
from sib_engine.services.paging import Page, Wanted, page_of
from sib_engine.storage.tables import Contract, ContractClosure, ContractVersion, Membership
from sib_engine.terms.diff import ClauseChange, diff
from sib_engine.terms.load import load_text


@dataclass(frozen=True, slots=True)
class ContractLine:
    """One contract as it is listed: the version in force, and whether it is closed out."""

    code: str
    version: int
    digest: str
    is_closed: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the contract as it is listed."""
        return {"contract": self.code, "version": self.version, "terms": self.digest, "closed": self.is_closed}


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a contract: its terms, why it was registered, and where it stands in the audit chain."""

    number: int
    digest: str
    note: str
    seq: int

    def as_dict(self) -> dict[str, Any]:
        """Return the version as it is listed."""
        return {"version": self.number, "terms": self.digest, "note": self.note, "audit": self.seq}


def contracts_page(session: Session, wanted: Wanted, *, by: Actor) -> Page[ContractLine]:
    """Return the contracts on which somebody has a role, in the order in which they were registered.

    Raises:
        NotFoundError: If the cursor is none.
    """
    later = aliased(ContractVersion)
    is_last = ~exists().where(later.contract_id == Contract.id, later.number > ContractVersion.number)
    query = (
        select(Contract.id, Contract.code, ContractVersion.number, ContractVersion.digest, ContractClosure.id)
        .join(ContractVersion, ContractVersion.contract_id == Contract.id)
        .outerjoin(ContractClosure, ContractClosure.contract_id == Contract.id)
        .where(is_last, Contract.id > wanted.after, _concerns(by))
        .order_by(Contract.id)
        .limit(wanted.limit + 1)
    )
    rows = [
        (number, ContractLine(code, version, digest, closed is not None))
        for number, code, version, digest, closed in session.execute(query)
    ]
    return page_of(rows, wanted)


def versions_of(session: Session, contract_id: int) -> tuple[VersionLine, ...]:
    """Return the versions of a contract, the first one first."""
    query = (
        select(ContractVersion.number, ContractVersion.digest, ContractVersion.note, ContractVersion.seq)
        .where(ContractVersion.contract_id == contract_id)
        .order_by(ContractVersion.number)
    )
    return tuple(VersionLine(*row) for row in session.execute(query))


def source_of(session: Session, contract_id: int, number: int | None = None) -> tuple[int, str]:
    """Return a version's number and file; of the last version by default.

    Raises:
        NotFoundError: If there is no such version.
    """
    which = ContractVersion.number == number if number is not None else true()
    query = (
        select(ContractVersion.number, ContractVersion.source)
        .where(ContractVersion.contract_id == contract_id, which)
        .order_by(ContractVersion.number.desc())
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        last = select(func.max(ContractVersion.number)).where(ContractVersion.contract_id == contract_id)
        message = f"there is no version {number}; accepted: 1 to {session.execute(last).scalar_one()}"
        raise NotFoundError(message)
    return found.number, found.source


def changes_between(session: Session, contract_id: int, before: int, after: int) -> tuple[ClauseChange, ...]:
    """Return what one version changes of another, clause by clause.

    Raises:
        NotFoundError: If there is no such version.
    """
    read = [load_text(source_of(session, contract_id, number)[1], f"version {number}") for number in (before, after)]
    old, new = (each.contract for each in read)
    if old is None or new is None:
        raise FindingsError([finding for each in read for finding in each.findings])
    return diff(old, new)


def findings_of(source: str) -> tuple[Finding, ...]:
    """Return what the checks say of a contract file that is not registered; nothing is kept of it."""
    return load_text(source, "the contract").findings


def _concerns(by: Actor) -> ColumnElement[bool]:
    return exists().where(
        Membership.account_id == by.id,
        Membership.ended_seq.is_(None),
        or_(Membership.contract_id == Contract.id, Membership.contract_id.is_(None)),
    )
