"""Which payers somebody speaks for, what parties are called, and which statement is meant."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.services.access.actors import Actor
from sib_engine.storage.records.contracts import Registered
from sib_engine.storage.tables import Statement


def organisation_of(contract: Registered, payer: str) -> str:
    """Return the name of the organisation that a payer is in the contract file."""
    return next((party.organisation for party in contract.terms.parties if party.id == payer), payer)


def own_payers(contract: Registered, by: Actor) -> tuple[str, ...]:
    """Return the payers of a contract that are somebody's own organisation."""
    return tuple(payer for payer in contract.terms.payers if contract.organisations.get(payer) == by.organisation_id)


def payer_spoken_for(contract: Registered, payer: str | None, by: Actor) -> str:
    """Return the payer for which somebody acts: the one named, or the only one that is their organisation.

    Raises:
        NotFoundError: If the contract has no such payer.
        RefusedError: If their organisation is several payers and none is named.
        SegregationError: If it is none of them, or another than the one named.
    """
    payers = contract.terms.payers
    if payer is not None and payer not in payers:
        message = f"{contract.terms.code} has no payer {payer!r}; accepted: {', '.join(payers)}"
        raise NotFoundError(message)
    own = own_payers(contract, by)
    if not own:
        message = (
            f"{by.organisation} is no payer of {contract.terms.code}: nobody acts for a payer that is not their own"
        )
        raise SegregationError(message)
    if payer is None and len(own) > 1:
        message = f"{by.organisation} is more than one payer; accepted: name one of {', '.join(own)}"
        raise RefusedError(message)
    if payer is not None and payer not in own:
        message = f"{payer} is not {by.organisation}: nobody acts for a payer that is not their own organisation"
        raise SegregationError(message)
    return own[0] if payer is None else payer


def statement_numbered(session: Session, contract: Registered, number: int, seq: int | None = None) -> Statement:
    """Return an approved statement, one that had been approved by ``seq`` where that is given.

    Raises:
        NotFoundError: If there is none of this number.
    """
    query = select(Statement).where(Statement.contract_id == contract.id)
    if seq is not None:
        query = query.where(Statement.seq <= seq)
    found = session.execute(query.where(Statement.number == number)).scalar_one_or_none()
    if found is None:
        last = session.execute(query.order_by(Statement.number.desc()).limit(1)).scalar_one_or_none()
        n_known = 0 if last is None else last.number
        known = f"1 to {n_known}" if n_known else "none is approved yet"
        message = f"{contract.terms.code} has no statement {number}; accepted: {known}"
        raise NotFoundError(message)
    return found
