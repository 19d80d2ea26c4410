"""Use case: the contract format as a JSON Schema, for editors."""

from typing import Any

from sib_engine.core.money import currency_of
from sib_engine.terms import library
from sib_engine.terms.format.json_schema import json_schema
from sib_engine.terms.format.reference import read_reference

PAGE = "README.md"


def contract_schema(currency: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a contract file, with the format's page as its descriptions.

    Args:
        currency: Code of the currency that amounts are in; any that the engine knows where not given.

    Raises:
        NotFoundError: If the engine does not know the currency, or the installation carries no contracts.
    """
    page = (library.folder() / PAGE).read_text(encoding="utf-8")
    return json_schema(read_reference(page), None if currency is None else currency_of(currency))
