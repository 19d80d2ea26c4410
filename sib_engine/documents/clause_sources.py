"""The clauses that a statement's lines rest on: as sources of its numbers, and those of them that are assumed."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluation.report.document import Source
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.terms.clauses import TABLE_OF_ENDED, amendable_clauses
from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Provenance, Status


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a contract: the table of the file that it stands in, its id, how it is known."""

    table: str
    id: str
    provenance: Provenance

    @property
    def name(self) -> str:
        """What a reader finds it by."""
        return f"{self.table} {self.id}"


def clauses_by_id(contract: Contract) -> dict[str, Clause]:
    """Return the clauses that move money, by id, those included that hold for the days before they were replaced."""
    replaced = ((TABLE_OF_ENDED[type(each.clause)], each.clause) for each in contract.ended)
    return {each.id: Clause(table, each.id, each.provenance) for table, each in replaced} | {
        each.id: Clause(table, each.id, each.provenance)
        for table, clauses in amendable_clauses(contract).items()
        if table != "target"
        for each in clauses
    }


def clauses_of_lines(contract: Contract, lines: Iterable[StatedLine]) -> tuple[Clause, ...]:
    """Return the clauses that price or divide the lines, in contract order.

    A clause that an amendment has replaced since a line was stated is left out: the line still has its id.
    """
    named = {name for line in lines for name in (line.tariff, line.share)}
    return tuple(clause for name, clause in clauses_by_id(contract).items() if name in named)


def source_of(clause: Clause) -> Source:
    """Return a clause as the source of a number."""
    return Source(clause.id, f"{clause.name}: {clause.provenance.text}")


def assumed_by_reason(clauses: Iterable[Clause]) -> dict[str, list[str]]:
    """Return what is assumed and why, each with the names of the clauses that it holds for."""
    found: dict[str, list[str]] = {}
    for clause in clauses:
        for reason in _reasons(clause.provenance):
            found.setdefault(reason, []).append(clause.name)
    return found


def _reasons(provenance: Provenance) -> list[str]:
    if provenance.assumed:
        return [f"{key}: {reason}" for key, reason in provenance.assumed.items()]
    return [f"all of it: {provenance.source}"] if provenance.status is Status.ASSUMED else []
