"""Words that a contract makes up, such as groups and kinds of document: each written in one way."""

import re
from collections.abc import Iterator
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import kinds_of

_BETWEEN: Final = re.compile(r"[\s_-]+")


def check_spelling(contract: Contract) -> Iterator[Finding]:
    """Yield words that differ from an earlier one only in capitals, spaces or hyphens: nothing matches both."""
    for kind, words in (("kind of document", _documents(contract)), ("group", _groups(contract))):
        first: dict[str, str] = {}
        told: set[str] = set()
        for key, word in words:
            other = first.setdefault(_BETWEEN.sub("", word).casefold(), word)
            if other != word and word not in told:
                told.add(word)
                what = f"{word!r} and {other!r} are two to the engine: no {kind} of people's facts is both"
                yield warning("spelt-two-ways", what, f"{other!r} in both places", Location(key=key))


def _documents(contract: Contract) -> Iterator[tuple[str, str]]:
    for metric in contract.metrics:
        yield from ((f"metric.{metric.code}.evidence", kind) for kind in metric.evidence.kinds)
    for terms in contract.metric_terms:
        yield from ((f"metric_terms[{terms.id}].evidence", kind) for kind in kinds_of(terms.evidence or ()))


def _groups(contract: Contract) -> Iterator[tuple[str, str]]:
    for tariff in contract.tariffs:
        yield from ((f"tariff[{tariff.id}].groups", group) for group in tariff.groups)
    for bonus in contract.bonuses:
        yield from ((f"bonus[{bonus.id}].groups", group) for group in bonus.groups)
