"""Use case: register a contract, or a new version of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.core.errors import FindingsError, NotFoundError, RefusedError
from sib_engine.core.findings import Finding
from sib_engine.services.access.actors import Actor, organisation_named, require
from sib_engine.services.access.roles import Action
from sib_engine.storage import chain
from sib_engine.storage.tables import Contract, ContractParty, ContractVersion, Organisation
from sib_engine.terms.contract import Contract as ContractTerms
from sib_engine.terms.load import load_text


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """What was registered: the contract's number and code, the version's number and digest, and the warnings."""

    contract_id: int
    code: str
    version: int
    digest: str
    findings: tuple[Finding, ...]


def register_contract(
    session: Session,
    source: str,
    *,
    parties: Mapping[str, str] | None = None,
    note: str = "",
    by: Actor,
    at: datetime,
) -> RegisteredVersion:
    """Register a contract file; a code that is registered already gets a new version.

    What earlier statements hold never moves by itself: a version that would change it shows as a
    restatement when the next statement is drawn up.

    Args:
        session: The store, open to write.
        source: The text of the contract file.
        parties: Organisation by party of the contract, for parties that are not known yet; a party whose
            organisation is entered under the name in the file need not be given.
        note: Why there is a new version; needed for every version but the first.
        by: Who registers.
        at: When.

    Raises:
        FindingsError: If the contract has errors.
        RefusedError: If nothing has changed, the note is missing, or a party is given twice over.
        NotFoundError: If a party or organisation does not exist.
    """
    command = chain.begin(session, "contract.register", by_id=by.id, at=at)
    require(session, by, Action.REGISTER, None)
    loaded = load_text(source, "the contract")
    if loaded.contract is None:
        raise FindingsError(loaded.findings)
    terms = loaded.contract
    contract_id = command.contract_id = session.execute(select(Contract.id).where(Contract.code == terms.code)).scalar()
    last = 0
    if contract_id is not None:
        last = session.execute(
            select(func.max(ContractVersion.number)).where(ContractVersion.contract_id == contract_id)
        ).scalar_one()
        same = select(ContractVersion.number).where(
            ContractVersion.contract_id == contract_id,
            ContractVersion.number == last,
            ContractVersion.digest == terms.digest,
        )
        if session.execute(same).first():
            message = f"{terms.code} is registered with these terms already, as version {last}"
            raise RefusedError(message)
        if not note.strip():
            message = f"version {last + 1} of {terms.code} needs a note: what was agreed, by whom and when"
            raise RefusedError(message)
    named = _organisations(session, terms, parties or {})
    if contract_id is None:
        contract_id = command.contract_id = command.add_one(Contract, code=terms.code)
    command.add_one(
        ContractVersion, contract_id=contract_id, number=last + 1, digest=terms.digest, source=source, note=note
    )
    known = set(session.execute(select(ContractParty.party).where(ContractParty.contract_id == contract_id)).scalars())
    again = sorted(known & set(parties or {}))
    if again:
        message = f"it is known already which organisations these parties are: {', '.join(again)}"
        raise RefusedError(message)
    command.add(
        ContractParty,
        [
            {"contract_id": contract_id, "party": party, "organisation_id": organisation}
            for party, organisation in named.items()
            if party not in known
        ],
    )
    command.payload = {"version": last + 1, "digest": terms.digest}
    command.close()
    return RegisteredVersion(contract_id, terms.code, last + 1, terms.digest, loaded.findings)


def _organisations(session: Session, terms: ContractTerms, parties: Mapping[str, str]) -> dict[str, int]:
    """Return the organisation of each party that is given, or entered under the name that the file has."""
    known = [party.id for party in terms.parties]
    for party in parties:
        if party not in known:
            message = f"the contract has no party {party!r}; accepted: {', '.join(known)}"
            raise NotFoundError(message)
    entered = {row.name: row.id for row in session.execute(select(Organisation.name, Organisation.id))}
    named = {party.id: entered[party.organisation] for party in terms.parties if party.organisation in entered}
    return named | {party: organisation_named(session, name) for party, name in parties.items()}
