"""Use case: take in a provider's file, in two stages: a preview that writes nothing, then the commit."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import FindingsError, RefusedError, StaleDigestError
from sib_engine.core.findings import Finding, has_errors, note
from sib_engine.core.money import plain
from sib_engine.outcomes.claim_checks import Checked
from sib_engine.outcomes.due import lacking
from sib_engine.outcomes.intake.preview import Preview as Understood
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import LACKS_A_RECORD
from sib_engine.services.access.actors import Actor
from sib_engine.services.claims.follow import answers, follow
from sib_engine.services.claims.incoming import (
    as_read,
    digest_of,
    name_of,
    read_incoming,
    taken_in_before,
    times_taken_in,
)
from sib_engine.services.claims.mappings import mapping_dict, mapping_for_upload
from sib_engine.services.claims.reported import Reported, reported, together
from sib_engine.services.claims.uploader import require_uploader
from sib_engine.services.would_earn import Worth, worth_of
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.claims import claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import facts_as_known
from sib_engine.storage.records.mappings import StoredMapping
from sib_engine.storage.tables import Fact, FactWithdrawal, Participant, Upload


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a file would do, with everything that is wrong with it; ``digest`` is what a commit names.

    For a tracker that is the digest of the file and of the ``mapping`` together; ``understood`` is what the mapping
    made of it.

    ``table`` are all outcomes of the contract as they would stand; ``claims`` the positions of those that
    would be claimed for the first time. ``would_pay`` is what these earn before caps; ``at_stake`` what those
    among them would that have happened and lack only what can still be recorded; ``falls_due`` what those would
    whose job has to last longer. Each is None where there is no price. ``upload`` is the upload's number once it
    is taken in, and ``n_returned`` how many accepted claims have to be decided again because of it.
    """

    contract: Registered
    name: str
    file_digest: str
    digest: str
    known_seq: int
    findings: tuple[Finding, ...]
    mapping: StoredMapping | None = None
    understood: Understood | None = None
    n_rows: int = 0
    found: Reported = field(default_factory=lambda: Reported([], [], 0))
    new_people: tuple[str, ...] = ()
    table: OutcomeTable | None = None
    claims: tuple[int, ...] = ()
    checks: tuple[Checked, ...] = ()
    would_pay: Worth | None = None
    at_stake: Worth | None = None
    falls_due: Worth | None = None
    upload: int | None = None
    n_returned: int = 0

    @property
    def can_be_committed(self) -> bool:
        """Whether nothing stands in the way."""
        return self.table is not None and not has_errors(self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the preview as ``sib claims preview --json`` prints it."""
        currency = self.contract.terms.currency
        return {
            "contract": self.contract.terms.code,
            "file": self.name,
            "file_digest": self.file_digest or None,
            "digest": self.digest or None,
            "mapping": None if self.mapping is None else mapping_dict(self.mapping),
            "understood": None if self.understood is None else _without_findings(self.understood.as_dict()),
            "can_be_committed": self.can_be_committed,
            "facts": self.n_rows,
            "new": len(self.found.new),
            "changed": len(self.found.changed),
            "known": self.found.n_known,
            "new_people": len(self.new_people),
            "claims": len(self.claims),
            "would_pay": None if self.would_pay is None else plain(self.would_pay.amount, currency),
            "at_stake": None if self.at_stake is None else plain(self.at_stake.amount, currency),
            "falls_due": None if self.falls_due is None else plain(self.falls_due.amount, currency),
            "assumed": any(
                worth is not None and worth.is_assumed for worth in (self.would_pay, self.at_stake, self.falls_due)
            ),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def preview_upload(
    session: Session, code: str, path: Path, *, mapping: str | None = None, by: Actor, at: datetime
) -> Preview:
    """Return what a file of facts would do, or a tracker through a mapping; nothing is written.

    Args:
        session: The store, open to read.
        code: Code of a registered contract.
        path: The file.
        mapping: Name of a mapping of the organisation, through whose last version the file is read.
        by: Who would upload it.
        at: When.

    Raises:
        NotFoundError: If the contract is not registered, or there is no such mapping.
        SegregationError: If ``by`` may not upload for it.
        RefusedError: If the contract is closed out.
    """
    seq, _ = chain.head(session)
    contract = contract_as_known(session, code, seq)
    require_uploader(session, contract, by)
    refuse_closed(session, contract.id)
    through = None if mapping is None else mapping_for_upload(session, contract, mapping, by=by, seq=seq)
    file_digest = digest_of(path)
    blank = Preview(contract, name_of(path), file_digest, as_read(file_digest, through), seq, (), mapping=through)
    same, notes = taken_in_before(session, contract.id, file_digest, through)
    if same is not None:
        return replace(blank, findings=(same,))
    today = local_day(at, contract.terms.timezone)
    read = read_incoming(path, contract.terms, through, today=today)
    facts, findings = read.facts, (*notes, *read.findings)
    blank = replace(blank, findings=findings, understood=read.understood)
    if facts is None:
        return blank
    stored = facts_as_known(session, contract.id, seq)
    people, new_people = _people(session, contract.id, facts.person.labels)
    found = reported(facts, stored, people, contract_id=contract.id)
    table = find_outcomes(contract.terms, together(stored, found).facts, known_on=today)
    claims = claims_as_known(session, contract.id, seq)
    claimed = {claim.row for claim in claims}
    names = table.row_ids()
    new = tuple(place for place, name in enumerate(names) if name not in claimed)
    is_new = np.zeros(len(table), dtype=np.bool_)
    is_new[list(new)] = True
    is_open, _ = lacking(contract.terms, table, LACKS_A_RECORD, as_known_on=today)
    if not found.added:
        what = "every fact in it is known already: taking it in adds nothing"
        findings = (*findings, note("nothing-new", what, "a file with something new in it"))
    return replace(
        blank,
        findings=findings,
        n_rows=len(facts),
        found=found,
        new_people=new_people,
        table=table,
        claims=new,
        checks=answers(session, contract, table, claims, seq=seq, organisation_id=by.organisation_id),
        would_pay=_earned(contract, table, is_new & table.counts),
        at_stake=worth_of(contract.terms, table, is_new & is_open),
        falls_due=worth_of(contract.terms, table, is_new & ~np.isnat(table.due_on)),
    )


def commit_upload(
    session: Session,
    code: str,
    path: Path,
    *,
    mapping: str | None = None,
    digest: str | None = None,
    by: Actor,
    at: datetime,
) -> Preview:
    """Write what a file reports, and the claims that follow from it, and return what was done.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        path: The file.
        mapping: Name of a mapping, as of a preview.
        digest: The digest that the preview showed; without it the file is taken as it is.
        by: Who uploads it.
        at: When.

    Raises:
        FindingsError: If the file has errors; nothing of it is written.
        RefusedError: If the same file was taken in before.
        StaleDigestError: If it is not the file that was previewed.
    """
    command = chain.begin(session, "claims.upload", by_id=by.id, at=at)
    preview = preview_upload(session, code, path, mapping=mapping, by=by, at=at)
    if digest is not None and digest != preview.digest:
        what = "file" if preview.mapping is None else "file and mapping"
        message = f"{preview.name} is not the {what} that was previewed; preview it again"
        raise StaleDigestError(message)
    if preview.table is None and not has_errors(preview.findings):
        raise RefusedError(preview.findings[0].what)
    if not preview.can_be_committed or preview.table is None:
        raise FindingsError(preview.findings)
    contract = command.contract_id = preview.contract.id
    command.add(Participant, [{"contract_id": contract, "reference": name} for name in preview.new_people])
    upload = command.add_one(
        Upload,
        contract_id=contract,
        organisation_id=by.organisation_id,
        by_id=by.id,
        mapping_id=None if preview.mapping is None else preview.mapping.id,
        name=preview.name,
        file_digest=preview.file_digest,
        n_before=times_taken_in(session, contract, preview.file_digest),
        n_rows=preview.n_rows,
    )
    command.add(Fact, preview.found.added, upload_id=upload)
    command.add(
        FactWithdrawal,
        [{"fact_id": fact, "reason": f"said anew by upload {upload}"} for fact in preview.found.withdrawn],
    )
    before = claims_as_known(session, contract, command.seq - 1)
    followed = follow(session, command, preview.contract, preview.table, preview.checks, before)
    command.payload = {
        "upload": upload,
        "file": preview.file_digest,
        "mapping": None if preview.mapping is None else preview.mapping.id,
        "new": len(preview.found.new),
        "changed": len(preview.found.changed),
        "known": preview.found.n_known,
        "claims": len(followed.made),
        "returned": followed.n_returned,
    }
    command.close()
    return replace(preview, upload=upload, n_returned=followed.n_returned)


def _without_findings(said: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key != "findings"}


def _people(session: Session, contract_id: int, references: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Return the number of each reference, and the references that are new; those get the next numbers, in order."""
    known = {
        reference: number
        for reference, number in session.execute(
            select(Participant.reference, Participant.id).where(Participant.contract_id == contract_id)
        )
        if reference is not None
    }
    new = tuple(reference for reference in references if reference not in known)
    first = (session.execute(select(func.max(Participant.id))).scalar() or 0) + 1
    return {**known, **{reference: first + place for place, reference in enumerate(new)}}, new


def _earned(contract: Registered, table: OutcomeTable, which: npt.NDArray[np.bool_]) -> Worth | None:
    """Return what rows that count earn, beyond what the others would without them."""
    without = replace(table, mask=np.where(which, np.uint64(1), table.mask))
    return worth_of(contract.terms, without, which)
