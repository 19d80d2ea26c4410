"""Scales: what a measured result of a cohort pays, by steps, along a line, or for each unit."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sib_engine.terms.provenance import Provenance, Status


class Between(StrEnum):
    """What a result between two points of a scale pays."""

    STEPS = "steps"
    """What the highest point reached pays."""
    LINEAR = "linear"
    """What lies on the straight line from one point to the next."""


class PaidPer(StrEnum):
    """How often the payment of a scale is made for one measured row."""

    RESULT = "result"
    """Once."""
    OUTCOME = "outcome"
    """As many times as the row counts."""


@dataclass(frozen=True, slots=True)
class Point:
    """What a result pays that is at least ``at``; more than ``at`` where ``is_above``.

    ``at`` is an exact number, 0.085 for 8.5 %; ``in_percent`` says how the file writes it. ``pays`` is a part
    of the scale's amount where ``is_part``, else an amount in units of the currency.
    """

    at: Fraction
    is_above: bool
    in_percent: bool
    pays: Fraction
    is_part: bool

    def is_reached(self, result: Fraction) -> bool:
        """Return whether a result is enough for the point."""
        return result > self.at if self.is_above else result >= self.at

    @property
    def place(self) -> tuple[Fraction, bool]:
        """Where the point lies among the others; results beyond a number come after that number."""
        return self.at, self.is_above


@dataclass(frozen=True, slots=True)
class Scale:
    """What one measured metric pays from a day on, for all or some sites.

    Either ``points``, lowest first, with ``between`` and ``per``, and ``amount`` (what 100 % stands for) where
    the points pay parts of it; or ``price`` for each unit avoided. ``amount`` and ``price`` are in units of the
    currency. A result below the first point pays nothing, one beyond the last pays what the last does. Where a
    result of a metric of ``unless`` earns anything, this scale pays nothing for any result.
    """

    id: str
    metric: str
    starts_on: date
    sites: tuple[str, ...]
    between: Between | None
    points: tuple[Point, ...]
    amount: Decimal | None
    per: PaidPer | None
    price: Decimal | None
    amendment: str | None
    provenance: Provenance
    unless: tuple[str, ...] = ()

    @property
    def price_status(self) -> Status:
        """How its payments are known: assumed where any of its figures is."""
        is_assumed = any(self.provenance.assumes(key) for key in ("points", "amount", "price"))
        return Status.ASSUMED if is_assumed else self.provenance.status
