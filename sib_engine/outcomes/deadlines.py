"""The last day on which an outcome may be put on record."""

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Metric


def last_day_to_record(contract: Contract, metric: Metric, achieved_on: DayArray) -> DayArray:
    """Return the last day on which an outcome and its evidence may be recorded, same shape.

    Where the outcome has no date, it is the contract's last day for claims.
    """
    close = np.full(len(achieved_on), np.datetime64(contract.claims_close, "D"))
    if metric.claim_within_days is None:
        return close
    return np.fmin(achieved_on + np.timedelta64(metric.claim_within_days, "D"), close)
