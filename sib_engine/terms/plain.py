"""Each clause of a contract as plain words: what ``sib contract show`` prints and ``sib contract diff`` compares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sib_engine.terms.clauses import listed_clauses
from sib_engine.terms.contract import Contract
from sib_engine.terms.plain_clauses import clause_values
from sib_engine.terms.plain_values import contract_values, eligibility_values, metric_values
from sib_engine.terms.plain_words import Values, words
from sib_engine.terms.provenance import NOTHING_ASSUMED, Provenance, Status

_LENGTHS: Final = frozenset({"employment.weeks", "employment.days", "employment.months"})
"""A length may be written in any of these; thirteen weeks are read as 91 days."""


@dataclass(frozen=True, slots=True)
class PlainTerm:
    """One term: its key in the file, its value in words, and why it was assumed where it was."""

    key: str
    text: str
    assumed: str | None


@dataclass(frozen=True, slots=True)
class PlainClause:
    """One clause: its table and id in the file, where it comes from, and its terms in the order of the format.

    ``id`` is empty for ``[contract]`` and ``[eligibility]``. ``status`` and ``source`` are None where
    the table carries none (a site, an ``[eligibility]`` that the file leaves out). ``assumed`` is the
    table of that name as it was written.
    """

    table: str
    id: str
    status: Status | None
    source: str | None
    terms: tuple[PlainTerm, ...]
    assumed: Mapping[str, str]

    @property
    def name(self) -> str:
        """The clause as a key path: ``tariff[t1]``, ``metric.job_start``, ``contract``."""
        return name_of(self.table, self.id)

    def text(self, key: str) -> str:
        """Return the words of one term, empty where it is not set."""
        return next((term.text for term in self.terms if term.key == key), "")


def name_of(table: str, name: str) -> str:
    """Return the key path of a clause, or of a whole table where ``name`` is empty."""
    if not name:
        return table
    return f"{table}.{name}" if table in {"metric", "site"} else f"{table}[{name}]"


def plain_clauses(contract: Contract) -> tuple[PlainClause, ...]:
    """Return every clause in plain words, in the order of contracts/README.md."""
    return (
        _plain("contract", "", contract.provenance, contract_values(contract)),
        _plain("eligibility", "", _own_provenance(contract), eligibility_values(contract.eligibility)),
        *(_plain("site", site.code, None, iter([("name", site.name)])) for site in contract.sites),
        *(_plain("metric", metric.code, metric.provenance, metric_values(metric)) for metric in contract.metrics),
        *(
            _plain(table, clause.id, clause.provenance, clause_values(clause, contract.currency))
            for table, clauses in listed_clauses(contract).items()
            for clause in clauses
        ),
    )


def _own_provenance(contract: Contract) -> Provenance | None:
    """Return the provenance of ``[eligibility]``; None where the file has no such table."""
    provenance = contract.eligibility.provenance
    return None if provenance is contract.provenance else provenance


def _plain(table: str, name: str, provenance: Provenance | None, values: Values) -> PlainClause:
    pairs = [(key, words(value)) for key, value in values if value is not None and value != ()]
    if provenance is None:
        return PlainClause(table, name, None, None, tuple(PlainTerm(*pair, None) for pair in pairs), NOTHING_ASSUMED)
    terms = [PlainTerm(key, text, _why_assumed(key, provenance.assumed)) for key, text in pairs]
    terms += [
        PlainTerm(key, "not set", why)
        for key, why in provenance.assumed.items()
        if not any(_speaks_of(key, term.key) for term in terms)
    ]
    return PlainClause(table, name, provenance.status, provenance.source, tuple(terms), provenance.assumed)


def _why_assumed(key: str, assumed: Mapping[str, str]) -> str | None:
    return next((why for name, why in assumed.items() if _speaks_of(name, key)), None)


def _speaks_of(assumed: str, key: str) -> bool:
    """Return whether a key under ``assumed`` names a term, the table around it, or a part of it."""
    if assumed in _LENGTHS and key in _LENGTHS:
        return True
    return assumed == key or key.startswith(f"{assumed}.") or assumed.startswith(f"{key}.")
