"""Provenance: what is unpriced and what is only assumed, once for the whole contract."""

from collections.abc import Iterator

from sib_engine.core.findings import Finding, Location, error, note
from sib_engine.terms.clauses import listed_clauses
from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Provenance, Status


def check_unpriced(contract: Contract) -> Iterator[Finding]:
    """Yield clauses other than tariffs that call themselves unpriced."""
    for key, provenance in clauses(contract):
        if provenance.status is Status.UNPRICED:
            accepted = "published, agreed or assumed; only a tariff can be unpriced"
            yield error("unpriced-elsewhere", "status is 'unpriced'", accepted, Location(key=f"{key}.status"))


def note_unpriced(contract: Contract) -> Iterator[Finding]:
    """Yield one note of how many tariffs have no price."""
    n_unpriced = sum(tariff.price is None for tariff in contract.tariffs)
    if n_unpriced:
        verb = "has" if n_unpriced == 1 else "have"
        of_all = f"{n_unpriced} of {_counted(len(contract.tariffs), 'tariff')}"
        what = f"{of_all} {verb} no price: no amount can be derived from counts"
        yield note("unpriced-terms", what, at=Location(key="tariff"))


def note_assumed(contract: Contract) -> Iterator[Finding]:
    """Yield one note of how many prices and other terms are assumed."""
    priced = [tariff for tariff in contract.tariffs if tariff.price is not None]
    n_prices = sum(is_assumed(tariff.provenance, "price") for tariff in priced)
    n_terms = sum(
        1 if provenance.status is Status.ASSUMED else len(provenance.assumed) for _, provenance in clauses(contract)
    )
    n_terms += sum(len(tariff.provenance.assumed.keys() - {"price"}) for tariff in contract.tariffs)
    said = [f"{n_prices} of {_counted(len(priced), 'price')}"] if n_prices else []
    if n_terms:
        said.append(_counted(n_terms, "other term" if said else "term"))
    if said:
        verb = "is" if n_prices + n_terms == 1 else "are"
        what = f"{' and '.join(said)} {verb} assumed: neither published nor agreed"
        yield note("assumed-terms", what, at=Location(key="contract"))


def is_assumed(provenance: Provenance, key: str) -> bool:
    """Return whether a term of a clause is assumed, by itself or with the whole clause."""
    return provenance.status is Status.ASSUMED or key in provenance.assumed


def clauses(contract: Contract) -> Iterator[tuple[str, Provenance]]:
    """Yield the key path and provenance of every clause but the tariffs."""
    yield "contract", contract.provenance
    if contract.eligibility.provenance is not contract.provenance:  # a file without [eligibility] has the contract's
        yield "eligibility", contract.eligibility.provenance
    for metric in contract.metrics:
        yield f"metric.{metric.code}", metric.provenance
    for table, listed in listed_clauses(contract).items():
        if table != "tariff":
            yield from ((f"{table}[{clause.id}]", clause.provenance) for clause in listed)


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'' if count == 1 else 's'}"
