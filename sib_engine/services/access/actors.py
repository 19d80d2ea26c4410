"""Who acts: organisations and people are entered here, and every command asks here whether it may go on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.services.access.roles import OF_PARTIES, PERMISSIONS, Action, Role
from sib_engine.storage import chain
from sib_engine.storage.tables import Account, Contract, ContractParty, Membership, Organisation


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts, and for whom."""

    id: int
    login: str
    name: str
    organisation_id: int
    organisation: str


def add_organisation(session: Session, name: str, *, by: Actor | None, at: datetime) -> int:
    """Enter an organisation and return its number.

    Spaces around the name and doubled ones within are left out.

    Raises:
        RefusedError: If the name is blank, or there is one of this name, be it in other capitals.
    """
    command = chain.begin(session, "organisation.add", by_id=None if by is None else by.id, at=at)
    _may_administer(session, by)
    name = " ".join(name.split())
    if not name:
        message = "an organisation needs a name"
        raise RefusedError(message)
    known = session.execute(select(Organisation.name)).scalars()
    same = next((each for each in known if each.casefold() == name.casefold()), None)
    if same is not None:
        message = f"there is an organisation {same!r} already"
        raise RefusedError(message)
    number = command.add_one(Organisation, name=name)
    command.payload = {"organisation": number}
    command.close()
    return number


def add_account(session: Session, login: str, *, name: str, organisation: str, by: Actor | None, at: datetime) -> int:
    """Enter a person and return their number; they may do nothing until a role is granted.

    Raises:
        NotFoundError: If there is no such organisation.
        RefusedError: If the login is taken.
    """
    command = chain.begin(session, "account.add", by_id=None if by is None else by.id, at=at)
    _may_administer(session, by)
    found = organisation_named(session, organisation)
    if session.execute(select(Account.id).where(Account.login == login)).first():
        message = f"the login {login!r} is taken"
        raise RefusedError(message)
    number = command.add_one(Account, login=login, name=name, organisation_id=found)
    command.payload = {"account": number, "organisation": found}
    command.close()
    return number


def grant_role(
    session: Session, login: str, role: Role, *, contract: str | None, by: Actor | None, at: datetime
) -> None:
    """Let somebody act in a role on one contract, or on every contract.

    Who approves and pays does so for a party of the contract: these roles are granted on one contract, to people of
    its parties. A provider below the one named, a verifier or an auditor may come from elsewhere.

    Raises:
        NotFoundError: If there is no such person or contract.
        RefusedError: If they have the role already, or are of no party where only parties may have it.
    """
    command = chain.begin(session, "role.grant", by_id=None if by is None else by.id, at=at)
    _may_administer(session, by)
    actor = actor_named(session, login)
    contract_id = command.contract_id = None if contract is None else contract_number(session, contract)
    if role in OF_PARTIES:
        _refuse_outsider(session, actor, role, contract_id)
    same = select(Membership.id).where(
        Membership.account_id == actor.id, Membership.role == role.value, Membership.ended_seq.is_(None)
    )
    same = same.where(
        Membership.contract_id.is_(None) if contract_id is None else Membership.contract_id == contract_id
    )
    if session.execute(same).first():
        message = f"{login!r} is {role} there already"
        raise RefusedError(message)
    command.add_one(Membership, account_id=actor.id, contract_id=contract_id, role=role.value)
    command.payload = {"account": actor.id, "role": role.value, "contract": contract_id}
    command.close()


def _refuse_outsider(session: Session, actor: Actor, role: Role, contract_id: int | None) -> None:
    if contract_id is None:
        message = f"{role} is a role on one contract, for people of its parties; accepted: with the contract's code"
        raise RefusedError(message)
    parties = (
        select(Organisation.id, Organisation.name)
        .join(ContractParty, ContractParty.organisation_id == Organisation.id)
        .where(ContractParty.contract_id == contract_id)
        .order_by(Organisation.name)
    )
    known: dict[int, str] = {row.id: row.name for row in session.execute(parties)}
    if actor.organisation_id not in known:
        message = (
            f"{actor.organisation!r} is no party of the contract; accepted: somebody of {', '.join(known.values())}"
        )
        raise RefusedError(message)


def end_role(session: Session, login: str, role: Role, *, contract: str | None, by: Actor, at: datetime) -> None:
    """Take a role away from now on; what was done in it stands.

    Raises:
        NotFoundError: If they do not have it.
    """
    command = chain.begin(session, "role.end", by_id=by.id, at=at)
    _may_administer(session, by)
    actor = actor_named(session, login)
    contract_id = command.contract_id = None if contract is None else contract_number(session, contract)
    query = select(Membership).where(
        Membership.account_id == actor.id, Membership.role == role.value, Membership.ended_seq.is_(None)
    )
    query = query.where(
        Membership.contract_id.is_(None) if contract_id is None else Membership.contract_id == contract_id
    )
    membership = session.execute(query).scalar_one_or_none()
    if membership is None:
        message = f"{login!r} is not {role} there"
        raise NotFoundError(message)
    membership.ended_seq = command.seq
    command.payload = {"account": actor.id, "role": role.value, "contract": contract_id}
    command.close()


def actor_named(session: Session, login: str) -> Actor:
    """Return who signs in under a name.

    Raises:
        NotFoundError: If nobody does.
    """
    query = (
        select(Account.id, Account.login, Account.name, Organisation.id, Organisation.name)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(Account.login == login)
    )
    found = session.execute(query).first()
    if found is None:
        message = f"nobody is called {login!r} here"
        raise NotFoundError(message)
    return Actor(*found)


def roles_of(session: Session, actor: Actor, contract_id: int | None) -> frozenset[Role]:
    """Return what somebody is on a contract now."""
    scope: ColumnElement[bool] = Membership.contract_id.is_(None)
    if contract_id is not None:
        scope = or_(scope, Membership.contract_id == contract_id)
    query = select(Membership.role).where(Membership.account_id == actor.id, Membership.ended_seq.is_(None), scope)
    return frozenset(Role(role) for role in session.execute(query).scalars())


def require(session: Session, actor: Actor, action: Action, contract_id: int | None) -> None:
    """Refuse what none of somebody's roles allows.

    Raises:
        SegregationError: If they may not.
    """
    roles = roles_of(session, actor, contract_id)
    if not any(action in PERMISSIONS[role] for role in roles):
        able = ", ".join(role.value for role, actions in PERMISSIONS.items() if action in actions)
        here = ", ".join(sorted(role.value for role in roles)) or "without a role here"
        message = f"{actor.login!r} may not {action.value}: {here}; accepted: {able}"
        raise SegregationError(message)


def organisation_named(session: Session, name: str) -> int:
    """Return the number of an organisation.

    Raises:
        NotFoundError: If there is none of this name.
    """
    found = session.execute(select(Organisation.id).where(Organisation.name == name)).scalar()
    if found is None:
        known = session.execute(select(Organisation.name).order_by(Organisation.name)).scalars().all()
        message = f"no organisation is called {name!r}; accepted: {', '.join(known) or 'none is entered yet'}"
        raise NotFoundError(message)
    return found


def contract_number(session: Session, code: str) -> int:
    """Return the number of a contract.

    Raises:
        NotFoundError: If none of this code is registered.
    """
    found = session.execute(select(Contract.id).where(Contract.code == code)).scalar()
    if found is None:
        known = session.execute(select(Contract.code).order_by(Contract.code)).scalars().all()
        message = f"no contract {code!r} is registered; accepted: {', '.join(known) or 'none is registered yet'}"
        raise NotFoundError(message)
    return found


def _may_administer(session: Session, by: Actor | None) -> None:
    """Refuse who may not; before there is any administrator, whoever holds the database may make the first."""
    if by is not None:
        require(session, by, Action.ADMINISTER, None)
        return
    if session.execute(select(Membership.id).where(Membership.role == Role.ADMINISTRATOR.value)).first():
        message = "there is an administrator, so somebody has to act: accepted: --as LOGIN"
        raise SegregationError(message)
