"""Use case: a file of made-up facts whose counted outcomes add up to the published counts of a contract."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import date
from pathlib import Path

import numpy as np

from sib_engine.core.errors import RefusedError
from sib_engine.core.table_writer import write_table
from sib_engine.outcomes.synthetic.example import synthetic_facts
from sib_engine.outcomes.synthetic.story import COLUMNS
from sib_engine.services.inputs import ContractInput, contract_at, rows_at
from sib_engine.terms import library
from sib_engine.terms.load_published import published_record
from sib_engine.terms.published import PaymentKind, PublishedRecord


def make_example(contract_name: str, out: Path, *, seed: int) -> tuple[int, Mapping[str, int]]:
    """Write a facts file to ``out``; return its number of lines and the outcomes of each metric that count in it.

    Totals are the last ones published for the contract. How they are spread over time, and every
    person, is made up (see :mod:`sib_engine.outcomes.synthetic`).

    Raises:
        NotFoundError: If the contract is not found.
        RefusedError: If no results are published for it, or its metrics tell another kind of story.
    """
    found = contract_at(contract_name)
    record = _record(found)
    counts = _published_counts(found, record)
    lines = synthetic_facts(found.contract, counts, weights=_weights(found, record), rng=np.random.default_rng(seed))
    write_table(out, COLUMNS, (list(astuple(line)) for line in lines))
    return len(lines), counts


def _record(found: ContractInput) -> PublishedRecord:
    path = library.published_record(found.path)
    if path is None:
        message = f"no published record stands beside {found.path.name}, so there are no totals to reach"
        raise RefusedError(message)
    return published_record(path, found.contract)


def _published_counts(found: ContractInput, record: PublishedRecord) -> dict[str, int]:
    if not record.results:
        message = f"no results are published for {found.contract.code}, so there are no totals to reach"
        raise RefusedError(message)
    last = max(record.results, key=lambda results: results.as_published)
    table, _findings = rows_at(found.path.parent / library.PUBLISHED_FOLDER / last.counts, found.contract)
    pairs = zip(table.rows.metric.tolist(), table.rows.count.tolist(), strict=True)
    return {found.contract.metric_codes[metric]: count for metric, count in pairs}


def _weights(found: ContractInput, record: PublishedRecord) -> dict[date, int]:
    """Return outcome payments by the first day of the statement period in which each begins."""
    weights: dict[date, int] = {}
    periods = found.contract.periods
    for payment in record.payments:
        if payment.kind is PaymentKind.OUTCOMES:
            start = periods.period(periods.index_of(payment.months.first)).start
            weights[start] = weights.get(start, 0) + payment.amount
    return weights
