"""Dated tables: price indexes and wages, and how a price follows one."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sib_engine.terms.provenance import Provenance


@dataclass(frozen=True, slots=True)
class IndexValue:
    """A value in force from a day on, until the next one starts."""

    starts_on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Index:
    """A published series that prices or thresholds follow; ``values`` are above 0, in order of their days."""

    id: str
    values: tuple[IndexValue, ...]
    provenance: Provenance

    def value_on(self, day: date) -> Decimal | None:
        """Return the value in force on a day, or None before the first."""
        return next((each.value for each in reversed(self.values) if each.starts_on <= day), None)


@dataclass(frozen=True, slots=True)
class Indexation:
    """How a tariff's prices follow an index.

    ``base_on`` is the day whose value the prices belong to. They move whenever the index does; with
    ``every``, only on the days that lie so many months, or a multiple of them, after ``base_on``. The
    result is rounded to ``places`` decimal places (None: those of the currency).
    """

    index: str
    base_on: date
    every: int | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Indexed:
    """How the price of one stretch of time came about, so that it can be worked out again.

    ``since`` is the day from which the tariff itself holds, ``prices`` are its prices as agreed (one, or
    one for each tier), ``value`` and ``base`` the values of the index.
    """

    index: str
    since: date
    prices: tuple[Decimal, ...]
    value: Decimal
    base: Decimal
