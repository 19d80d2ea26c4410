"""The lines of a statement as one table: in the annex, in the workbook and as CSV alike."""

from collections.abc import Mapping

from evaluation.report.blocks import Align, Column, Kind, Row
from evaluation.report.values import Inline, Money, Number
from sib_engine.documents.printed_values import money_column, printed_currency, site_name
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.payments.statement.lines import StatedLine


def line_columns(figures: StatementFigures) -> tuple[Column, ...]:
    """Return the columns of :func:`line_rows`."""
    currency = figures.contract.currency
    return (
        Column("Row", Kind.CODE),
        Column("Kind"),
        Column("Own period"),
        Column("Achieved on", Kind.DATE),
        Column("Metric"),
        Column("Site"),
        Column("Group"),
        Column("Count", Kind.NUMBER),
        Column("Clause", Kind.CODE),
        Column("Price", align=Align.RIGHT),
        Column("Share", Kind.CODE),
        money_column("Earned", currency),
        money_column("Payable", currency),
        *(money_column(f"Pays: {payer}", currency) for payer in figures.payers),
    )


def line_rows(figures: StatementFigures) -> tuple[Row, ...]:
    """Return one row for each line, in the order in which the lines were stated and are digested."""
    names = {metric.code: metric.name for metric in figures.contract.metrics}
    return tuple(Row(_cells(figures, line, names), is_assumed=line.is_assumed) for line in figures.rows)


def line_total(figures: StatementFigures) -> Row:
    """Return the row that adds the lines up."""
    currency = printed_currency(figures.contract.currency)
    amounts = (figures.earned, figures.payable, *figures.pays)
    blank = ("",) * 2
    return Row(("Total", *blank, None, *("",) * 3, None, "", "", "", *(Money(each, currency) for each in amounts)))


def row_name(line: StatedLine) -> str:
    """Return what a line is about; one without a row is about the statement, or about people added up."""
    return line.row or ("added up" if line.is_of_a_row else "the statement")


def _cells(figures: StatementFigures, line: StatedLine, names: Mapping[str, str]) -> tuple[Inline, ...]:
    currency = printed_currency(figures.contract.currency)
    return (
        row_name(line),
        line.kind.value,
        line.own_period,
        line.achieved_on,
        names.get(line.metric, line.metric),
        site_name(figures.contract, line.site),
        line.group,
        Number(line.count) if line.is_of_a_row else None,
        line.tariff,
        line.price,
        line.share,
        *(Money(amount, currency) for amount in (line.earned, line.payable, *line.pays)),
    )
