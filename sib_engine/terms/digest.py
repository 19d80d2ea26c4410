"""The digest of a contract: what identifies the terms that a statement was drawn up under."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

FORMAT: Final = "sib1"
"""Version of the canonical form. A digest carries it and is never recomputed under another."""


_ORDERED: Final = frozenset({"metric", "site", "payers"})
"""Tables whose order is a term: outcomes of one day meet a cap in the order of metrics and sites, and the odd penny of
a share goes to the payer listed first."""


def digest_of(document: Mapping[str, Any]) -> str:
    """Return ``sib1:`` and the SHA-256 of the canonical form of a contract document.

    Canonical: JSON with sorted keys and no spaces; dates in ISO form; numbers as plain decimals without trailing
    zeros. Comments, spacing and the order of keys do not matter; the order of clauses, and of the payers in a share,
    does. The document must have passed the schema, which bounds its depth and its numbers.
    """
    text = json.dumps(_canonical(document), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{FORMAT}:{hashlib.sha256(text.encode()).hexdigest()}"


def _canonical(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _canonical_under(key, inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        return {"number": f"{number.normalize():f}" if number else "0"}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return str(value)


def _canonical_under(key: object, value: object) -> object:
    if key in _ORDERED and isinstance(value, Mapping):
        return [[str(name), _canonical(inner)] for name, inner in value.items()]
    return _canonical(value)
