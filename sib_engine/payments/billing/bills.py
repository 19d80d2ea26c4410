"""Invoices and credit notes with what was paid, set off and disputed, and how long they have been outstanding."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sib_engine.core.money import Currency, plain
from sib_engine.payments.billing.vat import VatTreatment, shown_rate

DAYS_TO_PAY: Final = 30
"""Days from a valid invoice to its due date.

Source: Public Contracts Regulations 2015, regulation 113; Procurement Act 2023, section 68.
"""


class Age(StrEnum):
    """How long after its due date something is outstanding."""

    NOT_DUE = "not yet due"
    TO_30 = "1 to 30 days"
    TO_60 = "31 to 60 days"
    TO_90 = "61 to 90 days"
    OVER_90 = "over 90 days"


_BOUNDS: Final = ((0, Age.NOT_DUE), (30, Age.TO_30), (60, Age.TO_60), (90, Age.TO_90))


@dataclass(frozen=True, slots=True)
class Bill:
    """One invoice, or a credit note where ``net`` is below zero; amounts in minor units, signed like ``net``.

    ``paid`` is what was paid on it less what was paid back, ``set_off`` what a credit note settles of an
    invoice (and, with the other sign, of itself), ``disputed`` the part of what is outstanding that its
    payer does not accept. ``vat_rate`` is in hundredths of a per cent.
    """

    id: int
    number: str
    purchase_order: str
    payer: str
    statement: int
    period: str
    vat_treatment: VatTreatment
    vat_rate: int
    net: int
    vat: int
    issued_on: date
    due_on: date
    paid: int = 0
    set_off: int = 0
    disputed: int = 0

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.vat

    @property
    def is_credit_note(self) -> bool:
        """Whether it takes money back."""
        return self.net < 0

    @property
    def settled(self) -> int:
        """What was paid and set off."""
        return self.paid + self.set_off

    @property
    def outstanding(self) -> int:
        """What is left of it; below zero where the payer is to get money back."""
        return self.gross - self.settled

    @property
    def open_amount(self) -> int:
        """What is outstanding and not disputed; nothing where the payer is to get money back."""
        return max(self.outstanding, 0) - self.disputed

    @property
    def credit(self) -> int:
        """What the payer is to get back of it, not negative."""
        return max(-self.outstanding, 0)

    def age(self, on: date) -> Age:
        """Return how long it has been due on a day."""
        days = (on - self.due_on).days
        return next((age for bound, age in _BOUNDS if days <= bound), Age.OVER_90)

    def as_dict(self, on: date, currency: Currency) -> dict[str, object]:
        """Return the bill as plain values, its age as of a day."""
        amounts = ("net", "vat", "gross", "paid", "set_off", "disputed", "outstanding")
        return {
            "number": self.number,
            "purchase_order": self.purchase_order,
            "payer": self.payer,
            "statement": self.statement,
            "period": self.period,
            "vat_treatment": self.vat_treatment.value,
            "vat_rate": shown_rate(self.vat_rate) if self.vat_rate else None,
            **{name: plain(getattr(self, name), currency) for name in amounts},
            "issued_on": self.issued_on.isoformat(),
            "due_on": self.due_on.isoformat(),
            "age": self.age(on).value if self.open_amount else None,
        }


def due_on(issued_on: date) -> date:
    """Return the day by which an invoice has to be paid."""
    return issued_on + timedelta(days=DAYS_TO_PAY)


@dataclass(frozen=True, slots=True)
class AgedDebt:
    """What is outstanding on invoices by age; minor units. Disputed amounts are in no age, and credit stands apart."""

    not_due: int
    to_30: int
    to_60: int
    to_90: int
    over_90: int
    disputed: int
    credit: int

    @property
    def ages(self) -> tuple[int, ...]:
        """What is outstanding and not disputed, in the order of :class:`Age`."""
        return (self.not_due, self.to_30, self.to_60, self.to_90, self.over_90)

    @property
    def overdue(self) -> int:
        """What is past its due date and not disputed."""
        return self.to_30 + self.to_60 + self.to_90 + self.over_90

    @property
    def outstanding(self) -> int:
        """All that is outstanding, less credit."""
        return self.not_due + self.overdue + self.disputed - self.credit


_AGES: Final = dict(zip(Age, (field.name for field in fields(AgedDebt)), strict=False))


def aged(bills: Iterable[Bill], *, on: date) -> AgedDebt:
    """Return what is outstanding on bills on a day, by age."""
    amounts = dict.fromkeys((*_AGES.values(), "disputed", "credit"), 0)
    for bill in bills:
        amounts[_AGES[bill.age(on)]] += bill.open_amount
        amounts["disputed"] += bill.disputed
        amounts["credit"] += bill.credit
    return AgedDebt(**amounts)
