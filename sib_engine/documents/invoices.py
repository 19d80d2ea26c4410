"""Invoices, what is outstanding on them and for how long, and what is earned and not yet billed: the figures."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sib_engine.core.money import Currency
from sib_engine.documents.vat import VatTreatment


@dataclass(frozen=True, slots=True)
class InvoiceEntry:
    """One invoice or credit note; amounts in minor units, those of a credit note negative.

    ``due_on`` is None until a valid invoice has been issued. ``disputed`` is the part of what is
    outstanding that its payer does not accept: it is not aged with the rest.
    """

    number: str
    purchase_order: str
    payer: str
    organisation: str
    statement: int
    period: str
    vat_treatment: VatTreatment
    net: int
    vat: int
    issued_on: date | None
    due_on: date | None
    paid: int = 0
    disputed: int = 0

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.vat

    @property
    def outstanding(self) -> int:
        """What has not been paid of it."""
        return self.gross - self.paid


@dataclass(frozen=True, slots=True)
class Accrual:
    """What one payer owes for outcomes of a period that no invoice holds at a day: net, minor units, and why."""

    payer: str
    organisation: str
    period: str
    net: int
    basis: str


class Age(StrEnum):
    """How long after its due date something is outstanding."""

    NOT_DUE = "not yet due"
    TO_30 = "1 to 30 days"
    TO_60 = "31 to 60 days"
    TO_90 = "61 to 90 days"
    OVER_90 = "over 90 days"
    DISPUTED = "disputed"


_BOUNDS: Final = ((0, Age.NOT_DUE), (30, Age.TO_30), (60, Age.TO_60), (90, Age.TO_90))


@dataclass(frozen=True, slots=True)
class InvoiceSchedule:
    """Every invoice of a contract as at a day, and the accruals at the end of the financial year ``accrued_on``."""

    contract_code: str
    contract_name: str
    currency: Currency
    as_at: date
    invoices: tuple[InvoiceEntry, ...]
    accruals: tuple[Accrual, ...]
    accrued_on: date


def age_of(invoice: InvoiceEntry, *, as_at: date) -> Age:
    """Return how long the undisputed part of an invoice has been outstanding; an unissued one is not yet due."""
    if invoice.due_on is None:
        return Age.NOT_DUE
    days = (as_at - invoice.due_on).days
    return next((age for bound, age in _BOUNDS if days <= bound), Age.OVER_90)


def aged(schedule: InvoiceSchedule) -> dict[str, dict[Age, int]]:
    """Return what is outstanding for each organisation by age, minor units; disputed amounts apart.

    For each organisation the ages add up to what is outstanding on its invoices.
    """
    found: dict[str, dict[Age, int]] = {}
    for invoice in schedule.invoices:
        ages = found.setdefault(invoice.organisation, dict.fromkeys(Age, 0))
        ages[Age.DISPUTED] += invoice.disputed
        ages[age_of(invoice, as_at=schedule.as_at)] += invoice.outstanding - invoice.disputed
    return found


def last_year_end(day: date, *, month: int = 3, day_of_month: int = 31) -> date:
    """Return the last end of a financial year on or before a day: 31 March, as public bodies have it."""
    this_year = date(day.year, month, day_of_month)
    return this_year if this_year <= day else date(day.year - 1, month, day_of_month)
