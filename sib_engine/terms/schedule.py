"""What the parties expected: targets, payment plans, commitments; and the amendments they signed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sib_engine.terms.provenance import Provenance


class Case(StrEnum):
    """Which volumes a target states."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Target:
    """Volume of one metric agreed with the payer, over the contract or over one period."""

    id: str
    case: Case
    metric: str
    count: int
    site: str | None
    period: str | None
    amendment: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Plan:
    """A profile of expected payments: ``amounts`` (minor units) for consecutive spans of ``months``.

    ``in_force_to`` is ``None`` for the plan that was never replaced.
    """

    id: str
    in_force_from: date
    in_force_to: date | None
    starts_on: date
    months: int
    amounts: tuple[int, ...]
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Commitment:
    """Money that an investor has promised."""

    id: str
    party: str
    amount: int
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class NewDates:
    """The contract's last days as an amendment changes them; None for one that stays."""

    end: date | None
    claims_close: date | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A signed change: the clauses it replaces, and the contract's own days that it changes.

    Its new clauses name it in ``amendment``. ``terminated_on`` is the day on which it ends the contract
    early, where it does.
    """

    id: str
    signed_on: date
    effective_from: date
    replaces: tuple[str, ...]
    text: str
    provenance: Provenance
    contract: NewDates | None = None
    terminated_on: date | None = None
