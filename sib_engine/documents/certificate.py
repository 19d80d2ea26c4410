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
from sib_engine.core.money import Currency
from sib_engine.documents.printed_values import money_column, period_words, printed_currency
from sib_engine.documents.vat import VatTreatment, vat_words

MAX_PAYERS = 8
"""A certificate of more payers would not fit on one page."""

MAX_SIGN_OFFS = 4
"""Nor would one with more signatures."""

UNSIGNED = (SignOff("Certified by the provider"), SignOff("Verified by the commissioner"), SignOff("Approved by"))


@dataclass(frozen=True, slots=True)
class CertifiedPart:
    """What one payer is to be billed: amounts in minor units, ``vat`` as the treatment makes it."""

    payer: str
    organisation: str
    purchase_order: str
    net: int
    vat: int

    @property
    def gross(self) -> int:
        """Net and VAT."""
        return self.net + self.vat


@dataclass(frozen=True, slots=True)
class CertificateFigures:
    """The figures of one period, which the caller has worked out. Amounts in minor units, signed.

    ``n_claimed`` and ``claimed`` are the outcomes claimed in the period and what they would earn,
    ``accepted`` those of them that verification accepted; ``scheduled`` is money that no outcome earns,
    ``corrections`` what changes earlier statements, ``capped`` what caps and minimums take (not
    negative). ``payable`` is what is left: accepted, scheduled and corrections less capped.
    ``headroom`` is what is left under the contract's own cap, None where there is none. ``payable``
    and the payers' ``net`` may differ by what is ``unfunded`` or held back.

    Raises:
        ValueError: If the amounts do not add up, or there are too many payers or signatures for a page.
    """

    contract_code: str
    contract_name: str
    currency: Currency
    period: Period
    statement: int
    digest: str
    n_claimed: int
    claimed: int
    n_accepted: int
    accepted: int
    scheduled: int
    corrections: int
    capped: int
    payable: int
    headroom: int | None
    unbilled: int
    parts: tuple[CertifiedPart, ...]
    vat_treatment: VatTreatment
    due_on: date | None
    is_assumed: bool
    sign_offs: tuple[SignOff, ...] = ()

    def __post_init__(self) -> None:
        """Hold the amounts against each other."""
        if self.accepted + self.scheduled + self.corrections - self.capped != self.payable:
            message = "accepted, scheduled and corrections less what caps take is not what is payable"
            raise ValueError(message)
        if sum(part.net for part in self.parts) + self.unbilled != self.payable:
            message = "what the payers are billed and what is billed to nobody do not add up to what is payable"
            raise ValueError(message)
        if len(self.parts) > MAX_PAYERS or len(self.sign_offs) > MAX_SIGN_OFFS:
            message = f"a certificate is one page: at most {MAX_PAYERS} payers and {MAX_SIGN_OFFS} signatures"
            raise ValueError(message)


def certificate_document(figures: CertificateFigures, *, drawn_up_on: date) -> Document:
    """Return the certificate as a report model that fits on one page."""
    said: list[tuple[str, Text]] = [
        ("Contract", figures.contract_code),
        ("Period", period_words(figures.period)),
        ("Statement", f"number {figures.statement}, the lines of which have the digest below"),
        ("Digest", Span(figures.digest, is_code=True)),
        ("Drawn up on", day(drawn_up_on)),
        ("Payment due on", "" if figures.due_on is None else Span(day(figures.due_on), is_strong=True)),
    ]
    return Document(
        title=f"Certificate for {figures.period.label}",
        subtitle=figures.contract_name,
        meta=Meta(
            drawn_up_on=drawn_up_on,
            contract=figures.contract_code,
            period=figures.period.label,
            digest=figures.digest,
            entries=tuple(Entry(term, text) for term, text in said if text),
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
    currency = printed_currency(figures.currency)
    vat = sum(part.vat for part in figures.parts)
    headroom: Inline = "no cap agreed" if figures.headroom is None else Money(figures.headroom, currency)
    gross = figures.payable - figures.unbilled + vat
    yield KeyFigures(
        (
            KeyFigure("Payable", Money(figures.payable, currency), "net, by all payers"),
            KeyFigure("VAT", Money(vat, currency), figures.vat_treatment.value.replace("_", " ")),
            KeyFigure("Gross", Money(gross, currency), "to be billed"),
            KeyFigure("Headroom", headroom, "left under the cap"),
        )
    )
    yield Paragraph("This certificate supports invoices and is not one. Caps are stated net of VAT.")
    if figures.is_assumed:
        yield CallOut(CallOutKind.ASSUMED, "these amounts rest on terms that are assumed; the statement names them.")


def _steps(figures: CertificateFigures) -> Table:
    currency = printed_currency(figures.currency)

    def row(name: str, amount: int, n_outcomes: int | None = None) -> Row:
        return Row((name, None if n_outcomes is None else Number(n_outcomes), Money(amount, currency)))

    rows = [
        row("Claimed in the period", figures.claimed, figures.n_claimed),
        row("Not accepted", figures.accepted - figures.claimed, figures.n_accepted - figures.n_claimed),
        row("Accepted", figures.accepted, figures.n_accepted),
        *([row("Grants, fees and the like", figures.scheduled)] if figures.scheduled else []),
        *(
            [row("Corrections and claw-backs of earlier statements", figures.corrections)]
            if figures.corrections
            else []
        ),
        row("Taken by caps and minimums", -figures.capped),
    ]
    columns = (Column("Step"), Column("Outcomes", Kind.NUMBER), money_column("Amount, net", figures.currency))
    return Table(
        "What the period comes to",
        columns,
        tuple(rows),
        total=Row(("Payable", None, Money(figures.payable, currency))),
    )


def _billed(figures: CertificateFigures) -> Table:
    currency = printed_currency(figures.currency)
    rows = tuple(
        Row(
            (
                part.organisation,
                part.purchase_order or "to be given",
                Money(part.net, currency),
                Money(part.vat, currency),
                Money(part.gross, currency),
            )
        )
        for part in figures.parts
    )
    columns = (
        Column("Payer"),
        Column("Purchase order"),
        money_column("Net", figures.currency),
        money_column("VAT", figures.currency),
        money_column("Gross", figures.currency),
    )
    net, vat = (sum(part.net for part in figures.parts), sum(part.vat for part in figures.parts))
    total = Row(("Together", "", *(Money(amount, currency) for amount in (net, vat, net + vat))))
    notes: list[Text] = [f"VAT: {vat_words(figures.vat_treatment)}."]
    if figures.unbilled:
        notes.append(
            ("Payable and billed to nobody, or held back by a payer's cap: ", Money(figures.unbilled, currency), ".")
        )
    return Table("Net, VAT and gross for each payer", columns, rows, total=total, notes=tuple(notes))
