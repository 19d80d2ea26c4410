"""Use case: reconcile the published record that stands beside a contract file."""

from pathlib import Path
from typing import Any

from sib_engine.core.errors import NotFoundError
from sib_engine.core.money import Currency, plain
from sib_engine.payments.reconciliation.side_by_side import SideBySide
from sib_engine.services.inputs import contract_at
from sib_engine.services.reconcile_published import PublishedReconciliation, reconcile_published
from sib_engine.terms import library


def reconcile_contract(contract_name: str) -> PublishedReconciliation:
    """Return what disagrees in the published record of a contract.

    Raises:
        NotFoundError: If the contract, or a record beside it, is not found.
        FindingsError: If the contract, its record or the counts beside it have errors.
    """
    found = contract_at(contract_name)
    return reconcile_published(found.contract, record_beside(found.path))


def record_beside(contract_file: Path) -> Path:
    """Return the published record beside a contract file.

    Raises:
        NotFoundError: If there is none.
    """
    record = library.published_record(contract_file)
    if record is None:
        expected = f"{library.PUBLISHED_FOLDER}/{contract_file.name}"
        message = f"no published record stands beside {contract_file.name}; one would be called {expected}"
        raise NotFoundError(message)
    return record


def reconciliation_as_dict(found: PublishedReconciliation) -> dict[str, Any]:
    """Return a reconciliation as ``sib reconcile --json`` prints it."""
    currency = found.case.contract.currency
    return {
        "contract": found.case.contract.code,
        "currency": currency.code,
        "anomalies": [each.as_dict(currency) for each in found.anomalies],
        "notes": [each.as_dict(currency) for each in found.notes],
        "tables": _tables_as_dict(found.tables, currency),
        "findings": [finding.as_dict() for finding in found.findings],
    }


def _tables_as_dict(tables: SideBySide, currency: Currency) -> dict[str, Any]:
    def text(amount: int | None) -> str | None:
        return None if amount is None else plain(amount, currency)

    return {
        "plans": [{"plan": each.id, "total": text(each.total)} for each in tables.plans],
        "months": [
            {
                "months": str(each.months),
                "planned": [text(amount) for amount in each.planned],
                "outcomes": text(each.outcomes),
                "grants": text(each.grants),
            }
            for each in tables.spans
        ],
        "paid": text(tables.paid),
        "maxima": [
            {"as_published": [f"{month:%Y-%m}" for month in each.published], "amount": text(each.amount)}
            for each in tables.maxima
        ],
        "payers": [
            {"payer": each.party, "maximum": text(each.maximum), "paid": text(each.paid)} for each in tables.payers
        ],
    }
