"""Parties to a contract, and its sites."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sib_engine.terms.provenance import Provenance

UNFUNDED: Final = "unfunded"
"""A share that counts towards the whole and is billed to nobody."""


class Role(StrEnum):
    """What a party does in the contract."""

    OUTCOMES_PAYER = "outcomes_payer"
    TOP_UP_FUNDER = "top_up_funder"
    INTERMEDIARY = "intermediary"
    PROVIDER = "provider"
    INVESTOR = "investor"


PAYING_ROLES: Final = frozenset({Role.OUTCOMES_PAYER, Role.TOP_UP_FUNDER})


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation in the contract; ``org_id`` is its identifier in a public register."""

    id: str
    role: Role
    organisation: str
    org_id: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Site:
    """Where a service runs; tariffs, targets and caps may name it."""

    code: str
    name: str
