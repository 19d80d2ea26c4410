"""Use case: everything that can be said against a contract file, at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sib_engine.core.errors import FindingsError, NotFoundError, RefusedError
from sib_engine.core.findings import Finding, Location, Severity, error
from sib_engine.services.inputs import rows_at
from sib_engine.services.named_rows import rows_named
from sib_engine.services.price_amendments import MovedByAmendment, price_amendments
from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load


@dataclass(frozen=True, slots=True)
class CheckedContract:
    """One contract file and every finding about it; ``contract`` is None where an error stands in the way.

    ``moved`` is what amendments that reach into the past move, None where no outcomes were given or these
    ``rows_refused``: they have errors, or cannot be priced.
    """

    path: Path
    contract: Contract | None
    findings: tuple[Finding, ...]
    moved: tuple[MovedByAmendment, ...] | None = None
    rows_refused: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether the file has no errors."""
        return self.contract is not None

    def number_of(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def as_dict(self) -> dict[str, object]:
        """Return the result as ``sib contract check --json`` prints it."""
        moved = self.moved if self.contract is not None else None
        return {
            "file": self.path.name,
            "contract": None if self.contract is None else self.contract.code,
            "terms": None if self.contract is None else self.contract.digest,
            "usable": self.is_usable,
            "errors": self.number_of(Severity.ERROR),
            "warnings": self.number_of(Severity.WARNING),
            "notes": self.number_of(Severity.NOTE),
            "findings": [finding.as_dict() for finding in self.findings],
            **({} if moved is None or self.contract is None else {"moved": _as_json(self.contract, moved)}),
        }


def _as_json(contract: Contract, moved: tuple[MovedByAmendment, ...]) -> list[dict[str, Any]]:
    return [each.as_dict(contract) for each in moved]


def check_contracts(names: Sequence[str], *, rows: Path | None = None) -> tuple[CheckedContract, ...]:
    """Return :func:`check_contract` of several names; one that is not found keeps no finding about the others back.

    Raises:
        NotFoundError: If one name alone was given, and neither a file nor the library has it.
    """
    if len(names) == 1:
        return (check_contract(names[0], rows=rows),)
    return tuple(_checked(name, rows) for name in names)


def _checked(name: str, rows: Path | None) -> CheckedContract:
    try:
        return check_contract(name, rows=rows)
    except NotFoundError as missing:
        what, _sep, accepted = str(missing).partition("; give ")
        found = error("no-such-file", what, accepted or "the path of a contract file", Location(file=name))
        return CheckedContract(Path(name), None, (found,))


def check_contract(name: str, *, rows: Path | None = None) -> CheckedContract:
    """Return all findings about the contract at a path, or about the library contract of this name.

    What is wrong with the file, or with the rows, is in the findings, never raised.

    Args:
        name: Path or library name of the contract.
        rows: Counts or outcomes, to say in pounds what amendments that reach into the past move.

    Raises:
        NotFoundError: If neither a file nor the library has it.
    """
    path = library.find(name)
    loaded = load(path)
    if rows is None or loaded.contract is None:
        return CheckedContract(path, loaded.contract, loaded.findings)
    try:
        table, found = rows_at(rows, loaded.contract)
    except FindingsError as bad:
        return CheckedContract(path, loaded.contract, (*loaded.findings, *bad.findings), rows_refused=True)
    try:
        with rows_named(table):
            moved = price_amendments(loaded.contract, table)
    except RefusedError as refused:
        not_priced = error("rows-not-priced", str(refused), "outcomes that can be priced", Location(file=rows.name))
        return CheckedContract(path, loaded.contract, (*loaded.findings, *found, not_priced), rows_refused=True)
    in_pounds = tuple(each.finding(loaded.contract).in_file(library.shown_path(path)) for each in moved)
    return CheckedContract(path, loaded.contract, (*loaded.findings, *found, *in_pounds), moved)
