"""Clauses that an amendment brought or replaced: on which days each judges outcomes, and which it only counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from sib_engine.terms.contract import Contract
from sib_engine.terms.ended import Counting
from tests.oracle.rows import Row, in_order

C = TypeVar("C", bound=Counting)


@dataclass(frozen=True)
class Dated(Generic[C]):
    """A clause from a day on (None: always) and until the day before another (None: for good)."""

    clause: C
    since: date | None
    until: date | None

    def judges(self, row: Row) -> bool:
        """Return whether a row is the clause's to judge; one without a date is where the clause holds last."""
        return not self.only_counts(row) and not self.ignores(row)

    def only_counts(self, row: Row) -> bool:
        """Return whether a row lies before the clause, and uses up what it allows."""
        return self.since is not None and row.achieved_on is not None and row.achieved_on < self.since

    def ignores(self, row: Row) -> bool:
        """Return whether a row lies after the clause."""
        return self.until is not None and (row.achieved_on is None or row.achieved_on >= self.until)

    def in_turn(self, contract: Contract, rows: Sequence[Row]) -> list[int]:
        """Return the positions of the rows that the clause counts: those before it first, each in the usual order."""
        order = [at for at in in_order(rows, contract) if not self.ignores(rows[at])]
        return sorted(order, key=lambda at: not self.only_counts(rows[at]))


def dated(contract: Contract, standing: Sequence[C], kind: type[C]) -> list[Dated[C]]:
    """Return clauses in force and those of their kind that were replaced, the earlier begun before the later."""
    found = [Dated(clause, _since(contract, clause), None) for clause in standing]
    for each in contract.ended:
        if isinstance(each.clause, kind):
            found.insert(each.place, Dated(each.clause, _since(contract, each.clause), each.ends_before))
    return sorted(found, key=lambda each: each.since or date.min)


def _since(contract: Contract, clause: Counting) -> date | None:
    brought = [each.effective_from for each in contract.amendments if each.id == clause.amendment]
    return brought[0] if brought else None
