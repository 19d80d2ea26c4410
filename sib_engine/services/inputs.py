"""What use cases read: contracts by path or library name, tables of rows, stated lines; refused with every finding."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sib_engine.core.errors import FindingsError
from sib_engine.core.findings import Finding, Location, error, has_errors
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.rows_file import read_rows
from sib_engine.payments.lines import StatedLine
from sib_engine.payments.lines_file import in_order, read_lines
from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load


@dataclass(frozen=True, slots=True)
class ContractInput:
    """A contract that can be used, where it was read, and what else was found."""

    path: Path
    contract: Contract
    findings: tuple[Finding, ...]


def contract_at(name: str) -> ContractInput:
    """Return the contract at a path, or the library contract of this name.

    Raises:
        NotFoundError: If neither a file nor the library has it.
        FindingsError: If the contract has errors.
    """
    path = library.find(name)
    loaded = load(path)
    if loaded.contract is None:
        raise FindingsError(loaded.findings)
    return ContractInput(path, loaded.contract, loaded.findings)


def rows_at(path: Path, contract: Contract, *, at_least: int = 1) -> tuple[OutcomeTable, tuple[Finding, ...]]:
    """Return the rows in a file, ``at_least`` so many, and the warnings about it.

    Raises:
        FindingsError: If the file has errors.
    """
    table, findings = read_rows(path, contract, at_least=at_least)
    if table is None or has_errors(findings):
        raise FindingsError(findings)
    return table, findings


def lines_at(paths: Sequence[Path], contract: Contract) -> tuple[StatedLine, ...]:
    """Return every stated line of several files, oldest statement first.

    Raises:
        FindingsError: If a file has errors, or two files hold the same statement.
    """
    findings: list[Finding] = []
    files: list[tuple[StatedLine, ...]] = []
    holder: dict[int, Path] = {}
    for path in paths:
        lines, found = read_lines(path, contract)
        findings += found
        files.append(lines)
        for number in sorted({line.statement for line in lines}):
            if number in holder:
                what = f"statement {number} is in {holder[number].name} already"
                findings.append(error("statement-twice", what, "each statement once", Location(file=str(path))))
            holder.setdefault(number, path)
    if has_errors(findings):
        raise FindingsError(findings)
    return in_order(files)
