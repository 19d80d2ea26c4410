"""Use case: save how an organisation's own tracker is read for a contract, and look up what was saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy.orm import Session

from sib_engine.core.errors import FindingsError, NotFoundError, RefusedError
from sib_engine.core.findings import Finding, Location, error, has_errors
from sib_engine.outcomes.intake.mapping import Mapping as TrackerMapping
from sib_engine.outcomes.intake.mapping_checks import check_mapping
from sib_engine.outcomes.intake.mapping_file import read_mapping
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.seen_by import sees_only_own
from sib_engine.services.claims.uploader import require_uploader
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.mappings import StoredMapping, mappings_as_known
from sib_engine.storage.tables import Mapping
from sib_engine.terms import library
from sib_engine.terms.load import load

MAX_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Saved:
    """A version of a mapping that was saved, and the warnings about it."""

    name: str
    version: int
    digest: str
    findings: tuple[Finding, ...]


def save_mapping(session: Session, code: str, path: Path, *, name: str = "", by: Actor, at: datetime) -> Saved:
    """Keep a mapping file as the next version of a mapping of the organisation, checked against the contract.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        path: The mapping file; a proposal is none.
        name: What the mapping is called from now on; the name in the file by default.
        by: Somebody who may upload for the contract.
        at: When.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not upload for it.
        FindingsError: If the file has errors, names what the contract does not know, or is for another contract.
        RefusedError: If it says what the last version says, or has no usable name.
    """
    command = chain.begin(session, "mapping.save", by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    command.contract_id = contract.id
    require_uploader(session, contract, by)
    refuse_closed(session, contract.id)
    mapping, findings = read_mapping(path)
    if mapping is None:
        raise FindingsError(findings)
    wrong = (*_for_another(mapping, contract), *check_mapping(mapping, contract.terms))
    findings = (*findings, *(finding.in_file(str(path)) for finding in wrong))
    if has_errors(findings):
        raise FindingsError(findings)
    called = _name(name or mapping.name)
    own = _of(mappings_as_known(session, contract.id, command.seq - 1), called, by.organisation_id)
    if own and own[-1].digest == mapping.digest:
        message = f"the mapping {called!r} says the same as version {own[-1].version}, which is saved already"
        raise RefusedError(message)
    version = own[-1].version + 1 if own else 1
    saved = command.add_one(
        Mapping,
        contract_id=contract.id,
        organisation_id=by.organisation_id,
        name=own[-1].name if own else called,
        version=version,
        digest=mapping.digest,
        rules=mapping.as_json(),
        by_id=by.id,
    )
    command.payload = {"mapping": saved, "version": version, "digest": mapping.digest}
    command.close()
    return Saved(called, version, mapping.digest, findings)


def list_mappings(session: Session, code: str, *, by: Actor, seq: int | None = None) -> tuple[StoredMapping, ...]:
    """Return every version of the mappings of a contract that somebody may see, as known at a place of the chain.

    Providers see those of their own organisation.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may see no rows about people.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_PEOPLE, contract.id)
    own_only = sees_only_own(session, by, contract.id)
    found = mappings_as_known(session, contract.id, seq)
    return tuple(each for each in found if not own_only or each.organisation_id == by.organisation_id)


def show_mapping(
    session: Session,
    code: str,
    name: str,
    *,
    version: int | None = None,
    organisation: str | None = None,
    by: Actor,
    seq: int | None = None,
) -> StoredMapping:
    """Return one version of a mapping, the last one by default; of one's own organisation where several have the name.

    Raises:
        NotFoundError: If there is no such mapping or version that ``by`` may see.
        RefusedError: If several other organisations have one of this name, and none is named.
        SegregationError: If ``by`` may see no rows about people.
    """
    seen = list_mappings(session, code, by=by, seq=seq)
    if organisation is not None:
        seen = tuple(each for each in seen if each.organisation == organisation)
    found = [each for each in seen if _same_name(each.name, name)]
    own = [each for each in found if each.organisation_id == by.organisation_id]
    owners = sorted({each.organisation for each in own or found})
    if len(owners) > 1:
        message = f"several organisations have a mapping {name!r}; accepted: name one of {', '.join(owners)}"
        raise RefusedError(message)
    return _version(own or found, code, name, version, seen)


def mapping_for_upload(session: Session, contract: Registered, name: str, *, by: Actor, seq: int) -> StoredMapping:
    """Return the last version of a mapping of somebody's own organisation.

    Raises:
        NotFoundError: If there is none of this name.
    """
    own = [each for each in mappings_as_known(session, contract.id, seq) if each.organisation_id == by.organisation_id]
    return _version(_of(own, name, by.organisation_id), contract.terms.code, name, None, own)


def mapping_dict(mapping: StoredMapping) -> dict[str, Any]:
    """Return a mapping as ``sib claims mapping list --json`` prints it."""
    return {
        "mapping": mapping.name,
        "version": mapping.version,
        "organisation": mapping.organisation,
        "digest": mapping.digest,
        "saved_at": mapping.saved_at.isoformat(),
        "by": mapping.login,
    }


def _version(
    found: list[StoredMapping], code: str, name: str, version: int | None, known: Iterable[StoredMapping]
) -> StoredMapping:
    if not found:
        names = ", ".join(dict.fromkeys(each.name for each in known)) or "none is saved yet"
        message = f"{code} has no mapping {name!r}; accepted: {names}"
        raise NotFoundError(message)
    wanted = [each for each in found if version is None or each.version == version]
    if not wanted:
        message = f"the mapping {name!r} has no version {version}; accepted: 1 to {found[-1].version}"
        raise NotFoundError(message)
    return wanted[-1]


def _of(known: Iterable[StoredMapping], name: str, organisation_id: int) -> list[StoredMapping]:
    return [each for each in known if each.organisation_id == organisation_id and _same_name(each.name, name)]


def _same_name(one: str, other: str) -> bool:
    return one.casefold() == " ".join(other.split()).casefold()


def _name(text: str) -> str:
    plain = " ".join(text.split())
    if not plain or len(plain) > MAX_NAME or not plain.isprintable():
        message = f"a mapping needs a name of 1 to {MAX_NAME} characters that can be printed; accepted: --name NAME"
        raise RefusedError(message)
    return plain


def _for_another(mapping: TrackerMapping, contract: Registered) -> Iterable[Finding]:
    """Yield an error where a mapping is for another contract: only the library is looked into, no path of the file."""
    code = contract.terms.code
    wanted = mapping.contract.removesuffix(".toml").removeprefix("contracts/")
    if code not in {wanted, *_codes_in_library(wanted)}:
        what = f"the mapping is for the contract {mapping.contract!r}, and this is {code}"
        yield error("contract-other", what, code, Location(key="contract"))


def _codes_in_library(name: str) -> Iterable[str]:
    for path in library.contract_files():
        if name in {path.stem, f"{path.parent.name}/{path.stem}"}:
            loaded = load(path)
            if loaded.contract is not None:
                yield loaded.contract.code
