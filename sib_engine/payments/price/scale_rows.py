"""Which scale prices each measured row. Measured rows are few: one for each result of a cohort."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.errors import RefusedError, RowRefusedError
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract, PriceDate

_DECIDING: Final = {
    PriceDate.OUTCOME: "a date (achieved_on)",
    PriceDate.START: "a day of referral (started_on), by which prices go",
    PriceDate.CLAIM: "a day of the claim (claimed_on, or recorded_on), by which prices go",
}


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredRows:
    """The rows that a scale prices: their positions, and for each its scale's position in the contract's."""

    at: Positions
    scales: npt.NDArray[np.int32]
    measures: Sequence[Measurement]


def set_apart(
    contract: Contract,
    rows: OutcomeRows,
    dates: DayArray,
    measures: Sequence[Measurement],
    where: npt.NDArray[np.bool_] | None,
) -> tuple[npt.NDArray[np.bool_] | None, MeasuredRows | None]:
    """Return the rows that tariffs price, and those that scales do, of the rows that count.

    Args:
        contract: The terms.
        rows: All rows.
        dates: The date that decides each row's price, shape ``(n,)``.
        measures: What the rows' codes of ``measure`` stand for.
        where: Rows that count, shape ``(n,)``; None for all of them.

    Returns:
        The first as ``where`` has them; the second None where there are none.

    Raises:
        RefusedError: If a measured row has no scale, more than one could apply, or nothing was measured in it.
    """
    flags = np.array([rule is not None for rule in contract.measured])
    if not flags.any():
        return where, None
    of_cohorts = flags[rows.metric]
    which = of_cohorts if where is None else of_cohorts & where
    found = _measured_rows(contract, rows, dates, measures, which) if which.any() else None
    return (~of_cohorts if where is None else where & ~of_cohorts), found


def scales_used(n_rows: int, found: MeasuredRows | None) -> npt.NDArray[np.int32]:
    """Return the scale of each of all rows, ``NONE`` where none priced it, shape ``(n_rows,)``."""
    scales = np.broadcast_to(np.int32(NONE), (n_rows,))
    if found is not None:
        scales = scales.copy()
        scales[found.at] = found.scales
    return scales


def _measured_rows(
    contract: Contract,
    rows: OutcomeRows,
    dates: DayArray,
    measures: Sequence[Measurement],
    which: npt.NDArray[np.bool_],
) -> MeasuredRows:
    """Return the scale of each marked row.

    The most specific scale that has started applies: for the site, else for all sites; of those the one that
    started last. An undated row, or one without a site, can use a scale only if no other could apply.
    """
    at = np.flatnonzero(which)
    days = cast("list[date | None]", dates[at].tolist())
    codes = rows.measure[at]
    if int(codes.min(initial=0)) < 0 or int(codes.max(initial=NONE)) >= len(measures):
        code = contract.metric_codes[int(rows.metric[at[codes < 0]][0])] if (codes < 0).any() else "a metric"
        message = f"{code} is a measured result, and a row of it says nothing of what was measured"
        raise RefusedError(message)
    find = cache(lambda metric, site, day: _scale_of(contract, metric, site, day))
    keys = zip(rows.metric[at].tolist(), rows.site[at].tolist(), days, strict=True)
    scales = [_of_row(int(number), find, *key) for number, key in zip(rows.row[at], keys, strict=True)]
    return MeasuredRows(at, np.array(scales, dtype=np.int32), measures)


def _of_row(row: int, find: Callable[[int, int, date | None], int], metric: int, site: int, day: date | None) -> int:
    """Return the scale of a row, whose number stands in a refusal."""
    try:
        return find(metric, site, day)
    except RefusedError as refused:
        raise RowRefusedError(str(refused), row=row) from None


def _scale_of(contract: Contract, metric: int, site: int, day: date | None) -> int:
    code = contract.metric_codes[metric]
    sites = contract.site_codes or (None,) if site == NONE else (contract.site_codes[site],)
    found = {_in_force(contract, code, each, on) for each in sites for on in _days(contract, code, day)}
    where = "" if site == NONE else f" at site {contract.site_codes[site]!r}"
    on = f"without {_DECIDING[contract.price_date]}" if day is None else f"on {day}"
    if None in found and day is None:
        found.discard(None)  # before its first scale a metric could not be priced at all
    if not found or None in found:
        message = f"measured metric {code!r} has no scale {on}{where}"
        raise RefusedError(message)
    if len(found) > 1:
        lacks = [_DECIDING[contract.price_date]] * (day is None) + ["a site"] * (site == NONE and bool(contract.sites))
        needs = " and ".join(lacks)
        message = f"a result of {code!r} {on}{where} could be priced by more than one scale: it needs {needs}"
        raise RefusedError(message)
    return next(iter(found)) or 0


def _days(contract: Contract, code: str, day: date | None) -> list[date]:
    """Return the day, or where there is none, days that stand for all on which the price could be decided."""
    if day is not None:
        return [day]
    last = contract.claims_close if contract.price_date is PriceDate.CLAIM else contract.end
    starts = {scale.starts_on for scale in contract.scales if scale.metric == code and scale.starts_on <= last}
    if contract.price_date is PriceDate.START:
        return sorted(starts)
    return sorted({contract.start, *(start for start in starts if start > contract.start)})


def _in_force(contract: Contract, code: str, site: str | None, day: date) -> int | None:
    """Return the position of the scale that applies, None where none has started."""
    begun = [
        index
        for index, scale in enumerate(contract.scales)
        if scale.metric == code and scale.starts_on <= day and (not scale.sites or site in scale.sites)
    ]
    scales = contract.scales
    return max(begun, key=lambda index: (bool(scales[index].sites), scales[index].starts_on), default=None)
