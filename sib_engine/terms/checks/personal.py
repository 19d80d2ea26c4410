"""Personal data in a contract: its texts name organisations, and no person."""

from collections.abc import Iterator, Mapping
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.core.personal import Kind, looks_personal
from sib_engine.terms.format.problems import place_in, place_of_clause, shown_value

MAX_DEPTH: Final = 6
MAX_LOOKED_AT: Final = 4000

_NAMES_A_PERSON: Final = frozenset({Kind.EMAIL, Kind.NHS_NUMBER, Kind.NATIONAL_INSURANCE_NUMBER})
"""Telephone numbers and dates are left out: a source may be an office's line, and prose is full of dates."""


def check_texts(document: Mapping[str, object]) -> Iterator[Finding]:
    """Yield texts of a contract file that hold an e-mail address or a number that stands for a person."""
    for key, text in _texts(document, "", 0):
        kind = looks_personal(text[:MAX_LOOKED_AT])
        if kind in _NAMES_A_PERSON:
            what = f"{shown_value(text)} holds {kind}"
            yield warning("personal-data", what, "organisations; never a person", Location(key=key))


def _texts(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif depth < MAX_DEPTH and isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, place_in(path, key), depth + 1)
    elif depth < MAX_DEPTH and isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _texts(inner, place_of_clause(path, inner, position), depth + 1)
