"""The last day on which an outcome may be put on record."""

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.outcomes.versions import deciding_days, in_force
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Metric
from sib_engine.terms.versions import metric_versions


def last_day_to_record(contract: Contract, terms: Metric, achieved_on: DayArray) -> DayArray:
    """Return the last day on which an outcome and its evidence may be recorded, same shape.

    ``terms`` is the version of the metric that judges all of them. Where an outcome has no date, it is the
    contract's last day for claims.
    """
    close = np.full(len(achieved_on), np.datetime64(contract.claims_close, "D"))
    if terms.claim_within_days is None:
        return close
    return np.fmin(achieved_on + np.timedelta64(terms.claim_within_days, "D"), close)


def last_days_to_record(contract: Contract, metric: Metric, achieved_on: DayArray, *, decides: DayArray) -> DayArray:
    """Return :func:`last_day_to_record` under the version in force on each day of ``decides``, same shape."""
    last = np.full(len(achieved_on), np.datetime64("NaT", "D"))
    for version in metric_versions(contract, metric):
        at = np.flatnonzero(in_force(version, decides))
        last[at] = last_day_to_record(contract, version.terms, achieved_on[at])
    return last


def deadlines_of(contract: Contract, rows: OutcomeRows) -> DayArray:
    """Return the last day on which each outcome and its evidence may be recorded, shape ``(n,)``."""
    last = np.full(len(rows), np.datetime64("NaT", "D"))
    decides = deciding_days(contract, rows)
    for index, metric in enumerate(contract.metrics):
        own = rows.metric == index
        last[own] = last_days_to_record(contract, metric, rows.achieved_on[own], decides=decides[own])
    return last
