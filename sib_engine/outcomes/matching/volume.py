"""Volumes: of a metric with a maximum only the first outcomes count, whosever they are."""

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.packing import DAY_SHIFT, Positions
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.outcomes.versions import day_number
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import Held, volumes_held
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.volume import VolumeMaximum


def volumes_of(contract: Contract, metric: str) -> tuple[Held[VolumeMaximum], ...]:
    """Return the maxima of a metric in acting order: those over sites or periods before one over the contract."""
    own = [held for held in volumes_held(contract) if held.clause.metric == metric]
    return tuple(sorted(own, key=lambda held: -len(held.clause.on - {Dimension.CONTRACT})))


def may_pass(contract: Contract, rows: OutcomeRows) -> bool:
    """Return whether there are more outcomes of people than some maximum, so that somebody may be beyond it."""
    volumes = [held.clause for held in volumes_held(contract)]
    if not volumes:
        return False
    n_rows = np.bincount(rows.metric[rows.metric >= 0], minlength=len(contract.metrics))
    return any(n_rows[contract.metric_codes.index(volume.metric)] > volume.maximum for volume in volumes)


def numbers_in(
    contract: Contract,
    held: Held[VolumeMaximum],
    scale: DayScale,
    packed: IntArray,
    site: npt.NDArray[np.int16],
    counts: IntArray | None = None,
) -> IntArray:
    """Return the number of each outcome among those counted together, from 1, shape ``(n,)``.

    They are numbered by day, undated last, then by row id. What is not counted at all has the number 0. Of a
    row with several outcomes it is the number of the last.

    Args:
        contract: The terms.
        held: The maximum, and over which days it holds.
        scale: The days of the outcomes.
        packed: Packed keys (:mod:`sib_engine.outcomes.matching.packing`), shape ``(n,)``.
        site: The outcomes' sites, shape ``(n,)``; those without one are counted together.
        counts: Outcomes of each row, shape ``(n,)``; one of each where not given.
    """
    scopes = scopes_in(contract, held, scale, packed, site)
    order = np.lexsort((packed, scopes))
    numbers = np.empty(len(packed), dtype=np.int64)
    numbers[order] = _numbered(scopes[order], np.ones_like(packed) if counts is None else counts[order])
    numbers[scopes == NONE] = 0
    return numbers


def scopes_in(
    contract: Contract, held: Held[VolumeMaximum], scale: DayScale, packed: IntArray, site: npt.NDArray[np.int16]
) -> IntArray:
    """Return which outcomes are counted together: equal numbers are, ``NONE`` is not counted at all, shape ``(n,)``.

    Over periods an outcome without a date belongs to none; a maximum that was replaced counts nothing of the
    days since. The arguments are those of :func:`numbers_in`.
    """
    volume = held.clause
    scopes = np.zeros(len(packed), dtype=np.int64)
    if Dimension.SITE in volume.on:
        scopes += site.astype(np.int64) + 1
    if Dimension.PERIOD in volume.on:
        days = packed >> DAY_SHIFT
        is_dated = days < scale.undated
        period = np.zeros(len(days), dtype=np.int64)
        dated = contract.periods.index_of_days(scale.days(days[is_dated]))
        period[is_dated] = dated - dated.min(initial=0) + 1
        scopes = scopes * (int(period.max(initial=0)) + 1) + period
        scopes[~is_dated] = NONE
    if held.ends_before is not None:
        scopes[(packed >> DAY_SHIFT) >= day_number(held.ends_before) - scale.first] = NONE
        scopes[(packed >> DAY_SHIFT) >= scale.undated] = NONE
    return scopes


def limited(
    contract: Contract, held: Held[VolumeMaximum], scale: DayScale, packed: IntArray, site: npt.NDArray[np.int16]
) -> npt.NDArray[np.bool_]:
    """Return which outcomes a maximum may leave out, shape ``(n,)``: those that it counts, from its first day on.

    The arguments are those of :func:`numbers_in`.
    """
    found: npt.NDArray[np.bool_] = scopes_in(contract, held, scale, packed, site) != NONE
    if held.starts_on is not None:
        found &= (packed >> DAY_SHIFT) >= day_number(held.starts_on) - scale.first
    return found


def beyond(
    contract: Contract,
    held: Held[VolumeMaximum],
    scale: DayScale,
    packed: IntArray,
    site: npt.NDArray[np.int16],
    numbers: IntArray,
) -> Positions:
    """Return the places of the outcomes whose number is beyond the maximum; the arguments are as there."""
    return np.flatnonzero((numbers > held.clause.maximum) & limited(contract, held, scale, packed, site))


def _numbered(scopes: IntArray, counts: IntArray) -> IntArray:
    """Return the number of each entry's last outcome among those of its equals in sorted ``scopes``, from 1."""
    so_far = np.cumsum(counts)
    begins = np.ones(len(scopes), dtype=np.bool_)
    begins[1:] = scopes[1:] != scopes[:-1]
    numbers: IntArray = so_far - np.maximum.accumulate(np.where(begins, so_far - counts, 0))
    return numbers
