"""Use case: approve a statement by the digest of what was shown; a second person does it."""

from datetime import datetime

from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError, SegregationError, StaleDigestError
from sib_engine.core.money import shown
from sib_engine.payments.statement.lines import LineKind
from sib_engine.payments.statement.recoveries import PREFIX
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.draw import Draft, draw_statement_of
from sib_engine.services.statements.postings import postings_of_statement
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.samples import sampled_by, samples_as_known
from sib_engine.storage.records.statements import add_statement
from sib_engine.storage.tables import LedgerEntry


def approve_statement(
    session: Session,
    code: str,
    period: str,
    *,
    digest: str,
    accepts_restatement: bool = False,
    by: Actor,
    at: datetime,
) -> Draft:
    """State what is due for a period as the approver was shown it, and return it.

    Approvals of all contracts come one after the other, so of two at once the second is told that what it was
    shown is no longer what is due.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not approve, or verified a claim on it, took part in a sample that it takes
            back by, or their organisation submitted a claim.
        StaleDigestError: If what was shown is no longer what is due.
        RefusedError: If it would change what was stated before and ``accepts_restatement`` does not say so.
    """
    command = chain.begin(session, "statement.approve", by_id=by.id, at=at)
    draft = draw_statement_of(session, code, period, at=at)
    require(session, by, Action.APPROVE, draft.contract.id)
    refuse_closed(session, draft.contract.id)
    if draft.digest != digest:
        message = (
            f"what was shown for {period} is no longer what is due; draw it up again, and approve what it says now"
        )
        raise StaleDigestError(message)
    _refuse_own(draft, by)
    _refuse_own_sample(session, draft, by)
    moved = draft.statement.restatements
    if moved and not accepts_restatement:
        currency = draft.contract.terms.currency
        change = shown(sum(each.after - each.before for each in moved), currency)
        message = (
            f"the terms, or the engine, have changed since earlier statements: {len(moved):,} of what was stated would"
            f" change by {change} in all; approving that has to be said"
        )
        raise RefusedError(message)
    contract_id = command.contract_id = draft.contract.id
    statement = add_statement(
        command, draft.statement, contract_id=contract_id, known_seq=draft.known_seq, approved_by=by.id
    )
    command.add(
        LedgerEntry,
        postings_of_statement(draft.statement, contract_id=contract_id, statement_id=statement),
    )
    command.payload = {
        "statement": draft.statement.number,
        "period": draft.statement.period.label,
        "digest": draft.digest,
        "known": draft.known_seq,
        "restated": len(moved),
    }
    command.close()
    return draft


def _refuse_own(draft: Draft, by: Actor) -> None:
    for claim in draft.claims_on_it:
        if claim.organisation_id == by.organisation_id:
            message = f"{by.organisation} submitted {claim.row}: nobody approves what their own organisation submitted"
            raise SegregationError(message)
        if by.id in claim.verified_by:
            message = f"{by.login} verified {claim.row}: a second person has to approve"
            raise SegregationError(message)


def _refuse_own_sample(session: Session, draft: Draft, by: Actor) -> None:
    recovered = [line.row for line in draft.statement.lines if line.kind is LineKind.RECOVERY]
    if not recovered:
        return
    for sample in samples_as_known(session, draft.contract.id, draft.known_seq):
        is_on_it = any(row.startswith(f"{PREFIX}/{sample.statement}/") for row in recovered)
        if is_on_it and by.id in sampled_by(session, sample.id):
            message = (
                f"{by.login} took part in the sample of statement {sample.statement}: a second person has to approve"
            )
            raise SegregationError(message)
