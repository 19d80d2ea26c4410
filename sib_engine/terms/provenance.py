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

    @property
    def rests_on_assumption(self) -> bool:
        """Whether the clause, or any single term of it, is assumed."""
        return self.status is Status.ASSUMED or bool(self.assumed)

    @property
    def text(self) -> str:
        """Status and source in words; then the single terms that these do not cover, each with its reason."""
        known = f"{self.status.value}: {self.source}"
        if self.status is Status.ASSUMED or not self.assumed:
            return known
        terms = "; ".join(f"{key} ({reason})" for key, reason in self.assumed.items())
        return f"{known}; assumed: {terms}"

    def assumes(self, key: str) -> bool:
        """Return whether a term is assumed: with the whole clause, by itself or by a part of it."""
        named = (each == key or each.startswith(f"{key}.") for each in self.assumed)
        return self.status is Status.ASSUMED or any(named)
