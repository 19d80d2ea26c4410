"""The addresses, one module for each subject."""

from typing import Final

from flask_smorest import Blueprint

from sib_engine.api.resources.claims import claims
from sib_engine.api.resources.contracts import contracts

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (contracts, claims)
"""In the order of the document."""
