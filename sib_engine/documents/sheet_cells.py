"""How a table of a report stands in a sheet: the look of its cells, and the width of its columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from evaluation.report import blocks, values
from sib_engine.core.money import Currency, to_decimal
from sib_engine.documents.xlsx import PLAIN, Cell, Formula, Look, Row, column_letters

HEADING: Final = Look(is_heading=True)
HEADING_RIGHT: Final = Look(is_heading=True, is_right=True)
TITLE: Final = Look(is_title=True)
QUIET: Final = Look(is_quiet=True)
RIGHT: Final = Look(is_right=True)
BOLD: Final = Look(is_bold=True)
TOTAL: Final = Look(is_total=True)
DAY: Final = Look(number_format="yyyy-mm-dd", is_left=True)
COUNT: Final = Look(number_format="#,##0", is_right=True)
WIDEST: Final = 60
NARROWEST: Final = 11


@dataclass(frozen=True, slots=True)
class MoneyCells:
    """Cells of one currency: exact decimals, and sums that are rounded to its places."""

    currency: Currency

    @property
    def money(self) -> Look:
        """How an amount looks."""
        places = f".{'0' * self.currency.places}" if self.currency.places else ""
        return Look(number_format=f"#,##0{places};-#,##0{places}", is_right=True)

    @property
    def total(self) -> Look:
        """How the amount of a total looks."""
        return Look(number_format=self.money.number_format, is_total=True, is_right=True)

    def decimal(self, minor: int) -> Decimal:
        """Return minor units as the number that a cell holds."""
        return to_decimal(minor, self.currency)

    def amount(self, minor: int | None) -> Cell:
        """Return an amount; a blank cell for None."""
        return Cell(None if minor is None else self.decimal(minor), self.money)

    def formula(self, text: str, minor: int, look: Look | None = None) -> Cell:
        """Return a formula, rounded to the currency's places, with what it comes to."""
        return Cell(Formula(f"ROUND({text},{self.currency.places})", self.decimal(minor)), look or self.money)

    def column_sum(self, place: int, minor: int, *, first: int, last: int) -> Cell:
        """Return the sum of a column, by its place from 0, over some rows."""
        letters = column_letters(place)
        return self.formula(f"SUM({letters}{first}:{letters}{last})", minor, self.total)

    def heading(self, name: str) -> Cell:
        """Return the heading of a column of money."""
        return Cell(f"{name} ({self.currency.symbol or self.currency.code})", HEADING_RIGHT)

    def cell(self, inline: values.Inline, column: blocks.Column) -> Cell:
        """Return a cell of a report's table."""
        value = values.value_of(inline)
        match value:
            case values.Money():
                return Cell(value.amount, self.money)
            case values.Number():
                return Cell(int(value.amount), COUNT)
            case date():
                return Cell(value, DAY)
            case str() | None:
                return Cell(value or None, RIGHT if column.side is blocks.Align.RIGHT else PLAIN)
            case _:
                return Cell(values.shown(value))


def headings_of(columns: Iterable[blocks.Column]) -> list[Cell]:
    """Return the headings of a report's table."""
    return [
        Cell(column.shown_heading, HEADING_RIGHT if column.side is blocks.Align.RIGHT else HEADING)
        for column in columns
    ]


def widths_of(rows: Sequence[Row]) -> tuple[float, ...]:
    """Return a width for each column of a sheet by its longest text, the headings being the first row."""
    longest = [len(str(cell.value)) + 2 for cell in rows[0]]
    for row in rows[1:]:
        for place, cell in enumerate(row):
            said = f"{cell.value:,}" if isinstance(cell.value, int | Decimal) else str(cell.value or "")
            if not isinstance(cell.value, Formula):
                longest[place] = max(longest[place], len(said))
    return tuple(float(min(max(width + 2, NARROWEST), WIDEST)) for width in longest)
