"""Where a term comes from, and how far it may be relied on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Status(StrEnum):
    """How a clause is known."""

    PUBLISHED = "published"
    AGREED = "agreed"
    ASSUMED = "assumed"
    UNPRICED = "unpriced"


NOTHING_ASSUMED: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Provenance:
    """Status and source of a clause.

    ``assumed`` maps single terms of the clause (dotted keys as in the file) that are *not*
    known to the reason for the value chosen; the rest of the clause has ``status``.
    """

    status: Status
    source: str
    assumed: Mapping[str, str] = field(default_factory=lambda: NOTHING_ASSUMED)
