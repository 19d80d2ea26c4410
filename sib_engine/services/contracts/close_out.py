"""Use case: close out a contract; afterwards its records can be read and nothing is added to them."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import FindingsError, RefusedError
from sib_engine.core.findings import Finding, error
from sib_engine.core.money import shown
from sib_engine.outcomes.claims import ClaimState
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.accrual import due_on
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.billing import bills_as_known, disputes_as_known, stated_for
from sib_engine.storage.records.claims import claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.samples import samples_as_known
from sib_engine.storage.tables import ContractClosure
from sib_engine.terms.party import UNFUNDED

_OPEN = frozenset({ClaimState.SUBMITTED, ClaimState.QUERIED})


def close_out(session: Session, code: str, *, note: str, by: Actor, at: datetime) -> None:
    """Close out a contract.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not approve statements.
        RefusedError: If it is closed out already, or there is no note.
        FindingsError: If something is still open, with each claim, statement, invoice, line and sample
            that is.
    """
    command = chain.begin(session, "contract.close-out", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.APPROVE, contract.id)
    refuse_closed(session, contract.id)
    if not note.strip():
        message = "to close out a contract needs a note that says why, and who agreed it"
        raise RefusedError(message)
    today = local_day(at, contract.terms.timezone)
    findings = (
        *_open_claims(session, contract, seq),
        *_not_stated(session, contract, seq, at),
        *_unpaid(session, contract, seq),
        *_disputed(session, contract, seq),
        *_open_samples(session, contract, seq),
    )
    if findings:
        raise FindingsError(findings)
    command.contract_id = contract.id
    command.add_one(ContractClosure, contract_id=contract.id, closed_on=today, note=note.strip(), by_id=by.id)
    command.payload = {"closed_on": today.isoformat()}
    command.close()


def _open_claims(session: Session, contract: Registered, seq: int) -> Iterator[Finding]:
    for claim in claims_as_known(session, contract.id, seq):
        if claim.state in _OPEN:
            yield error("claim-open", f"claim {claim.row} is {claim.state}", "accepted, rejected or withdrawn")


def _not_stated(session: Session, contract: Registered, seq: int, at: datetime) -> Iterator[Finding]:
    if any(tariff.price is None for tariff in contract.terms.tariffs):
        return
    today = local_day(at, contract.terms.timezone)
    due = due_on(session, contract, today, seq=seq, today=today)
    if due is None:
        return
    for line in due.statement.lines:
        what = f"{line.row or line.kind} of {line.own_period}: {shown(line.total, contract.terms.currency)} is due"
        yield error("due-not-stated", f"{what} and on no statement", "a statement that is approved")


def _unpaid(session: Session, contract: Registered, seq: int) -> Iterator[Finding]:
    currency = contract.terms.currency
    bills = bills_as_known(session, contract.id, seq)
    billed = {(bill.statement, bill.payer) for bill in bills}
    for part in stated_for(session, contract.id, seq):
        if part.net and part.payer != UNFUNDED and (part.statement, part.payer) not in billed:
            what = f"statement {part.statement} is not invoiced to {part.payer}: {shown(part.net, currency)}"
            yield error("statement-not-invoiced", what, "an invoice, or a credit note, that is settled")
    for bill in bills:
        if bill.outstanding > 0:
            what = f"{shown(bill.outstanding, currency)} of invoice {bill.number} to {bill.payer} is not paid"
            yield error("invoice-unpaid", what, "paid, or set off")
        elif bill.outstanding < 0:
            kind = "credit note" if bill.is_credit_note else "invoice"
            what = f"{shown(bill.credit, currency)} of {kind} {bill.number} is to go back to {bill.payer}"
            yield error("credit-open", what, "paid back, or set off")


def _disputed(session: Session, contract: Registered, seq: int) -> Iterator[Finding]:
    for line in disputes_as_known(session, contract.id, seq):
        amount = shown(line.amount, contract.terms.currency)
        what = f"{line.payer} disputes line {line.line} of statement {line.statement}, {amount}: {line.reason}"
        yield error("line-disputed", what, "settled")


def _open_samples(session: Session, contract: Registered, seq: int) -> Iterator[Finding]:
    for sample in samples_as_known(session, contract.id, seq):
        if sample.closed is None:
            how = "designed and not drawn" if sample.draw is None else "drawn and not closed"
            yield error("sample-open", f"the sample of statement {sample.statement} is {how}", "closed")
