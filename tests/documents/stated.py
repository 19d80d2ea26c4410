"""Statements of the two-payer contract, drawn up for the tests of their documents."""

from datetime import date
from pathlib import Path
from typing import Final

from sib_engine.documents.statement_figures import StatementFigures, figures_of
from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.draw_statement import DrawnStatement, draw_statement

TWO_PAYERS: Final = Path(__file__).parents[1] / "statement" / "two-payers.toml"
DAY: Final = date(2020, 10, 14)
ROWS: Final = (
    "row,person,metric,achieved_on,recorded_on",
    "P1/engagement,P1,engagement,2020-04-20,2020-04-25",
    "P1/job_start,P1,job_start,2020-05-04,2020-05-20",
    "P2/engagement,P2,engagement,2020-07-06,2020-07-10",
    "P3/engagement,P3,engagement,2020-06-25,2020-08-01",
)


def drawn(folder: Path, *rows: str, period: str = "2020-Q3", stated: tuple[Path, ...] = ()) -> DrawnStatement:
    """Return a statement for rows of outcomes."""
    path = folder / "rows.csv"
    path.write_text("\n".join(rows or ROWS) + "\n", encoding="utf-8")
    return draw_statement(str(TWO_PAYERS), path, period, stated=stated)


def figures(folder: Path, *rows: str, period: str = "2020-Q3", stated: tuple[Path, ...] = ()) -> StatementFigures:
    """Return the figures of :func:`drawn`."""
    made = drawn(folder, *rows, period=period, stated=stated)
    return figures_of(made.contract, made.statement, made.headroom)


def second(folder: Path) -> StatementFigures:
    """Return the figures of a second statement that takes back one outcome and adds two."""
    first = drawn(folder, period="2020-Q2")
    lines = folder / "one.csv"
    write_lines(lines, first.contract, first.statement.kept_lines)
    without = [row for row in ROWS if not row.startswith("P1/job_start")]
    return figures(folder, *without, stated=(lines,))
