"""Use case: read an evidence file back, and find what is missing, changed, or named by no record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError
from sib_engine.core.media import SUFFIXES, Media
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.seen_by import sees_only_own
from sib_engine.storage import chain
from sib_engine.storage.evidence_store import EvidenceFolder
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import Claim, EvidenceFile


def read_evidence(session: Session, folder: EvidenceFolder, code: str, number: int, *, by: Actor) -> tuple[bytes, str]:
    """Return an evidence file, its digest worked out anew, and the suffix that files of its kind have.

    Whoever reads evidence does it here, so that a log of who saw what has one place to be written.

    Raises:
        NotFoundError: If there is no such file behind a claim of the contract that ``by`` may see.
        SegregationError: If ``by`` may see no rows about people.
        RefusedError: If it is missing or was changed.
    """
    seq, _ = chain.head(session)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_PEOPLE, contract.id)
    query = (
        select(EvidenceFile.digest, EvidenceFile.media_type)
        .join(Claim, Claim.id == EvidenceFile.claim_id)
        .where(EvidenceFile.id == number, Claim.contract_id == contract.id)
    )
    if sees_only_own(session, by, contract.id):
        query = query.where(Claim.organisation_id == by.organisation_id)
    found = session.execute(query).first()
    if found is None:
        message = f"no evidence file of {code} has the number {number}; `sib claims show` lists those of a claim"
        raise NotFoundError(message)
    return folder.get(found.digest), SUFFIXES[Media(found.media_type)]


@dataclass(frozen=True, slots=True)
class EvidenceChecked:
    """What was found: how many files there ought to be, those that are missing or changed, and those nobody names.

    ``wrong`` gives the number of the file, the contract's claim (by number) and what is wrong.
    """

    n_files: int
    wrong: tuple[tuple[int, int, str], ...]
    orphans: tuple[str, ...]


def check_evidence(session: Session, folder: EvidenceFolder) -> EvidenceChecked:
    """Return whether every evidence file is there as it was taken in, and what is there that no record names."""
    rows = session.execute(
        select(EvidenceFile.id, EvidenceFile.claim_id, EvidenceFile.digest, EvidenceFile.n_bytes).order_by(
            EvidenceFile.id
        )
    ).all()
    states = {digest: folder.state(digest, n_bytes) for _, _, digest, n_bytes in rows}
    wrong = tuple((number, claim, states[digest]) for number, claim, digest, _ in rows if states[digest])
    return EvidenceChecked(len(rows), wrong, tuple(name for name in folder.names() if name not in states))


def remove_orphans(session: Session, folder: EvidenceFolder, *, at: datetime) -> tuple[str, ...]:
    """Take away files that no record names, and return them; nobody can be attaching one meanwhile.

    Only what a broken-off command left is taken away; what is no evidence file stays.
    """
    command = chain.begin(session, "evidence.tidy", by_id=None, at=at)
    known = set(session.execute(select(EvidenceFile.digest)).scalars())
    orphans = tuple(name for name in folder.names() if name.startswith("sha256:") and name not in known)
    for name in orphans:
        folder.remove(name)
    command.payload = {"removed": list(orphans)}
    command.close()
    return orphans
