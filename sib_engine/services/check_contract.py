"""Use case: everything that can be said against a contract file, at once."""

from dataclasses import dataclass
from pathlib import Path

from sib_engine.core.findings import Finding, Severity
from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load


@dataclass(frozen=True, slots=True)
class CheckedContract:
    """One contract file and every finding about it; ``contract`` is None where an error stands in the way."""

    path: Path
    contract: Contract | None
    findings: tuple[Finding, ...]

    @property
    def is_usable(self) -> bool:
        """Whether the file has no errors."""
        return self.contract is not None

    def number_of(self, severity: Severity) -> int:
        """Return how many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)

    def as_dict(self) -> dict[str, object]:
        """Return the result as ``sib contract check --json`` prints it."""
        return {
            "file": self.path.name,
            "contract": None if self.contract is None else self.contract.code,
            "terms": None if self.contract is None else self.contract.digest,
            "usable": self.is_usable,
            "errors": self.number_of(Severity.ERROR),
            "warnings": self.number_of(Severity.WARNING),
            "notes": self.number_of(Severity.NOTE),
            "findings": [finding.as_dict() for finding in self.findings],
        }


def check_contract(name: str) -> CheckedContract:
    """Return all findings about the contract at a path, or about the library contract of this name.

    What is wrong with the file is in the findings, never raised.

    Raises:
        NotFoundError: If neither a file nor the library has it.
    """
    path = library.find(name)
    loaded = load(path)
    return CheckedContract(path, loaded.contract, loaded.findings)
