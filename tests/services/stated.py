"""Statements of a small contract, drawn up one after the other in a folder."""

from pathlib import Path

from sib_engine.payments.statement.lines_file import write_lines
from sib_engine.services.draw_statement import draw_statement

TWO_PAYERS = Path(__file__).parents[1] / "statement" / "two-payers.toml"


def contract_of(folder: Path, *changes: tuple[str, str], more: str = "") -> str:
    """Return the path of the contract with a few words changed, and clauses added."""
    text = TWO_PAYERS.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path = folder / "two-payers.toml"
    path.write_text(text + more, encoding="utf-8")
    return str(path)


def file_of(folder: Path, text: str) -> Path:
    """Return the path of a rows file with this text."""
    path = folder / "rows.csv"
    path.write_text(text, encoding="utf-8")
    return path


def stated_in(contract: str, rows: Path, *periods: str) -> tuple[Path, ...]:
    """Draw the statements for the periods up, one after the other, and return the files of their lines."""
    paths: tuple[Path, ...] = ()
    for period in periods:
        drawn = draw_statement(contract, rows, period, stated=paths)
        path = rows.parent / f"lines-{len(paths) + 1}.csv"
        write_lines(path, drawn.contract, drawn.statement.kept_lines)
        paths = (*paths, path)
    return paths
