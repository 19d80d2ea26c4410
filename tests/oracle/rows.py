"""Outcome rows as plain Python values, for the slow implementation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.terms.contract import Contract


@dataclass(frozen=True)
class Row:
    """One outcome, or a count as published; ``metric`` is None for a grant, ``stated`` for not yet.

    ``measure`` is what was measured of a cohort, None in every other row.
    """

    id: int
    metric: str | None
    person: int | None
    job: int | None
    site: str | None
    group: str | None
    achieved_on: date | None
    started_on: date | None
    claimed_on: date | None
    recorded_on: date | None
    count: int
    stated: int | None
    measure: Measurement | None = None
    ended_on: date | None = None
    stated_on: date | None = None


def plain_rows(
    contract: Contract, rows: OutcomeRows, groups: Sequence[str] = (), measures: Sequence[Measurement] = ()
) -> list[Row]:
    """Return the rows of the kernel's table one by one."""
    columns = (
        rows.row.tolist(),
        [None if code < 0 else contract.metrics[code].code for code in rows.metric.tolist()],
        [None if code < 0 else code for code in rows.person.tolist()],
        [None if code < 0 else code for code in rows.job.tolist()],
        [None if code < 0 else contract.sites[code].code for code in rows.site.tolist()],
        [None if code < 0 else groups[code] for code in rows.group.tolist()],
        _days(rows.achieved_on),
        _days(rows.started_on),
        _days(rows.claimed_on),
        _days(rows.recorded_on),
        rows.count.tolist(),
        [None if ordinal < 0 else ordinal for ordinal in rows.stated.tolist()],
        [None if code < 0 else measures[code] for code in rows.measure.tolist()],
        _days(rows.ended_on),
        _days(rows.stated_on),
    )
    return [Row(*values) for values in zip(*columns, strict=True)]


def _days(days: npt.NDArray[Any]) -> list[Any]:
    return [None if np.isnat(day) else day.item() for day in days.astype("datetime64[D]")]


def in_order(rows: Sequence[Row], contract: Contract) -> list[int]:
    """Return the positions of the rows in the order in which caps and shares meet them.

    Already stated first, by statement; then by day, undated first; metric; site; row id.
    """
    metrics = [metric.code for metric in contract.metrics]
    sites = [site.code for site in contract.sites]

    def place(position: int) -> tuple[float, date, int, int, int]:
        row = rows[position]
        return (
            float("inf") if row.stated is None else row.stated,
            row.achieved_on or date.min,
            -1 if row.metric is None else metrics.index(row.metric),
            -1 if row.site is None else sites.index(row.site),
            row.id,
        )

    return sorted(range(len(rows)), key=place)
