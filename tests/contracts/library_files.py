"""The contracts and published records of the library, as the tests read them."""

import csv
from datetime import date
from decimal import Decimal

from sib_engine.terms import library
from sib_engine.terms.contract import Contract
from sib_engine.terms.load import load
from sib_engine.terms.load_published import load_record
from sib_engine.terms.published import PublishedRecord

MAY = date(2025, 5, 1)
DECEMBER = date(2025, 12, 1)


def contract(name: str) -> Contract:
    """Return a contract of the library, named ``programme/name``."""
    loaded = load(library.find(name))
    assert loaded.contract is not None
    return loaded.contract


def record(name: str) -> PublishedRecord:
    """Return the published record beside a contract."""
    path = library.published_record(library.find(name))
    assert path is not None
    loaded = load_record(path, contract(name))
    assert loaded.findings == ()
    assert loaded.record is not None
    return loaded.record


def counts(name: str, as_published: date) -> dict[str, int]:
    """Return the published counts of one publication by metric."""
    published = record(name)
    (results,) = (entry for entry in published.results if entry.as_published == as_published)
    path = library.find(name).parent / library.PUBLISHED_FOLDER / results.counts
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["metric"]: int(row["count"]) for row in csv.DictReader(lines)}


def prices(terms: Contract) -> list[Decimal | None]:
    """Return the one price of each metric, in order."""
    assert [tariff.metric for tariff in terms.tariffs] == list(terms.metric_codes)
    return [tariff.price for tariff in terms.tariffs]


def caps(terms: Contract) -> dict[str, int]:
    """Return the limit of each cap in pence, by id."""
    return {cap.id: cap.limit for cap in terms.caps}


def paid(name: str) -> int:
    """Return what is published as paid, in pence: by payment, as a total or, where there is neither, by metric."""
    published = record(name)
    payments = sum(payment.amount for payment in published.payments)
    totals = sum(total.amount for total in published.totals)
    return payments + totals or sum(line.paid for line in published.lines)
