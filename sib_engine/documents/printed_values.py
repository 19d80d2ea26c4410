"""The engine's values as values of a report."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from evaluation.report import blocks, values
from sib_engine.core.dates import Period
from sib_engine.core.money import Currency
from sib_engine.payments.billing.bills import Bill
from sib_engine.payments.billing.vat import VatTreatment, shown_rate
from sib_engine.terms.contract import Contract
from sib_engine.terms.party import UNFUNDED, Role

_VAT: Final[Mapping[VatTreatment, str]] = {
    VatTreatment.EXEMPT: "exempt (the supply bears none)",
    VatTreatment.STANDARD: "standard (charged on top of the net amount)",
    VatTreatment.OUTSIDE_SCOPE: "outside scope (the payment is outside the scope of VAT)",
}


def printed_currency(currency: Currency) -> values.Currency:
    """Return a currency as a report writes it."""
    return values.Currency(currency.code, currency.places, currency.symbol)


def money_column(heading: str, currency: Currency) -> blocks.Column:
    """Return a column of money in one currency."""
    return blocks.Column(heading, blocks.Kind.MONEY, printed_currency(currency))


def period_words(period: Period) -> str:
    """Return a period with its first and last day, as ``2021-Q1, 1 January 2021 to 31 March 2021``."""
    return f"{period.label}, {days_words(period.start, period.end)}"


def days_words(first: date, last: date) -> str:
    """Return two days as a stretch of time."""
    return f"{values.day(first)} to {values.day(last)}"


def payer_name(contract: Contract, payer: str) -> str:
    """Return the organisation of a payer; its id where the contract no longer names it."""
    if payer == UNFUNDED:
        return "Unfunded: billed to nobody"
    return next((party.organisation for party in contract.parties if party.id == payer), payer)


def role_words(role: Role) -> str:
    """Return what a party does, in words."""
    return "top-up funder" if role is Role.TOP_UP_FUNDER else role.value.replace("_", " ")


def site_name(contract: Contract, code: str) -> str:
    """Return the name of a site; its code where the contract no longer has it."""
    return next((site.name for site in contract.sites if site.code == code), code)


def without_blank(columns: Iterable[blocks.Column], rows: Iterable[blocks.Row]) -> tuple[bool, ...]:
    """Return for each column whether any row has something in it."""
    kept = list(rows)
    return tuple(
        any(values.value_of(row.cells[place]) not in {None, ""} for row in kept) for place, _ in enumerate(columns)
    )


def table(  # the fields of a table, each said once
    caption: str,
    columns: tuple[blocks.Column, ...],
    rows: Iterable[blocks.Row],
    *,
    total: blocks.Row | None = None,
    notes: tuple[values.Text, ...] = (),
    if_empty: str = "",
) -> blocks.Table:
    """Return a table without the columns in which no row has anything."""
    listed = tuple(rows)
    keeps = without_blank(columns, listed) if listed else (True,) * len(columns)

    def kept(row: blocks.Row) -> blocks.Row:
        cells = tuple(cell for cell, keep in zip(row.cells, keeps, strict=True) if keep)
        return blocks.Row(cells, is_assumed=row.is_assumed)

    return blocks.Table(
        caption,
        tuple(column for column, keep in zip(columns, keeps, strict=True) if keep),
        tuple(map(kept, listed)),
        total=None if total is None else kept(total),
        notes=notes,
        if_empty=if_empty,
    )


def treatment_words(bill: Bill) -> str:
    """Return how a bill stands for VAT, as ``standard, 20 %``."""
    rate = f", {shown_rate(bill.vat_rate)}" if bill.vat_rate else ""
    return bill.vat_treatment.value.replace("_", " ") + rate


def vat_note(bills: Iterable[Bill]) -> str:
    """Return what the treatments of some bills mean; blank where there is no bill."""
    used = {bill.vat_treatment for bill in bills}
    return "VAT: " + "; ".join(words for treatment, words in _VAT.items() if treatment in used) + "." if used else ""
