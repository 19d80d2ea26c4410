"""Read a payer's confirmation of what it paid: one line for each invoice and reference."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from sib_engine.core import cells
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.money import Currency
from sib_engine.core.personal import shown
from sib_engine.core.tabular import Column, read_table
from sib_engine.terms.contract import Contract

COLUMNS: Final = (
    Column("payer", required=True),
    Column("invoice", required=True),
    Column("reference", required=True),
    Column("paid_on", required=True),
    Column("amount", required=True),
    Column("currency"),
)


@dataclass(frozen=True, slots=True)
class ConfirmedLine:
    """One line of the file: ``row`` as a spreadsheet counts, ``amount`` in minor units, below zero where paid back."""

    row: int
    payer: str
    invoice: str
    reference: str
    paid_on: date
    amount: int


def read_confirmation(path: Path, contract: Contract) -> tuple[tuple[ConfirmedLine, ...], FindingLog]:
    """Return the lines that can be read, and what is wrong with the others; the log takes what is found later."""
    table, log = read_table(path, COLUMNS)
    if table is None or not all(table.has(column.name) for column in COLUMNS if column.required):
        return (), log
    payers = cells.choices(
        table, "payer", log, {name: place for place, name in enumerate(contract.payers)}, noun="payer", required=True
    ).tolist()
    invoices = cells.texts(table, "invoice", log, required=True).texts()
    references = cells.texts(table, "reference", log, required=True).texts()
    days: list[date | None] = cells.days(table, "paid_on", log, required=True).tolist()
    amounts = cells.amounts(table, "amount", log, currency=contract.currency, required=True).tolist()
    rows = table.numbers.tolist()
    _note_unfit(rows, references, log)
    _note_zero(rows, table.column("amount").texts(), amounts, log)
    _note_currency(rows, table.column("currency").texts(), contract.currency, log)
    _note_twice(rows, list(zip(payers, references, strict=True)), log)
    found = [
        ConfirmedLine(row, contract.payers[payer], invoice, reference, day, amount)
        for row, payer, invoice, reference, day, amount in zip(
            rows, payers, invoices, references, days, amounts, strict=True
        )
        if payer != cells.BLANK and invoice and reference and day is not None and amount
    ]
    _note_alike(found, log)
    return tuple(found), log


def _note_unfit(rows: list[int], texts: list[str], log: FindingLog) -> None:
    for row, text in zip(rows, texts, strict=True):
        if len(text) > cells.MAX_REFERENCE_CHARS or not text.isprintable():
            what = f"the reference {shown(text)} is too long, or holds a character that cannot be seen"
            accepted = f"letters, digits, signs and spaces, at most {cells.MAX_REFERENCE_CHARS}"
            log.error(Said("reference-unfit", what, accepted), row=row, column="reference")


def _note_zero(rows: list[int], texts: list[str], amounts: list[int], log: FindingLog) -> None:
    said = Said("amount-is-nothing", "the amount is 0", "what was paid; below zero where money was paid back")
    for row, text, amount in zip(rows, texts, amounts, strict=True):
        if text and not text.strip("-0."):
            log.add(Severity.ERROR, said, row=row, column="amount")
        elif amount and text.startswith("-"):
            note = Said("paid-back", f"{text} was paid back", "a minus only where it was")
            log.add(Severity.NOTE, note, row=row, column="amount")


def _note_currency(rows: list[int], texts: list[str], currency: Currency, log: FindingLog) -> None:
    for row, text in zip(rows, texts, strict=True):
        if text and text.upper() != currency.code:
            what = f"{shown(text)} is not the currency of the contract"
            log.error(Said("currency-differs", what, f"{currency.code}, or a blank cell"), row=row, column="currency")


def _note_twice(rows: list[int], keys: list[tuple[int, str]], log: FindingLog) -> None:
    first: dict[tuple[int, str], int] = {}
    for row, key in zip(rows, keys, strict=True):
        if key[1] and first.setdefault(key, row) != row:
            what = f"the reference {key[1]!r} stands in row {first[key]} already"
            accepted = "a reference of its own for each line; where one transfer paid several invoices, add -1, -2"
            log.error(Said("reference-twice", what, accepted), row=row, column="reference")


def _note_alike(lines: list[ConfirmedLine], log: FindingLog) -> None:
    first: dict[tuple[str, str, date, int], int] = {}
    for line in lines:
        key = (line.payer, line.invoice, line.paid_on, line.amount)
        if first.setdefault(key, line.row) != line.row:
            what = f"the same invoice, day and amount stand in row {first[key]} under another reference"
            log.warning(Said("looks-paid-twice", what, "both lines, if it was paid twice"), row=line.row)
