"""Use case: confirm payments from a payer's file, in two stages: a preview that writes nothing, then the commit."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import FindingsError, RefusedError, StaleDigestError
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Finding, has_errors, note
from sib_engine.core.money import plain
from sib_engine.payments.billing.confirmation_file import ConfirmedLine, read_confirmation
from sib_engine.payments.billing.matching import Match, MatchedLine, matched
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.parties import own_payers, payer_spoken_for
from sib_engine.services.statements.postings import posting_of_payment
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.billing import bills_as_known, payments_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.tables import Account, AuditEntry, LedgerEntry, Payment


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a file would confirm, line by line, with all that is wrong with it; ``digest`` is what a commit names."""

    contract: Registered
    name: str
    digest: str
    lines: tuple[MatchedLine, ...]
    findings: tuple[Finding, ...]

    @property
    def new(self) -> tuple[MatchedLine, ...]:
        """Lines that are not confirmed yet and can be."""
        return tuple(each for each in self.lines if each.match not in {Match.KNOWN, Match.WRONG})

    @property
    def total(self) -> int:
        """What the new lines come to, minor units."""
        return sum(each.line.amount for each in self.new)

    @property
    def can_be_committed(self) -> bool:
        """Whether there is something new and nothing wrong."""
        return bool(self.new) and not has_errors(self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the confirmation as ``sib payments preview --json`` prints it."""
        currency = self.contract.terms.currency
        return {
            "contract": self.contract.terms.code,
            "file": self.name,
            "digest": self.digest,
            "can_be_committed": self.can_be_committed,
            "total": plain(self.total, currency),
            "lines": [
                {
                    "row": each.line.row,
                    "payer": each.line.payer,
                    "invoice": each.line.invoice,
                    "reference": each.line.reference,
                    "paid_on": each.line.paid_on.isoformat(),
                    "amount": plain(each.line.amount, currency),
                    "match": each.match.value,
                    "left_open": plain(each.difference, currency),
                }
                for each in self.lines
            ],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def preview_payments(session: Session, code: str, path: Path, *, by: Actor, at: datetime) -> Confirmation:
    """Return what a file of payments would confirm; nothing is written.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not confirm payments, or is of no payer of the contract.
        RefusedError: If the contract is closed out.
    """
    seq, _ = chain.head(session)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.CONFIRM, contract.id)
    refuse_closed(session, contract.id)
    own = own_payers(contract, by) or (payer_spoken_for(contract, None, by),)
    digest = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    same = _same_file(session, contract.id, digest)
    if same is not None:
        return Confirmation(contract, path.name, digest, (), (same,))
    lines, log = read_confirmation(path, contract.terms)
    _note_others(lines, own, by, log)
    found = matched(
        lines,
        bills_as_known(session, contract.id, seq),
        payments_as_known(session, contract.id, seq),
        today=local_day(at, contract.terms.timezone),
        currency=contract.terms.currency,
        log=log,
    )
    return Confirmation(contract, path.name, digest, found, log.findings())


def confirm_payments(
    session: Session,
    code: str,
    path: Path,
    *,
    digest: str | None = None,
    accepts_overpayment: bool = False,
    by: Actor,
    at: datetime,
) -> Confirmation:
    """Write the payments of a file, all of them or none, and return what was done; lines known already are passed over.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        path: The file.
        digest: The digest that the preview showed; without it the file is taken as it is.
        accepts_overpayment: Whether more may be paid than an invoice is open for; the rest is credit.
        by: Who confirms, of the payer's own organisation.
        at: When.

    Raises:
        FindingsError: If the file has errors; nothing of it is written.
        RefusedError: If the file was taken in before, says nothing new, or pays too much without saying so.
        SegregationError: If ``by`` may not confirm payments, or is of no payer of the contract.
        StaleDigestError: If it is not the file that was previewed.
    """
    command = chain.begin(session, "payment.confirm", by_id=by.id, at=at)
    found = preview_payments(session, code, path, by=by, at=at)
    if digest is not None and digest != found.digest:
        message = f"{found.name} is not the file that was previewed; preview it again"
        raise StaleDigestError(message)
    if has_errors(found.findings):
        raise FindingsError(found.findings)
    if not found.new:
        what = found.findings[0].what if found.findings else "every line of it was confirmed before"
        message = f"{found.name} has nothing new: {what}"
        raise RefusedError(message)
    over = [each.line for each in found.new if each.match is Match.OVER]
    if over and not accepts_overpayment:
        rows = ", ".join(str(line.row) for line in over)
        message = f"more is paid than is open in row {rows} of {found.name}; confirming that has to be said"
        raise RefusedError(message)
    contract = command.contract_id = found.contract.id
    paid = [(each.line, each.bill) for each in found.new if each.bill is not None]
    ids = command.add(
        Payment,
        [
            {
                "contract_id": contract,
                "invoice_id": bill.id,
                "payer": line.payer,
                "reference": line.reference,
                "amount": line.amount,
                "paid_on": line.paid_on,
                "file_digest": found.digest,
            }
            for line, bill in paid
        ],
    )
    command.add(
        LedgerEntry,
        [
            posting_of_payment(line.payer, line.amount, contract_id=contract, payment_id=number, booked_on=line.paid_on)
            for number, (line, _) in zip(ids, paid, strict=True)
        ],
    )
    command.payload = {"file": found.digest, "payments": len(ids), "total": found.total, "over": len(over)}
    command.close()
    return found


def _note_others(lines: tuple[ConfirmedLine, ...], own: tuple[str, ...], by: Actor, log: FindingLog) -> None:
    for line in lines:
        if line.payer not in own:
            what = f"{line.payer} is not {by.organisation}: nobody confirms for a payer that is not their organisation"
            said = Said("not-your-payer", what, f"lines of {', '.join(own)}")
            log.error(said, row=line.row, column="payer")


def _same_file(session: Session, contract_id: int, digest: str) -> Finding | None:
    query = (
        select(AuditEntry.at, Account.login)
        .join(Payment, Payment.seq == AuditEntry.seq)
        .join(Account, Account.id == AuditEntry.by_id)
        .where(Payment.contract_id == contract_id, Payment.file_digest == digest)
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        return None
    at, login = found
    return note("same-file", f"the same file was confirmed on {at:%Y-%m-%d} by {login}", "a file with something new")
