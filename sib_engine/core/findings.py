"""Findings: what a file or a user got wrong, where, by which rule, and what would be accepted."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

LONGEST_NAME: Final = 64
"""A longer name is not compared with others: nobody mistypes one, and comparing takes time."""


class Severity(StrEnum):
    """How much a finding matters: an error stops the work, a warning does not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Location:
    """Where something stands: a key path in a contract, or a row and column of a table.

    ``row`` counts as a spreadsheet does: the heading is row 1. ``column`` is its heading. In a workbook
    ``sheet`` names the sheet, and ``letter`` the column as the spreadsheet does.
    """

    file: str = ""
    key: str = ""
    row: int | None = None
    column: str = ""
    sheet: str = ""
    letter: str = ""

    def __str__(self) -> str:
        """Return the place in the words a user would use."""
        parts = [
            self.file,
            f"sheet {self.sheet}" if self.sheet else "",
            self.key,
            "" if self.row is None else f"row {self.row}",
            self._column_in_words(),
        ]
        return ", ".join(part for part in parts if part)

    def _column_in_words(self) -> str:
        if self.letter:
            return f"column {self.letter} ({self.column})" if self.column else f"column {self.letter}"
        return f"column {self.column}" if self.column else ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth knowing.

    ``rule`` is a stable kebab-case code; ``what`` says what is wrong, with the value;
    ``accepted`` says what would be accepted instead.
    """

    severity: Severity
    rule: str
    what: str
    accepted: str = ""
    at: Location = field(default_factory=Location)

    def in_file(self, file: str) -> "Finding":
        """Return the same finding with the file's name on it."""
        return replace(self, at=replace(self.at, file=file))

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the finding as plain values, for ``--json``; sheet and letter only where it stands in a workbook."""
        of_workbook = {"sheet": self.at.sheet, "letter": self.at.letter} if self.at.sheet else {}
        return {
            "severity": self.severity.value,
            "rule": self.rule,
            "file": self.at.file,
            "key": self.at.key,
            "row": self.at.row,
            "column": self.at.column,
            "what": self.what,
            "accepted": self.accepted,
            **of_workbook,
        }

    def __str__(self) -> str:
        """Return the finding on one line."""
        place = f"{self.at}: " if str(self.at) else ""
        stop = "" if self.accepted.endswith("?") else "."
        accepted = f" Accepted: {self.accepted}{stop}" if self.accepted else ""
        return f"{self.severity.value}: {place}{self.what} [{self.rule}]{accepted}"


def error(rule: str, what: str, accepted: str = "", at: Location | None = None) -> Finding:
    """Return a finding that stops the work."""
    return Finding(Severity.ERROR, rule, what, accepted, at or Location())


def warning(rule: str, what: str, accepted: str = "", at: Location | None = None) -> Finding:
    """Return a finding that a reader should weigh."""
    return Finding(Severity.WARNING, rule, what, accepted, at or Location())


def note(rule: str, what: str, accepted: str = "", at: Location | None = None) -> Finding:
    """Return a finding that is only worth knowing."""
    return Finding(Severity.NOTE, rule, what, accepted, at or Location())


def has_errors(findings: Iterable[Finding]) -> bool:
    """Return whether any finding stops the work."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """Return ``; did you mean 'x'?`` where one of the choices is close to ``name``, else nothing."""
    near = get_close_matches(name, tuple(choices), n=1) if len(name) <= LONGEST_NAME else []
    return f"; did you mean {near[0]!r}?" if near else ""
