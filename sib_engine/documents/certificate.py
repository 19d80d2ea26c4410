"""The quarterly certificate: one page that says what was claimed, accepted, cut and is payable, and who says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluation.report.blocks import (
    Block,
    CallOut,
    CallOutKind,
    Column,
    Entry,
    KeyFigure,
    KeyFigures,
    Kind,
    Paragraph,
    Row,
    Section,
    SignOff,
    SignOffs,
    Table,
)
from evaluation.report.document import Document, Meta
from evaluation.report.values import Inline, Money, Number, Span, Text, day
from sib_engine.core.dates import Period
from sib_engine.documents.printed_values import (
    money_column,
    period_words,
    printed_currency,
    table,
    treatment_words,
    vat_note,
)
from sib_engine.payments.billing.bills import Bill
from sib_engine.terms.contract import Contract

MAX_PAYERS = 8
"""A certificate of more payers would not fit on one page."""

MAX_SIGN_OFFS = 4
"""Nor would one with more signatures."""

UNSIGNED = (SignOff("Claimed by the provider"), SignOff("Verified by the commissioner"), SignOff("Approved by"))
"""Lines to sign on, where nothing says who has."""


@dataclass(frozen=True, slots=True)
class CertifiedPart:
    """What a statement asks of one payer, net minor units, and its invoice or credit note: None before there is one."""

    payer: str
    organisation: str
    net: int
    bill: Bill | None

    @property
    def vat(self) -> int | None:
        """The VAT on it: nothing on nothing, None where it is to be invoiced."""
        if self.bill is not None:
            return self.bill.vat
        return None if self.net else 0


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Some outcomes: how many, and what they earn before caps, minor units; None where that has no price."""

    count: int
    earned: int | None


@dataclass(frozen=True, slots=True)
class CertificateFigures:
    """The figures of one statement, which the caller has worked out. Amounts in minor units, signed.

    ``accepted`` are the outcomes that the statement adds. ``rejected`` since the statement before, and ``waiting``:
    achieved by the end of the period, and not decided or without what they build on. The three together are what was
    claimed; None where that is not known any more. ``scheduled`` is money that no outcome earns, ``corrections`` what
    changes earlier statements, ``capped`` what caps and minimums take of accepted and scheduled. ``payable`` is what is
    left. ``headroom`` is what is left under the contract's own cap, ``headroom_words`` what stands in its place
    where there is none. ``unbilled`` is payable and billed to nobody, or held back by a payer's cap.

    Raises:
        ValueError: If the amounts do not add up, or there are too many payers or signatures for a page.
    """

    contract: Contract
    period: Period
    statement: int
    digest: str
    accepted: Outcomes
    rejected: Outcomes | None
    waiting: Outcomes | None
    scheduled: int
    corrections: int
    capped: int
    payable: int
    headroom: int | None
    unbilled: int
    parts: tuple[CertifiedPart, ...]
    is_assumed: bool
    headroom_words: str = "no cap agreed"
    sign_offs: tuple[SignOff, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the amounts against each other."""
        if (self.accepted.earned or 0) + self.scheduled + self.corrections - self.capped != self.payable:
            message = "accepted, scheduled and corrections less what caps take is not what is payable"
            raise ValueError(message)
        if sum(part.net for part in self.parts) + self.unbilled != self.payable:
            message = "what the payers are billed and what is billed to nobody do not add up to what is payable"
            raise ValueError(message)
        if any(part.bill is not None and part.bill.net != part.net for part in self.parts):
            message = "an invoice is not for what the statement asks of its payer"
            raise ValueError(message)
        if len(self.parts) > MAX_PAYERS or len(self.sign_offs) > MAX_SIGN_OFFS:
            message = f"a certificate is one page: at most {MAX_PAYERS} payers and {MAX_SIGN_OFFS} signatures"
            raise ValueError(message)

    @property
    def bills(self) -> tuple[Bill, ...]:
        """The invoices and credit notes of the statement."""
        return tuple(part.bill for part in self.parts if part.bill is not None)

    @property
    def net(self) -> int:
        """What the payers are billed, before VAT."""
        return self.payable - self.unbilled

    @property
    def vat(self) -> int | None:
        """The VAT on it; None where a payer is still to be invoiced."""
        found = [part.vat for part in self.parts]
        return None if None in found else sum(each or 0 for each in found)

    @property
    def claimed(self) -> Outcomes | None:
        """What was claimed: accepted, rejected and waiting together."""
        if self.rejected is None or self.waiting is None:
            return None
        parts = (self.accepted, self.rejected, self.waiting)
        earned = [each.earned for each in parts]
        total = None if None in earned else sum(each or 0 for each in earned)
        return Outcomes(sum(each.count for each in parts), total)


def certificate_document(figures: CertificateFigures, *, drawn_up_on: date) -> Document:
    """Return the certificate as a report model that fits on one page."""
    code = figures.contract.code
    due_on = " and ".join(day(each) for each in sorted({bill.due_on for bill in figures.bills}))
    said: list[tuple[str, Text]] = [
        ("Contract", code),
        ("Period", period_words(figures.period)),
        ("Statement", f"number {figures.statement}, the lines of which have the digest below"),
        ("Digest", Span(figures.digest, is_code=True)),
        ("Drawn up on", day(drawn_up_on)),
        ("Payment due on", Span(due_on, is_strong=True) if due_on else "not invoiced yet"),
    ]
    return Document(
        title=f"Certificate for {figures.period.label}",
        subtitle=figures.contract.name,
        meta=Meta(
            drawn_up_on=drawn_up_on,
            contract=code,
            period=figures.period.label,
            digest=figures.digest,
            entries=tuple(Entry(term, text) for term, text in said),
        ),
        blocks=tuple(_opening(figures)),
        sections=(
            Section("From claims to payment", (_steps(figures),)),
            Section("Who is billed", (_billed(figures),)),
            Section("Signatures", (SignOffs(figures.sign_offs or UNSIGNED),)),
        ),
        is_one_page=True,
    )


def _opening(figures: CertificateFigures) -> Iterator[Block]:
    currency = printed_currency(figures.contract.currency)
    vat, later = figures.vat, "not invoiced yet"
    headroom: Inline = figures.headroom_words if figures.headroom is None else Money(figures.headroom, currency)
    treatments = "; ".join(dict.fromkeys(map(treatment_words, figures.bills)))
    yield KeyFigures(
        (
            KeyFigure("Payable", Money(figures.payable, currency), "net, before any VAT"),
            KeyFigure("VAT", later if vat is None else Money(vat, currency), treatments),
            KeyFigure("Gross", later if vat is None else Money(figures.net + vat, currency), "billed to the payers"),
            KeyFigure("Headroom", headroom, "left under the contract's cap"),
        )
    )
    yield Paragraph("This certificate supports invoices and is not one. Caps are stated net of VAT.")
    if figures.is_assumed:
        yield CallOut(CallOutKind.ASSUMED, "these amounts rest on terms that are assumed; the statement names them.")
    for note in figures.notes:
        yield CallOut(CallOutKind.NOTE, note)


def _steps(figures: CertificateFigures) -> Table:
    currency = printed_currency(figures.contract.currency)

    def money(amount: int | None) -> Inline:
        return "no price" if amount is None else Money(amount, currency)

    def row(name: str, of: Outcomes | None, *, sign: int = 1, always: bool = True) -> list[Row]:
        if of is None or not (of.count or always):
            return []
        earned = None if of.earned is None else sign * of.earned
        return [Row((name, Number(sign * of.count), money(earned)), is_assumed=figures.is_assumed)]

    def amount(name: str, minor: int, *, always: bool = False) -> list[Row]:
        return [Row((name, None, money(minor)), is_assumed=figures.is_assumed)] if minor or always else []

    rows = [
        *row("Claimed", figures.claimed),
        *row("Rejected since the statement before", figures.rejected, sign=-1, always=False),
        *row("Not decided, or waiting for another outcome", figures.waiting, sign=-1, always=False),
        *row("Accepted", figures.accepted),
        *amount("Grants, fees and the like", figures.scheduled),
        *amount("Corrections and claw-backs of earlier statements", figures.corrections),
        *amount("Capped: taken by caps and minimums", -figures.capped, always=True),
    ]
    columns = (
        Column("Step"),
        Column("Outcomes", Kind.NUMBER),
        money_column("Amount, net", figures.contract.currency),
    )
    total = Row(("Payable", None, Money(figures.payable, currency)))
    return Table("What the period comes to", columns, tuple(rows), total=total)


def _billed(figures: CertificateFigures) -> Table:
    currency = printed_currency(figures.contract.currency)

    def cells(part: CertifiedPart) -> tuple[Inline, ...]:
        if part.bill is None:
            return (
                part.organisation,
                "",
                "to be invoiced" if part.net else "nothing",
                Money(part.net, currency),
                None,
                None,
            )
        amounts = (part.bill.net, part.bill.vat, part.bill.gross)
        return (
            part.organisation,
            part.bill.number,
            part.bill.purchase_order,
            *(Money(each, currency) for each in amounts),
        )

    vat = figures.vat
    sums: tuple[int | None, ...] = (figures.net, vat, None if vat is None else figures.net + vat)
    notes: list[Text] = [vat_note(figures.bills)] if figures.bills else []
    if figures.unbilled:
        said = "Payable and billed to nobody, or held back by a payer's cap: "
        notes.append((said, Money(figures.unbilled, currency), "."))
    return table(
        "Net, VAT and gross for each payer",
        (
            Column("Payer"),
            Column("Invoice"),
            Column("Purchase order"),
            *(money_column(name, figures.contract.currency) for name in ("Net", "VAT", "Gross")),
        ),
        (Row(cells(part), is_assumed=figures.is_assumed) for part in figures.parts),
        total=Row(("Together", "", "", *(None if each is None else Money(each, currency) for each in sums))),
        notes=tuple(notes),
    )
