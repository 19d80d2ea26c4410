"""Collect the findings of one file: all of them counted, a readable number of them kept."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.findings import Finding, Location, Severity

MAX_LISTED: Final = 200
MAX_LISTED_PER_RULE: Final = 50
"""Of one rule in one column, so that one bad column does not hide the others."""

MAX_LISTED_IN_FULL: Final = 200_000
"""Of a file whose findings are all wanted, such as a preview; a finding takes about half a kilobyte."""

MORE: Final = "more-findings"

RowArray: TypeAlias = npt.NDArray[np.int64]
_Group: TypeAlias = tuple[Severity, str, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """How many findings of a file are kept in words; of one rule in one column, and in all. The rest is counted."""

    per_rule: int
    total: int


READABLE: Final = Listing(MAX_LISTED_PER_RULE, MAX_LISTED)
IN_FULL: Final = Listing(MAX_LISTED_IN_FULL, MAX_LISTED_IN_FULL)


class Places(Protocol):
    """Where the rows and columns of a table stand in the file that a user looks at."""

    def location(self, file: str, row: int | None, column: str) -> Location:
        """Return the place of a row and column of the table."""

    def row_shown(self, row: int) -> int:
        """Return the row's number in the file, for the words of a finding."""

    def firsts(self, rows: RowArray, column: str) -> npt.NDArray[np.intp] | None:
        """Return the positions of the first of ``rows`` at each cell of the file; None where each has its own."""


class _AsNumbered:
    """A text table: the rows and columns are those of the file."""

    def location(self, file: str, row: int | None, column: str) -> Location:
        return Location(file=file, row=row, column=column)

    def row_shown(self, row: int) -> int:
        return row

    def firsts(self, rows: RowArray, column: str) -> None:
        del rows, column


@dataclass(frozen=True, slots=True)
class Said:
    """What is wrong with one cell or row, and what to write instead."""

    rule: str
    what: str
    accepted: str = ""


class FindingLog:
    """The findings of one file, in the order of its rows."""

    def __init__(self, file: str, *, listing: Listing = READABLE) -> None:
        """Start with nothing found in ``file``."""
        self.file = file
        self.places: Places = _AsNumbered()
        self._listing = listing
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
        if self._counts[group] <= self._listing.per_rule:
            at = self.places.location(self.file, row, column)
            self._kept.append(Finding(severity, said.rule, said.what, said.accepted, at))

    def error(self, said: Said, *, row: int | None = None, column: str = "") -> None:
        """Note something that stops the work."""
        self.add(Severity.ERROR, said, row=row, column=column)

    def warning(self, said: Said, *, row: int | None = None, column: str = "") -> None:
        """Note something that a reader should weigh."""
        self.add(Severity.WARNING, said, row=row, column=column)

    def row_shown(self, row: int) -> int:
        """Return the number by which a user knows a row of the table, for the words of a finding."""
        return self.places.row_shown(int(row))

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
        firsts = self.places.firsts(rows, column)
        if firsts is not None:
            rows = rows[firsts]
        group = (severity, rule, column)
        room = max(0, self._listing.per_rule - self._counts[group])
        self._counts[group] += len(rows)
        for place, row in enumerate(rows[:room].tolist()):
            said = say(place if firsts is None else int(firsts[place]))
            at = self.places.location(self.file, row, column)
            self._kept.append(Finding(severity, said.rule, said.what, said.accepted, at))

    def findings(self) -> tuple[Finding, ...]:
        """Return what was found in the order of rows, errors kept first where not all can be listed.

        What is left out is counted in findings of rule ``more-findings``, so no error is silent.
        """
        order = sorted(self._kept, key=lambda finding: finding.severity is not Severity.ERROR)
        kept = order[: self._listing.total]
        return (*sorted(kept, key=_row_of), *self._more(kept))

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
