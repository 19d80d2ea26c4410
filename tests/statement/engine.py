"""A statement engine for tests: a contract file, rows and statements as files, as a user would keep them."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.draw_statement import DrawnStatement, draw_statement

HEADING = ("row", "person", "metric", "site", "group", "achieved_on", "recorded_on", "count", "started_on", "ended_on")


@dataclass
class Engine:
    """Rows known so far and statements drawn so far, all under one folder."""

    folder: Path
    contract: Path
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    stated: list[Path] = field(default_factory=list)

    def accept(self, row: str, metric: str, achieved_on: str, **cells: str) -> None:
        """Know one more outcome; its person is the row's first part."""
        known = {
            "row": row,
            "person": row.partition("/")[0],
            "metric": metric,
            "achieved_on": achieved_on,
            "count": "1",
        }
        self.rows[row] = {**known, **cells}

    def withdraw(self, row: str) -> None:
        """Know an outcome no longer."""
        del self.rows[row]

    def preview(self, period: str, *, accepts_restatement: bool = False) -> DrawnStatement:
        """Draw a statement up and keep nothing."""
        path = self.folder / "rows.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, HEADING, restval="")
            writer.writeheader()
            writer.writerows(self.rows.values())
        return draw_statement(
            str(self.contract), path, period, stated=self.stated, accepts_restatement=accepts_restatement
        )

    def state(self, period: str, *, accepts_restatement: bool = False) -> DrawnStatement:
        """Draw a statement up and keep its lines."""
        drawn = self.preview(period, accepts_restatement=accepts_restatement)
        self.keep(drawn)
        return drawn

    def keep(self, drawn: DrawnStatement) -> None:
        """Keep the lines of a statement."""
        path = self.folder / f"lines-{drawn.statement.number}.csv"
        write_lines(path, drawn.contract, drawn.statement.kept_lines)
        self.stated.append(path)

    def pays(self, period: str) -> dict[str, int]:
        """State a period and return minor units per payer."""
        statement = self.state(period).statement
        return dict(zip(statement.payers, statement.pays, strict=True))


def lines_of(drawn: DrawnStatement) -> list[tuple[str, str, int, int]]:
    """Return own period, metric, count and payable (minor units) of each line added up."""
    return [(line.own_period, line.metric, line.count, line.payable) for line in drawn.summary]
