"""Reconcile what was published of a contract: every disagreement by name, and the figures side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from sib_engine.core.errors import FindingsError
from sib_engine.core.findings import Finding, has_errors
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.rows_file import read_rows
from sib_engine.payments.reconciliation.anomaly import Anomaly, Kind
from sib_engine.payments.reconciliation.case import Case
from sib_engine.payments.reconciliation.lines import (
    LineComparison,
    LineTotals,
    NotComparable,
    compare_lines,
    totals_of,
)
from sib_engine.payments.reconciliation.rules import reconcile
from sib_engine.payments.reconciliation.side_by_side import SideBySide, side_by_side
from sib_engine.terms.contract import Contract
from sib_engine.terms.load_published import load_record


@dataclass(frozen=True, slots=True)
class PublishedReconciliation:
    """What the rules found about one published record, and what they looked at.

    ``found`` holds anomalies and notes in the order of the rules; ``lines`` is empty and its totals
    are nought where no amount is published by metric; ``findings`` are warnings about the files.
    """

    case: Case
    found: tuple[Anomaly, ...]
    tables: SideBySide
    lines: tuple[LineComparison | NotComparable, ...]
    line_totals: LineTotals
    findings: tuple[Finding, ...]

    @property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """Return the figures that cannot all be right or were restated."""
        return tuple(found for found in self.found if found.kind is Kind.ANOMALY)

    @property
    def notes(self) -> tuple[Anomaly, ...]:
        """Return what is only worth knowing."""
        return tuple(found for found in self.found if found.kind is Kind.NOTE)


def reconcile_published(contract: Contract, record: Path) -> PublishedReconciliation:
    """Return what disagrees in the published record of ``contract`` that is in the file ``record``.

    Raises:
        FindingsError: With every finding, if the record or a file of counts beside it has errors.
    """
    case, findings = read_case(contract, record)
    lines = compare_lines(case)
    return PublishedReconciliation(
        case=case,
        found=reconcile(case),
        tables=side_by_side(case),
        lines=lines,
        line_totals=totals_of(lines),
        findings=findings,
    )


def read_case(contract: Contract, record: Path) -> tuple[Case, tuple[Finding, ...]]:
    """Return a contract with its published record and counts, and the warnings about their files.

    Raises:
        FindingsError: With every finding, if the record or a file of counts beside it has errors.
    """
    loaded = load_record(record, contract)
    if loaded.record is None:
        raise FindingsError(loaded.findings)
    findings = list(loaded.findings)
    counts: dict[date, Mapping[str, int]] = {}
    whole = replace(contract, sites=())  # a publication counts over the whole contract, whether or not it names sites
    for results in loaded.record.results:
        table, found = read_rows(record.parent / results.counts, whole)
        findings += (finding for finding in found if finding.rule != "site-ignored")
        if table is not None:
            counts[results.as_published] = _counts_by_metric(table, contract)
    if has_errors(findings):
        raise FindingsError(findings)
    return Case(contract, loaded.record, counts), tuple(findings)


def _counts_by_metric(table: OutcomeTable, contract: Contract) -> dict[str, int]:
    """Return the counts of the metrics that the file has; one that it leaves out is not published, and not nought."""
    rows = table.take(table.counts).rows
    return {
        contract.metric_codes[metric]: int(rows.count[rows.metric == metric].sum())
        for metric in np.unique(table.rows.metric).tolist()
    }
