"""References that differ only in capitals, or in how characters are drawn: probably one, and taken as two."""

import unicodedata
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.money import IntArray
from sib_engine.core.personal import shown

_MOST_LISTED: Final = 5


def note_capitals(
    log: FindingLog, codes: npt.NDArray[np.integer], labels: Sequence[str], numbers: IntArray, *, column: str
) -> None:
    """Warn of each reference that is written like another but for its capitals, where it first stands.

    Full-width letters and the like are told from plain ones by nobody who reads them, so they count as the same.

    Args:
        log: Takes the findings.
        codes: The reference of each row, shape ``(n,)``; below zero where there is none.
        labels: The text of each code.
        numbers: The row of the file of each, ascending, shape ``(n,)``.
        column: What the references are of.
    """
    spelt: dict[str, list[int]] = {}
    for code, label in enumerate(labels):
        spelt.setdefault(unicodedata.normalize("NFKC", label).casefold(), []).append(code)
    alike = [group for group in spelt.values() if len(group) > 1]
    if not alike:
        return
    rows = {code: numbers[codes == code].tolist() for group in alike for code in group}

    def places(code: int) -> str:
        return _places(list(dict.fromkeys(map(log.row_shown, rows[code]))))

    found = []
    for group in alike:
        used = sorted((code for code in group if rows[code]), key=lambda code: rows[code][0])
        first, others = used[:1], used[1:]
        found += [(rows[other][0], first[0], other) for other in others]
    found.sort()

    def say(place: int) -> Said:
        _, first, other = found[place]
        only = labels[other].casefold() == labels[first].casefold()
        how = "in capitals" if only else "in capitals or in how their characters are drawn"
        what = (
            f"{shown(labels[other])} ({places(other)}) and {shown(labels[first])} ({places(first)}) "
            f"differ only {how}, and are taken as two"
        )
        return Said(f"{column}-capitals", what, f"one way to write each {column}, in every row")

    at = np.array([row for row, _, _ in found], dtype=np.int64)
    log.add_rows(Severity.WARNING, f"{column}-capitals", at, say, column=column)


def _places(rows: Sequence[int]) -> str:
    if len(rows) == 1:
        return f"row {rows[0]}"
    more = f" and {len(rows) - _MOST_LISTED} more" if len(rows) > _MOST_LISTED else ""
    return f"rows {', '.join(map(str, rows[:_MOST_LISTED]))}{more}"
