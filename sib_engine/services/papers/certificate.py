"""Use case: the one-page certificate of an approved statement."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError
from sib_engine.documents.caps import contract_headroom
from sib_engine.documents.certificate import MAX_PAYERS, CertificateFigures, CertifiedPart, certificate_document
from sib_engine.documents.statement import SCHEDULED
from sib_engine.payments.statement.lines import LineKind
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.audit.place import AsKnownOn, place_known_on
from sib_engine.services.papers.claimed import accepted_outcomes, undecided_outcomes
from sib_engine.services.papers.known_statement import KnownStatement, statement_as_known
from sib_engine.services.papers.printing import Printed, Printing, printed
from sib_engine.services.papers.sign_offs import sign_offs_of
from sib_engine.services.statements.parties import organisation_of, statement_numbered
from sib_engine.storage import chain
from sib_engine.storage.records.billing import bills_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.terms.party import UNFUNDED


def print_certificate(
    session: Session,
    code: str,
    number: int,
    kinds: Iterable[Printing],
    *,
    as_known_on: AsKnownOn | None = None,
    by: Actor,
    at: datetime,
) -> Printed:
    """Return the certificate of a statement as a page; the same statement and invoices give the same bytes.

    It bears the day of the approval, or that of the last of the statement's invoices. Claims and caps are as they
    were known at the approval, invoices as they were at the end of ``as_known_on``, or are now.

    Raises:
        NotFoundError: If there is no such contract or statement.
        SegregationError: If ``by`` may not see amounts.
        RefusedError: If it has too many payers for one page, or was not approved by the day.
    """
    figures, drawn_up_on = certificate_of(session, code, number, as_known_on=as_known_on, by=by, at=at)
    return printed(certificate_document(figures, drawn_up_on=drawn_up_on), kinds)


def certificate_of(
    session: Session, code: str, number: int, *, as_known_on: AsKnownOn | None = None, by: Actor, at: datetime
) -> tuple[CertificateFigures, date]:
    """Return the figures of :func:`print_certificate`, and the day that it bears."""
    now, _ = chain.head(session)
    contract = contract_as_known(session, code, now)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    record = statement_numbered(session, contract, number)
    seq = place_known_on(session, code, as_known_on, at=at).seq
    if record.seq > seq:
        message = f"statement {number} was approved on {record.known_on}; accepted: a day from then on"
        raise RefusedError(message)
    found = statement_as_known(session, code, record)
    bills = {bill.payer: bill for bill in bills_as_known(session, contract.id, seq) if bill.statement == number}
    parts = tuple(
        CertifiedPart(payer, organisation_of(found.contract, payer), net, bills.get(payer))
        for payer, net in _nets(found).items()
    )
    if len(parts) > MAX_PAYERS:
        message = f"statement {number} has {len(parts)} payers, and a certificate of one page holds {MAX_PAYERS}"
        raise RefusedError(message)
    rejected, waiting = undecided_outcomes(session, found)
    lines = found.lines
    payable = sum(line.payable for line in lines)
    new = [line for line in lines if line.kind is LineKind.OUTCOME or line.kind in SCHEDULED]
    figures = CertificateFigures(
        contract=found.contract.terms,
        period=found.period,
        statement=number,
        digest=record.digest,
        accepted=accepted_outcomes(lines),
        rejected=rejected,
        waiting=waiting,
        scheduled=sum(line.earned for line in lines if line.kind in SCHEDULED),
        corrections=payable - sum(line.payable for line in new),
        capped=sum(line.earned - line.payable for line in new),
        payable=payable,
        headroom=contract_headroom(found.headroom),
        unbilled=payable - sum(part.net for part in parts),
        parts=parts,
        is_assumed=any(line.is_assumed for line in lines),
        headroom_words="no cap agreed" if found.draft is not None else "not known",
        sign_offs=sign_offs_of(session, record, contract.terms.timezone),
        notes=found.notes,
    )
    return figures, max([record.known_on, *(bill.issued_on for bill in bills.values())])


def _nets(found: KnownStatement) -> dict[str, int]:
    """Return what a statement asks of each payer, in contract order."""
    payers = found.lines[0].payers
    pays = {payer: sum(line.pays[place] for line in found.lines) for place, payer in enumerate(payers)}
    return {payer: net for payer, net in pays.items() if payer != UNFUNDED}
