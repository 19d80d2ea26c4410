"""Which contracts somebody has to do with."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError
from sib_engine.services.access.actors import Actor
from sib_engine.storage.tables import Contract, Membership


def number_of(session: Session, code: str, *, by: Actor) -> int:
    """Return the number of a contract on which somebody has a role.

    Raises:
        NotFoundError: If they have none there, or there is no such contract; which of these is not said.
    """
    query = (
        select(Contract.id)
        .join(Membership, or_(Membership.contract_id == Contract.id, Membership.contract_id.is_(None)))
        .where(Contract.code == code, Membership.account_id == by.id, Membership.ended_seq.is_(None))
        .limit(1)
    )
    found = session.execute(query).scalar()
    if found is None:
        message = f"no contract {code!r} on which you have a role"
        raise NotFoundError(message)
    return found
