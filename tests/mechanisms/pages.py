"""The examples of the pages on mechanisms, priced, explained and stated as a user would."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sib_engine.services.explain_amounts import explain_amounts
from sib_engine.services.price_counts import PricedCounts, price_counts
from tests.statement.engine import Engine

FOLDER = Path(__file__).parents[2] / "docs" / "mechanisms" / "examples"

Change = tuple[str, str]


def contract_file(name: str, folder: Path, *changes: Change) -> Path:
    """Return the contract of a page with some words changed, as a file of its own."""
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def priced(name: str, *, contract: Path | None = None, rows: Path | None = None) -> PricedCounts:
    """Return what the rows of a page earn."""
    return price_counts(str(contract or FOLDER / f"{name}.toml"), rows or FOLDER / f"{name}.csv")


def payable(found: PricedCounts) -> dict[str, str]:
    """Return what is payable of each metric, as ``--json`` prints it."""
    return {line["metric"]: line["payable"] for line in found.as_dict()["lines"]}


def rows_file(folder: Path, *lines: str) -> Path:
    """Return a file of rows."""
    path = folder / "some-rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def tree(name: str, row: str) -> dict[str, Any]:
    """Return the explanation of one row of a page, as ``--json`` prints it."""
    found = explain_amounts(str(FOLDER / f"{name}.toml"), FOLDER / f"{name}.csv", row=row).as_dict()
    amount: dict[str, Any] = found["outcome"]["amount"]
    return amount


def detail(name: str, row: str, kind: str) -> list[tuple[str, str]]:
    """Return amount and words of the steps of one kind for one row of a page."""
    return [(step["amount"], step["detail"]) for step in tree(name, row)["steps"] if step["kind"] == kind]


def engine(name: str, folder: Path, *changes: Change) -> Engine:
    """Return an engine that knows the rows of a page."""
    made = Engine(folder, contract_file(name, folder, *changes))
    heading, *lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        cells = dict(zip(heading.split(","), line.split(","), strict=True))
        made.rows[cells["row"]] = cells
    return made


def stated(made: Engine, periods: Sequence[str]) -> list[list[tuple[str, str, int]]]:
    """State periods; of each statement's lines return kind, own period and payable, added up, without zeros."""
    found: list[list[tuple[str, str, int]]] = []
    for period in periods:
        sums: dict[tuple[str, str], int] = {}
        for line in made.state(period).statement.lines:
            key = (line.kind.value, line.own_period)
            sums[key] = sums.get(key, 0) + line.payable
        found.append([(*key, amount) for key, amount in sorted(sums.items()) if amount])
    return found
