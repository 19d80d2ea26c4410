"""What a statement moves in the ledger: what each payer owes, against what the contract has earned."""

from typing import Any

from sib_engine.payments.statement.draw_up import Statement
from sib_engine.terms.party import UNFUNDED

EARNED = "earned"
"""Account of what outcomes, grants and the rest have earned the contract: the other side of what payers owe."""


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
