"""Contracts as they were known at a place of the audit chain."""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import FindingsError, NotFoundError
from sib_engine.storage.tables import Contract, ContractParty, ContractVersion
from sib_engine.terms import contract as terms
from sib_engine.terms.load import load_text


@dataclass(frozen=True, slots=True)
class Registered:
    """A contract of the store: its number there, its terms, which version they are, and who its parties are.

    ``organisations`` are the numbers of the organisations, by the party of the contract file.
    """

    id: int
    terms: terms.Contract
    version: int
    organisations: dict[str, int]


_loaded = lru_cache(maxsize=128)(load_text)
"""A contract file is read and checked once in a process: a version never changes."""


def contract_as_known(session: Session, code: str, seq: int) -> Registered:
    """Return a contract with the terms that had been registered by ``seq``.

    Raises:
        NotFoundError: If no contract of this code had been registered by then.
    """
    latest = (
        select(ContractVersion)
        .join(Contract, Contract.id == ContractVersion.contract_id)
        .where(Contract.code == code, ContractVersion.seq <= seq)
        .order_by(ContractVersion.number.desc())
        .limit(1)
    )
    version = session.execute(latest).scalar_one_or_none()
    if version is None:
        known = session.execute(select(Contract.code).order_by(Contract.code)).scalars().all()
        message = f"no contract {code!r} is registered; accepted: {', '.join(known) or 'none is registered yet'}"
        raise NotFoundError(message)
    loaded = _loaded(version.source, f"{code}, version {version.number}")
    if loaded.contract is None:
        raise FindingsError(loaded.findings)
    parties = select(ContractParty.party, ContractParty.organisation_id).where(
        ContractParty.contract_id == version.contract_id, ContractParty.seq <= seq
    )
    organisations = {row.party: row.organisation_id for row in session.execute(parties)}
    return Registered(version.contract_id, loaded.contract, version.number, organisations)
