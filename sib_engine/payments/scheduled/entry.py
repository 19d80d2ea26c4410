"""One amount that falls due on a day because the contract says so, and not because of one outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Provenance


class _Clause(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def uses_caps(self) -> bool: ...


class ScheduledKind(StrEnum):
    """The kinds of clause that schedule money; row ids begin with them, as in ``fee/running/3``."""

    GRANT = "grant"
    FEE = "fee"
    GUARANTEE = "guarantee"
    TERMINATION = "termination"


@dataclass(frozen=True, slots=True)
class Entry:
    """One scheduled amount (minor units): a row of no metric that enters at the statement on ``day``.

    ``row`` is its id, ``clause`` that of its clause. ``count`` is 1, or the number of units that a
    guaranteed volume is short of, each at ``price`` (blank where the amount is no multiple of a
    price). ``words`` say how the amount came about, with every figure that it rests on.
    """

    kind: ScheduledKind
    row: str
    clause: str
    provenance: Provenance
    day: date
    amount: int
    uses_caps: bool
    is_assumed: bool
    words: str
    count: int = 1
    price: str = ""


def kind_of(row: str) -> ScheduledKind | None:
    """Return the kind of scheduled amount that a row id stands for, or ``None`` where it is an outcome's."""
    prefix, slash, _ = row.partition("/")
    return ScheduledKind(prefix) if slash and prefix in set(ScheduledKind) else None


def outside_caps(contract: Contract, row: str) -> bool:
    """Return whether a row id is that of a scheduled amount which no cap counts."""
    kind = kind_of(row)
    if kind is None:
        return False
    clause = row.split("/")[1]
    listed: Mapping[ScheduledKind, Sequence[_Clause]] = {
        ScheduledKind.GRANT: contract.grants,
        ScheduledKind.FEE: contract.fees,
        ScheduledKind.GUARANTEE: contract.guarantees,
        ScheduledKind.TERMINATION: contract.terminations,
    }
    return any(each.id == clause and not each.uses_caps for each in listed[kind])


def earliest(*days: date | None) -> date | None:
    """Return the earliest of the days that are given; ``None`` where none is."""
    return min((day for day in days if day is not None), default=None)
