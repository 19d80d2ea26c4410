"""Ids: each stands for one clause, and none for a word that the format uses itself."""

from collections.abc import Iterator
from typing import Final

from sib_engine.core.findings import Finding, Location, error
from sib_engine.terms.checks.outline import REFERRAL, Entry, Outline
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Overflow
from sib_engine.terms.party import UNFUNDED

_RESERVED: Final = {
    "party": {UNFUNDED: "a share that nobody is billed for", Overflow.LOST.value: "an overflow that nobody pays"},
    "metric": {REFERRAL: "the day from which a window may be counted"},
}


def check_ids(outline: Outline) -> Iterator[Finding]:
    """Yield each id that an earlier clause has, and each that is a word of the format."""
    first: dict[str, Entry] = {}
    for entry in outline.entries:
        if entry.name is None or entry.table == "site":
            continue
        meaning = _RESERVED.get(entry.table, {}).get(entry.name)
        if meaning is not None:
            what = f"{entry.name!r} already means {meaning}"
            yield error("reserved-id", what, "another id", Location(key=entry.key))
        other = first.setdefault(entry.name, entry)
        if other is not entry:
            what = f"{entry.name!r} is already the id of another {other.table}"
            if other.table != entry.table:
                what = f"{entry.name!r} is already the id of a clause: {other.key}"
            yield error("duplicate-id", what, "an id that no other clause of the file has", Location(key=entry.key))


def check_indigo(contract: Contract) -> Iterator[Finding]:
    """Yield each INDIGO id that two metrics carry, or that is another metric's code: a count could mean either."""
    owner = {metric.code: metric.code for metric in contract.metrics}
    for metric in contract.metrics:
        if metric.indigo is None:
            continue
        other = owner.setdefault(metric.indigo, metric.code)
        if other != metric.code:
            what = f"{metric.indigo!r} already names metric {other!r}"
            at = Location(key=f"metric.{metric.code}.indigo")
            yield error("two-metrics-one-indigo", what, "an INDIGO id that names one metric", at)
