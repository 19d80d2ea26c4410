"""People about whom there is nothing to decide: found all at once, so that only the others need settling.

Most people have each outcome once, in order and in time. Two tables with a place for each person show
that; it takes a fraction of the time of settling, and it decides nothing that settling would not.
"""

from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import BLOCK, each_block, extremes
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.links import links_of
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.matching.volume import may_pass
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract, TermsDate
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
    those rows count. Nobody is left out where a metric may have more outcomes than its maximum.

    Args:
        contract: The terms.
        rows: Outcomes and published counts, shape ``(n,)``.
        scale: The days of the rows.
        reasons: Reasons known so far, shape ``(n,)``.
        all_achieved: Whether no row has a count of 0.
    """
    least, greatest = extremes(rows.person)
    n_people = greatest + 1
    too_many_metrics = len(contract.metrics) > np.iinfo(np.uint8).max
    too_many_places = len(contract.metrics) * n_people > _TABLE_SHARE * len(rows)
    # What is noted of a person is no start date, so it cannot tell which version judges an outcome.
    by_start = bool(contract.metric_terms) and contract.terms_date is TermsDate.START
    too_many = too_many_metrics or too_many_places
    if len(rows) < SCREEN_FROM or too_many or by_start or may_pass(contract, rows):
        at = np.flatnonzero(rows.person != NONE)
    else:
        tables = _noted(contract, rows, scale, reasons, n_people, all_achieved=all_achieved)
        n_counts = int(np.count_nonzero(rows.person == NONE)) if least == NONE else 0
        at = _rows_of(rows, _is_odd(contract, scale, tables, len(rows) - n_counts))
    return at if all_achieved else at[rows.count[at] != 0]


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """What is noted of each person; the last place of each table takes published counts, which are nobody's.

    ``days``, shape ``(n_metrics, n_people + 1)``, is one more than the place of a day on the scale, 0 for no
    outcome. ``n_rows`` counts a person's rows, and starts again after 255. ``is_odd`` says of whom a row
    has a reason against it or a count of 0.
    """

    days: npt.NDArray[np.uint16 | np.uint32]
    n_rows: npt.NDArray[np.uint8]
    is_odd: npt.NDArray[np.bool_]


def _noted(
    contract: Contract, rows: OutcomeRows, scale: DayScale, reasons: MaskArray, n_people: int, *, all_achieved: bool
) -> _Tables:
    width = n_people + 1
    days = np.zeros(len(contract.metrics) * width, dtype=scale.dtype)
    n_rows, is_odd = np.zeros(width, dtype=np.uint8), np.zeros(width, dtype=np.bool_)
    one = np.ones(BLOCK, dtype=np.uint8)
    lock = Lock()

    def note(block: slice) -> None:
        who = rows.person[block]
        place = rows.metric[block].astype(np.intp)
        place *= width
        # A count's person is -1: the place before the metric's first is another's last, which is nobody's.
        place += who
        # Of two rows for one place either may stay: the person then has more rows than places, and is settled.
        days[place] = (scale.places(rows.achieved_on[block]) + 1).astype(scale.dtype)
        is_odd[who.take(np.flatnonzero(reasons[block]))] = True
        if not all_achieved:
            is_odd[who[rows.count[block] == 0]] = True
        with lock:
            np.add.at(n_rows, who, one[: len(who)])

    each_block(len(rows), note)
    return _Tables(days.reshape(-1, width), n_rows, is_odd)


def _is_odd(contract: Contract, scale: DayScale, tables: _Tables, n_rows: int) -> npt.NDArray[np.bool_]:
    """Return who has to be settled, shape ``(n_people + 1,)``; the last place, which is nobody's, never has to be."""
    is_odd = tables.is_odd
    links = [
        (index, link) for index, metric in enumerate(contract.metrics) for link in links_of(contract, metric, scale)
    ]
    bands = [
        [contract.metric_codes.index(code) for code in band.metrics]
        for band in contract.bands
        if band.rule is BandRule.EXCLUSIVE
    ]
    n_counted: list[int] = []

    def judge(block: slice) -> None:
        # What was never noted becomes the greatest number there is, beyond every place on the scale.
        days = tables.days[:, block] - scale.dtype(1)
        has = days <= scale.undated
        odd = is_odd[block]
        odd |= tables.n_rows[block] != has.view(np.uint8).sum(axis=0, dtype=np.uint8)
        n_counted.append(int(tables.n_rows[block].sum(dtype=np.uint32)))
        for metric, link in links:
            for _, fault in link.faults(days[link.metric], days[metric]):
                odd |= fault & has[metric]
            if link.per is Per.JOB:
                odd |= has[metric]
        for band in bands:
            odd |= has[band].sum(axis=0) > 1

    each_block(len(is_odd) - 1, judge)
    if sum(n_counted) != n_rows:
        # Somebody has 256 rows or more, which the counters cannot tell from none.
        is_odd[:] = True
    is_odd[-1] = False
    return is_odd


def _rows_of(rows: OutcomeRows, is_odd: npt.NDArray[np.bool_]) -> Positions:
    found: dict[int, Positions] = {}

    def work(block: slice) -> None:
        found[block.start] = np.flatnonzero(is_odd.take(rows.person[block])) + block.start

    each_block(len(rows), work)
    return np.concatenate([found[start] for start in sorted(found)])
