"""A small report with one of everything, to print in tests."""

from datetime import date
from typing import Final

from evaluation.report.blocks import (
    Bullets,
    CallOut,
    CallOutKind,
    Column,
    Definitions,
    Entry,
    Figure,
    KeyFigure,
    KeyFigures,
    Kind,
    PageBreak,
    Paragraph,
    Row,
    Section,
    SignOff,
    SignOffs,
    Table,
)
from evaluation.report.document import Document, Meta, Source
from evaluation.report.values import Cited, Currency, Money, Number, Span

GBP: Final = Currency("GBP", 2, "£")
SVG: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="#12436d"/></svg>'
)
DAY: Final = date(2021, 4, 14)


def table(*, n_rows: int = 3) -> Table:
    """Return a table with a row for each of the first numbers."""
    columns = (Column("Row", Kind.CODE), Column("On", Kind.DATE), Column("Payable", Kind.MONEY, GBP))
    rows = tuple(
        Row((f"P{number:05}", DAY, Cited(Money(-100 * number, GBP), ("tariff",))), is_assumed=number == 1)
        for number in range(n_rows)
    )
    total = Row(("Total", None, Money(-100 * sum(range(n_rows)), GBP)))
    return Table("Lines", columns, rows, total=total, notes=("A note.",))


def report(*, text: str = "Some words.", title: str = "Statement 1", n_rows: int = 3) -> Document:
    """Return a report with every kind of block; ``text`` stands in each place that takes one."""
    blocks = (
        KeyFigures((KeyFigure("Payable", Money(123456, GBP), text), KeyFigure("People", Number(1234)))),
        CallOut(CallOutKind.ASSUMED, text),
        CallOut(CallOutKind.WARNING, text),
        Paragraph((text, Span(" strong", is_strong=True))),
        Bullets((text, "another")),
        Definitions((Entry(text, "what it is"),)),
        table(n_rows=n_rows),
        Figure(SVG, "a blue square", "A square"),
        PageBreak(),
        SignOffs((SignOff("Approved by", text, "Council", DAY, "by digest"), SignOff("Checked by"))),
    )
    return Document(
        title=title,
        subtitle=text,
        meta=Meta(DAY, "two-payers", "2021-Q1", f"sib1:{'ab' * 32}", (Entry("Contract", "two-payers"),)),
        sections=(Section("First", blocks),),
        annexes=(Section("Annex", (Paragraph(text),), is_wide=True),),
        sources=(Source("tariff", "tariff t1: published"),),
    )
