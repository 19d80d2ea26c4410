"""Use case: list the organisations and people of the store, and what each may do."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.storage import chain
from sib_engine.storage.tables import Account, Contract, ContractParty, Membership, Organisation


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """One organisation: its people, by login, and the parties that it is, as ``(contract, party)``."""

    name: str
    people: tuple[str, ...]
    parties: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the organisation as ``sib org list --json`` prints it."""
        return {
            "organisation": self.name,
            "people": list(self.people),
            "parties": [{"contract": contract, "party": party} for contract, party in self.parties],
        }


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One person and their roles, as ``(role, contract)``; no contract where the role is on all of them."""

    login: str
    name: str
    organisation: str
    roles: tuple[tuple[str, str | None], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the person as ``sib user list --json`` prints it."""
        return {
            "login": self.login,
            "name": self.name,
            "organisation": self.organisation,
            "roles": [{"role": role, "contract": contract} for role, contract in self.roles],
        }


def list_organisations(session: Session, *, by: Actor, seq: int | None = None) -> tuple[ListedOrganisation, ...]:
    """Return every organisation that had been entered at a place of the chain, in that order.

    Raises:
        SegregationError: If ``by`` neither administers nor audits all of the store.
    """
    require(session, by, Action.AUDIT, None)
    seq = chain.place(session, seq)
    people: dict[int, list[str]] = defaultdict(list)
    of_people = select(Account.organisation_id, Account.login).where(Account.seq <= seq).order_by(Account.id)
    for organisation, login in session.execute(of_people):
        people[organisation].append(login)
    parties: dict[int, list[tuple[str, str]]] = defaultdict(list)
    of_parties = (
        select(ContractParty.organisation_id, Contract.code, ContractParty.party)
        .join(Contract, Contract.id == ContractParty.contract_id)
        .where(ContractParty.seq <= seq)
        .order_by(ContractParty.id)
    )
    for organisation, contract, party in session.execute(of_parties):
        parties[organisation].append((contract, party))
    found = select(Organisation.id, Organisation.name).where(Organisation.seq <= seq).order_by(Organisation.id)
    return tuple(
        ListedOrganisation(name, tuple(people[number]), tuple(parties[number]))
        for number, name in session.execute(found)
    )


def list_people(session: Session, *, by: Actor, seq: int | None = None) -> tuple[ListedPerson, ...]:
    """Return everybody who had been entered at a place of the chain, in that order, with their roles then.

    Raises:
        SegregationError: If ``by`` neither administers nor audits all of the store.
    """
    require(session, by, Action.AUDIT, None)
    seq = chain.place(session, seq)
    roles: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    of_roles = (
        select(Membership.account_id, Membership.role, Contract.code)
        .outerjoin(Contract, Contract.id == Membership.contract_id)
        .where(Membership.seq <= seq, or_(Membership.ended_seq.is_(None), Membership.ended_seq > seq))
        .order_by(Membership.id)
    )
    for account, role, contract in session.execute(of_roles):
        roles[account].append((role, contract))
    found = (
        select(Account.id, Account.login, Account.name, Organisation.name)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.seq <= seq)
        .order_by(Account.id)
    )
    return tuple(
        ListedPerson(login, name, organisation, tuple(roles[number]))
        for number, login, name, organisation in session.execute(found)
    )
