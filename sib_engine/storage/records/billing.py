"""Invoices, payments, disputes and ledger balances as they were known at a place of the audit chain."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.matching import KnownPayment
from sib_engine.payments.billing.vat import VatTreatment, vat_on
from sib_engine.storage.tables import (
    Account,
    Dispute,
    Invoice,
    LedgerEntry,
    LinePart,
    Payment,
    SetOff,
    Statement,
    StatementLine,
)


@dataclass(frozen=True, slots=True)
class DisputedLine:
    """A line that a payer disputes, since when and why; ``amount`` is what the payer was to pay for it, net."""

    line_id: int
    statement: int
    line: int
    row: str
    metric: str
    payer: str
    amount: int
    since: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class StatedFor:
    """What one statement asks of one payer, net minor units."""

    statement_id: int
    statement: int
    period: str
    known_on: date
    payer: str
    net: int


def stated_for(session: Session, contract_id: int, seq: int, *, on: date | None = None) -> list[StatedFor]:
    """Return what each statement asks of each payer that had been approved by ``seq``, and by a day."""
    net = func.sum(LinePart.pays)
    query = (
        select(Statement.id, Statement.number, Statement.period, Statement.known_on, LinePart.payer, net)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .join(LinePart, LinePart.line_id == StatementLine.id)
        .where(Statement.contract_id == contract_id, Statement.seq <= seq)
        .group_by(Statement.id, Statement.number, Statement.period, Statement.known_on, LinePart.payer)
        .order_by(Statement.number, func.min(LinePart.id))
    )
    found = [StatedFor(*row[:5], int(row[5])) for row in session.execute(query)]
    return [each for each in found if on is None or each.known_on <= on]


def disputes_as_known(session: Session, contract_id: int, seq: int, *, on: date | None = None) -> list[DisputedLine]:
    """Return the lines that were disputed at ``seq`` and on a day and not settled, in order of the statements."""
    query = (
        select(Dispute, StatementLine.number, StatementLine.row, StatementLine.metric, Statement.number, Account.login)
        .add_columns(LinePart.pays)
        .join(StatementLine, StatementLine.id == Dispute.line_id)
        .join(Statement, Statement.id == StatementLine.statement_id)
        .join(LinePart, (LinePart.line_id == Dispute.line_id) & (LinePart.payer == Dispute.payer))
        .join(Account, Account.id == Dispute.by_id)
        .where(Statement.contract_id == contract_id, Dispute.seq <= seq)
        .order_by(Dispute.id)
    )
    standing: dict[tuple[int, str], DisputedLine] = {}
    for said, line, row, metric, statement, login, pays in session.execute(query):
        if on is not None and said.said_on > on:
            continue
        key = (said.line_id, said.payer)
        if said.is_settled:
            standing.pop(key, None)
        else:
            standing[key] = DisputedLine(
                said.line_id, statement, line, row, metric, said.payer, pays, said.said_on, said.reason, login
            )
    return sorted(standing.values(), key=lambda each: (each.statement, each.line, each.payer))


def bills_as_known(session: Session, contract_id: int, seq: int, *, on: date | None = None) -> list[Bill]:
    """Return invoices and credit notes, oldest first, with what was paid, set off and disputed by ``seq`` and a day."""
    query = (
        select(Invoice, Statement.number, Statement.period)
        .join(Statement, Statement.id == Invoice.statement_id)
        .where(Invoice.contract_id == contract_id, Invoice.seq <= seq)
        .order_by(Invoice.id)
    )
    paid = _paid(session, contract_id, seq, on)
    set_off = _set_off(session, contract_id, seq, on)
    disputed: dict[tuple[int, str], int] = defaultdict(int)
    for line in disputes_as_known(session, contract_id, seq, on=on):
        disputed[line.statement, line.payer] += line.amount
    bills = []
    for invoice, statement, period in session.execute(query):
        if on is not None and invoice.issued_on > on:
            continue
        bill = Bill(
            id=invoice.id,
            number=invoice.number,
            purchase_order=invoice.purchase_order,
            payer=invoice.payer,
            statement=statement,
            period=period,
            vat_treatment=VatTreatment(invoice.vat_treatment),
            vat_rate=invoice.vat_rate,
            net=invoice.net,
            vat=invoice.vat,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            paid=paid[invoice.id],
            set_off=set_off[invoice.id],
        )
        net = disputed[statement, invoice.payer]
        gross = net + vat_on(net, bill.vat_rate)
        bills.append(replace(bill, disputed=min(gross, max(bill.outstanding, 0))))
    return bills


def payments_as_known(session: Session, contract_id: int, seq: int) -> list[KnownPayment]:
    """Return every payment that had been confirmed by ``seq``, oldest first."""
    query = (
        select(Payment.payer, Payment.reference, Invoice.number, Payment.paid_on, Payment.amount)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Payment.contract_id == contract_id, Payment.seq <= seq)
        .order_by(Payment.id)
    )
    return [KnownPayment(*row) for row in session.execute(query)]


def balances_as_known(session: Session, contract_id: int, seq: int, *, on: date | None = None) -> dict[str, int]:
    """Return the balance of each account of a contract at ``seq``, of what was booked by a day: debits less credits."""
    balances: dict[str, int] = defaultdict(int)
    for side, sign in ((LedgerEntry.debit, 1), (LedgerEntry.credit, -1)):
        query = (
            select(side, func.sum(LedgerEntry.amount))
            .where(LedgerEntry.contract_id == contract_id, LedgerEntry.seq <= seq)
            .group_by(side)
        )
        if on is not None:
            query = query.where(LedgerEntry.booked_on <= on)
        for account, amount in session.execute(query):
            balances[account] += sign * int(amount)
    return balances


def _paid(session: Session, contract_id: int, seq: int, on: date | None) -> dict[int, int]:
    query = select(Payment.invoice_id, Payment.amount, Payment.paid_on).where(
        Payment.contract_id == contract_id, Payment.seq <= seq
    )
    return _summed([(invoice, amount, day) for invoice, amount, day in session.execute(query)], on)


def _set_off(session: Session, contract_id: int, seq: int, on: date | None) -> dict[int, int]:
    query = select(SetOff.invoice_id, SetOff.credit_id, SetOff.amount, SetOff.set_on).where(
        SetOff.contract_id == contract_id, SetOff.seq <= seq
    )
    found = []
    for invoice, credit, amount, day in session.execute(query):
        found += [(invoice, amount, day), (credit, -amount, day)]
    return _summed(found, on)


def _summed(amounts: Sequence[tuple[int, int, date]], on: date | None) -> dict[int, int]:
    summed: dict[int, int] = defaultdict(int)
    for key, amount, day in amounts:
        if on is None or day <= on:
            summed[key] += amount
    return summed
