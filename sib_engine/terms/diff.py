"""The difference of two versions of a contract, clause by clause, in plain words."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sib_engine.terms.contract import Contract
from sib_engine.terms.plain import PlainClause, name_of, plain_clauses


class Change(StrEnum):
    """What became of a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class TermChange:
    """One term before and after, in words; None where it was not set."""

    key: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One clause that differs: its table and id in the file, and the terms that differ.

    A clause added or removed lists all its terms. ``moved`` speaks of a whole table, whose ``id`` is
    empty: its clauses stand in another order, which decides where a cap falls on outcomes of one
    day and who pays an odd penny.
    """

    table: str
    id: str
    change: Change
    terms: tuple[TermChange, ...]

    @property
    def name(self) -> str:
        """The clause as a key path: ``tariff[t1]``, ``metric.job_start``, ``contract``."""
        return name_of(self.table, self.id)

    def as_dict(self) -> dict[str, object]:
        """Return the change as plain values, for ``--json``."""
        return {
            "clause": self.name,
            "change": self.change.value,
            "terms": [{"term": term.key, "before": term.before, "after": term.after} for term in self.terms],
        }


def diff(old: Contract, new: Contract) -> tuple[ClauseChange, ...]:
    """Return what differs between two versions, in the order of the file format.

    Clauses are matched by table and id. Two contracts with the same terms give nothing, even where
    their files differ in layout.
    """
    before = {(clause.table, clause.id): clause for clause in plain_clauses(old)}
    after = {(clause.table, clause.id): clause for clause in plain_clauses(new)}
    tables = dict.fromkeys(table for table, _ in (*before, *after))
    return tuple(
        change
        for table in tables
        for change in _changes_in(
            {name: clause for (of, name), clause in before.items() if of == table},
            {name: clause for (of, name), clause in after.items() if of == table},
        )
    )


def _changes_in(before: dict[str, PlainClause], after: dict[str, PlainClause]) -> Iterator[ClauseChange]:
    """Yield the changes in one table, clauses by id: old ones in their order, then new ones."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        terms = _changed_terms(_terms(old), _terms(new))
        if old is None and new is not None:
            yield ClauseChange(new.table, name, Change.ADDED, terms)
        elif new is None and old is not None:
            yield ClauseChange(old.table, name, Change.REMOVED, terms)
        elif terms and new is not None:
            yield ClauseChange(new.table, name, Change.CHANGED, terms)
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    if kept_before != kept_after:
        order = TermChange("order", ", ".join(kept_before), ", ".join(kept_after))
        yield ClauseChange(next(iter(before.values())).table, "", Change.MOVED, (order,))


def _terms(clause: PlainClause | None) -> dict[str, str]:
    """Return what a clause says, by key, with where it comes from."""
    if clause is None:
        return {}
    said = {term.key: term.text for term in clause.terms}
    if clause.status is not None:
        said["status"] = clause.status.value
    if clause.source is not None:
        said["source"] = clause.source
    return said | {f"assumed.{key}": why for key, why in clause.assumed.items()}


def _changed_terms(before: dict[str, str], after: dict[str, str]) -> tuple[TermChange, ...]:
    return tuple(
        TermChange(key, before.get(key), after.get(key))
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    )
