"""The tariff that applies to each metric, site, group, quickness and span of time, worked out once for all rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray, days_add_months
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.metric import Length
from sib_engine.terms.money_clauses import Tariff

TariffArray: TypeAlias = npt.NDArray[np.int32]

NO_TARIFF: Final = -2
UNPRICED: Final = -3
UNCLEAR_DAY: Final = -4
UNCLEAR_SITE: Final = -5
UNCLEAR_START: Final = -6
"""Why no price can be given; every real tariff, and ``NONE`` for a row that is not priced, is greater."""

_NO_DAY: Final = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True, eq=False)
class PriceTable:
    """Tariff in force by metric, site, group, quickness and segment of time.

    ``tariffs`` is one long row of cells. Cell 0 is for rows that are not priced; the others run over
    metrics, sites, groups, levels and segments, the last fastest: ``shape``. Place 0 of a site or group
    stands for none, the last segment for no date, and segment 0 ends before the first tariff
    starts. Level ``k`` is for outcomes within the length ``quick[k]`` of the referral and no shorter one,
    the last but one for slower outcomes, the last for those of which it is not known; without ``quick``
    there is one level. ``segments[i]`` is one more than the segment of day ``first + i``, clipped at both ends.
    ``groups`` turns the rows' group codes into places; its last entry is for ``NONE``.
    """

    tariffs: TariffArray
    shape: tuple[int, int, int, int, int]
    segments: npt.NDArray[np.intp]
    first: int
    groups: npt.NDArray[np.intp]
    quick: tuple[Length, ...]

    def cells(self, rows: OutcomeRows, days: DayArray, block: slice) -> npt.NDArray[np.intp]:
        """Return the cell of each row of a block, as if all of them were priced."""
        numbers = days[block].view(np.int64)
        n_metrics, n_sites, n_groups, n_levels, n_segments = self.shape
        cells = self.segments.take(numbers - self.first, mode="clip")
        if int(numbers.min(initial=0)) == _NO_DAY:
            cells[numbers == _NO_DAY] = n_segments
        if n_levels > 1:
            cells += quick_levels(self.quick, rows, block) * n_segments
        n_cells = n_levels * n_segments
        if n_groups > 1:
            cells += self.groups[rows.group[block]] * n_cells
        if n_sites > 1:
            cells += (rows.site[block].astype(np.intp) + 1) * (n_groups * n_cells)
        if n_metrics > 1:
            cells += rows.metric[block].astype(np.intp) * (n_sites * n_groups * n_cells)
        return cells


def price_table(contract: Contract, groups: Sequence[str]) -> PriceTable:
    """Return the table for a contract and the labels of the rows' group codes.

    The most specific tariff that has started applies: of those for quick outcomes the one of the shortest
    length that holds, else one for all outcomes; of these for the site and group, else the site, else
    the group, else all; of those the one that started last (of two on one day, the later in the
    file). An undated row can use a tariff only if no other could apply to its metric, site and group
    between the contract's first day and its last; a row without a site, only if all sites have the same;
    one of which it is not known how quick it was, only if all levels have the same.

    Args:
        contract: Terms with dated prices (:func:`sib_engine.terms.dated_prices.with_dated_prices`).
        groups: Labels of the rows' group codes.
    """
    names = sorted({group for tariff in contract.tariffs for group in tariff.groups})
    starts = sorted({tariff.starts_on for tariff in contract.tariffs})
    n_sites = len(contract.sites) if any(tariff.sites for tariff in contract.tariffs) else 0
    quick = _lengths(contract.tariffs)
    n_levels = len(quick) + 2 if quick else 1
    shape = (len(contract.metrics), n_sites + 1, len(names) + 1, n_levels, len(starts) + 2)
    tariffs = np.full(shape, NO_TARIFF, dtype=np.int32)
    for index, tariff in _least_specific_first(contract.tariffs, quick):
        metric = contract.metric_codes.index(tariff.metric)
        sites = [contract.site_codes.index(site) + 1 for site in tariff.sites] or range(n_sites + 1)
        places = [names.index(group) + 1 for group in tariff.groups] or range(len(names) + 1)
        segment = starts.index(tariff.starts_on) + 1
        levels = range(n_levels if tariff.quick is None else quick.index(tariff.quick) + 1)
        axes = ([metric], sites, places, levels, range(segment, len(starts) + 1))
        tariffs[np.ix_(*map(list, axes))] = index
    tariffs[..., -1] = _whenever(tariffs[..., :-1], _segments_in_use(contract, starts))
    if quick:
        are_same = (tariffs[..., :-1, :] == tariffs[..., :1, :]).all(axis=-2)
        tariffs[..., -1, :] = np.where(are_same, tariffs[..., 0, :], UNCLEAR_START)
    if n_sites:
        are_same = (tariffs[:, 1:] == tariffs[:, 1:2]).all(axis=1)
        tariffs[:, 0] = np.where(are_same, tariffs[:, 1], UNCLEAR_SITE)
    unpriced = [index for index, tariff in enumerate(contract.tariffs) if tariff.price is None]
    tariffs[np.isin(tariffs, unpriced)] = UNPRICED
    flat = np.concatenate([np.array([NONE], dtype=np.int32), tariffs.reshape(-1)])
    return PriceTable(flat, shape, *_segments(starts), _group_places(names, groups), quick)


def quick_levels(quick: tuple[Length, ...], rows: OutcomeRows, block: slice) -> npt.NDArray[np.intp]:
    """Return the level of each row of a block; an outcome that is not dated after a referral has the last one."""
    referred_on, achieved_on = rows.started_on[block], rows.achieved_on[block]
    levels = np.full(len(referred_on), len(quick), dtype=np.intp)
    for place, length in reversed(list(enumerate(quick))):
        last = days_add_months(referred_on, length.months) + np.timedelta64(length.days, "D")
        levels[achieved_on <= last] = place
    levels[~(referred_on <= achieved_on)] = len(quick) + 1
    return levels


def _lengths(tariffs: tuple[Tariff, ...]) -> tuple[Length, ...]:
    """Return the lengths that tariffs name, the shortest first; all are in months or all in days."""
    named = {tariff.quick for tariff in tariffs if tariff.quick is not None}
    return tuple(sorted(named, key=lambda length: (length.months, length.days)))


def _least_specific_first(tariffs: tuple[Tariff, ...], quick: tuple[Length, ...]) -> Iterator[tuple[int, Tariff]]:
    """Yield tariffs so that each may overwrite those before it; the stretches of an indexed one together."""

    def rank(item: tuple[int, Tariff]) -> tuple[int, bool, bool, date, int, date]:
        place, tariff = item
        slowness = len(quick) if tariff.quick is None else quick.index(tariff.quick)
        since = tariff.starts_on if tariff.indexed is None else tariff.indexed.since
        return -slowness, bool(tariff.sites), bool(tariff.groups), since, clause_of[place], tariff.starts_on

    # Of two tariffs from one day the later in the file is used, whatever their indexes do.
    clauses = {tariff.id: place for place, tariff in enumerate(tariffs)}
    clause_of = [clauses[tariff.id] for tariff in tariffs]

    return iter(sorted(enumerate(tariffs), key=rank))


def _segments_in_use(contract: Contract, starts: list[date]) -> slice:
    """Return the segments that a date of the kind that decides the price can fall in."""
    last = contract.claims_close if contract.price_date is PriceDate.CLAIM else contract.end
    stop = sum(start <= last for start in starts) + 1
    # A referral may be older than the contract, so for it no first day narrows the choice.
    begin = 0 if contract.price_date is PriceDate.START else sum(start <= contract.start for start in starts)
    return slice(begin, stop)


def _whenever(tariffs: TariffArray, in_use: slice) -> TariffArray:
    """Return the one tariff of each row of segments, or why there is none, shape ``tariffs.shape[:-1]``."""
    possible = tariffs[..., in_use]
    highest = possible.max(axis=-1)
    lowest = np.where(possible == NO_TARIFF, highest[..., None], possible).min(axis=-1)
    return np.where(lowest == highest, highest, UNCLEAR_DAY)


def _segments(starts: list[date]) -> tuple[npt.NDArray[np.intp], int]:
    """Return one more than the segment of each day from the eve of the first start to the last start, and that eve."""
    if not starts:
        return np.ones(1, dtype=np.intp), 0
    numbers = np.array(starts, dtype="datetime64[D]").astype(np.int64)
    days = np.arange(numbers[0] - 1, numbers[-1] + 1)
    return np.searchsorted(numbers, days, side="right").astype(np.intp) + 1, int(days[0])


def _group_places(names: list[str], groups: Sequence[str]) -> npt.NDArray[np.intp]:
    places = [names.index(group) + 1 if group in names else 0 for group in groups]
    return np.array([*places, 0], dtype=np.intp)
