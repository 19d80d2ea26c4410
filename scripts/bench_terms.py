"""The contract of the benchmark as the numbers that a query is written with, and the answer that all must give."""

from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from sib_engine.core.money import to_minor
from sib_engine.outcomes.reasons import Reason, bit
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Employment

DUPLICATE: Final = bit(Reason.DUPLICATE)
BEFORE_START: Final = bit(Reason.BEFORE_START)
AFTER_END: Final = bit(Reason.AFTER_END)
MISSING: Final = bit(Reason.PREREQUISITE_MISSING)
LATER: Final = bit(Reason.PREREQUISITE_LATER)
TOO_SOON: Final = bit(Reason.TOO_SOON)
RECORDED_LATE: Final = bit(Reason.RECORDED_LATE)


class Answer(NamedTuple):
    """What is added up at the end: equal to the penny and to the bit, or the benchmark stops."""

    n_counting: int
    reasons: int
    earned: int
    payable: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """Days since 1970, minor units, and for each metric its prices with the day from which each applies."""

    start: int
    end: int
    claims_close: int
    time: int
    limit: int
    prices: tuple[tuple[tuple[int, int], ...], ...]


def numbers_of(contract: Contract) -> Numbers:
    """Return the benchmark's contract as numbers."""
    rule = contract.metrics[-1].rule
    if not isinstance(rule, Employment) or rule.days is None:
        message = "the benchmark's last metric must be a time in work"
        raise TypeError(message)
    prices = tuple(
        tuple(
            (_number(tariff.starts_on), to_minor(tariff.price, contract.currency))
            for tariff in contract.tariffs
            if tariff.metric == code and tariff.price is not None
        )
        for code in contract.metric_codes
    )
    return Numbers(
        _number(contract.start),
        _number(contract.end),
        _number(contract.claims_close),
        rule.days,
        contract.caps[0].limit,
        prices,
    )


def _number(day: date) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))
