"""The invoice schedule as a spreadsheet: gross, outstanding, ages and totals are formulas over the invoices."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from evaluation.report.values import day
from sib_engine.documents.invoices import InvoiceSchedule, age_words, invoice_columns, sums_of
from sib_engine.documents.printed_values import payer_name, treatment_words
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
from sib_engine.documents.xlsx import Cell, Row, Sheet, column_letters, workbook_bytes
from sib_engine.payments.billing.bills import Age, Bill

INVOICES: Final = "Invoices"


def invoice_workbook(schedule: InvoiceSchedule, *, drawn_up_on: date) -> bytes:
    """Return an XLSX file of a schedule: what is outstanding by age, disputed, accrued; every invoice.

    Raises:
        RefusedError: If there are more invoices, or larger amounts, than a spreadsheet holds.
    """
    book = _Book(schedule)
    sheets = [book.overview(drawn_up_on), *book.disputes(), book.accruals(), book.invoices()]
    title = f"Invoice schedule as at {day(schedule.as_at)}, {schedule.contract.code}"
    return workbook_bytes(sheets, title=title, drawn_up_on=drawn_up_on)


class _Book:
    """The sheets of one schedule's workbook."""

    def __init__(self, schedule: InvoiceSchedule) -> None:
        self._schedule = schedule
        self._cells = MoneyCells(schedule.contract.currency)
        self._headings = (*(column.heading for column in invoice_columns(schedule)), "Assumed")
        self._place = {name: place for place, name in enumerate(self._headings)}
        self._last = 1 + max(len(schedule.bills), 1)

    def overview(self, drawn_up_on: date) -> Sheet:
        """Return the sheet of ages and accruals."""
        schedule = self._schedule
        rows: list[Row] = [
            [Cell("Invoice schedule", TITLE)],
            [Cell(schedule.contract.name, QUIET)],
            [],
            [Cell("Contract", QUIET), Cell(schedule.contract.code)],
            [Cell("As at", QUIET), Cell(schedule.as_at, DAY)],
            [Cell("Drawn up on", QUIET), Cell(drawn_up_on, DAY)],
            [],
            [Cell("Disputed amounts are owed and in no age. Amounts of credit notes are negative.", QUIET)],
            *([[Cell("Rows marked yes under Assumed rest on terms that are assumed.", BOLD)]] * self._is_assumed),
            [],
        ]
        rows += self._ages(first=len(rows) + 1)
        return Sheet("Schedule", (16, 36, *(16,) * 8), tuple(rows), is_wide=True)

    @property
    def _is_assumed(self) -> bool:
        of_bills = any(bill.statement in self._schedule.assumed for bill in self._schedule.bills)
        return of_bills or any(each.is_assumed for each in self._schedule.accruals)

    def _ages(self, *, first: int) -> list[Row]:
        names = (*(age.value.capitalize() for age in Age), "Disputed", "Credit", "Outstanding")
        rows: list[Row] = [
            [Cell("Payer", HEADING), Cell("Organisation", HEADING), *(self._cells.heading(name) for name in names)]
        ]
        debts = self._schedule.aged
        left = self._range("Outstanding")
        for number, (payer, debt) in enumerate(debts.items(), start=first + 1):
            # By its id: signs in an organisation's name would be read as an instruction.
            of_payer = f"{self._range('Payer')},$A{number}"
            opened = f"{left},{of_payer},{self._range('Age')}"
            open_less = f"{self._range('Disputed')},{of_payer},{self._range('Age')}"
            ages = [
                self._cells.formula(f'SUMIFS({opened},"{age.value}")-SUMIFS({open_less},"{age.value}")', amount)
                for age, amount in zip(Age, debt.ages, strict=True)
            ]
            credit = f'SUMIFS({left},{of_payer},{left},"<0")'
            rows.append(
                [
                    Cell(payer),
                    Cell(payer_name(self._schedule.contract, payer)),
                    *ages,
                    self._cells.formula(f"SUMIFS({self._range('Disputed')},{of_payer})", debt.disputed),
                    self._cells.formula(credit, -debt.credit),
                    self._cells.formula(f"SUM(C{number}:I{number})", debt.outstanding),
                ]
            )
        if not debts:
            return [*rows, [Cell("Nothing has been billed.", QUIET)]]
        amounts = [(*debt.ages, debt.disputed, -debt.credit, debt.outstanding) for debt in debts.values()]
        sums = [
            self._cells.column_sum(place, sum(column), first=first + 1, last=first + len(debts))
            for place, column in enumerate(zip(*amounts, strict=True), start=2)
        ]
        return [*rows, [Cell("Total", TOTAL), Cell("", TOTAL), *sums]]

    def accruals(self) -> Sheet:
        """Return the sheet of what is owed for outcomes up to the end of the year and on no invoice by then."""
        found, names = self._schedule.accruals, ("Payer", "Organisation", "Period", "Basis")
        rows: list[Row] = [
            [*(Cell(name, HEADING) for name in names), self._cells.heading("Net"), Cell("Assumed", HEADING)]
        ]
        rows += [
            [
                *map(Cell, (each.payer, each.organisation, each.period, each.basis)),
                self._cells.amount(each.net),
                Cell("yes" if each.is_assumed else "no"),
            ]
            for each in found
        ]
        if found:
            net = self._cells.column_sum(4, sum(each.net for each in found), first=2, last=1 + len(found))
            rows.append([Cell("Total", TOTAL), *(Cell("", TOTAL),) * 3, net, Cell("", TOTAL)])
        else:
            rows.append([Cell(f"Nothing is accrued at {day(self._schedule.accrued_on)}.", QUIET)])
        return Sheet(f"Accrued {self._schedule.accrued_on}", widths_of(rows), tuple(rows), n_frozen=1, is_wide=True)

    def disputes(self) -> Iterator[Sheet]:
        """Yield the sheet of disputed lines, where there are any."""
        found = self._schedule.disputes
        if not found:
            return
        rows: list[Row] = [
            [
                *(Cell(name, HEADING) for name in ("Payer", "Organisation")),
                *(Cell(name, HEADING_RIGHT) for name in ("Statement", "Line")),
                *(Cell(name, HEADING) for name in ("Row", "Since", "Why")),
                self._cells.heading("Net"),
            ]
        ]
        rows += [
            [
                Cell(each.payer),
                Cell(payer_name(self._schedule.contract, each.payer)),
                Cell(each.statement, COUNT),
                Cell(each.line, COUNT),
                Cell(each.row or None),
                Cell(each.since, DAY),
                Cell(each.reason or None),
                self._cells.amount(each.net),
            ]
            for each in found
        ]
        net = sum(each.net for each in found)
        total = self._cells.column_sum(7, net, first=2, last=1 + len(found))
        rows.append([Cell("Total", TOTAL), *(Cell("", TOTAL),) * 6, total])
        yield Sheet("Disputed", widths_of(rows), tuple(rows), n_frozen=1, is_wide=True)

    def invoices(self) -> Sheet:
        """Return the sheet of every invoice and credit note, with totals that are live."""
        rows: list[Row] = [[*headings_of(invoice_columns(self._schedule)), Cell("Assumed", HEADING)]]
        rows += [self._bill(bill, number) for number, bill in enumerate(self._schedule.bills, start=2)]
        if self._schedule.bills:
            total = [Cell("", TOTAL)] * len(self._headings)
            total[0] = Cell("Total", TOTAL)
            for heading, amount in sums_of(self._schedule).items():
                place = self._place[heading]
                total[place] = self._cells.column_sum(place, amount, first=2, last=self._last)
            rows.append(total)
        filters = f"A1:{column_letters(len(self._headings) - 1)}{self._last}"
        return Sheet(INVOICES, widths_of(rows), tuple(rows), n_frozen=1, filters=filters, is_wide=True)

    def _bill(self, bill: Bill, number: int) -> Row:
        at = {name: f"{column_letters(place)}{number}" for name, place in self._place.items()}
        left = f"{at['Gross']}-{at['Paid']}-{at['Set off']}"
        return [
            Cell(bill.number),
            Cell(bill.purchase_order),
            Cell(bill.payer),
            Cell(payer_name(self._schedule.contract, bill.payer)),
            Cell(bill.statement, COUNT),
            Cell(bill.period),
            Cell(treatment_words(bill)),
            self._cells.amount(bill.net),
            self._cells.amount(bill.vat),
            self._cells.formula(f"{at['Net']}+{at['VAT']}", bill.gross),
            Cell(bill.issued_on, DAY),
            Cell(bill.due_on, DAY),
            self._cells.amount(bill.paid),
            self._cells.amount(bill.set_off),
            self._cells.formula(left, bill.outstanding),
            self._cells.amount(bill.disputed),
            Cell(age_words(bill, self._schedule.as_at)),
            Cell("yes" if bill.statement in self._schedule.assumed else "no"),
        ]

    def _range(self, name: str) -> str:
        """Return the cells of one column of the invoices, as a formula names them."""
        letters = column_letters(self._place[name])
        return f"{INVOICES}!${letters}$2:${letters}${self._last}"
