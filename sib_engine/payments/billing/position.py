"""The position of a payer on a day: what was stated, invoiced, paid and disputed, and what is owed."""

from dataclasses import dataclass

from sib_engine.payments.billing.bills import AgedDebt


@dataclass(frozen=True, slots=True)
class Position:
    """Where one payer stands; minor units.

    ``stated`` is net. ``invoiced`` is the gross of invoices, ``credited`` that of credit notes (not
    positive), ``vat`` the VAT of both, ``paid`` what arrived less what was paid back. ``owed`` is stated
    and VAT less paid. ``not_invoiced`` is the part of it for which there is no invoice yet, net. ``disputed``
    is the part of it that the payer does not accept, on invoices or before there is one. ``ledger`` is
    the balance of the payer's account, which says the same or something is wrong.
    """

    payer: str
    organisation: str
    stated: int
    not_invoiced: int
    invoiced: int
    credited: int
    vat: int
    paid: int
    disputed: int
    debt: AgedDebt
    ledger: int

    @property
    def owed(self) -> int:
        """What the payer owes in all; below zero where it is to get money back."""
        return self.stated + self.vat - self.paid

    @property
    def agrees(self) -> bool:
        """Whether statements, invoices, payments and ledger say the same."""
        billed = self.invoiced + self.credited
        return (
            self.owed == self.ledger
            and self.owed == self.not_invoiced + self.debt.outstanding
            and self.stated + self.vat == self.not_invoiced + billed
        )
