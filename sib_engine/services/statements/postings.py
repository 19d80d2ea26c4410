"""What the ledger moves: what each payer owes, against what was earned, VAT, and what was paid."""

from datetime import date
from typing import Any

from sib_engine.payments.statement.draw_up import Statement
from sib_engine.terms.party import UNFUNDED

EARNED = "earned"
"""Account of what outcomes, grants and the rest have earned the contract: the other side of what payers owe."""

VAT = "VAT to account for"
"""Account of the VAT on invoices, less that on credit notes: whoever invoices owes it to the tax authority."""


def owed_by(payer: str) -> str:
    """Return the account of what a payer owes and has not paid."""
    return f"owed by {payer}"


def postings_of_statement(statement: Statement, *, contract_id: int, statement_id: int) -> list[dict[str, Any]]:
    """Return one entry for each payer that owes, or gets back, something; amounts are positive."""
    entries = []
    for payer, amount in zip(statement.payers, statement.pays, strict=True):
        if payer == UNFUNDED or not amount:
            continue
        debit, credit = (owed_by(payer), EARNED) if amount > 0 else (EARNED, owed_by(payer))
        entries.append(
            {
                "contract_id": contract_id,
                "statement_id": statement_id,
                "kind": "statement" if amount > 0 else "correction",
                "debit": debit,
                "credit": credit,
                "amount": abs(amount),
                "booked_on": statement.known_on,
            }
        )
    return entries


def paid_by(payer: str) -> str:
    """Return the account of what has come from a payer."""
    return f"paid by {payer}"


def posting_of_vat(payer: str, vat: int, *, contract_id: int, invoice_id: int, booked_on: date) -> list[dict[str, Any]]:
    """Return the entry for the VAT of an invoice, or that which a credit note takes back; none where there is none."""
    debit, credit = (owed_by(payer), VAT) if vat > 0 else (VAT, owed_by(payer))
    entry = {
        "contract_id": contract_id,
        "invoice_id": invoice_id,
        "kind": "VAT" if vat > 0 else "VAT taken back",
        "debit": debit,
        "credit": credit,
        "amount": abs(vat),
        "booked_on": booked_on,
    }
    return [entry] if vat else []


def posting_of_payment(
    payer: str, amount: int, *, contract_id: int, payment_id: int, booked_on: date
) -> dict[str, Any]:
    """Return the entry for what came from a payer, or went back to it."""
    debit, credit = (paid_by(payer), owed_by(payer)) if amount > 0 else (owed_by(payer), paid_by(payer))
    return {
        "contract_id": contract_id,
        "payment_id": payment_id,
        "kind": "payment" if amount > 0 else "paid back",
        "debit": debit,
        "credit": credit,
        "amount": abs(amount),
        "booked_on": booked_on,
    }
