"""`sib outcomes`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import DAY

if TYPE_CHECKING:
    from sib_engine.services.derive_outcomes import DerivedOutcomes

SHOWN_ROWS = 20


@click.command()
@click.argument("contract")
@click.argument("facts", type=click.Path(path_type=Path))
@click.option("--known-on", type=DAY, help="Use what was recorded by this day (default: everything in the file).")
@click.option("--out", type=click.Path(path_type=Path), help="Write every row with its reasons to this CSV file.")
@click.option("--person", help="Show the rows of this person only.")
@click.option("--all", "show_all", is_flag=True, help="Show every row that does not count, not only the first 20.")
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
    from sib_engine.cli.printing import console, print_json
    from sib_engine.services.derive_outcomes import derive_outcomes

    derived = derive_outcomes(contract, facts, known_on=known_on, out=out)
    if as_json:
        print_json(derived.as_dict(person=person))
        return
    print_outcomes(derived, person=person, limit=None if show_all or person else SHOWN_ROWS)
    if out is not None:
        console().print(f"{len(derived.found.table):,} rows written to {out}", soft_wrap=True)


def print_outcomes(derived: "DerivedOutcomes", *, person: str | None = None, limit: int | None = SHOWN_ROWS) -> None:
    """Print what counts by metric, why the rest does not, and rows that do not count."""
    from sib_engine.cli.printing import console, print_findings, table

    out = console()
    out.print(f"{derived.contract.name}: outcomes from facts", style="bold")
    rows = [
        (each.name, f"{each.n_counting:,}", f"{each.n_not_counting:,}", f"{each.n_due:,}")
        for each in derived.by_metric()
    ]
    out.print(table("", ("metric", ">count", ">do not count", ">fall due if they last"), rows))
    reasons = [(each.code, each.title, f"{each.n_rows:,}") for each in derived.by_reason()]
    if reasons:
        out.print(table("Why rows do not count (a row may have several reasons)", ("reason", "", ">rows"), reasons))
    listed = derived.listed(person=person, only_not_counting=person is None)
    cells = [
        (each.row, each.achieved_on, "yes" if each.does_count else each.reasons, each.detail, each.due_on, each.by_when)
        for each in listed[:limit]
    ]
    if cells:
        headings = ("row", "achieved on", "counts, or why not", "what is missing", "due on", "by when")
        out.print(table("Rows", headings, cells))
    if limit is not None and len(listed) > limit:
        out.print(f"and {len(listed) - limit:,} more that do not count: --all shows them, --out writes them")
    print_findings(derived.findings)
