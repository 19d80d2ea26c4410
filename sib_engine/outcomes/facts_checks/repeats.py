"""Rows of a facts file that stand twice."""

from typing import Final

import numpy as np

from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.tabular import Table
from sib_engine.outcomes.facts import Flags

_MIXER: Final = 0x9E3779B97F4A7C15
_WORD: Final = 0xFFFFFFFFFFFFFFFF


def repeated_rows(table: Table, log: FindingLog) -> Flags:
    """Return which rows repeat an earlier one in every cell, shape ``(n,)``, and warn of each."""
    codes = [column.codes for column in table.columns.values()]
    mixed = np.zeros(len(table), dtype=np.uint64)
    for place, column in enumerate(codes):
        mixed = (mixed + column.astype(np.uint64)) * np.uint64((_MIXER * (2 * place + 1)) & _WORD)
        mixed ^= mixed >> np.uint64(31)
    order = np.argsort(mixed, kind="stable")
    same = mixed[order][1:] == mixed[order][:-1]
    for column in codes:
        same &= column[order][1:] == column[order][:-1]
    repeated = np.zeros(len(table), dtype=np.bool_)
    repeated[order[1:][same]] = True
    rows = np.flatnonzero(repeated)
    before = np.zeros(len(table), dtype=np.int64)
    before[order[1:][same]] = table.numbers[order[:-1][same]]

    def say(place: int) -> Said:
        what = f"the row says the same as row {log.row_shown(before[rows[place]])} in every cell, and is taken once"
        return Said("row-repeated", what, "each fact once")

    log.add_rows(Severity.WARNING, "row-repeated", table.numbers[rows], say)
    return repeated
