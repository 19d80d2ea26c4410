"""Collect the findings of one file: all of them counted, a readable number of them kept."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.findings import Finding, Location, Severity

MAX_LISTED: Final = 200
MAX_LISTED_PER_RULE: Final = 50
"""Of one rule in one column, so that one bad column does not hide the others."""

MORE: Final = "more-findings"

RowArray: TypeAlias = npt.NDArray[np.int64]
_Group: TypeAlias = tuple[Severity, str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong with one cell or row, and what to write instead."""

    rule: str
    what: str
    accepted: str = ""


class FindingLog:
    """The findings of one file, in the order of its rows."""

    def __init__(self, file: str) -> None:
        """Start with nothing found in ``file``."""
        self.file = file
        self._kept: list[Finding] = []
        self._counts: Counter[_Group] = Counter()

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops the work."""
        return any(severity is Severity.ERROR for severity, _, _ in self._counts)

    def add(self, severity: Severity, said: Said, *, row: int | None = None, column: str = "") -> None:
        """Note one finding; ``row`` counts as a spreadsheet does."""
        group = (severity, said.rule, column)
        self._counts[group] += 1
        if self._counts[group] <= MAX_LISTED_PER_RULE:
            at = Location(file=self.file, row=row, column=column)
            self._kept.append(Finding(severity, said.rule, said.what, said.accepted, at))

    def error(self, said: Said, *, row: int | None = None, column: str = "") -> None:
        """Note something that stops the work."""
        self.add(Severity.ERROR, said, row=row, column=column)

    def warning(self, said: Said, *, row: int | None = None, column: str = "") -> None:
        """Note something that a reader should weigh."""
        self.add(Severity.WARNING, said, row=row, column=column)

    def add_rows(
        self, severity: Severity, rule: str, rows: RowArray, say: Callable[[int], Said], *, column: str = ""
    ) -> None:
        """Note the same rule for many rows: only those that will be listed are put into words.

        Args:
            severity: Severity of each.
            rule: The rule that they are counted under.
            rows: Spreadsheet row numbers, ascending, shape ``(n,)``.
            say: Returns the words for the i-th of ``rows``; its rule may be finer than ``rule``.
            column: The column they stand in, if one.
        """
        if len(rows) == 0:
            return
        group = (severity, rule, column)
        room = max(0, MAX_LISTED_PER_RULE - self._counts[group])
        self._counts[group] += len(rows)
        for place, row in enumerate(rows[:room].tolist()):
            said = say(place)
            at = Location(file=self.file, row=row, column=column)
            self._kept.append(Finding(severity, said.rule, said.what, said.accepted, at))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found in the order of rows, errors kept first where not all can be listed.

        What is left out is counted in findings of rule ``more-findings``, so no error is silent.
        """
        order = sorted(self._kept, key=lambda finding: finding.severity is not Severity.ERROR)
        listed = sorted(order[:MAX_LISTED], key=_row_of)
        return (*listed, *self._more(order[:MAX_LISTED]))

    def _more(self, listed: Iterable[Finding]) -> list[Finding]:
        n_listed = Counter(finding.severity for finding in listed)
        n_found: Counter[Severity] = Counter()
        for (severity, _, _), count in self._counts.items():
            n_found[severity] += count
        more = []
        for severity in Severity:
            n_left = n_found[severity] - n_listed[severity]
            if n_left > 0:
                what = f"and {n_left:,} more {severity.value}{'' if n_left == 1 else 's'} like these"
                more.append(Finding(severity, MORE, what, "", Location(file=self.file)))
        return more


def _row_of(finding: Finding) -> int:
    return finding.at.row or 0
