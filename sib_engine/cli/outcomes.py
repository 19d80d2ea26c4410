"""`sib outcomes`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from sib_engine.cli.options import DAY, refuse_overwriting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rich.console import Console

    from sib_engine.services.derive_outcomes import DerivedOutcomes, OutcomeLine

SHOWN_ROWS: Final = 10

Columns: TypeAlias = "Mapping[str, Callable[[OutcomeLine], str]]"
"""Headings, and what stands under each."""


def _row(line: "OutcomeLine") -> str:
    """Return the row's id, which may be broken after the person."""
    from sib_engine.cli.tables import BREAK

    return line.row.replace("/", f"/{BREAK}", 1)


CHASE_COLUMNS: Final[Columns] = {
    "row": _row,
    "achieved on": lambda line: line.achieved_on,
    "what is missing": lambda line: "; ".join(f"R{why.reason:02d} {why.mend}" for why in line.whys),
    "record by": lambda line: line.record_by,
}
DUE_COLUMNS: Final[Columns] = {
    "row": _row,
    "due on": lambda line: line.due_on,
    "so far": lambda line: line.detail,
    "record by": lambda line: line.record_by,
}
ALL_COLUMNS: Final[Columns] = {
    "row": _row,
    "achieved on": lambda line: line.achieved_on,
    "counts, or why not": lambda line: "yes" if line.does_count else line.reasons,
    "what was found": lambda line: line.detail,
    "due on": lambda line: line.due_on,
    "record by": lambda line: line.record_by,
}


@click.command(short_help="From facts about people to outcomes, with reasons.")
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
    from sib_engine.cli.printing import console, print_findings, print_json, print_text
    from sib_engine.services.derive_outcomes import derive_outcomes

    refuse_overwriting(out, contract, facts)
    derived = derive_outcomes(contract, facts, known_on=known_on, person=person, out=out)
    if as_json:
        print_json(derived.as_dict(person=person))
        return
    to = console()
    if person is not None:
        _print_basis(to, derived, contract)
        lines = derived.listed(person=person)
        _print_rows(to, f"Rows of {person}", ALL_COLUMNS, lines, limit=None)
        _print_whys(to, lines)
    else:
        print_outcomes(to, derived, contract)
        if show_all:
            not_counting = derived.listed(only_not_counting=True)
            _print_rows(to, "Every row that does not count", ALL_COLUMNS, not_counting, limit=None)
            _print_whys(to, not_counting)
    if derived.nothing_found:
        print_text(to, derived.nothing_found)
    if person is None:
        print_findings(derived.findings, most_of_a_kind=None if show_all else 3)
    if out is not None:
        to.print(f"{len(derived.table):,} rows written to {out}", soft_wrap=True)


def print_outcomes(to: "Console", derived: "DerivedOutcomes", name: str) -> None:
    """Print what outcomes under contract ``name`` rest on, what counts, why the rest does not, and what to chase."""
    from sib_engine.cli.tables import print_table

    to.print(f"{derived.contract.name}: outcomes from facts", style="bold", soft_wrap=True)
    _print_basis(to, derived, name)
    to.print()
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
    print_table(to, "", headings, rows)
    reasons = [(each.code, each.title, f"{each.n_rows:,}") for each in derived.by_reason()]
    if reasons:
        title = "Why rows do not count (a row may have several reasons)"
        print_table(to, title, ("reason", "what it means", ">rows"), reasons)
    print_chase(to, derived)
    print_due(to, derived)


def _print_basis(to: "Console", derived: "DerivedOutcomes", name: str) -> None:
    """Print how much of the rules is assumed, and how long work without a last day is taken to last."""
    from sib_engine.cli.printing import print_text

    n_assumed = len(derived.assumed_terms())
    if n_assumed:
        terms = "1 term of the metrics is" if n_assumed == 1 else f"{n_assumed:,} terms of the metrics are"
        warned = f"{terms} ASSUMED, neither published nor agreed: `sib contract show {name}` lists them."
        print_text(to, warned, style="yellow")
    if derived.open_until is not None:
        print_text(to, f"work without a last day is taken to last to {derived.open_until}")


def print_chase(to: "Console", derived: "DerivedOutcomes") -> None:
    """Print what lacks only documents that can still be recorded, and how much came too late for that."""
    from sib_engine.cli.printing import print_text
    from sib_engine.core.money import shown

    chase = derived.unevidenced()
    _print_rows(to, "Earned and unevidenced: the list to chase", CHASE_COLUMNS, chase, limit=SHOWN_ROWS)
    n_late = len(derived.too_late())
    if not n_late:
        return
    worth = derived.worth_of_too_late()
    amount = "no price" if worth is None else f"{shown(worth.amount, derived.contract.currency)} before caps"
    assumed = " (by ASSUMED prices)" if worth is not None and worth.is_assumed else ""
    lack = "1 outcome lacks" if n_late == 1 else f"{n_late:,} outcomes lack"
    what = f"Too late on {derived.as_known_on}: {lack} only evidence, and the last day to record it has passed"
    print_text(to, f"{what}: {amount}{assumed}")
    to.print()


def print_due(to: "Console", derived: "DerivedOutcomes") -> None:
    """Print what becomes payable if the work lasts, and when."""
    due = [line for line in derived.listed(only_not_counting=True) if line.due_on]
    _print_rows(to, "Due on: what becomes payable if it lasts", DUE_COLUMNS, due, limit=SHOWN_ROWS)


def _print_rows(
    to: "Console", title: str, columns: "Columns", lines: "Sequence[OutcomeLine]", *, limit: int | None
) -> None:
    from sib_engine.cli.tables import print_table

    if not lines:
        return
    cells = [[cell(line) for cell in columns.values()] for line in lines[:limit]]
    print_table(to, title, tuple(columns), cells, drop_blank=True)
    if limit is not None and len(lines) > limit:
        to.print(f"and {len(lines) - limit:,} more: `sib outcomes --all` shows them, --out writes them\n")


def _print_whys(to: "Console", lines: "Sequence[OutcomeLine]") -> None:
    """Print of each row that does not count what was found, what would make it count, and by when."""
    from sib_engine.cli.printing import print_text
    from sib_engine.outcomes.reasons import code_of
    from sib_engine.outcomes.why.words import mend_text

    if any(line.whys for line in lines):
        to.print("Why not, and what would make it count", style="bold")
    for line in lines:
        if line.whys:
            to.print(line.row, soft_wrap=True)
        for why in line.whys:
            print_text(to, f"{code_of(why.reason)}: {why.found}", mark="  ")
            print_text(to, f"would count with: {mend_text(why)}", mark="    ")
