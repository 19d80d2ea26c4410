"""People about whom there is nothing to decide: found all at once, so that only the others need settling.

Most people have each outcome once, in order and in time. Two tables with a place for each person show
that; it takes a fraction of the time of settling, and it decides nothing that settling would not.
"""

from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import BLOCK, each_block, extremes
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.links import links_of
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import BandRule

SCREEN_FROM: Final = 2 * BLOCK
"""Rows from which looking for plain people first is worth its tables."""

_TABLE_SHARE: Final = 16
"""Places in the table of days (metrics times people) for each row, beyond which it would take too much memory."""


def rows_to_settle(
    contract: Contract, rows: OutcomeRows, scale: DayScale, reasons: MaskArray, *, all_achieved: bool
) -> Positions:
    """Return the positions, ascending, of the rows about people that have to be settled.

    Left out are published counts and rows with a count of 0; and in a large table the rows of people
    who have no metric twice, nothing against any row, and every link of every metric kept: all of
    those rows count.

    Args:
        contract: The terms.
        rows: Outcomes and published counts, shape ``(n,)``.
        scale: The days of the rows.
        reasons: Reasons known so far, shape ``(n,)``.
        all_achieved: Whether no row has a count of 0.
    """
    nobody, last = extremes(rows.person)
    n_people = last + 1
    too_many_metrics = len(contract.metrics) > np.iinfo(np.uint8).max
    if len(rows) < SCREEN_FROM or too_many_metrics or len(contract.metrics) * n_people > _TABLE_SHARE * len(rows):
        at = np.flatnonzero(rows.person != NONE)
    else:
        at = _of_others(rows, _is_plain(contract, rows, scale, reasons, n_people, all_achieved=all_achieved))
    return at if all_achieved else at[rows.count[at] != 0]


def _of_others(rows: OutcomeRows, is_plain: npt.NDArray[np.bool_]) -> Positions:
    found: dict[int, Positions] = {}

    def work(block: slice) -> None:
        found[block.start] = np.flatnonzero(~is_plain.take(rows.person[block])) + block.start

    each_block(len(rows), work)
    return np.concatenate([found[start] for start in sorted(found)])


def _is_plain(
    contract: Contract, rows: OutcomeRows, scale: DayScale, reasons: MaskArray, n_people: int, *, all_achieved: bool
) -> npt.NDArray[np.bool_]:
    """Return who is plain, shape ``(n_people + 1,)``; the last place stands for counts, which belong to nobody."""
    days = np.full((len(contract.metrics), n_people + 1), scale.missing, dtype=scale.dtype)
    n_rows = np.zeros(n_people + 1, dtype=np.uint8)
    is_plain = np.ones(n_people + 1, dtype=np.bool_)
    flat = days.reshape(-1)
    one = np.ones(BLOCK, dtype=np.uint8)
    lock = Lock()

    def note(block: slice) -> None:
        who = rows.person[block]
        place = rows.metric[block].astype(np.intp)
        place *= n_people + 1
        # A count's person is -1: the place before the metric's first is another's last, which is nobody's.
        place += who
        flat[place] = scale.places(rows.achieved_on[block]).astype(scale.dtype)
        is_plain[who.take(np.flatnonzero(reasons[block]))] = False
        if not all_achieved:
            is_plain[who[rows.count[block] == 0]] = False
        with lock:
            np.add.at(n_rows, who, one[: len(who)])

    each_block(len(rows), note)
    if int(n_rows[:-1].sum(dtype=np.int64)) != np.count_nonzero(rows.person != NONE):
        # Somebody has 256 rows or more, which the small counters cannot tell from none.
        is_plain[:n_people] = False
        return is_plain
    links = [
        (index, link) for index, metric in enumerate(contract.metrics) for link in links_of(contract, metric, scale)
    ]
    bands = [
        [contract.metric_codes.index(code) for code in band.metrics]
        for band in contract.bands
        if band.rule is BandRule.EXCLUSIVE
    ]

    def judge(block: slice) -> None:
        has = days[:, block] < scale.missing
        plain = is_plain[block]
        plain &= n_rows[block] == has.view(np.uint8).sum(axis=0, dtype=np.uint8)
        for metric, link in links:
            for _, fault in link.faults(days[link.metric, block], days[metric, block]):
                plain &= ~(fault & has[metric])
            if link.per is Per.JOB:
                plain &= ~has[metric]
        for band in bands:
            plain &= has[band].sum(axis=0) <= 1

    each_block(n_people, judge)
    is_plain[n_people] = True
    return is_plain
