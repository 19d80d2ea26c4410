"""The addresses, one module for each subject."""

from typing import Final

from flask_smorest import Blueprint

from sib_engine.api.resources import claims, contracts, tokens, uploads

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    contracts.blueprint,
    uploads.blueprint,
    claims.blueprint,
    tokens.blueprint,
)
"""In the order of the document."""
