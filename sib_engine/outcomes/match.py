"""Decide which outcomes count: per row the reasons against it, as bits of one integer; 0 where it counts."""

import numpy as np

from sib_engine.core.blocks import extremes
from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.order import units_in_order
from sib_engine.outcomes.matching.plain import rows_to_settle
from sib_engine.outcomes.matching.row_rules import add_row_reasons
from sib_engine.outcomes.matching.settle import Settling
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract


def match(contract: Contract, rows: OutcomeRows, *, mask: MaskArray | None = None) -> MaskArray:
    """Return why each row does not count: the bits ``1 << Reason.X``, 0 where it counts.

    All reasons that hold are given, not only the first, with these exceptions: an outcome dated
    before its prerequisite is not called too soon as well; ``DUPLICATE``, ``OTHER_BAND``, ``TOO_OFTEN``,
    ``TOO_CLOSE`` and ``BEYOND_MAXIMUM`` are only given where nothing else speaks against a row, since
    only such rows compete, and what is too often is not too close as well. The result depends neither
    on the order of the rows nor on which statement stated them.

    - Metrics are settled in the order of their prerequisites, and a prerequisite must itself count.
    - Once per person or job, the earliest outcome counts, ties to the smallest row id. An undated
      outcome comes last.
    - In an exclusive band the earliest outcome wins, ties to the higher band. The other rows of the
      metric that won are duplicates (or count, where it counts every time); rows of the other
      metrics lose to the band.
    - Of what a person may repeat, outcomes count from the earliest: each that comes the agreed days
      after the last that counts, up to the agreed number. An undated one is not held to days.
    - Where a metric has a maximum, the first outcomes count, by day and then row id. What is left out
      takes nobody's place and nobody's turn, and what requires it does not count; without a date it belongs to
      no period.
    - Where a metric's time runs from a job start, the days are counted from and including the first
      day of the earliest job start that counts: 91 days from 1 January end on 1 April (31 March in
      a leap year). Days are calendar days, so a change of the clocks alters nothing.
    - An outcome of a month that a grant paid for does not count and still stands: it is the one
      outcome of its person, and what requires it may follow.
    - Rows without a person are published counts: no rule about people or volumes is applied to them. A row
      about a person with a count of 0 reports nothing and takes nobody's place.

    Args:
        contract: Terms in force; its checks have passed.
        rows: Outcomes and published counts, shape ``(n,)``.
        mask: Reasons already known, shape ``(n,)``, from deriving outcomes from facts; not changed.

    Returns:
        Reasons, shape ``(n,)``.

    Raises:
        RefusedError: If a row says that one person achieved a metric several times which the
            contract counts once or with a maximum, two rows have one id, or the contract's metrics depend on each
            other so that none can come first.
    """
    reasons: MaskArray = np.zeros(len(rows), dtype=np.uint64) if mask is None else mask.astype(np.uint64)
    if len(rows) == 0:
        return reasons
    least, most = extremes(rows.count)
    if most > 1:
        _refuse_several_in_one(contract, rows)
    scale = DayScale.of(rows.achieved_on)
    add_row_reasons(contract, rows, scale, reasons)
    at = rows_to_settle(contract, rows, scale, reasons, all_achieved=least > 0)
    settling = Settling.of(contract, rows, at, scale, reasons)
    for unit in units_in_order(contract):
        settling.settle(unit)
    reasons[at] = settling.reasons
    return reasons


def _refuse_several_in_one(contract: Contract, rows: OutcomeRows) -> None:
    """Refuse a row that would be paid several times where the contract pays a person once."""
    once = np.array(contract.is_one_a_row)
    several = np.flatnonzero((rows.count > 1) & (rows.person != NONE) & once[rows.metric])
    if several.size:
        row = several[0]
        metric = contract.metrics[rows.metric[row]]
        message = (
            f"one row gives a person {rows.count[row]} outcomes of {metric.code!r}, which counts "
            f"{metric.counts_in_words}; a row about a person is one outcome"
        )
        raise RefusedError(message)
