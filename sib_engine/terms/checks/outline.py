"""The names that a contract declares and the names that its clauses refer to.

Read from a contract, or from a TOML document whose shape the schema has refused: there, whatever
cannot be read is left out, and a kind of name of which one is unreadable is not ``complete``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sib_engine.terms.clauses import LISTED_TABLES, listed_clauses
from sib_engine.terms.contract import Contract
from sib_engine.terms.format.problems import CODE, place_in, place_of_clause
from sib_engine.terms.money_clauses import Overflow
from sib_engine.terms.party import PAYING_ROLES, UNFUNDED, Role

EVERY_METRIC: Final = "*"
REFERRAL: Final = "referral"


class Kind(StrEnum):
    """What a name stands for."""

    METRIC = "metric"
    SITE = "site"
    PARTY = "party"
    PAYER = "payer"
    AMENDMENT = "amendment"
    CLAUSE = "clause"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause: its table in the file, its id, its key path; ``clause`` is the value or the TOML table."""

    table: str
    name: str | None
    key: str
    clause: object


@dataclass(frozen=True, slots=True)
class Link:
    """A name that a clause refers to, what it should stand for, and where it is written."""

    name: str
    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The clauses of a contract and the links between them."""

    entries: tuple[Entry, ...]
    links: tuple[Link, ...]
    complete: frozenset[Kind]

    def named(self, kind: Kind) -> tuple[str, ...]:
        """Return the names of one kind, in file order."""
        return tuple(entry.name for entry in self.entries if entry.name is not None and _is_of(entry, kind))

    def waits_for(self) -> dict[str, dict[str, str]]:
        """Return for each metric those that it looks back on at any time, each with the key that says so.

        It requires them, or its time limit runs from them.
        """
        found: dict[str, dict[str, str]] = {
            entry.name: {} for entry in self.entries if entry.table == "metric" and entry.name is not None
        }
        for entry in self.entries:
            metric = entry.name if entry.table == "metric" else _value_at(entry.clause, "metric")
            if entry.table in {"metric", "metric_terms"} and isinstance(metric, str) and metric in found:
                for name in _names_in(_value_at(entry.clause, "requires")):
                    found[metric].setdefault(name, f"{entry.key}.requires")
                for name in _names_in(_value_at(entry.clause, "within.after")):
                    if name not in {REFERRAL, metric}:
                        found[metric].setdefault(name, f"{entry.key}.within.after")
        return found


@dataclass(frozen=True, slots=True)
class _Reference:
    """A key of a table that holds names; ``attribute`` is its name in the dataclass where that differs."""

    key: str
    kind: Kind
    attribute: str = ""
    words: frozenset[str] = frozenset()


_AMENDMENT: Final = _Reference("amendment", Kind.AMENDMENT)
_METRIC: Final = _Reference("metric", Kind.METRIC)

_REFERENCES: Final[Mapping[str, tuple[_Reference, ...]]] = {
    "metric": (
        _Reference("requires", Kind.METRIC),
        _Reference("within.after", Kind.METRIC, words=frozenset({REFERRAL})),
        _Reference("earnings.wage", Kind.INDEX, attribute="rule.wage.index"),
    ),
    "band": (_Reference("metrics", Kind.METRIC),),
    "metric_terms": (
        _METRIC,
        _Reference("requires", Kind.METRIC),
        _Reference("within.after", Kind.METRIC, words=frozenset({REFERRAL})),
        _AMENDMENT,
    ),
    "eligibility_terms": (_AMENDMENT,),
    "volume": (_METRIC, _AMENDMENT),
    "tariff": (
        _METRIC,
        _Reference("sites", Kind.SITE),
        _Reference("index", Kind.INDEX, attribute="indexation.index"),
        _AMENDMENT,
    ),
    "scale": (_METRIC, _Reference("sites", Kind.SITE), _Reference("unless", Kind.METRIC), _AMENDMENT),
    "bonus": (_Reference("metrics", Kind.METRIC), _Reference("sites", Kind.SITE), _AMENDMENT),
    "cap": (
        _Reference("metrics", Kind.METRIC),
        _Reference("of", Kind.METRIC),
        _Reference("sites", Kind.SITE),
        _Reference("payer", Kind.PAYER),
        _Reference("overflow", Kind.PAYER, words=frozenset(Overflow)),
        _AMENDMENT,
    ),
    "minimum": (
        _Reference("metrics", Kind.METRIC),
        _Reference("of", Kind.METRIC),
        _Reference("sites", Kind.SITE),
        _AMENDMENT,
    ),
    "share": (
        _Reference("metric", Kind.METRIC, attribute="metrics", words=frozenset({EVERY_METRIC})),
        _Reference("payers", Kind.PAYER, words=frozenset({UNFUNDED})),
        _AMENDMENT,
    ),
    "grant": (_AMENDMENT,),
    "fee": (_AMENDMENT,),
    "guarantee": (_METRIC, _AMENDMENT),
    "termination": (_AMENDMENT,),
    "target": (_METRIC, _Reference("site", Kind.SITE), _AMENDMENT),
    "verification": (_Reference("risk.metrics", Kind.METRIC), _Reference("risk.sites", Kind.SITE), _AMENDMENT),
    "commitment": (_Reference("party", Kind.PARTY),),
    "amendment": (_Reference("replaces", Kind.CLAUSE),),
}

_NAMED_TABLES: Final = ("site", "metric")
_OTHER_TABLES: Final = frozenset({"contract", "eligibility"})


def of_contract(contract: Contract) -> Outline:
    """Return the outline of a contract; every kind of name is complete."""
    entries = (
        *(Entry("site", site.code, place_in("site", site.code), site) for site in contract.sites),
        *(Entry("metric", metric.code, place_in("metric", metric.code), metric) for metric in contract.metrics),
        *(
            Entry(table, clause.id, f"{table}[{clause.id}]", clause)
            for table, clauses in listed_clauses(contract).items()
            for clause in clauses
        ),
    )
    links = tuple(link for entry in entries for link in _links(entry, of_dataclass=True))
    return Outline(entries, links, frozenset(Kind))


def of_document(document: Mapping[str, object]) -> Outline:
    """Return the outline of a TOML document, as far as it can be read."""
    entries = tuple(_entries_of_document(document))
    links = tuple(link for entry in entries for link in _links(entry, of_dataclass=False))
    return Outline(entries, links, frozenset(kind for kind in Kind if _is_complete(kind, document, entries)))


def is_payer(entry: Entry) -> bool:
    """Return whether a party pays; one whose role cannot be read may."""
    role = _value_at(entry.clause, "role")
    return not isinstance(role, str) or role in PAYING_ROLES or role not in set(Role)


def _entries_of_document(document: Mapping[str, object]) -> Iterator[Entry]:
    for table in _NAMED_TABLES:
        inside = document.get(table)
        for code, clause in inside.items() if isinstance(inside, Mapping) else ():
            yield Entry(table, _readable(code), place_in(table, code), clause)
    for table in LISTED_TABLES:
        inside = document.get(table)
        for position, clause in enumerate(inside if isinstance(inside, list) else ()):
            name = _readable(_value_at(clause, "id"))
            yield Entry(table, name, place_of_clause(table, clause, position), clause)


def _readable(name: object) -> str | None:
    return name if isinstance(name, str) and CODE.fullmatch(name) else None


def _is_complete(kind: Kind, document: Mapping[str, object], entries: tuple[Entry, ...]) -> bool:
    """Return whether every name of a kind could be read: else an unknown name may be one that could not."""
    tables = _tables_of(kind)
    if any(not isinstance(document.get(table, []), list | Mapping) for table in tables):
        return False
    if any(entry.name is None for entry in entries if entry.table in tables):
        return False
    is_absent = any(table not in document for table in tables)
    has_unknown = any(
        key not in LISTED_TABLES and key not in _NAMED_TABLES and key not in _OTHER_TABLES for key in document
    )
    return not (is_absent and has_unknown)


def _tables_of(kind: Kind) -> tuple[str, ...]:
    if kind is Kind.CLAUSE:
        return (*LISTED_TABLES, "metric")
    return ("party",) if kind is Kind.PAYER else (kind.value,)


def _is_of(entry: Entry, kind: Kind) -> bool:
    return entry.table in _tables_of(kind) and (kind is not Kind.PAYER or is_payer(entry))


def _links(entry: Entry, *, of_dataclass: bool) -> Iterator[Link]:
    for reference in _REFERENCES.get(entry.table, ()):
        path = (reference.attribute or reference.key) if of_dataclass else reference.key
        value = _value_at(entry.clause, path)
        for name in _names_in(value):
            if name not in reference.words:
                key = f"{entry.key}.{reference.key}"
                yield Link(name, reference.kind, place_in(key, name) if isinstance(value, Mapping) else key)


def _value_at(clause: object, path: str) -> object:
    for step in path.split("."):
        if isinstance(clause, list | tuple):
            clause = [name for each in clause for name in _names_in(_value_at(each, step))]
        else:
            clause = clause.get(step) if isinstance(clause, Mapping) else getattr(clause, step, None)
    return clause


def _names_in(value: object) -> Iterator[str]:
    listed = (value,) if isinstance(value, str) else value
    if isinstance(listed, list | tuple | Mapping):
        yield from (str(name) for name in listed if isinstance(name, str))
