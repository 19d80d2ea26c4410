"""Invoices and schedules of the two-payer contract, for the tests of their documents."""

from dataclasses import replace
from datetime import date
from typing import Final

from sib_engine.documents.invoices import DisputedPart, InvoiceSchedule
from sib_engine.payments.billing.accruals import Accrual
from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.vat import VatTreatment
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load_text
from tests.documents.stated import TWO_PAYERS

DAY: Final = date(2021, 4, 14)
BILL: Final = Bill(
    id=1,
    number="INV-1",
    purchase_order="PO-1",
    payer="council",
    statement=1,
    period="2020-Q4",
    vat_treatment=VatTreatment.STANDARD,
    vat_rate=2000,
    net=10000,
    vat=2000,
    issued_on=date(2021, 1, 4),
    due_on=date(2021, 2, 3),
)


def contract(organisation: str = "A council") -> Contract:
    """Return the contract, whose council may be called anything."""
    found = load_text(TWO_PAYERS.read_text(encoding="utf-8"), "two-payers").contract
    assert found is not None
    council, *others = found.parties
    return replace(found, parties=(replace(council, organisation=organisation), *others))


def schedule(*bills: Bill, organisation: str = "A council") -> InvoiceSchedule:
    """Return a schedule as at 14 April 2021, with £42.00 accrued at 31 March."""
    disputes = tuple(
        DisputedPart(bill.statement, 1, "P1/engagement", bill.payer, 1000, DAY, "denied")
        for bill in bills
        if bill.disputed
    )
    accruals = (Accrual("fund", "A fund", "2021-Q1", 4200, "outcomes achieved by then"),)
    return InvoiceSchedule(contract(organisation), DAY, bills, disputes, accruals, date(2021, 3, 31))
