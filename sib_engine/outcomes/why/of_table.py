"""What is said of the rows of a table that came from a file, whose mask may hold reasons that the file did not give."""

from collections.abc import Sequence

import numpy as np

from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.reasons import MENDED_BY_A_RECORD, Reason, mask_of
from sib_engine.outcomes.why.linked import words_of_links
from sib_engine.outcomes.why.matched import Matched, words_of_places, words_of_rows
from sib_engine.outcomes.why.standing import Standing
from sib_engine.outcomes.why.words import Why, by_row, complete
from sib_engine.terms.contract import Contract


def whys_at(contract: Contract, table: OutcomeTable, place: int) -> tuple[Why, ...]:
    """Return :func:`whys_of` the row at a position."""
    return whys_of(contract, table, [place])[place]


def whys_of(contract: Contract, table: OutcomeTable, places: Sequence[int]) -> dict[int, tuple[Why, ...]]:
    """Return what is said of each reason against the rows at some positions, in order of the reasons.

    What the file says of a reason stands. Of others it is found out from the rows of the file, as far
    as rows can tell; the rest is what the reason means in general.
    """
    against = np.zeros(len(table), dtype=np.uint64)
    for place in places:
        against[place] = int(table.mask[place]) & ~mask_of(why.reason for why in table.whys[place])
    found: tuple[tuple[Why, ...], ...] = ()
    if against.any():
        rows = table.rows
        # A file gives no day by which to record what no deadline for claims is about, such as a consent.
        mendable = (table.mask & ~np.uint64(mask_of((*MENDED_BY_A_RECORD, Reason.PREREQUISITE_MISSING)))) == 0
        could_count = ~np.isnat(table.record_by) | (mendable & (table.mask != 0))
        matched = Matched(
            contract=contract,
            rows=rows,
            row_ids=table.labels.row_ids,
            lines=table.lines,
            line_noun=table.line_noun,
            against=against,
            standing=Standing(rows, table.mask),
            mask=table.mask,
            could_count=could_count,
            in_time=could_count,
        )
        words = [*words_of_rows(matched), *words_of_places(matched)]
        found = by_row(len(table), [*words, *words_of_links([matched], words)])
    return {
        place: complete(int(table.mask[place]), (*table.whys[place], *(found[place] if found else ())))
        for place in places
    }
