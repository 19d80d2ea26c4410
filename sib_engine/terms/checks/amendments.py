"""Amendments: when they take effect, what they bring and what they replace."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.amend import in_force
from sib_engine.terms.checks import scales
from sib_engine.terms.checks.outline import EVERY_METRIC
from sib_engine.terms.checks.prices import cells
from sib_engine.terms.clauses import Amendable, amendable_clauses, listed_clauses
from sib_engine.terms.contract import Contract, EligibilityTerms
from sib_engine.terms.metric_terms import MetricTerms
from sib_engine.terms.money_clauses import Grant, Share, Tariff
from sib_engine.terms.plain_words import price
from sib_engine.terms.scale import Scale
from sib_engine.terms.schedule import Amendment
from sib_engine.terms.scheduled import Fee, Termination
from sib_engine.terms.verification import Verification

ONE_DAY: Final = timedelta(days=1)


def check_dates(contract: Contract) -> Iterator[Finding]:
    """Yield amendments that take effect outside the contract, or before they were signed."""
    for amendment in contract.amendments:
        key = f"amendment[{amendment.id}]"
        last = max(contract.claims_close, in_force(contract, amendment.effective_from - ONE_DAY).claims_close)
        if not contract.start <= amendment.effective_from <= last + ONE_DAY:
            what = f"it takes effect on {amendment.effective_from}, outside the contract"
            accepted = f"a day from {contract.start} to {last}"
            yield warning("amendment-outside-contract", what, accepted, Location(key=f"{key}.effective_from"))
        if amendment.signed_on > amendment.effective_from:
            days = (amendment.signed_on - amendment.effective_from).days
            moves = _moves(contract, amendment)
            what = f"it was signed {days} days after it takes effect, and reaches into the past{moves}"
            accepted = (
                "an amendment signed on or before the day it takes effect; sib contract check --rows says what it moves"
                " of the outcomes achieved before it was signed"
            )
            yield warning("amendment-reaches-back", what, accepted, Location(key=f"{key}.signed_on"))


def _moves(contract: Contract, amendment: Amendment) -> str:
    """Return in words how the prices that it brings differ from those that it replaces, where each has one price."""
    plain = [each for each in contract.tariffs if each.price is not None and not each.tiers and not each.indexation]
    brought = [each for each in plain if each.amendment == amendment.id and each.starts_on < amendment.signed_on]
    replaced = [each for each in plain if each.id in amendment.replaces]
    changes = [
        f"{new.metric} from {_price(contract, old)} to {_price(contract, new)} an outcome (tariff {new.id!r})"
        for new in brought
        for old in replaced
        if old.price != new.price and not set(cells(old)).isdisjoint(cells(new))
    ]
    return f": {'; '.join(changes)}" if changes else ""


def _price(contract: Contract, tariff: Tariff) -> str:
    return "" if tariff.price is None else price(tariff.price, contract.currency)


def check_clauses_start_later(contract: Contract) -> Iterator[Finding]:
    """Yield clauses that start before the amendment that brings them takes effect."""
    effective = {amendment.id: amendment.effective_from for amendment in contract.amendments}
    dated: tuple[
        tuple[
            str, str, Tariff | Scale | Share | Grant | Fee | Termination | Verification | MetricTerms | EligibilityTerms
        ],
        ...,
    ] = (
        *(("metric_terms", "from", terms) for terms in contract.metric_terms),
        *(("eligibility_terms", "from", terms) for terms in contract.eligibility_terms),
        *(("tariff", "from", tariff) for tariff in contract.tariffs),
        *(("scale", "from", scale) for scale in contract.scales),
        *(("share", "from", share) for share in contract.shares),
        *(("grant", "months", grant) for grant in contract.grants),
        *(("fee", "months", fee) for fee in contract.fees),
        *(("termination", "from", clause) for clause in contract.terminations),
        *(("verification", "from", clause) for clause in contract.verifications),
    )
    for table, key, clause in dated:
        begins = None if clause.amendment is None else effective.get(clause.amendment)
        if begins is not None and clause.starts_on < begins:
            what = f"it starts on {clause.starts_on}, before amendment {clause.amendment!r} takes effect on {begins}"
            at = Location(key=f"{table}[{clause.id}].{key}")
            yield error("starts-before-amendment", what, f"{begins} or a later day", at)


def check_replaced(contract: Contract) -> Iterator[Finding]:
    """Yield clauses that an amendment says to replace, and which nothing it brings can replace."""
    amendable = amendable_clauses(contract)
    tables = {clause.id: table for table, clauses in amendable.items() for clause in clauses}
    others = {clause.id for clauses in listed_clauses(contract).values() for clause in clauses} - tables.keys()
    others.update(contract.metric_codes)
    replaced_by: dict[str, str] = {}
    for amendment in contract.amendments:
        at = Location(key=f"amendment[{amendment.id}].replaces")
        for name in amendment.replaces:
            first = replaced_by.setdefault(name, amendment.id)
            if first != amendment.id:
                what = f"{name!r} was replaced by amendment {first!r} already"
                yield warning("replaced-twice", what, "the clause that stands now", at)
            if name in tables:
                yield from _replaced(contract, amendment, tables[name], name)
            elif name in others:
                what = f"{name!r} is no clause that an amendment can replace"
                accepted = "ids of " + ", ".join(f"{table}s" for table in amendable)
                yield error("cannot-be-replaced", what, accepted, at)


def _replaced(contract: Contract, amendment: Amendment, table: str, name: str) -> Iterator[Finding]:
    at = Location(key=f"amendment[{amendment.id}].replaces")
    clauses = amendable_clauses(contract)[table]
    old = next(clause for clause in clauses if clause.id == name)
    new = [clause for clause in clauses if clause.amendment == amendment.id and clause.id != name]
    if old.amendment == amendment.id:
        what = f"{name!r} is brought by the amendment that replaces it"
        yield error("replaces-its-own", what, "clauses that were agreed before", at)
    elif not new:
        what = f"it replaces {table} {name!r} and brings no {table}"
        accepted = f'a {table} with amendment = "{amendment.id}"'
        yield warning("replaced-by-nothing", what, accepted, at)
    else:
        missing = set(_covers(old)) - {cell for clause in new for cell in _covers(clause)}
        if missing:
            what = f"{table} {name!r} stays in force for {_shown(missing)}, which no {table} of the amendment names"
            yield warning("replaced-in-part", what, f"a {table} of the amendment for the same", at)


def _covers(clause: Amendable) -> Iterator[tuple[str | None, ...]]:
    """Yield what a dated clause prices or divides; nothing for one that ends when it is replaced."""
    if isinstance(clause, Tariff):
        yield from cells(clause)
    elif isinstance(clause, Scale):
        yield from scales.cells(clause)
    elif isinstance(clause, Share):
        yield from ((metric,) for metric in clause.metrics or (EVERY_METRIC,))


def _shown(covered: set[tuple[str | None, ...]]) -> str:
    names = (" ".join(part for part in cell if part is not None) for cell in covered)
    return ", ".join(sorted(names))
