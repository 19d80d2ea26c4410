"""Use case: a contract as its parties would read it, in sections of rows, with what is assumed marked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from sib_engine.core.findings import Finding
from sib_engine.services.inputs import ContractInput, contract_at
from sib_engine.terms.contract import Contract
from sib_engine.terms.defaults import unwritten_defaults
from sib_engine.terms.load import read_document
from sib_engine.terms.plain import PlainClause, PlainTerm, plain_clauses
from sib_engine.terms.provenance import Status


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and whether numbers stand under it."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one term; ``is_assumed`` where it is neither published nor agreed."""

    text: str
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One clause, or one term of it; ``is_assumed`` where the whole clause is."""

    cells: tuple[Cell, ...]
    is_assumed: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table; every row has as many cells as there are columns."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ShownContract:
    """A contract to be read: sections in the order of the file format; those with no rows are left out."""

    path: Path
    contract: Contract
    sections: tuple[Section, ...]
    findings: tuple[Finding, ...]
    is_assumed: bool

    def as_dict(self) -> dict[str, object]:
        """Return the contract as ``sib contract show --json`` prints it: the file's own tables as JSON values."""
        document, _ = read_document(self.path)
        return {
            "file": self.path.name,
            "contract": self.contract.code,
            "currency": self.contract.currency.code,
            "terms": self.contract.digest,
            "assumed": self.is_assumed,
            "document": _as_json(document),
        }


_INDEX: Final = ("index", "index_base", "index_every", "index_places")

TABLES: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("party", "Parties", ("role", "organisation", "org_id")),
    ("site", "Sites", ("name",)),
    ("metric", "Outcomes", ("name", "definition", "counts", "requires", "within", "evidence", "indigo")),
    ("band", "Bands", ("metrics", "rule")),
    ("metric_terms", "Outcomes whose terms change", ("metric", "from", "amendment")),
    ("eligibility_terms", "Changes of who may be claimed for", ("from", "amendment")),
    (
        "tariff",
        "Prices",
        ("metric", "from", "price", "tiers", "volume", "count_over", "sites", "groups", "quick", *_INDEX, "amendment"),
    ),
    (
        "scale",
        "Measured results",
        ("metric", "from", "between", "points", "amount", "per", "price", "sites", "unless", "amendment"),
    ),
    ("bonus", "Bonuses", ("on", "above", "up_to", "price", "metrics", "sites", "groups", "amendment")),
    ("volume", "Maxima of outcomes", ("metric", "on", "maximum", "amendment")),
    ("index", "Dated tables", ("values",)),
    ("cap", "Caps", ("on", "limit", "share", "of", "metrics", "sites", "payer", "overflow", "amendment")),
    ("minimum", "Minimums", ("on", "at_least", "at_least_share", "of", "pays_below", "metrics", "sites", "amendment")),
    ("share", "Shares", ("metric", "from", "payers", "amendment")),
    ("grant", "Grants", ("months", "amount", "replaces", "uses_caps", "amendment")),
    (
        "fee",
        "Fees",
        (
            "months",
            "every_months",
            "monthly",
            "amount",
            "share",
            "of",
            "profile",
            "uses_caps",
            "last_instalment",
            "amendment",
        ),
    ),
    (
        "guarantee",
        "Guaranteed volumes",
        ("metric", "on", "minimum", "price", "months", "uses_caps", "if_cut_short", "amendment"),
    ),
    (
        "verification",
        "Verification",
        ("from", "confidence", "recover", "method", "strata", "share", "at_least", "risk", "amendment"),
    ),
    ("termination", "Early termination", ("from", "amount", "share", "of", "tail_days", "uses_caps", "amendment")),
    ("target", "Targets", ("case", "metric", "count", "site", "period", "amendment")),
    ("plan", "Payment plans", ("in_force", "starts", "months", "amounts")),
    ("commitment", "Commitments", ("party", "amount")),
    (
        "amendment",
        "Amendments",
        ("signed_on", "effective_from", "replaces", "contract.end", "contract.claims_close", "terminated_on", "text"),
    ),
)
"""Table of the file, title, and the terms that have a column where any clause sets them."""

_NUMBERS: Final = frozenset({
    "price", "limit", "amount", "count", "monthly", "of", "minimum", "tail_days", "at_least", "at_least_share",
    "pays_below",
})  # fmt: skip
_FIGURES: Final = _NUMBERS | {"payers", "amounts", "share", "profile"}
_MISSING: Final[Mapping[tuple[str, str], str]] = {("tariff", "price"): "no price"}
_WORDS: Final[Mapping[tuple[str, str], str]] = {("metric", "*"): "every metric"}
"""Terms that are shown in other words: a star is the mark of what is assumed."""


def show_contract(name: str) -> ShownContract:
    """Return the contract at a path, or the library contract of this name, as sections to be printed.

    Raises:
        NotFoundError: If neither a file nor the library has it.
        FindingsError: If the contract has errors.
    """
    read = contract_at(name)
    clauses = plain_clauses(read.contract)
    sections = (
        *(
            _terms_section(clauses, table, title)
            for table, title in (("contract", "Contract"), ("eligibility", "Who may be claimed for"))
        ),
        *(_section(clauses, table, title, keys) for table, title, keys in TABLES),
        _rules_section(clauses, "metric", "What makes an outcome count", "outcome"),
        _rules_section(clauses, "metric_terms", "What changes for an outcome", "clause"),
        _rules_section(clauses, "eligibility_terms", "What changes about who may be claimed for", "clause"),
        _assumed_section(clauses),
        _defaults_section(clauses, read),
    )
    is_assumed = any(clause.status is Status.ASSUMED or clause.assumed for clause in clauses)
    shown = tuple(section for section in sections if section.rows)
    return ShownContract(read.path, read.contract, shown, read.findings, is_assumed)


def _terms_section(clauses: tuple[PlainClause, ...], table: str, title: str) -> Section:
    rows = (
        Row((Cell(term.key), Cell(term.text, _is_assumed(clause, term))), clause.status is Status.ASSUMED)
        for clause in clauses
        if clause.table == table
        for term in clause.terms
    )
    return Section(title, (Column("term"), Column("value")), tuple(rows))


def _section(clauses: tuple[PlainClause, ...], table: str, title: str, keys: tuple[str, ...]) -> Section:
    listed = [clause for clause in clauses if clause.table == table]
    used = tuple(key for key in keys if (table, key) in _MISSING or any(clause.text(key) for clause in listed))
    has_status = any(clause.status is not None for clause in listed)
    columns = (
        Column("id"),
        *(Column(key, key in _NUMBERS) for key in used),
        *((Column("status"),) if has_status else ()),
    )
    return Section(title, columns, tuple(_row(clause, used) for clause in listed))


def _row(clause: PlainClause, keys: tuple[str, ...]) -> Row:
    terms = {term.key: term for term in clause.terms}
    cells = [Cell(clause.id)]
    for key in keys:
        term = terms.get(key)
        if term is None:
            # A price by tiers is not missing: it stands in a column of its own.
            cells.append(Cell("" if "tiers" in terms else _MISSING.get((clause.table, key), "")))
        else:
            cells.append(Cell(_WORDS.get((key, term.text), term.text), _is_assumed(clause, term)))
    if clause.status is not None:
        cells.append(Cell(clause.status.value))
    return Row(tuple(cells), clause.status is Status.ASSUMED)


def _rules_section(clauses: tuple[PlainClause, ...], table: str, title: str, heading: str) -> Section:
    """Return the terms of a table's clauses that have no column: the test behind each outcome, or what changes."""
    shown = {key for name, _, keys in TABLES if name == table for key in keys}
    rows = (
        Row(
            (Cell(clause.id), Cell(term.key), Cell(term.text, _is_assumed(clause, term))),
            clause.status is Status.ASSUMED,
        )
        for clause in clauses
        if clause.table == table
        for term in clause.terms
        if term.key not in shown
    )
    return Section(title, (Column(heading), Column("term"), Column("value")), tuple(rows))


def _assumed_section(clauses: tuple[PlainClause, ...]) -> Section:
    rows = (Row(tuple(Cell(text) for text in texts), is_assumed=True) for texts in _assumptions(clauses))
    columns = (Column("clause"), Column("term"), Column("why"))
    return Section("Assumed: neither published nor agreed", columns, tuple(rows))


def _defaults_section(clauses: tuple[PlainClause, ...], read: ContractInput) -> Section:
    """Return the terms that decide outcomes and that the file leaves to their defaults without a word."""
    document, _ = read_document(read.path)
    by_name = {clause.name: clause for clause in clauses}
    rows = (
        Row((Cell(clause), Cell(key), Cell(by_name[clause].text(key) or "not set")))
        for clause, key in unwritten_defaults(read.contract, document or {})
    )
    title = "Left to their defaults: not written in the file, and not marked as assumed"
    return Section(title, (Column("clause"), Column("term"), Column("value")), tuple(rows))


def _assumptions(clauses: tuple[PlainClause, ...]) -> Iterator[tuple[str, str, str]]:
    for clause in clauses:
        if clause.status is Status.ASSUMED and not clause.assumed:
            yield clause.name, "all terms", clause.source or ""
        for key, why in clause.assumed.items():
            yield clause.name, key, why


def _is_assumed(clause: PlainClause, term: PlainTerm) -> bool:
    """Return whether a term is assumed; of a clause assumed as a whole, its figures carry the mark."""
    return term.assumed is not None or (clause.status is Status.ASSUMED and term.key in _FIGURES)


def _as_json(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else value
