"""`sib outcomes`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sib_engine.cli.options import DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from sib_engine.services.derive_outcomes import DerivedOutcomes, OutcomeLine

SHOWN_ROWS: Final = 10


@click.command()
@click.argument("contract")
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("--known-on", type=DAY, help="Use what was recorded by this day (default: everything in the file).")
@click.option("--out", type=click.Path(path_type=Path), help="Write every row with its reasons to this CSV file.")
@click.option("--person", help="Show all rows of this person.")
@click.option("--all", "show_all", is_flag=True, help="Show every row that does not count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def outcomes(
    contract: str,
    facts: Path,
    *,
    known_on: date | None,
    out: Path | None,
    person: str | None,
    show_all: bool,
    as_json: bool,
) -> None:
    """Derive outcomes from FACTS about people: what counts, and every reason for what does not.

    Example: sib outcomes mhep/enfield facts.csv --out rows.csv
    """
    from sib_engine.cli.printing import console, print_findings, print_json
    from sib_engine.services.derive_outcomes import derive_outcomes

    derived = derive_outcomes(contract, facts, known_on=known_on, out=out)
    if as_json:
        print_json(derived.as_dict(person=person))
        return
    to = console()
    if person is not None:
        _print_rows(to, f"Rows of {person}", derived.listed(person=person), limit=None)
    else:
        print_outcomes(to, derived)
        if show_all:
            _print_rows(to, "Every row that does not count", derived.listed(only_not_counting=True), limit=None)
    print_findings(derived.findings, most_of_a_kind=None if show_all else 3)
    if out is not None:
        to.print(f"{len(derived.table):,} rows written to {out}", soft_wrap=True)


def print_outcomes(to: "Console", derived: "DerivedOutcomes") -> None:
    """Print what counts by metric, why the rest does not, and what to chase and to expect."""
    from sib_engine.cli.printing import table

    to.print(f"{derived.contract.name}: outcomes from facts", style="bold")
    rows = [
        (
            each.name,
            f"{each.n_counting:,}",
            f"{each.n_not_counting:,}",
            f"{each.n_unevidenced:,}",
            f"{each.n_due:,}",
        )
        for each in derived.by_metric()
    ]
    headings = ("metric", ">count", ">do not count", ">of these, lack only evidence", ">fall due if they last")
    to.print(table("", headings, rows))
    reasons = [(each.code, each.title, f"{each.n_rows:,}") for each in derived.by_reason()]
    if reasons:
        to.print(table("Why rows do not count (a row may have several reasons)", ("reason", "", ">rows"), reasons))
    _print_rows(to, "Earned and unevidenced: the list to chase", derived.unevidenced(), limit=SHOWN_ROWS)
    due = [line for line in derived.listed(only_not_counting=True) if line.due_on]
    _print_rows(to, "Due on: what becomes payable if it lasts", due, limit=SHOWN_ROWS)


def _print_rows(to: "Console", title: str, lines: "Sequence[OutcomeLine]", *, limit: int | None) -> None:
    from sib_engine.cli.printing import table

    if not lines:
        return
    cells = [
        (
            line.row,
            line.achieved_on,
            "yes" if line.does_count else line.reasons,
            line.detail,
            line.due_on,
            line.record_by,
        )
        for line in lines[:limit]
    ]
    headings = ("row", "achieved on", "counts, or why not", "what was found", "due on", "record by")
    to.print(table(title, headings, cells))
    if limit is not None and len(lines) > limit:
        to.print(f"and {len(lines) - limit:,} more: --all shows them, --out writes them")
