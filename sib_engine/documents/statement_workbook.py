"""A statement as a spreadsheet: its totals are formulas over its lines, beside what was stated."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from evaluation.report import blocks
from sib_engine.core.money import to_decimal
from sib_engine.documents.caps import headroom_left, limit_words
from sib_engine.documents.printed_values import payer_name, period_words, role_words, site_name
from sib_engine.documents.sheet_cells import (
    BOLD,
    COUNT,
    DAY,
    HEADING,
    HEADING_RIGHT,
    QUIET,
    TITLE,
    TOTAL,
    MoneyCells,
    headings_of,
    widths_of,
)
from sib_engine.documents.statement_figures import StatementFigures
from sib_engine.documents.statement_lines import line_columns, line_rows
from sib_engine.documents.xlsx import PLAIN, Cell, Formula, Look, Row, Sheet, column_letters, workbook_bytes
from sib_engine.payments.statement.summary import SummaryLine
from sib_engine.terms.party import UNFUNDED

LINES: Final = "Lines"


def statement_workbook(figures: StatementFigures, *, drawn_up_on: date) -> bytes:
    """Return an XLSX file of a statement: overview, caps, and every line.

    Amounts are the exact decimals of the statement. Totals are SUM formulas over the lines, rounded to
    the currency's places since a spreadsheet adds in binary; each stands beside the amount stated, with
    the difference.

    Raises:
        RefusedError: If there are more lines, or larger amounts, than a spreadsheet holds.
    """
    book = _Book(figures)
    sheets = [book.overview(drawn_up_on), *book.caps(), book.lines()]
    title = f"Statement {figures.number} for {figures.period.label}, {figures.contract.code}"
    return workbook_bytes(sheets, title=title, drawn_up_on=drawn_up_on)


class _Book:
    """The sheets of one statement's workbook."""

    def __init__(self, figures: StatementFigures) -> None:
        self._figures = figures
        currency = figures.contract.currency
        self._currency, self._mark = currency, currency.symbol or currency.code
        self._cells = MoneyCells(currency)
        self._money, self._total = self._cells.money, self._cells.total
        self._columns = (*line_columns(figures), blocks.Column("Assumed"))

    def overview(self, drawn_up_on: date) -> Sheet:
        """Return the sheet that says what the statement is, who pays, and what for."""
        figures = self._figures
        said: list[tuple[str, str | date | int]] = [
            ("Contract", figures.contract.code),
            ("Period", period_words(figures.period)),
            ("As known on", figures.known_on),
            ("Drawn up on", drawn_up_on),
            ("Standing", figures.standing or "not said"),
            ("Digest of the lines", figures.digest),
            ("Digest of the terms", figures.contract.digest),
            ("Kernel", f"version {figures.kernel}"),
        ]
        rows: list[Row] = [
            [Cell(f"Statement {figures.number} for {figures.period.label}", TITLE)],
            [Cell(figures.contract.name, QUIET)],
            [],
            *([Cell(term, QUIET), Cell(value, DAY if isinstance(value, date) else PLAIN)] for term, value in said),
            [],
            [Cell("Not an invoice: the ground for one. Amounts carry no VAT.", QUIET)],
            *([[Cell("Rows marked yes under Assumed rest on terms that are assumed.", BOLD)]] * figures.is_assumed),
            [],
        ]
        rows += self._payers(first=len(rows) + 1)
        rows.append([])
        rows += self._summary(first=len(rows) + 1)
        widths = (20, 64, 18, 18, 16, *(16,) * (len(figures.payers) + 2), 12)
        return Sheet("Statement", widths, tuple(rows), is_wide=True)

    def _payers(self, *, first: int) -> list[Row]:
        """Return who pays; what is unfunded stands below the total, since it is billed to nobody."""
        figures = self._figures
        roles = {party.id: role_words(party.role) for party in figures.contract.parties}
        headings = ("Payer", "Organisation", "Role", *self._of_money("To pay", "As stated", "Difference"))
        rows: list[Row] = [self._heading(headings, n_texts=3)]
        billed = [place for place, payer in enumerate(figures.payers) if payer != UNFUNDED]
        for place in billed:
            payer, stated = figures.payers[place], figures.pays[place]
            number = first + len(rows)
            names = (payer, payer_name(figures.contract, payer), roles.get(payer, ""))
            rows.append([*map(Cell, names), *self._checked(self._sum_of_lines(place), stated, number, self._money)])
        last = first + len(rows) - 1
        together = f"ROUND(SUM(D{first + 1}:D{last}),{self._currency.places})" if billed else "0"
        rows.append(
            [
                *(Cell(text, TOTAL) for text in ("Together", "", "")),
                *self._checked(together, figures.total, last + 1, self._total),
            ]
        )
        for place, payer in enumerate(figures.payers):
            if payer == UNFUNDED and figures.pays[place]:
                number = first + len(rows)
                names = (payer, payer_name(figures.contract, payer), "")
                amounts = self._checked(self._sum_of_lines(place), figures.pays[place], number, self._money)
                rows.append([*(Cell(name, QUIET) for name in names), *amounts])
        return rows

    def _checked(self, formula: str, stated: int, number: int, look: Look) -> list[Cell]:
        """Return a live sum, the amount stated, and the difference of the two."""
        amount = to_decimal(stated, self._currency)
        difference = Formula(f"ROUND(D{number}-E{number},{self._currency.places})", to_decimal(0, self._currency))
        return [Cell(Formula(formula, amount), look), Cell(amount, look), Cell(difference, look)]

    def _sum_of_lines(self, payer: int) -> str:
        """Return the formula that adds up what one payer pays for the lines."""
        letters = column_letters(len(self._columns) - 1 - len(self._figures.payers) + payer)
        return f"ROUND(SUM({LINES}!{letters}2:{letters}{self._last_line}),{self._currency.places})"

    @property
    def _last_line(self) -> int:
        return 1 + max(len(self._figures.rows), 1)

    def _summary(self, *, first: int) -> list[Row]:
        figures = self._figures
        names = {metric.code: metric.name for metric in figures.contract.metrics}
        headings = ("Own period", "Metric", "Kind", "Site", "Count", *self._of_money("Earned", "Payable"))
        rows: list[Row] = [
            [*self._heading((*headings, *self._of_money(*figures.payers)), n_texts=4), Cell("Assumed", HEADING)]
        ]

        def row(line: SummaryLine) -> Row:
            site = site_name(figures.contract, line.site)
            texts = (line.own_period, names.get(line.metric, line.metric), line.kind.value, site)
            amounts = (line.earned, line.payable, *line.pays)
            return [
                *map(Cell, texts),
                Cell(line.count if line.metric else None, COUNT),
                *(Cell(to_decimal(amount, self._currency), self._money) for amount in amounts),
                Cell("yes" if line.is_assumed else "no"),
            ]

        rows += [row(line) for line in figures.summary]
        if figures.summary:
            amounts = (figures.earned, figures.payable, *figures.pays)
            sums = self._sums(amounts, n_before=5, first=first + 1, last=first + len(figures.summary))
            rows.append([*(Cell(text, TOTAL) for text in ("Total", "", "", "", "")), *sums, Cell("", TOTAL)])
        else:
            rows.append([Cell("Nothing is due that is not stated already.", QUIET)])
        return rows

    def caps(self) -> Iterable[Sheet]:
        """Yield the sheet of caps, where the contract has any."""
        if not self._figures.headroom:
            return
        money = self._of_money("Limit", "Used", "Headroom", "Cut")
        rows: list[Row] = [self._heading(("Cap", "One limit for", *money), n_texts=2)]
        for number, cap in enumerate(self._figures.headroom, start=2):
            left = headroom_left(cap)
            headroom = None if left is None else Formula(f"MAX(C{number}-D{number},0)", self._decimal(left))
            limit = Cell(limit_words(cap)) if cap.limit is None else Cell(self._decimal(cap.limit), self._money)
            used = None if cap.used is None else self._decimal(cap.used)
            amounts = (Cell(used, self._money), Cell(headroom, self._money))
            rows.append([Cell(cap.cap), Cell(cap.scope), limit, *amounts, Cell(self._decimal(cap.taken), self._money)])
        yield Sheet("Caps", (30, 40, 18, 18, 18, 18), tuple(rows), n_frozen=1, is_wide=True)

    def lines(self) -> Sheet:
        """Return the sheet of every line, with a total that is live."""
        figures = self._figures
        n_texts = next(place for place, column in enumerate(self._columns) if column.kind is blocks.Kind.MONEY)
        rows: list[Row] = [headings_of(self._columns)]
        rows += [
            [
                *(self._cells.cell(cell, column) for cell, column in zip(row.cells, self._columns, strict=False)),
                Cell("yes" if row.is_assumed else "no"),
            ]
            for row in line_rows(figures)
        ]
        amounts = (figures.earned, figures.payable, *figures.pays)
        sums = self._sums(amounts, n_before=n_texts, first=2, last=self._last_line)
        if figures.rows:
            rows.append([Cell("Total", TOTAL), *(Cell("", TOTAL),) * (n_texts - 1), *sums, Cell("", TOTAL)])
        filters = f"A1:{column_letters(len(self._columns) - 1)}{self._last_line}"
        return Sheet(LINES, widths_of(rows), tuple(rows), n_frozen=1, filters=filters, is_wide=True)

    def _sums(self, amounts: Sequence[int], *, n_before: int, first: int, last: int) -> list[Cell]:
        """Return the sum of each column of money over some rows."""
        return [
            self._cells.column_sum(place, amount, first=first, last=last)
            for place, amount in enumerate(amounts, start=n_before)
        ]

    def _decimal(self, minor: int) -> Decimal:
        return to_decimal(minor, self._currency)

    def _of_money(self, *names: str) -> tuple[str, ...]:
        return tuple(f"{name} ({self._mark})" for name in names)

    def _heading(self, names: Sequence[str], *, n_texts: int) -> Row:
        return [Cell(name, HEADING if place < n_texts else HEADING_RIGHT) for place, name in enumerate(names)]
