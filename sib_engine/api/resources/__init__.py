"""The addresses, one module for each subject."""

from typing import Final

from flask_smorest import Blueprint

from sib_engine.api.resources.claims import claims
from sib_engine.api.resources.contracts import contracts
from sib_engine.api.resources.tokens import tokens
from sib_engine.api.resources.uploads import uploads

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (contracts, uploads, claims, tokens)
"""In the order of the document."""
