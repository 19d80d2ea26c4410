"""Tokens by which a program acts for somebody: made, read, listed and revoked."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError, RefusedError, UnauthenticatedError
from sib_engine.services.access.actors import Actor, contract_number
from sib_engine.storage import chain
from sib_engine.storage.tables import Account, ApiToken, Contract, Organisation

MARK: Final = "sib_"
"""How every token begins, so that one that is lost in a file can be found and known for what it is."""

LONGEST_LIFE: Final = timedelta(days=366)


class Scope(StrEnum):
    """What a token may be used for, within what its person may do."""

    READ = "read"
    UPLOAD = "upload"
    DECIDE = "decide"
    BILL = "bill"
    ADMINISTER = "administer"


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a request comes from, by a token; ``contract_id`` is the one contract it is for, None for all."""

    actor: Actor
    scopes: frozenset[Scope]
    contract_id: int | None


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token as it is listed; the token itself is shown once, when it is made."""

    id: int
    name: str
    scopes: tuple[str, ...]
    contract: str | None
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def as_dict(self) -> dict[str, Any]:
        """Return the token as it is listed."""
        return {
            "token": self.id,
            "name": self.name,
            "scopes": list(self.scopes),
            "contract": self.contract,
            "made_at": self.made_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "revoked_at": None if self.revoked_at is None else self.revoked_at.isoformat(),
        }


def make_token(
    session: Session,
    name: str,
    *,
    scopes: Collection[Scope],
    contract: str | None,
    days: int,
    by: Actor,
    at: datetime,
) -> tuple[str, TokenLine]:
    """Make a token for ``by`` and return it with its line; it is not kept and cannot be shown again.

    Args:
        session: The store, open to write.
        name: What it is for, in the words of whoever makes it.
        scopes: What it may be used for, one at least.
        contract: Code of the one contract it is for; all of ``by``'s where None.
        days: For how long, a year at most.
        by: Whose roles it acts in.
        at: When.

    Raises:
        NotFoundError: If there is no such contract.
        RefusedError: If it would have no scope, no name or too long a life.
    """
    command = chain.begin(session, "token.make", by_id=by.id, at=at)
    wrong = []
    if not name.strip():
        wrong.append("a token needs a name that says what it is for")
    if not scopes:
        wrong.append(f"a token needs a scope; accepted: {', '.join(Scope)}")
    if not 0 < days <= LONGEST_LIFE.days:
        wrong.append(f"a token lasts {days} days; accepted: 1 to {LONGEST_LIFE.days}")
    if wrong:
        raise RefusedError("; ".join(wrong))
    contract_id = command.contract_id = None if contract is None else contract_number(session, contract)
    secret = MARK + secrets.token_urlsafe(32)
    token = ApiToken(
        account_id=by.id,
        name=name.strip(),
        digest=digest_of(secret),
        scopes=" ".join(sorted(scopes)),
        contract_id=contract_id,
        made_at=at,
        expires_at=at + timedelta(days=days),
        revoked_at=None,
    )
    session.add(token)
    session.flush()
    command.payload = {"token": token.id, "scopes": sorted(scopes)}
    command.close()
    return secret, _line(token, contract)


def bearer_of(session: Session, secret: str, *, at: datetime) -> Bearer:
    """Return who a token acts for.

    Raises:
        UnauthenticatedError: If it is none of ours, expired or revoked; which of these is not said.
    """
    query = (
        select(
            Account.id,
            Account.login,
            Account.name,
            Organisation.id,
            Organisation.name,
            ApiToken.scopes,
            ApiToken.contract_id,
        )
        .join(Account, Account.id == ApiToken.account_id)
        .join(Organisation, Organisation.id == Account.organisation_id)
        .where(ApiToken.digest == digest_of(secret), ApiToken.revoked_at.is_(None), ApiToken.expires_at > at)
    )
    found = session.execute(query).first()
    if found is None:
        message = "the token is not known, has expired or was revoked; accepted: Authorization: Bearer TOKEN"
        raise UnauthenticatedError(message)
    number, login, name, organisation_id, organisation, scopes, contract_id = found
    actor = Actor(number, login, name, organisation_id, organisation)
    return Bearer(actor, frozenset(Scope(scope) for scope in scopes.split()), contract_id)


def list_tokens(session: Session, *, by: Actor) -> tuple[TokenLine, ...]:
    """Return somebody's own tokens, in the order in which they were made."""
    query = (
        select(ApiToken, Contract.code)
        .outerjoin(Contract, Contract.id == ApiToken.contract_id)
        .where(ApiToken.account_id == by.id)
        .order_by(ApiToken.id)
    )
    return tuple(_line(token, contract) for token, contract in session.execute(query))


def revoke_token(session: Session, number: int, *, by: Actor, at: datetime) -> None:
    """End one of somebody's own tokens; one that ended before stays as it is.

    Raises:
        NotFoundError: If it is none of theirs.
    """
    command = chain.begin(session, "token.revoke", by_id=by.id, at=at)
    token = session.get(ApiToken, number)
    if token is None or token.account_id != by.id:
        message = f"you have no token {number}"
        raise NotFoundError(message)
    token.revoked_at = token.revoked_at or at
    command.payload = {"token": number}
    command.close()


def digest_of(secret: str) -> str:
    """Return what is kept of a token: it is drawn at random, so that no slower digest is needed."""
    return f"sha256:{hashlib.sha256(secret.encode()).hexdigest()}"


def _line(token: ApiToken, contract: str | None) -> TokenLine:
    return TokenLine(
        token.id,
        token.name,
        tuple(token.scopes.split()),
        contract,
        token.made_at,
        token.expires_at,
        token.revoked_at,
    )
