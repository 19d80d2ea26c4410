"""Use case: list the statements of a contract, and show one with its lines, payers, invoices and events."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.money import plain, shown
from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.parties import organisation_of, statement_numbered
from sib_engine.services.statements.seen_lines import added_up, hidden_from
from sib_engine.storage import chain
from sib_engine.storage.records.billing import DisputedLine, bills_as_known, disputes_as_known, stated_for
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.statements import lines_as_known, statements_as_known
from sib_engine.storage.tables import (
    Account,
    AuditEntry,
    Dispute,
    Invoice,
    Payment,
    SetOff,
    Statement,
    StatementEvent,
    StatementLine,
)


@dataclass(frozen=True, slots=True)
class PayerPart:
    """What a statement asks of one payer, net, the invoice for it if there is one, and what it disputes, net."""

    payer: str
    organisation: str
    net: int
    bill: Bill | None
    disputed: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a statement: when, by whom, and in which words."""

    on: date
    by: str
    what: str


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """A line with its number on the statement; 0 where it stands for several whose people may not be seen."""

    number: int
    line: StatedLine


@dataclass(frozen=True, slots=True)
class ShownStatement:
    """One approved statement and what became of it."""

    contract: Registered
    number: int
    period: str
    known_on: date
    digest: str
    total: int
    lines: tuple[NumberedLine, ...]
    payers: tuple[PayerPart, ...]
    disputes: tuple[DisputedLine, ...]
    events: tuple[Event, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the statement as ``sib statements show --json`` prints it."""
        currency = self.contract.terms.currency
        return {
            "contract": self.contract.terms.code,
            "currency": currency.code,
            "statement": self.number,
            "period": self.period,
            "known_on": self.known_on.isoformat(),
            "digest": self.digest,
            "total": plain(self.total, currency),
            "lines": [
                {
                    "line": each.number or None,
                    "own_period": each.line.own_period,
                    "kind": each.line.kind.value,
                    "row": each.line.row or None,
                    "metric": each.line.metric,
                    "site": each.line.site,
                    "count": each.line.count,
                    "earned": plain(each.line.earned, currency),
                    "payable": plain(each.line.payable, currency),
                    "pays": {
                        payer: plain(pays, currency)
                        for payer, pays in zip(each.line.payers, each.line.pays, strict=True)
                    },
                    "assumed": each.line.is_assumed,
                    "why": each.line.why or None,
                }
                for each in self.lines
            ],
            "payers": [
                {
                    "payer": each.payer,
                    "organisation": each.organisation,
                    "net": plain(each.net, currency),
                    "invoice": None if each.bill is None else each.bill.number,
                    "outstanding": None if each.bill is None else plain(each.bill.outstanding, currency),
                    "disputed": plain(each.disputed, currency),
                }
                for each in self.payers
            ],
            "events": [{"on": each.on.isoformat(), "by": each.by, "what": each.what} for each in self.events],
        }


def list_statements(session: Session, code: str, *, by: Actor, seq: int | None = None) -> tuple[ShownStatement, ...]:
    """Return every statement of a contract, as known at a place, oldest first, without its lines.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not see amounts.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    return tuple(_shown(session, contract, each, seq) for each in statements_as_known(session, contract.id, seq))


def show_statement(session: Session, code: str, number: int, *, by: Actor, seq: int | None = None) -> ShownStatement:
    """Return one statement with its lines, and what had become of it at a place of the chain, or has by now.

    Whoever may see no rows about people gets lines added up by period, kind, metric and site; a provider
    gets so what others submitted.

    Raises:
        NotFoundError: If there is no such contract or statement.
        SegregationError: If ``by`` may not see amounts.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    statement = statement_numbered(session, contract, number, seq)
    found = _shown(session, contract, statement, seq)
    own = [line for line in lines_as_known(session, contract.id, seq) if line.statement == number]
    lines = [NumberedLine(place, line) for place, line in enumerate(own, start=1)]
    hidden = hidden_from(session, contract, by)
    seen = [each for each in lines if not hidden(each.line.row, each.line.metric)]
    rest = added_up(each.line for each in lines if hidden(each.line.row, each.line.metric))
    disputes = tuple(replace(each, row="") if hidden(each.row, each.metric) else each for each in found.disputes)
    return replace(found, lines=(*seen, *(NumberedLine(0, line) for line in rest)), disputes=disputes)


def _shown(session: Session, contract: Registered, statement: Statement, seq: int) -> ShownStatement:
    bills = {
        bill.payer: bill for bill in bills_as_known(session, contract.id, seq) if bill.statement == statement.number
    }
    disputes = tuple(
        each for each in disputes_as_known(session, contract.id, seq) if each.statement == statement.number
    )
    payers = tuple(
        PayerPart(
            part.payer,
            organisation_of(contract, part.payer),
            part.net,
            bills.get(part.payer),
            sum(each.amount for each in disputes if each.payer == part.payer),
        )
        for part in stated_for(session, contract.id, seq)
        if part.statement == statement.number
    )
    return ShownStatement(
        contract=contract,
        number=statement.number,
        period=statement.period,
        known_on=statement.known_on,
        digest=statement.digest,
        total=statement.total,
        lines=(),
        payers=payers,
        disputes=disputes,
        events=_events(session, contract, statement, seq),
    )


def _events(session: Session, contract: Registered, statement: Statement, seq: int) -> tuple[Event, ...]:
    """Return what happened to a statement by ``seq``, in the order of the audit trail."""
    currency = contract.terms.currency
    said: list[tuple[int, str]] = [(statement.seq, "approved")]
    said += [
        (event.seq, event.kind + (f": {event.note}" if event.note else ""))
        for event in session.execute(_of(StatementEvent, statement)).scalars()
    ]
    for invoice in session.execute(_of(Invoice, statement)).scalars():
        kind = "credit note" if invoice.net < 0 else "invoice"
        said.append((invoice.seq, f"{kind} {invoice.number} to {invoice.payer}, {shown(invoice.gross, currency)}"))
    for payment, number in session.execute(
        select(Payment, Invoice.number).join(Invoice).where(Invoice.statement_id == statement.id).order_by(Payment.id)
    ):
        what = f"{shown(payment.amount, currency)} paid on {number}, {payment.paid_on}, {payment.reference}"
        said.append((payment.seq, what))
    for off, number in session.execute(
        select(SetOff, Invoice.number)
        .join(Invoice, (Invoice.id == SetOff.invoice_id) | (Invoice.id == SetOff.credit_id))
        .where(Invoice.statement_id == statement.id)
        .order_by(SetOff.id)
    ):
        said.append((off.seq, f"{shown(off.amount, currency)} set off on {number}, {off.rule}"))
    for dispute, line in session.execute(
        select(Dispute, StatementLine.number)
        .join(StatementLine, StatementLine.id == Dispute.line_id)
        .where(StatementLine.statement_id == statement.id)
        .order_by(Dispute.id)
    ):
        verb = "settled" if dispute.is_settled else "disputed"
        said.append((dispute.seq, f"line {line} {verb} by {dispute.payer}: {dispute.reason}"))
    said = sorted((each for each in said if each[0] <= seq), key=lambda each: each[0])
    entries = (
        select(AuditEntry.seq, AuditEntry.at, Account.login)
        .join(Account, Account.id == AuditEntry.by_id)
        .where(AuditEntry.seq.in_({place for place, _ in said}))
    )
    whens: dict[int, tuple[datetime, str]] = {place: (at, login) for place, at, login in session.execute(entries)}
    zone = contract.terms.timezone
    return tuple(Event(local_day(whens[place][0], zone), whens[place][1], what) for place, what in said)


def _of(table: type[Any], statement: Statement) -> Select[Any]:
    return select(table).where(table.statement_id == statement.id).order_by(table.id)
