"""Maxima of published counts: how many of each count lie within them, beside the outcomes of people."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.packing import Positions, packed
from sib_engine.outcomes.matching.volume import limited, numbers_in, scopes_in, volumes_of
from sib_engine.outcomes.reasons import MaskArray, Reason, bit, mask_of
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import volumes_held
from sib_engine.terms.volume import VolumeMaximum

_BEYOND: Final = np.uint64(bit(Reason.BEYOND_MAXIMUM))
_NOT_AGAINST: Final = ~np.uint64(mask_of((Reason.GRANT_MONTH, Reason.BEYOND_MAXIMUM)))


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """How many outcomes of each row lie within every maximum (``counts``, shape ``(n,)``), and the reasons after it.

    ``by_order`` are the ids of the maxima of which the order of rows that differ in more than their count
    decided who is left out, though no record says which of them came first.
    """

    mask: MaskArray
    counts: IntArray
    by_order: tuple[str, ...]


def within_maxima(contract: Contract, rows: OutcomeRows, mask: MaskArray) -> Within:
    """Return how many outcomes of each row lie within the maxima of its metric.

    Outcomes of people and counts take their places together: by day, undated last, then by row id. A count
    may lie within a maximum in part; one that lies wholly beyond has reason R31.

    Args:
        contract: The terms.
        rows: Outcomes and published counts, shape ``(n,)``.
        mask: Their reasons after matching, shape ``(n,)``; not changed.
    """
    counts, reasons, by_order = rows.count.copy(), mask.copy(), list[str]()
    is_count = (rows.person == NONE) & (rows.measure == NONE) & (rows.count > 0)
    bounded = dict.fromkeys(held.clause.metric for held in volumes_held(contract))
    scale = DayScale.of(rows.achieved_on) if bounded else None
    for metric in bounded:
        own = (rows.metric == contract.metric_codes.index(metric)) & ((mask & _NOT_AGAINST) == 0)
        if scale is None or not (own & is_count).any():
            continue
        at = np.flatnonzero(own & (rows.count > 0))
        left = counts[at]
        for held in volumes_of(contract, metric):
            volume = held.clause
            keys = packed(scale.places(rows.achieved_on[at]), rows.row[at])
            numbers = numbers_in(contract, held, scale, keys, rows.site[at], left)
            within = np.clip(left - (numbers - volume.maximum), 0, left)
            within = np.where(limited(contract, held, scale, keys, rows.site[at]), within, left)
            scopes = scopes_in(contract, held, scale, keys, rows.site[at])
            cut = np.unique(scopes[within < left]).tolist()
            together = (np.flatnonzero((scopes == scope) & (left > 0)) for scope in cut)
            if any(_is_decided_by_order(rows, is_count, at[one], (within < left)[one]) for one in together):
                by_order.append(volume.id)
            left = within
        counts[at] = left
        reasons[at] &= ~_BEYOND
        reasons[at[left == 0]] |= _BEYOND
        counts[at[left == 0]] = rows.count[at[left == 0]]
    return Within(reasons, counts, tuple(by_order))


def words_of_count(volume: VolumeMaximum, count: int, within: int) -> str:
    """Return what is said of a published count of which only ``within`` lie within a maximum."""
    beyond = f"beyond the maximum of {volume.maximum:,} ({volume.id})"
    return f"all {count:,} are {beyond}" if not within else f"{within:,} of {count:,} count; the others are {beyond}"


def _is_decided_by_order(
    rows: OutcomeRows, is_count: npt.NDArray[np.bool_], at: Positions, is_cut: npt.NDArray[np.bool_]
) -> bool:
    """Return whether of rows counted together counts are left out in favour of others that may have come later.

    Rows that agree in site, group and every date differ in their count alone: it does not matter which is
    left out. Of others the day decides; on one day, and for a count without a date, no record says who came first.
    """
    days = rows.achieved_on[at]
    is_undated = np.isnat(days)
    if (is_undated & is_count[at]).any() and not is_undated.all():
        return True
    on_the_day = np.flatnonzero(is_undated | (days == days[is_cut].min()))
    if not is_count[at[on_the_day]].any():
        return False
    columns = (rows.site, rows.group, rows.achieved_on, rows.started_on, rows.claimed_on)
    kinds = {tuple(map(str, kind)) for kind in zip(*(column[at[on_the_day]] for column in columns), strict=True)}
    return len(kinds) > 1
