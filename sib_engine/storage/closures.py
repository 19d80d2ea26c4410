"""Contracts that are closed out: nothing more is written about them."""

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError
from sib_engine.storage.tables import Contract, ContractClosure

STILL_GIVEN: Final = frozenset({"role.grant", "role.end"})
"""Commands about a closed contract that go on: who may read its records can change."""


def closed_on(session: Session, contract_id: int, *, before: int | None = None) -> date | None:
    """Return the day on which a contract was closed out, if it was (by a command before ``before``)."""
    query = select(ContractClosure.closed_on).where(ContractClosure.contract_id == contract_id)
    if before is not None:
        query = query.where(ContractClosure.seq < before)
    return session.execute(query).scalar()


def refuse_closed(session: Session, contract_id: int, *, before: int | None = None) -> None:
    """Refuse what would be written about a contract that is closed out.

    Raises:
        RefusedError: If it is.
    """
    day = closed_on(session, contract_id, before=before)
    if day is not None:
        code = session.execute(select(Contract.code).where(Contract.id == contract_id)).scalar_one()
        message = f"{code} was closed out on {day}: its records can be read, and nothing is added to them"
        raise RefusedError(message)
