"""The addresses, one module for each subject."""

from typing import Final

from flask_smorest import Blueprint

from sib_engine.api.resources import audit, billing, claims, contracts, samples, statements, tokens, uploads

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    contracts.blueprint,
    uploads.blueprint,
    claims.blueprint,
    statements.blueprint,
    samples.blueprint,
    billing.blueprint,
    audit.blueprint,
    tokens.blueprint,
)
"""In the order of the document."""
