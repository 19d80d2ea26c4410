"""Hold what a payer says it paid against its invoices, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.money import Currency, shown
from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.confirmation_file import ConfirmedLine


class Match(StrEnum):
    """How a line stands to its invoice."""

    MATCHED = "matched"
    PART = "part"
    OVER = "over"
    KNOWN = "known"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """One line with its invoice: ``difference`` is what the invoice is left with, below zero where too much came."""

    line: ConfirmedLine
    bill: Bill | None
    match: Match
    difference: int = 0


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment that was confirmed before."""

    payer: str
    reference: str
    invoice: str
    paid_on: date
    amount: int


def matched(
    lines: Sequence[ConfirmedLine],
    bills: Sequence[Bill],
    known: Sequence[KnownPayment],
    *,
    today: date,
    currency: Currency,
    log: FindingLog,
) -> tuple[MatchedLine, ...]:
    """Return each line with its invoice; what cannot be right becomes a finding.

    Lines are taken one after the other, so that two that pay the same invoice in parts leave nothing over.
    """
    by_number = {bill.number: bill for bill in bills}
    before = {(payment.payer, payment.reference): payment for payment in known}
    settled = {bill.number: bill.settled for bill in bills}
    return tuple(_matched(line, by_number, before, settled, today, currency, log) for line in lines)


def _matched(
    line: ConfirmedLine,
    by_number: Mapping[str, Bill],
    before: Mapping[tuple[str, str], KnownPayment],
    settled: dict[str, int],
    today: date,
    currency: Currency,
    log: FindingLog,
) -> MatchedLine:
    same = before.get((line.payer, line.reference))
    bill = by_number.get(line.invoice)
    if same is not None:
        if (same.invoice, same.paid_on, same.amount) == (line.invoice, line.paid_on, line.amount):
            return MatchedLine(line, bill, Match.KNOWN)
        what = (
            f"the reference {line.reference!r} was confirmed before, for {shown(same.amount, currency)} on invoice"
            f" {same.invoice} on {same.paid_on}"
        )
        log.error(Said("reference-used", what, "another reference, or the line as it was"), row=line.row)
        return MatchedLine(line, bill, Match.WRONG)
    if bill is None:
        own = [each.number for each in by_number.values() if each.payer == line.payer and each.outstanding]
        accepted = f"an open one: {', '.join(own[:10])}" if own else "one that was issued; none is open"
        what = f"there is no invoice {line.invoice!r} of this contract"
        log.error(Said("invoice-unknown", what, accepted), row=line.row, column="invoice")
        return MatchedLine(line, None, Match.WRONG)
    wrong = _wrong_with(line, bill, today)
    if wrong is not None:
        said, column = wrong
        log.error(said, row=line.row, column=column)
        return MatchedLine(line, bill, Match.WRONG)
    return _held_against(line, bill, settled, currency, log)


def _wrong_with(line: ConfirmedLine, bill: Bill, today: date) -> tuple[Said, str] | None:
    if bill.payer != line.payer:
        what = f"{line.invoice} is an invoice to {bill.payer}, not to {line.payer}"
        return Said("payer-differs", what, f"an invoice to {line.payer}"), "payer"
    if line.paid_on < bill.issued_on:
        what = f"{line.paid_on} is before {bill.number} was issued"
        return Said("paid-before-invoice", what, f"a day from {bill.issued_on} on"), "paid_on"
    if line.paid_on > today:
        return Said("paid-in-future", f"{line.paid_on} is after today, {today}", f"a day up to {today}"), "paid_on"
    return None


def _held_against(
    line: ConfirmedLine, bill: Bill, settled: dict[str, int], currency: Currency, log: FindingLog
) -> MatchedLine:
    # A credit note is held against what was paid back, so that both are looked at with one sign.
    sign = -1 if bill.is_credit_note else 1
    after = settled[bill.number] + line.amount
    left = bill.gross - after
    if sign * after < 0:
        what = f"more would be taken back on {bill.number} than the {shown(abs(after - line.amount), currency)} paid"
        accepted = "an amount below zero only for what was paid back, or on a credit note"
        log.error(Said("more-than-was-paid", what, accepted), row=line.row, column="amount")
        return MatchedLine(line, bill, Match.WRONG)
    settled[bill.number] = after
    if not left:
        return MatchedLine(line, bill, Match.MATCHED)
    if sign * left > 0:
        what = f"{shown(line.amount, currency)} leaves {shown(left, currency)} of {bill.number} open"
        log.warning(Said("paid-in-part", what, "a part, if it is one"), row=line.row, column="amount")
        return MatchedLine(line, bill, Match.PART, left)
    what = f"{shown(line.amount, currency)} is {shown(abs(left), currency)} more than {bill.number} was open for"
    log.warning(
        Said("overpaid", what, "confirming it has to say that too much was paid"), row=line.row, column="amount"
    )
    return MatchedLine(line, bill, Match.OVER, left)
