"""Use case: take facts back; the claims that rested on them stay, and are paid for no longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.follow import Followed, recheck
from sib_engine.services.claims.withdrawn import WITHDRAW
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import Account, EvidenceFile, Fact, FactWithdrawal, Inspection, Upload

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What was taken back: how many facts, and what followed for the claims."""

    n_facts: int
    followed: Followed


@dataclass(frozen=True, slots=True)
class _Own:
    """A fact that stands: who reported it, and whether it is a verifier's inspection."""

    id: int
    organisation_id: int | None
    is_inspection: bool


def withdraw_facts(
    session: Session,
    code: str,
    *,
    upload: int | None = None,
    facts: Sequence[int] = (),
    reason: str,
    by: Actor,
    at: datetime,
) -> Withdrawn:
    """Take back every fact of an upload that still stands, or some facts; all of them, or none.

    From now on it is as if they had not been reported. What an earlier report said, whose place one of them
    had taken, does not come back: it is reported again. Statements that were approved stand, and the next
    one takes back what the facts no longer show.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        upload: Number of an upload.
        facts: Numbers of facts, where no upload is named.
        reason: Why, in words.
        by: Somebody of the organisation that reported them.
        at: When.

    Raises:
        NotFoundError: If there is no such upload or fact.
        RefusedError: If there is no reason, or nothing that still stands.
        SegregationError: If another organisation reported one of them, or ``by`` may not.
    """
    if not reason.strip():
        message = "to withdraw facts takes a reason that says why"
        raise RefusedError(message)
    command = chain.begin(session, WITHDRAW, by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    command.contract_id = contract.id
    chosen = _chosen(session, contract.id, upload, facts, code)
    for action, is_inspection in ((Action.UPLOAD, False), (Action.VERIFY, True)):
        if any(fact.is_inspection is is_inspection for fact in chosen):
            require(session, by, action, contract.id)
    others = [str(fact.id) for fact in chosen if fact.organisation_id != by.organisation_id]
    if others:
        message = f"nothing was withdrawn: another organisation reported {_listed(others)}"
        raise SegregationError(message)
    command.add(FactWithdrawal, [{"fact_id": fact.id, "reason": reason.strip()} for fact in chosen])
    followed = recheck(session, command, contract, local_day(at, contract.terms.timezone))
    command.payload = {"upload": upload, "facts": len(chosen), "not_shown": len(followed.vanished)}
    command.close()
    return Withdrawn(len(chosen), followed)


def _chosen(session: Session, contract_id: int, upload: int | None, facts: Sequence[int], code: str) -> list[_Own]:
    wanted = set(facts)
    reporter, holder, seer = aliased(Upload), aliased(Account), aliased(Account)
    query = (
        select(
            Fact.id,
            func.coalesce(reporter.organisation_id, holder.organisation_id, seer.organisation_id),
            Inspection.id.is_not(None),
            FactWithdrawal.id.is_(None),
        )
        .outerjoin(reporter, reporter.id == Fact.upload_id)
        .outerjoin(EvidenceFile, EvidenceFile.fact_id == Fact.id)
        .outerjoin(holder, holder.id == EvidenceFile.by_id)
        .outerjoin(Inspection, Inspection.fact_id == Fact.id)
        .outerjoin(seer, seer.id == Inspection.by_id)
        .outerjoin(FactWithdrawal, FactWithdrawal.fact_id == Fact.id)
        .where(Fact.contract_id == contract_id)
        .order_by(Fact.id)
    )
    if upload is not None:
        query = query.where(Fact.upload_id == upload)
    elif len(wanted) == 1:
        query = query.where(Fact.id == next(iter(wanted)))
    rows = [row for row in session.execute(query) if upload is not None or row[0] in wanted]
    if upload is not None and not rows:
        message = f"{code} has no upload {upload} with facts; `sib claims uploads {code}` lists those that there are"
        raise NotFoundError(message)
    missing = sorted(wanted - {row[0] for row in rows}) if upload is None else []
    if missing:
        message = f"{code} has no fact {_listed(list(map(str, missing)))}; `sib claims show` lists those behind a claim"
        raise NotFoundError(message)
    standing = [_Own(number, owner, bool(seen)) for number, owner, seen, stands in rows if stands]
    if upload is None and len(standing) < len(rows):
        gone = [str(row[0]) for row in rows if not row[3]]
        message = f"nothing was withdrawn: withdrawn already, or another took its place: {_listed(gone)}"
        raise RefusedError(message)
    if not standing:
        message = (
            f"every fact of upload {upload} is withdrawn already, or later reports took its place"
            if upload is not None
            else "name an upload or facts to withdraw"
        )
        raise RefusedError(message)
    return standing


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
