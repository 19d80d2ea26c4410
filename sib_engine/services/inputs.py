"""What use cases read: contracts by path or library name, tables of rows, stated lines; refused with every finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sib_engine.core.errors import FindingsError
from sib_engine.core.findings import Finding, Location, error, has_errors, note
from sib_engine.core.headings import plain_heading
from sib_engine.core.tabular import headings_in
from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.facts_file import COLUMNS, read_facts
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.rows_file import read_rows
from sib_engine.payments.statement.lines import StatedLine, digests_of
from sib_engine.payments.statement.lines_file import in_order, read_lines
from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load

FACTS_HEADINGS: Final = frozenset(column.name for column in COLUMNS if column.required)
"""Headings by which a file of facts is known."""

ROWS_HEADINGS: Final = frozenset({"metric"})
"""Headings that a file of outcome rows or counts has beside a person or a count, and never a fact."""


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
        # What is said of a file of facts, read as rows, says nothing about the facts.
        raise FindingsError(_taken_for_rows(path) or findings)
    return table, findings


def facts_at(path: Path, contract: Contract) -> tuple[Facts, tuple[Finding, ...]]:
    """Return the facts in a file, and the warnings about it.

    Raises:
        FindingsError: If the file has errors.
    """
    facts, findings = read_facts(path, contract=contract)
    if facts is None:
        # What is said of a file of rows, read as facts, says nothing about the rows.
        raise FindingsError(_taken_for_facts(path) or findings)
    return facts, findings


def _taken_for_facts(path: Path) -> tuple[Finding, ...]:
    """Return what to do with a file of outcome rows or counts where facts are read; nothing for any other file."""
    headings = set(map(plain_heading, headings_in(path)))
    if "fact" in headings or not headings >= ROWS_HEADINGS or not headings & {"person", "count"}:
        return ()
    what = "this is a file of outcome rows, or of counts: `sib price`, `sib statement` and `sib explain` read it"
    accepted = "a file of facts about people (person,fact,on)"
    return (error("rows-for-facts", what, accepted, Location(file=str(path), row=1)),)


def _taken_for_rows(path: Path) -> tuple[Finding, ...]:
    """Return what to do with a file of facts where rows are read; nothing for any other file."""
    if not set(map(plain_heading, headings_in(path))) >= FACTS_HEADINGS:
        return ()
    what = "this is a file of facts: run `sib outcomes` first"
    accepted = "the file that `sib outcomes --out` writes, or counts (metric,count)"
    return (error("facts-for-rows", what, accepted, Location(file=str(path), row=1)),)


def lines_at(paths: Sequence[Path], contract: Contract) -> tuple[StatedLine, ...]:
    """Return every stated line of several files, oldest statement first.

    Raises:
        FindingsError: If a file has errors, two files hold the same statement, one is missing, or one was
            drawn up after another statement than the one given before it.
    """
    findings: list[Finding] = []
    files: list[tuple[StatedLine, ...]] = []
    holder: dict[int, Path] = {}
    for path in paths:
        own, found = read_lines(path, contract)
        findings += found
        files.append(own)
        for number in sorted({line.statement for line in own}):
            if number in holder:
                what = f"statement {number} is in {holder[number].name} already"
                findings.append(error("statement-twice", what, "each statement once", Location(file=str(path))))
            holder.setdefault(number, path)
    missing = sorted(set(range(1, max(holder, default=0))) - set(holder))
    if missing and not has_errors(findings):
        what = f"statement {', '.join(map(str, missing))} is not among the files, and later ones are"
        findings.append(error("statement-missing", what, "every statement from the first one on"))
    lines = in_order(files)
    if not has_errors(findings):
        findings += _not_following(lines, holder)
    if has_errors(findings):
        raise FindingsError(findings)
    return lines


def _not_following(lines: Sequence[StatedLine], holder: Mapping[int, Path]) -> list[Finding]:
    """Return the statements that were drawn up after another one than the statement given before them."""
    digests = digests_of(lines)
    follows = {line.statement: line.follows for line in lines if line.follows}
    return [
        error(
            "statement-not-following",
            f"statement {number} was drawn up after a statement {number - 1} that is not the one given here",
            f"the lines of statement {number - 1} whose digest is {before}",
            Location(file=str(holder[number]), column="follows"),
        )
        for number, before in sorted(follows.items())
        if digests.get(number - 1) != before
    ]


def untied(lines: Sequence[StatedLine]) -> tuple[Finding, ...]:
    """Return a note on later statements that do not say which one they follow, as those written long ago do not."""
    numbers = sorted({line.statement for line in lines if line.statement > 1 and not line.follows})
    if not numbers:
        return ()
    what = (
        f"statement {', '.join(map(str, numbers))} does not say which statement it was drawn up after (the file is from"
        " before statements did), so nobody can tell whether those before it are the same"
    )
    return (note("statement-untied", what),)
