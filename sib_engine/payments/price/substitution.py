"""Upgrade bands: a person who reaches a higher band is paid what the higher price adds to the lower."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.keys import CodeArray, job_keys, person_keys
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.price.steps import Mechanism, PriceStep, Pricing
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Band, BandRule, Counts


def pay_the_difference(pricing: Pricing, amounts: IntArray) -> Iterator[PriceStep]:
    """Yield the amounts lowered so that each person (job) is paid once, for each upgrade band.

    Within a band the rows of one person, or of one job where all the band's metrics count once per
    job, are taken in this order: already stated first, by statement; then by day, undated first;
    the lower band first; then by row id. Each earns what its price adds to the highest price before
    it, never less than nothing, so together they earn the highest price, whatever the order of
    arrival, and what was stated before is not restated when a lower band comes to light later.

    Published counts belong to no person and keep their full price: together they are an upper bound.
    """
    for band in pricing.contract.bands:
        if band.rule is BandRule.UPGRADE:
            after = amounts.copy()
            _pay_band(pricing.contract, band, pricing.rows, after, pricing.where)
            yield PriceStep(Mechanism.UPGRADE, band.id, band.provenance, amounts, after, _words)
            amounts = after


def _words(_: Positions) -> str:
    return "another band earned this already: an upgrade pays the difference"


def _pay_band(
    contract: Contract, band: Band, rows: OutcomeRows, amounts: IntArray, where: npt.NDArray[np.bool_] | None
) -> None:
    metrics = [contract.metric_codes.index(code) for code in band.metrics]
    levels = np.full(len(contract.metrics), NONE)
    levels[metrics] = np.arange(len(metrics))
    takes_part = (levels[rows.metric] != NONE) & (rows.person != NONE)
    if where is not None:
        takes_part &= where
    at = np.flatnonzero(takes_part)
    all_per_job = all(contract.metrics[metric].counts is Counts.ONCE_PER_JOB for metric in metrics)
    keys: CodeArray = person_keys(rows.person[at])
    if all_per_job:
        keys = job_keys(rows.person[at], rows.job[at])
    has_several = np.bincount(keys)[keys] > 1
    at, keys = at[has_several], keys[has_several]
    if at.size == 0:
        return
    days = rows.achieved_on[at].astype("datetime64[D]").view(np.int64)
    stated = rows.stated[at]
    order = np.lexsort((rows.row[at], levels[rows.metric[at]], days, stated, stated == NONE, keys))
    at, keys = at[order], keys[order]
    highest = _running_maximum(keys, amounts[at])
    before = np.concatenate([[0], highest[:-1]])
    before[first_of_each(keys)] = 0
    amounts[at] = highest - before


def first_of_each(keys: CodeArray) -> npt.NDArray[np.bool_]:
    """Return where another key begins in sorted ``keys``, same shape."""
    begins = np.ones(len(keys), dtype=np.bool_)
    begins[1:] = keys[1:] != keys[:-1]
    return begins


def _running_maximum(keys: CodeArray, amounts: IntArray) -> IntArray:
    """Return the highest amount so far within each run of equal keys, same shape."""
    values, ranks = np.unique(amounts, return_inverse=True)
    run = np.cumsum(first_of_each(keys)) * len(values)
    highest: IntArray = values[np.maximum.accumulate(run + ranks) - run]
    return highest
