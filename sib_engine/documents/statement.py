"""The statement as a document: who owes what for a period, why, and on which terms."""

from collections.abc import Iterable, Iterator
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
)
from evaluation.report.document import Document, Meta, Source
from evaluation.report.values import Cited, Inline, Money, Number, Span, Text, day
from sib_engine.documents.caps import limits_section, shown_headroom
from sib_engine.documents.clause_sources import Clause, assumed_by_reason, clauses_of_lines, source_of
from sib_engine.documents.printed_values import (
    money_column,
    payer_name,
    period_words,
    printed_currency,
    role_words,
    site_name,
    table,
)
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.documents.statement_lines import line_columns, line_rows, line_total, row_name
from sib_engine.payments.statement.lines import LineKind, StatedLine
from sib_engine.payments.statement.summary import SummaryLine
from sib_engine.terms.party import UNFUNDED

SCHEDULED = frozenset({LineKind.GRANT, LineKind.FEE, LineKind.GUARANTEE, LineKind.TERMINATION})
"""What is paid on a day and that no single outcome earns."""

CHANGING = frozenset({LineKind.CORRECTION, LineKind.CLAW_BACK, LineKind.HEADROOM, LineKind.CARRIED})
"""What changes an amount that was stated before."""

RECOVERING = frozenset({LineKind.RECOVERY})
"""What a verification sample takes back."""

UNSIGNED = (SignOff("Drawn up by"), SignOff("Checked by"), SignOff("Approved by"))
"""Lines to sign on, where the statement does not say who has."""

WIDE = 9
"""A table with more columns is set on a page on its side."""


def statement_document(figures: StatementFigures, *, drawn_up_on: date) -> Document:
    """Return a statement as a report model; the same figures and day give the same document."""
    contract, period = figures.contract, figures.period
    clauses = clauses_of_lines(contract, figures.lines)
    limits, limit_sources = limits_section(figures)
    sections = [
        _who_pays(figures, clauses),
        _what_for(figures, clauses),
        *_lines_of_kind(figures, SCHEDULED, "Grants, fees and other scheduled amounts"),
        *_lines_of_kind(figures, CHANGING, "Corrections and claw-backs"),
        *_lines_of_kind(figures, RECOVERING, "Recovery after a verification sample"),
        *limits,
        *_restated(figures),
        *_assumed(figures, clauses),
        Section("Signatures", (SignOffs(figures.sign_offs or UNSIGNED),)),
    ]
    return Document(
        title=f"Statement {figures.number} for {period.label}",
        subtitle=contract.name,
        meta=Meta(
            drawn_up_on=drawn_up_on,
            contract=contract.code,
            period=period.label,
            digest=figures.digest,
            entries=_entries(figures, drawn_up_on),
        ),
        blocks=tuple(_opening(figures)),
        sections=tuple(sections),
        sources=(*_sources_of(figures, clauses), *limit_sources),
        annexes=tuple(_annex(figures)),
    )


def _entries(figures: StatementFigures, drawn_up_on: date) -> tuple[Entry, ...]:
    said: list[tuple[str, Text]] = [
        ("Contract", figures.contract.code),
        ("Period", period_words(figures.period)),
        ("As known on", day(figures.known_on)),
        ("Drawn up on", day(drawn_up_on)),
        ("Standing", figures.standing),
        ("Digest of the lines", Span(figures.digest, is_code=True)),
        ("Digest of the terms", Span(figures.contract.digest, is_code=True)),
        ("Kernel", f"version {figures.kernel}"),
    ]
    return tuple(Entry(term, text) for term, text in said if text)


def _opening(figures: StatementFigures) -> Iterator[Block]:
    currency = printed_currency(figures.contract.currency)
    earlier = figures.number - 1
    before = (
        f"in {earlier} earlier statement{'' if earlier == 1 else 's'}" if earlier else "this is the first statement"
    )
    yield KeyFigures(
        (
            KeyFigure("To pay for this statement", Money(figures.total, currency), "by all payers, before any VAT"),
            KeyFigure("Due to date", Money(figures.due, currency), "since the contract began"),
            KeyFigure("Stated before", Money(figures.stated_before, currency), before),
            *shown_headroom(figures),
        )
    )
    yield Paragraph("This statement is not an invoice: it is the ground for one. Amounts carry no VAT.")
    if figures.is_assumed:
        said = "rows marked * rest on terms that are assumed, not published or agreed. See Assumed terms."
        yield CallOut(CallOutKind.ASSUMED, said)
    for note in figures.notes:
        yield CallOut(CallOutKind.NOTE, note)


def _who_pays(figures: StatementFigures, clauses: Iterable[Clause]) -> Section:
    contract, currency = figures.contract, printed_currency(figures.contract.currency)
    shares = tuple(clause.id for clause in clauses if clause.table == "share")
    roles = {party.id: role_words(party.role) for party in contract.parties}
    shared = [sum(line.shared[place] for line in figures.lines) for place in range(len(figures.payers))]
    is_moved = tuple(shared) != figures.pays
    rows = [
        Row(
            (
                Cited(payer_name(contract, payer), shares) if shares else payer_name(contract, payer),
                roles.get(payer, ""),
                Money(part, currency) if is_moved else None,
                Money(amount, currency),
            )
        )
        for payer, part, amount in zip(figures.payers, shared, figures.pays, strict=True)
        if payer != UNFUNDED
    ]
    columns = (
        Column("Payer"),
        Column("Role"),
        money_column("Share", contract.currency),
        money_column("To pay", contract.currency),
    )
    notes: list[Text] = []
    if figures.unfunded:
        said = " more is unfunded: it counts towards the whole and is billed to nobody."
        notes.append((Money(figures.unfunded, currency), said))
    if is_moved:
        notes.append("Share is each payer's part before the payers' own caps, which move the rest.")
    together = sum(part for payer, part in zip(figures.payers, shared, strict=True) if payer != UNFUNDED)
    total = Row(("Together", "", Money(together, currency), Money(figures.total, currency)))
    made = table("What each payer owes for this statement", columns, rows, total=total, notes=tuple(notes))
    return Section("Who pays", (made,))


def _what_for(figures: StatementFigures, clauses: Iterable[Clause]) -> Section:
    contract, currency = figures.contract, printed_currency(figures.contract.currency)
    known = {clause.id for clause in clauses}
    tariffs: dict[tuple[str, str], dict[str, None]] = {}
    for line in figures.lines:
        if line.tariff in known:
            tariffs.setdefault(_subject(line), {})[line.tariff] = None
    has_sites = len(contract.sites) > 1
    is_cut = any(line.earned != line.payable for line in figures.summary)
    is_divided = any(line.pays != (line.payable,) for line in figures.summary)
    names = {metric.code: metric.name for metric in figures.contract.metrics}

    def row(line: SummaryLine) -> Row:
        cited = tuple(tariffs.get(_subject(line), ()))
        name = names.get(line.metric, line.metric) or ", ".join(cited) or _of_no_metric(line.kind)
        cells: tuple[Inline, ...] = (
            line.own_period,
            line.kind.value,
            Cited(name, cited) if cited else name,
            site_name(contract, line.site) if has_sites else "",
            Number(line.count) if line.metric else None,
            Money(line.earned, currency) if is_cut else None,
            Money(line.payable, currency),
            *(Money(amount, currency) if is_divided else None for amount in line.pays),
        )
        return Row(cells, is_assumed=line.is_assumed)

    columns = (
        Column("Own period"),
        Column("Kind"),
        Column("Metric"),
        Column("Site"),
        Column("Count", Kind.NUMBER),
        money_column("Earned", figures.contract.currency),
        money_column("Payable", figures.contract.currency),
        *(money_column(payer, figures.contract.currency) for payer in figures.payers),
    )
    amounts = (figures.earned, figures.payable, *figures.pays)
    total = Row(("Total", "", "", "", None, *(Money(amount, currency) for amount in amounts)))
    made = table(
        "The lines added up by own period, kind, metric and site",
        columns,
        map(row, figures.summary),
        total=total if figures.summary else None,
        notes=("Own period is the one in which an outcome was achieved, whichever statement pays for it.",),
        if_empty="Nothing is due that is not stated already.",
    )
    return Section("What it is for", (made,), is_wide=len(made.columns) > WIDE)


def _subject(line: StatedLine | SummaryLine) -> tuple[str, str]:
    """Return what lines that one clause prices have in common: a metric, or a kind of scheduled money in a period."""
    return (line.metric, "") if line.metric else (line.kind.value, line.own_period)


def _of_no_metric(kind: LineKind) -> str:
    return "what a payer's own cap held back" if kind is LineKind.CARRIED else ""


def _lines_of_kind(figures: StatementFigures, kinds: frozenset[LineKind], title: str) -> Iterator[Section]:
    """Yield the section of the lines of some kinds, line by line and signed; none where there is no such line."""
    lines = [line for line in figures.rows if line.kind in kinds]
    if not lines:
        return
    currency = printed_currency(figures.contract.currency)
    names = {metric.code: metric.name for metric in figures.contract.metrics}

    def row(line: StatedLine) -> Row:
        cells: tuple[Inline, ...] = (
            row_name(line),
            line.kind.value,
            line.own_period,
            names.get(line.metric, line.metric),
            Number(line.count) if line.metric and line.count else None,
            Money(line.payable, currency),
            *(Money(amount, currency) for amount in line.pays),
        )
        return Row(cells, is_assumed=line.is_assumed)

    columns = (
        Column("Row", Kind.CODE),
        Column("Kind"),
        Column("Own period"),
        Column("Metric"),
        Column("Count", Kind.NUMBER),
        money_column("Payable", figures.contract.currency),
        *(money_column(payer, figures.contract.currency) for payer in figures.payers),
    )
    pays = [sum(line.pays[place] for line in lines) for place in range(len(figures.payers))]
    amounts = (sum(line.payable for line in lines), *pays)
    total = Row(("Total", "", "", "", None, *(Money(amount, currency) for amount in amounts)))
    whys = dict.fromkeys(line.why for line in lines) if kinds == RECOVERING else ()
    notes = tuple(f"{why[:1].upper()}{why[1:]}." for why in whys)
    made = table(f"{title}, line by line", columns, map(row, lines), total=total, notes=notes)
    yield Section(title, (made,), is_wide=len(made.columns) > WIDE)


def _restated(figures: StatementFigures) -> Iterator[Section]:
    if not figures.restatements:
        return
    currency = printed_currency(figures.contract.currency)
    rows = [
        Row(
            (
                each.subject,
                Money(each.before, currency),
                Money(each.after, currency),
                Money(each.after - each.before, currency),
            )
        )
        for each in figures.restatements
    ]
    moved = sum(each.after - each.before for each in figures.restatements)
    columns = (
        Column("Row or payer", Kind.CODE),
        money_column("Stated", figures.contract.currency),
        money_column("Under the new terms", figures.contract.currency),
        money_column("Change", figures.contract.currency),
    )
    total = Row(("Total", None, None, Money(moved, currency)))
    said = (
        "the terms, and not the facts, have changed since earlier statements. Approving this one accepts these changes."
    )
    made = table("What new terms change of earlier statements", columns, rows, total=total)
    yield Section("Restatement", (CallOut(CallOutKind.WARNING, said), made))


def _assumed(figures: StatementFigures, clauses: Iterable[Clause]) -> Iterator[Section]:
    reasons = assumed_by_reason(clauses) if figures.is_assumed else {}
    if not reasons:
        return
    rows = [Row((", ".join(names), reason)) for reason, names in reasons.items()]
    made = table("Terms under these lines that are assumed", (Column("Clauses"), Column("What, and why")), rows)
    yield Section("Assumed terms", (made,))


def _annex(figures: StatementFigures) -> Iterator[Section]:
    if not figures.rows:
        return
    said = "One row for each line that this statement adds. People go by references that only the provider can trace."
    if figures.seen is not None:
        said = "The lines that this statement adds, those about people added up by period, kind, metric and site."
    made = table("The lines of this statement", line_columns(figures), line_rows(figures), total=line_total(figures))
    yield Section("Annex: every line", (Paragraph(said), made), is_wide=True)


def _sources_of(figures: StatementFigures, clauses: Iterable[Clause]) -> tuple[Source, ...]:
    """Return the clauses that something in the document cites: those of lines that are shown."""
    named = {name for line in figures.lines for name in (line.tariff, line.share)}
    shares = {clause.id for clause in clauses if clause.table == "share"}
    return tuple(source_of(clause) for clause in clauses if clause.id in named | shares)
