from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from evaluation.report.blocks import (
    Align,
    Bullets,
    Column,
    Figure,
    KeyFigure,
    KeyFigures,
    Kind,
    Paragraph,
    Row,
    Section,
    Table,
)
from evaluation.report.checks import flaws_of
from evaluation.report.content import content_of
from evaluation.report.document import Document, Meta, Source
from evaluation.report.values import Cited, Currency, Inline, Money, Number
from tests.evaluation.reports import GBP, SVG, report

TEXT = (Column("Name"),)


def rules(*sections: Section, **fields: Any) -> list[str]:  # noqa: ANN401 - any field of a document
    document = Document("Title", Meta(date(2021, 4, 1)), sections)
    return [flaw.rule for flaw in flaws_of(replace(document, **fields))]


def section(*blocks: Paragraph | Table | Bullets | KeyFigures) -> Section:
    return Section("Heading", blocks)


def test_numbers_stand_on_the_right_and_money_says_its_currency_in_the_heading() -> None:
    money = Column("Payable", Kind.MONEY, GBP)

    assert (money.side, money.shown_heading) == (Align.RIGHT, "Payable (£)")
    assert Column("Metric").side is Align.LEFT


def test_a_row_that_is_not_as_wide_as_its_heading_is_refused() -> None:
    with pytest.raises(ValueError, match="2 cells under 1 headings"):
        Table("T", TEXT, (Row(("a", "b")),))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        (Column("Payable", Kind.MONEY, GBP), Number(3)),
        (Column("Payable", Kind.MONEY, GBP), Money(3, Currency("EUR", 2, "€"))),
        (Column("Count", Kind.NUMBER), Money(3, GBP)),
        (Column("On", Kind.DATE), Number(3)),
    ],
)
def test_a_value_of_another_kind_or_currency_is_refused(column: Column, cell: Inline) -> None:
    with pytest.raises(ValueError, match="in a column of"):
        Table("T", (column,), (Row((cell,)),))


def test_a_column_of_money_needs_a_currency_and_no_other_has_one() -> None:
    with pytest.raises(ValueError, match="currency"):
        Column("Payable", Kind.MONEY)
    with pytest.raises(ValueError, match="currency"):
        Column("Count", Kind.NUMBER, GBP)


def test_a_whole_report_has_no_flaw() -> None:
    assert flaws_of(report()) == ()


@pytest.mark.parametrize(
    ("found", "rule"),
    [
        (rules(), "document-empty"),
        (rules(Section("Heading", ())), "section-empty"),
        (rules(Section(" ", (Paragraph("x"),))), "heading-blank"),
        (rules(section(Paragraph("  "))), "text-blank"),
        (rules(section(Bullets(()))), "list-empty"),
        (rules(section(KeyFigures((KeyFigure("Payable", None),)))), "figure-blank"),
        (rules(section(Table("T", TEXT, ()))), "table-empty"),
        (rules(section(Table("", TEXT, (Row(("a",)),)))), "caption-missing"),
        (rules(section(Table("T", TEXT, (Row((None,)),)))), "column-blank"),
        (rules(section(Paragraph(Cited("1", ("nowhere",))))), "source-unknown"),
        (rules(section(Paragraph("x")), sources=(Source("t1", "tariff"),)), "source-unused"),
        (rules(section(Paragraph("x")), title=""), "title-missing"),
    ],
)
def test_a_part_that_says_nothing_is_a_flaw(found: list[str], rule: str) -> None:
    assert found == [rule]


def test_an_empty_table_that_says_what_that_means_is_no_flaw() -> None:
    assert rules(section(Table("T", TEXT, (), if_empty="Nothing is due."))) == []


def test_a_figure_needs_words_for_those_who_cannot_see_it() -> None:
    with pytest.raises(ValueError, match="no text for readers who cannot see it"):
        Figure(SVG, " ", "A square")


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<image href="https://example.org/a.png"/>',
        '<image href="/etc/passwd"/>',
        '<rect onclick="alert(1)"/>',
        "<style>@import 'https://example.org/a.css';</style>",
        '<rect fill="url(https://example.org/a)"/>',
        "<foreignObject/>",
    ],
)
def test_a_figure_that_runs_or_fetches_something_is_refused(inside: str) -> None:
    with pytest.raises(ValueError, match=r"the SVG|a style"):
        Figure(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>', "words", "A picture")


def test_a_figure_that_declares_entities_or_is_no_svg_is_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'

    for svg in (bomb, "<svg", "<p>words</p>"):
        with pytest.raises(ValueError, match="SVG"):
            Figure(svg, "words", "A picture")


def test_a_column_of_days_is_measured_by_every_month_in_it() -> None:
    days = [date(2021, month, number) for month in (1, 5, 11) for number in (3, 4, 14)]
    made = Table("Days", (Column("On", Kind.DATE),), tuple(Row((day,)) for day in days))

    (block,) = content_of(Document("D", Meta(drawn_up_on=date(2021, 1, 1)), (), blocks=(made,)))["blocks"]

    assert block["longest"] == [["0 Jan 0000", "0 May 0000", "0 Nov 0000", "00 Jan 0000", "00 May 0000", "00 Nov 0000"]]
