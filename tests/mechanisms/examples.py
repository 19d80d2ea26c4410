"""The examples of the pages on mechanisms, stated quarter by quarter."""

from dataclasses import dataclass
from pathlib import Path

from sib_engine.core.money import plain
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.services.draw_statement import DrawnStatement, state_table
from sib_engine.services.explain_amounts import explain_table
from sib_engine.services.inputs import contract_at, rows_at

FOLDER = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples"


@dataclass(frozen=True)
class Stated:
    """Statements of one example, in order; amounts as plain text."""

    name: str
    statements: tuple[DrawnStatement, ...]

    def lines(self, number: int) -> list[tuple[str, str, int, str]]:
        """Return kind, row, count and payable of each line of a statement that no metric earns."""
        drawn = self.statements[number - 1]
        return [
            (line.kind.value, line.row, line.count, plain(line.payable, drawn.contract.currency))
            for line in drawn.statement.lines
            if not line.metric
        ]

    def totals(self) -> list[tuple[str, ...]]:
        """Return payable and what each payer pays of each statement."""
        return [
            tuple(
                plain(amount, drawn.contract.currency)
                for amount in (sum(line.payable for line in drawn.statement.lines), *drawn.statement.pays)
            )
            for drawn in self.statements
        ]


def path_of(name: str) -> Path:
    """Return the contract of an example."""
    return FOLDER / f"{name}.toml"


def stated(name: str, *periods: str) -> Stated:
    """State the periods of an example one after another."""
    contract = contract_at(str(path_of(name))).contract
    table, _ = rows_at(FOLDER / f"{name}-rows.csv", contract)
    drawn: list[DrawnStatement] = []
    lines: list[StatedLine] = []
    for period in periods:
        drawn.append(state_table(contract, table, period, stated=lines))
        lines += drawn[-1].statement.kept_lines
    return Stated(name, tuple(drawn))


def words_of(name: str, row: str, period: str) -> str:
    """Return the words in which the first step of an explanation says how a scheduled amount came about."""
    contract = contract_at(str(path_of(name))).contract
    table, _ = rows_at(FOLDER / f"{name}-rows.csv", contract)
    (tree,) = explain_table(contract, table, row=row, period=period).steps
    return tree.steps[0].detail
