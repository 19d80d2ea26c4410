"""Use case: issue the invoices of a statement, one for each payer; a credit note where it takes money back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.payments.billing.bills import Bill, due_on
from sib_engine.payments.billing.numbering import checked_scheme, numbered
from sib_engine.payments.billing.vat import VatTreatment, rate_on, shown_rate, vat_on
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.parties import own_payers, statement_numbered
from sib_engine.services.statements.postings import posting_of_vat
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.billing import StatedFor, bills_as_known, stated_for
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.tables import Invoice, LedgerEntry, Statement
from sib_engine.terms.party import UNFUNDED


@dataclass(frozen=True, slots=True)
class BillTo:
    """What an invoice needs and no contract says: purchase order, VAT treatment, and a rate where not the dated one."""

    purchase_order: str
    vat_treatment: VatTreatment
    vat_rate: int | None = None


@dataclass(frozen=True, slots=True)
class Issued:
    """The invoices and credit notes of one statement."""

    contract: Registered
    bills: tuple[Bill, ...]


def issue_invoices(
    session: Session,
    code: str,
    number: int,
    bill_to: Mapping[str, BillTo],
    *,
    scheme: str | None = None,
    issued_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Issued:
    """Issue one invoice to each payer of a statement that owes something, or a credit note, and return them.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        number: Number of an approved statement.
        bill_to: By payer, for each that owes or gets back something on it.
        scheme: How invoices are numbered; without it as the issuer's last invoice on the contract.
        issued_on: The day on the invoices, from the approval of the statement up to today; today by default.
        by: Who issues them, of an organisation that is a party of the contract.
        at: When.

    Raises:
        NotFoundError: If there is no such contract, statement or payer.
        RefusedError: If the statement is invoiced already, asks nothing of anybody, or something is not said.
        SegregationError: If ``by`` may not invoice, or would invoice their own organisation.
    """
    command = chain.begin(session, "invoice.issue", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.INVOICE, contract.id)
    refuse_closed(session, contract.id)
    statement = statement_numbered(session, contract, number)
    day = _day(statement, issued_on, local_day(at, contract.terms.timezone))
    bills = bills_as_known(session, contract.id, seq)
    parts = _parts_to_bill(contract, stated_for(session, contract.id, seq), bills, number, bill_to)
    _refuse_outsiders(contract, [part.payer for part in parts], by)
    scheme, serial = _next_in(session, contract.id, scheme, by)
    rows = []
    for part in parts:
        rows.append(_row(contract, part, bill_to[part.payer], bills, day))
        rows[-1] |= {
            "organisation_id": by.organisation_id,
            "scheme": scheme,
            "serial": serial,
            "number": numbered(scheme, serial=serial, year=day.year, statement=number, payer=part.payer),
        }
        serial += 1
    _refuse_taken(session, contract.id, [row["number"] for row in rows], by)
    command.contract_id = contract.id
    ids = command.add(Invoice, rows)
    for invoice, row in zip(ids, rows, strict=True):
        command.add(
            LedgerEntry,
            posting_of_vat(row["payer"], row["vat"], contract_id=contract.id, invoice_id=invoice, booked_on=day),
        )
    command.payload = {"statement": number, "invoices": [row["number"] for row in rows]}
    command.close()
    issued = {row["number"] for row in rows}
    made = (bill for bill in bills_as_known(session, contract.id, command.seq) if bill.number in issued)
    return Issued(contract, tuple(made))


def _day(statement: Statement, issued_on: date | None, today: date) -> date:
    if issued_on is None:
        return today
    if not statement.known_on <= issued_on <= today:
        message = (
            f"{issued_on} cannot be the day of an invoice for a statement of {statement.known_on}; accepted: from then"
            f" to today, {today}"
        )
        raise RefusedError(message)
    return issued_on


def _parts_to_bill(
    contract: Registered,
    stated: Sequence[StatedFor],
    bills: Sequence[Bill],
    number: int,
    bill_to: Mapping[str, BillTo],
) -> list[StatedFor]:
    """Return what the statement asks of each payer; refused where it is not said how to bill each of them."""
    there = [f"{bill.number} to {bill.payer}" for bill in bills if bill.statement == number]
    if there:
        message = f"statement {number} is invoiced already: {', '.join(there)}"
        raise RefusedError(message)
    unknown = [payer for payer in bill_to if payer not in contract.terms.payers]
    if unknown:
        message = f"the contract has no payer {', '.join(unknown)}; accepted: {', '.join(contract.terms.payers)}"
        raise NotFoundError(message)
    parts = [part for part in stated if part.statement == number and part.net and part.payer != UNFUNDED]
    if not parts:
        message = f"statement {number} asks nothing of any payer, so there is nothing to invoice"
        raise RefusedError(message)
    names = [part.payer for part in parts]
    missing = [payer for payer in names if payer not in bill_to or not bill_to[payer].purchase_order.strip()]
    if missing:
        message = (
            f"it is not said how to bill {' and '.join(missing)}; accepted: for each a purchase order ('none' where the"
            f" payer uses none) and a VAT treatment, {', '.join(VatTreatment)}"
        )
        raise RefusedError(message)
    idle = [payer for payer in bill_to if payer not in names]
    if idle:
        message = f"statement {number} asks nothing of {' and '.join(idle)}; accepted: {', '.join(names)}"
        raise RefusedError(message)
    billed = {(bill.statement, bill.payer) for bill in bills}
    for part in parts:
        earlier = [
            each.statement
            for each in stated
            if each.payer == part.payer
            and each.net
            and each.statement < number
            and (each.statement, each.payer) not in billed
        ]
        if part.net < 0 and earlier:
            message = (
                f"statement {number} takes money back from what {part.payer} was to pay, and statement {earlier[0]} is"
                " not invoiced yet; invoice that first"
            )
            raise RefusedError(message)
    return parts


def _refuse_outsiders(contract: Registered, payers: Sequence[str], by: Actor) -> None:
    if by.organisation_id not in contract.organisations.values():
        message = (
            f"{by.organisation!r} is no party of {contract.terms.code}; accepted: somebody of an organisation that"
            " is registered as one of its parties"
        )
        raise SegregationError(message)
    own = [payer for payer in own_payers(contract, by) if payer in payers]
    if own:
        message = f"{by.organisation} is {own[0]}: nobody invoices their own organisation"
        raise SegregationError(message)


def _next_in(session: Session, contract_id: int, scheme: str | None, by: Actor) -> tuple[str, int]:
    """Return the scheme, and the next serial number of it that the issuer has not used on any contract."""
    if scheme is None:
        last = (
            select(Invoice.scheme)
            .where(Invoice.contract_id == contract_id, Invoice.organisation_id == by.organisation_id)
            .order_by(Invoice.id.desc())
            .limit(1)
        )
        scheme = session.execute(last).scalar()
        if scheme is None:
            message = (
                f"{by.organisation} has issued no invoice on this contract, so its numbers are not declared yet;"
                " accepted: a scheme such as SIB-{year}-{serial:04}"
            )
            raise RefusedError(message)
    scheme = checked_scheme(scheme)
    used = select(func.max(Invoice.serial)).where(
        Invoice.organisation_id == by.organisation_id, Invoice.scheme == scheme
    )
    return scheme, (session.execute(used).scalar() or 0) + 1


def _refuse_taken(session: Session, contract_id: int, numbers: Sequence[str], by: Actor) -> None:
    query = select(Invoice.number).where(
        Invoice.number.in_(numbers),
        or_(Invoice.contract_id == contract_id, Invoice.organisation_id == by.organisation_id),
    )
    taken = session.execute(query).scalars().all()
    if taken:
        message = f"there is an invoice {', '.join(taken)} already; accepted: another scheme"
        raise RefusedError(message)


def _row(contract: Registered, part: StatedFor, how: BillTo, bills: Sequence[Bill], day: date) -> dict[str, Any]:
    rate = rate_on(how.vat_treatment, day, contract.terms.currency, given=how.vat_rate)
    charged = [(bill.vat_treatment, bill.vat_rate) for bill in bills if bill.payer == part.payer]
    if part.net < 0 and (how.vat_treatment, rate) not in charged:
        before = ", ".join(dict.fromkeys(_words(treatment, each) for treatment, each in charged))
        message = (
            f"a credit note takes back VAT as it was charged, and {_words(how.vat_treatment, rate)} never was to"
            f" {part.payer}; accepted: {before}"
        )
        raise RefusedError(message)
    treatments = {treatment for treatment, _ in charged}
    if treatments and how.vat_treatment not in treatments:
        before = " and ".join(sorted(treatments))
        message = (
            f"{part.payer} was billed as {before} before: under another treatment nobody could say what VAT a later"
            f" credit note takes back; accepted: {before}"
        )
        raise RefusedError(message)
    vat = vat_on(part.net, rate)
    return {
        "contract_id": contract.id,
        "statement_id": part.statement_id,
        "payer": part.payer,
        "purchase_order": how.purchase_order.strip(),
        "net": part.net,
        "vat_treatment": how.vat_treatment.value,
        "vat_rate": rate,
        "vat": vat,
        "gross": part.net + vat,
        "issued_on": day,
        "due_on": due_on(day),
    }


def _words(treatment: VatTreatment, rate: int) -> str:
    return f"{treatment} at {shown_rate(rate)}" if rate else treatment.value
