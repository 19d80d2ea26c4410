"""Use case: settle open invoices with a credit note, by a declared rule."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.setting_off import SetOffRule
from sib_engine.payments.billing.setting_off import set_off as chosen_by
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.billing import bills_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.tables import Invoice, SetOff


@dataclass(frozen=True, slots=True)
class SetOffBy:
    """What a credit note settled: each invoice as it stood before, and how much of it, minor units."""

    contract: Registered
    parts: tuple[tuple[Bill, int], ...]


def set_off_credit(session: Session, code: str, number: str, rule: SetOffRule, *, by: Actor, at: datetime) -> SetOffBy:
    """Set a credit note off against open invoices of its payer, and return how much of each it settles.

    Nothing moves in the ledger: what the payer owes in all is the same before and after.

    Raises:
        NotFoundError: If there is no such contract or credit note.
        RefusedError: If nothing is left of the credit, or no invoice is open.
        SegregationError: If ``by`` may not invoice, or another organisation issued the credit note.
    """
    command = chain.begin(session, "credit.set-off", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.INVOICE, contract.id)
    refuse_closed(session, contract.id)
    bills = bills_as_known(session, contract.id, seq)
    credit = next((bill for bill in bills if bill.number == number), None)
    if credit is None or not credit.is_credit_note:
        known = ", ".join(bill.number for bill in bills if bill.is_credit_note)
        message = f"there is no credit note {number!r}; accepted: {known or 'none is issued'}"
        raise NotFoundError(message)
    issuer = session.execute(select(Invoice.organisation_id).where(Invoice.id == credit.id)).scalar_one()
    if issuer != by.organisation_id:
        message = f"another organisation issued {number}, and only who issued it sets it off"
        raise SegregationError(message)
    found = chosen_by(credit, bills, rule)
    if not found:
        why = "nothing is left of it" if not credit.credit else f"no invoice to {credit.payer} is open and undisputed"
        message = f"{number} cannot be set off: {why}"
        raise RefusedError(message)
    command.contract_id = contract.id
    command.add(
        SetOff,
        [
            {
                "contract_id": contract.id,
                "payer": credit.payer,
                "credit_id": credit.id,
                "invoice_id": bill.id,
                "amount": amount,
                "rule": rule.value,
                "set_on": local_day(at, contract.terms.timezone),
                "by_id": by.id,
            }
            for bill, amount in found
        ],
    )
    command.payload = {"credit": number, "rule": rule.value, "invoices": [bill.number for bill, _ in found]}
    command.close()
    return SetOffBy(contract, found)
