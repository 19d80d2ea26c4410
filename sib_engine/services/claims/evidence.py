"""Use case: evidence behind a claim: a file that is held, or a document that a verifier inspected."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.core.media import Media, is_whole, media_of, words_for
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.facts import FactName, Held
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.versions import deciding_days
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.follow import recheck
from sib_engine.storage import chain
from sib_engine.storage.evidence_store import MOST_BYTES, EvidenceFolder, digest_of
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import facts_as_known
from sib_engine.storage.tables import Account, AuditEntry, Claim, EvidenceFile, Fact, FactWithdrawal, Inspection
from sib_engine.terms.metric import either
from sib_engine.terms.versions import metric_versions, version_on

_MIB: Final = 1 << 20
_ACCEPTED: Final = f"accepted: a PDF, PNG or JPEG file of at most {MOST_BYTES // _MIB} MiB"


@dataclass(frozen=True, slots=True)
class Document:
    """What a document is: its kind, as the metric calls it, and the date on it."""

    kind: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class Seen:
    """When and where a document was seen (an office, a system, a call), and what else there is to say."""

    on: date
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that counts from now on: the claim and the kind it was entered for, and what the file is.

    ``number`` is that of the evidence file or the inspection. ``held_for`` are other claims for which the very
    same file is held, as far as whoever attached it may know them; ``n_others`` how many more there are.
    """

    claim: str
    kind: str
    number: int
    digest: str = ""
    media: Media | None = None
    held_for: tuple[str, ...] = ()
    n_others: int = 0


@dataclass(frozen=True, slots=True)
class _About:
    """What a document is entered for: the claim as it stands, its outcome in the table, and the kind as agreed."""

    contract: Registered
    claim: ClaimRecord
    job: str | None
    kind: str
    today: date


def attach_evidence(
    session: Session,
    folder: EvidenceFolder,
    code: str,
    row: str,
    path: Path,
    *,
    document: Document,
    by: Actor,
    at: datetime,
) -> Kept:
    """Hold a file as evidence behind a claim, and ask the checks again; it counts from today.

    The file is kept before the transaction ends, so that no record is without its file; where the transaction
    does not end well, the file is one that no record names, which ``check_evidence`` finds.

    Args:
        session: The store, open to write.
        folder: Where evidence is kept.
        code: Code of a registered contract.
        row: Id of the claimed outcome.
        path: The file; its name is not kept.
        document: What it is.
        by: Who attaches it: somebody of the organisation that submitted the claim.
        at: When.

    Raises:
        NotFoundError: If there is no such claim.
        SegregationError: If ``by`` may not upload there, or another organisation submitted the claim.
        RefusedError: If the metric takes no such document, the file is not one that is taken, or it is held already.
    """
    command = chain.begin(session, "evidence.attach", by_id=by.id, at=at)
    about = _about(session, code, row, document, Action.UPLOAD, by=by, at=at, seq=command.seq - 1)
    if about.claim.organisation_id != by.organisation_id:
        message = f"another organisation submitted {row}: whoever submitted a claim attaches its evidence"
        raise SegregationError(message)
    _refuse_future(document.dated_on, about.today, "the document is dated")
    content = _read(path)
    media = _media(content)
    digest = digest_of(content)
    held_for, n_others = _held_for(session, about.claim, about.kind, digest, by)
    fact = _add_fact(command, about, Held.HELD, dated_on=document.dated_on, recorded_on=about.today)
    number = command.add_one(
        EvidenceFile,
        claim_id=about.claim.id,
        kind=about.kind,
        media_type=media.value,
        n_bytes=len(content),
        digest=digest,
        fact_id=fact,
        by_id=by.id,
    )
    followed = recheck(session, command, about.contract, about.today)
    command.payload = {"claim": about.claim.id, "file": digest, "checks": followed.n_checked}
    folder.put(content)
    command.close()
    return Kept(row, about.kind, number, digest, media, held_for, n_others)


def inspect_evidence(
    session: Session,
    code: str,
    row: str,
    document: Document,
    *,
    seen: Seen,
    by: Actor,
    at: datetime,
) -> Kept:
    """Record that a verifier saw a document that is not stored, and ask the checks again; it counts from that day.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        row: Id of the claimed outcome.
        document: What it is.
        seen: When and where ``by`` saw it.
        by: Who saw it: a verifier of another organisation than the one that submitted the claim.
        at: When it is recorded.

    Raises:
        NotFoundError: If there is no such claim.
        SegregationError: If ``by`` may not verify there, or their organisation submitted the claim.
        RefusedError: If the metric takes no such document, or the days cannot be.
    """
    command = chain.begin(session, "evidence.inspect", by_id=by.id, at=at)
    about = _about(session, code, row, document, Action.VERIFY, by=by, at=at, seq=command.seq - 1)
    if about.claim.organisation_id == by.organisation_id:
        message = f"{by.organisation} submitted {row}, and nobody inspects evidence of their own organisation"
        raise SegregationError(message)
    if not seen.place.strip():
        message = "it has to be said where the document was seen: an office, a system, a call"
        raise RefusedError(message)
    _refuse_future(seen.on, about.today, "it was seen")
    _refuse_future(document.dated_on, seen.on, "the document is dated", "the day on which it was seen")
    fact = _add_fact(command, about, Held.INSPECTED, dated_on=document.dated_on, recorded_on=seen.on)
    number = command.add_one(
        Inspection,
        claim_id=about.claim.id,
        kind=about.kind,
        seen_on=seen.on,
        place=seen.place.strip(),
        note=seen.note.strip(),
        fact_id=fact,
        by_id=by.id,
    )
    followed = recheck(session, command, about.contract, about.today)
    command.payload = {"claim": about.claim.id, "inspection": number, "checks": followed.n_checked}
    command.close()
    return Kept(row, about.kind, number)


def _about(
    session: Session, code: str, row: str, document: Document, action: Action, *, by: Actor, at: datetime, seq: int
) -> _About:
    contract = contract_as_known(session, code, seq)
    require(session, by, action, contract.id)
    claim = next((each for each in claims_as_known(session, contract.id, seq) if each.row == row), None)
    if claim is None:
        message = f"no claim is called {row!r}; `sib claims list {code}` lists those that there are"
        raise NotFoundError(message)
    if claim.state is ClaimState.WITHDRAWN:
        message = f"{row} is withdrawn; evidence is taken once it is re-opened"
        raise RefusedError(message)
    today = local_day(at, contract.terms.timezone)
    table = find_outcomes(contract.terms, facts_as_known(session, contract.id, seq).facts, known_on=today)
    place = table.place_of(row)
    if place is None:
        message = f"the facts do not show {row} any more, so there is nothing that a document could show"
        raise RefusedError(message)
    job = int(table.rows.job[place])
    return _About(
        contract=contract,
        claim=claim,
        job=None if job == NONE else table.labels.jobs[job],
        kind=_kind(contract, table, place, document.kind),
        today=today,
    )


def _kind(contract: Registered, table: OutcomeTable, place: int, kind: str) -> str:
    """Return a kind of document as the terms of the outcome's own day call it."""
    metric = contract.terms.metrics[int(table.rows.metric[place])]
    day = deciding_days(contract.terms, table.rows)[place]
    on = None if np.isnat(day) else day.astype("datetime64[D]").item()
    asked = version_on(metric_versions(contract.terms, metric), on).terms.evidence.kinds
    if not asked:
        message = f"{metric.code!r} asks for no document, so none is kept for it"
        raise RefusedError(message)
    found = next((each for each in asked if each.casefold() == kind.strip().casefold()), None)
    if found is None:
        message = f"{metric.code!r} is not shown by {kind!r}; accepted: {either(asked)}"
        raise RefusedError(message)
    return found


def _add_fact(command: chain.Command, about: _About, held: Held, *, dated_on: date, recorded_on: date) -> int:
    """Write the fact by which the rules know of a document: of this metric and job, and of no upload."""
    command.contract_id = about.contract.id
    return command.add_one(
        Fact,
        contract_id=about.contract.id,
        upload_id=None,
        sheet_row=0,
        participant_id=about.claim.participant_id,
        name=FactName.EVIDENCE.value,
        starts_on=dated_on,
        recorded_on=recorded_on,
        job=about.job,
        detail=about.kind,
        metric=about.claim.metric,
        held=int(held),
    )


def _held_for(session: Session, claim: ClaimRecord, kind: str, digest: str, by: Actor) -> tuple[tuple[str, ...], int]:
    """Return the other claims for which the same file is held: own ones by name, others by number.

    Raises:
        RefusedError: If it is held for this claim already.
    """
    query = (
        select(
            Claim.id, Claim.row, Claim.organisation_id, EvidenceFile.kind, EvidenceFile.id, AuditEntry.at, Account.login
        )
        .join(EvidenceFile, EvidenceFile.claim_id == Claim.id)
        .join(AuditEntry, AuditEntry.seq == EvidenceFile.seq)
        .join(Account, Account.id == EvidenceFile.by_id)
        .outerjoin(FactWithdrawal, FactWithdrawal.fact_id == EvidenceFile.fact_id)
        .where(EvidenceFile.digest == digest, FactWithdrawal.id.is_(None))
        .order_by(EvidenceFile.id)
    )
    own: list[str] = []
    n_others = 0
    for found in session.execute(query):
        if found.id == claim.id and found.kind == kind:
            since = f"number {found[4]}, attached on {found.at:%Y-%m-%d} by {found.login}"
            message = f"the same file is held for {claim.row} already: {since}"
            raise RefusedError(message)
        if found.id == claim.id:
            continue
        if found.organisation_id == by.organisation_id:
            own.append(found.row)
        else:
            n_others += 1
    return tuple(dict.fromkeys(own)), n_others


def _refuse_future(day: date, last: date, what: str, last_is: str = "today") -> None:
    if day > last:
        message = f"{what} on {day}, which is after {last_is}, {last}"
        raise RefusedError(message)


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            message = f"{path.name} is no file; {_ACCEPTED}"
            raise RefusedError(message)
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as problem:
        message = f"{path.name} cannot be read: {(problem.strerror or 'unknown reason').lower()}"
        raise RefusedError(message) from None
    if len(content) > MOST_BYTES:
        message = f"{path.name} is larger than {MOST_BYTES // _MIB} MiB; {_ACCEPTED}, so scan it with fewer dots"
        raise RefusedError(message)
    if not content:
        message = f"{path.name} is empty; {_ACCEPTED}"
        raise RefusedError(message)
    return content


def _media(content: bytes) -> Media:
    media = media_of(content)
    if media is None:
        message = f"the file is {words_for(content)}, whatever its name says; {_ACCEPTED}"
        raise RefusedError(message)
    if not is_whole(content, media):
        message = "the end of the file is missing: it was cut off on its way here; send it again"
        raise RefusedError(message)
    return media
