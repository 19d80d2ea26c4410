"""Use case: what the published results would earn under a contract's prices, beside what was really paid."""

from dataclasses import dataclass
from pathlib import Path

from sib_engine.core.errors import RefusedError
from sib_engine.services.inputs import contract_at
from sib_engine.services.price_counts import PricedCounts, price_counts
from sib_engine.services.reconcile_contract import record_beside
from sib_engine.services.reconcile_published import PublishedReconciliation, reconcile_published


@dataclass(frozen=True, slots=True)
class EarningsBesidePayments:
    """Published results priced, and the published payments they do not explain; minor units.

    ``ratio`` is earned over paid, None where one of them is not known.
    """

    priced: PricedCounts
    reconciliation: PublishedReconciliation
    counts_file: Path
    paid: int | None

    @property
    def ratio(self) -> float | None:
        """Earned as a fraction of paid, grants included in paid."""
        return None if not self.paid or self.priced.earned is None else self.priced.earned / self.paid


def compare_earnings(contract_name: str) -> EarningsBesidePayments:
    """Return what the last published results earn beside what was paid.

    Raises:
        NotFoundError: If the contract, or a published record of it, is not found.
        FindingsError: If a file has errors.
        RefusedError: If no results are published.
    """
    found = contract_at(contract_name)
    record = record_beside(found.path)
    reconciliation = reconcile_published(found.contract, record)
    counts = last_counts(reconciliation, record)
    priced = price_counts(contract_name, counts)
    paid = reconciliation.tables.paid
    return EarningsBesidePayments(priced, reconciliation, counts, paid)


def last_counts(reconciliation: PublishedReconciliation, record: Path) -> Path:
    """Return the file of the counts that were published last.

    Raises:
        RefusedError: If no results are published.
    """
    results = reconciliation.case.record.results
    if not results:
        message = f"no results are published for {reconciliation.case.contract.code}"
        raise RefusedError(message)
    return record.parent / max(results, key=lambda each: each.as_published).counts
