"""The rows of the benchmark: made up, in no order, with the trouble that real rows have."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load

PEOPLE: Final = 2_500_000
"""People of the main table; their outcomes make about 4.2 million rows."""

N_SITES: Final = 6

ENGAGED_SHARE: Final = 0.98
JOB_SHARE: Final = 0.40
SUSTAINED_SHARE: Final = 0.50
OVER_16_SHARE: Final = 0.60
TWICE_SHARE: Final = 0.05

_CONTRACT: Final = Path(__file__).with_name("bench_contract.toml")
_CAP_FOR: Final = 2_500_000
"""People for whom the limit in the contract file is meant; it is scaled to other numbers."""


def made_contract(n_people: int) -> Contract:
    """Return the contract of the benchmark, its cap scaled so that about half of the scopes reach it.

    Raises:
        RuntimeError: If the contract file has errors.
    """
    contract = load(_CONTRACT).contract
    if contract is None:
        message = f"{_CONTRACT} cannot be loaded"
        raise RuntimeError(message)
    caps = tuple(replace(cap, limit=cap.limit * n_people // _CAP_FOR) for cap in contract.caps)
    return replace(contract, caps=caps)


def made_rows(contract: Contract, n_people: int, rng: np.random.Generator) -> OutcomeRows:
    """Return about 1.68 rows for each person, shuffled.

    98 % are engaged, 40 % start a job, half of those stay in it in one of two bands; 5 % of all rows
    stand a second time, on the same day or up to two days later. Some outcomes come before what
    they require or before the 91st day, before the contract or after it, or are recorded after
    claims close.
    """
    people = np.arange(n_people)
    start, end = (int(np.datetime64(day, "D").astype(np.int64)) for day in (contract.start, contract.end))
    engaged = start + rng.integers(-10, end - start - 200, n_people)
    job = engaged + rng.integers(-5, 200, n_people)
    sustained = job + 90 + rng.integers(-3, 30, n_people)
    has_job = rng.random(n_people) < JOB_SHARE
    is_sustained = has_job & (rng.random(n_people) < SUSTAINED_SHARE)
    is_over = rng.random(n_people) < OVER_16_SHARE
    reached = (rng.random(n_people) < ENGAGED_SHARE, has_job, is_sustained & ~is_over, is_sustained & is_over)
    days = (engaged, job, sustained, sustained)
    person = np.concatenate([people[of] for of in reached])
    day = np.concatenate([on[of] for on, of in zip(days, reached, strict=True)])
    metric = np.repeat(np.arange(len(reached)), [np.count_nonzero(of) for of in reached])
    twice = rng.integers(0, len(person), int(len(person) * TWICE_SHARE))
    order = rng.permutation(len(person) + len(twice))
    person = np.concatenate([person, person[twice]])[order].astype(np.int32)
    metric = np.concatenate([metric, metric[twice]])[order]
    day = np.concatenate([day, day[twice] + rng.integers(0, 3, len(twice))])[order]
    site = rng.integers(0, N_SITES, n_people).astype(np.int16)
    n_rows = len(order)
    recorded_on = _days(day + rng.integers(0, 150, n_rows))
    return OutcomeRows(
        row=np.arange(n_rows),
        person=person,
        metric=metric.astype(np.int16),
        site=site[person],
        group=np.full(n_rows, NONE, dtype=np.int16),
        job=np.full(n_rows, NONE, dtype=np.int32),
        achieved_on=_days(day),
        started_on=_days(engaged[person] - 30),
        claimed_on=recorded_on,
        recorded_on=recorded_on,
        count=np.ones(n_rows, dtype=np.int64),
        stated=np.full(n_rows, NONE, dtype=np.int32),
        measure=np.full(n_rows, NONE, dtype=np.int32),
        ended_on=np.full(n_rows, NO_DAY),
        stated_on=np.full(n_rows, NO_DAY),
    )


def _days(numbers: npt.NDArray[np.int64]) -> DayArray:
    return numbers.astype("datetime64[D]")
