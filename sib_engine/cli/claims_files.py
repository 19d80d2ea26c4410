"""`sib claims template`, `propose` and `understand`: files that come in, before any store."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import DAY, refuse_overwriting

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.outcomes.intake.preview import Preview


@click.command()
@click.argument("contract")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write: .xlsx, or .csv for text.")
@click.option("--on", type=DAY, help="The day that the template is dated (default: today).")
def template(contract: str, *, out: Path, on: date | None) -> None:
    """Write the template of facts for CONTRACT: its sites, facts, documents and metrics as lists to choose from.

    Example: sib claims template mhep/enfield --out facts.xlsx
    """
    from sib_engine.cli.printing import console
    from sib_engine.services.claims_intake import write_template

    refuse_overwriting(out, contract)
    write_template(contract, out, on=on or date.today())  # noqa: DTZ011 - the edge's own day, in the user's time zone
    console().print(f"template written to {out}; delete its example row before you send it", soft_wrap=True)


@click.command()
@click.argument("contract")
@click.argument("tracker", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="JSON file to write.")
@click.option("--sheet", default="", help="Sheet of the workbook (default: the only one).")
@click.option(
    "--heading-row", type=click.IntRange(min=1, max=100), default=1, show_default=True, help="Row of headings."
)
def propose(contract: str, tracker: Path, *, out: Path, sheet: str, heading_row: int) -> None:
    """Propose a mapping for TRACKER from its headings: guesses with reasons, refused until you have agreed to them.

    Example: sib claims propose mhep/enfield tracker.xlsx --heading-row 3 --out mapping.json
    """
    from sib_engine.cli.printing import console
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims_intake import propose_mapping

    refuse_overwriting(out, contract, tracker)
    proposal = propose_mapping(contract, tracker, out, sheet=sheet, heading_row=heading_row).proposal
    to = console()
    print_table(to, "What the columns may mean", ("column", "guess"), proposal.reasons().items())
    to.print(
        f"written to {out}: look it through, fill in what is open, take out `proposed` and `reasons`", soft_wrap=True
    )


@click.command()
@click.argument("mapping", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--contract", default="", help="Contract to hold it against (default: the one that the mapping names).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def understand(mapping: Path, file: Path, *, contract: str, as_json: bool) -> int:
    """Show what the saved MAPPING makes of the tracker FILE; nothing is kept. Exits 1 where it has errors.

    Example: sib claims understand mapping.json tracker.xlsx
    """
    from sib_engine.cli.printing import console, counted, print_findings, print_json
    from sib_engine.services.claims_intake import understand_tracker

    preview = understand_tracker(mapping, file, contract_name=contract)
    if as_json:
        print_json(preview.as_dict())
    else:
        print_understood(console(), preview)
        print_findings(preview.findings, most_of_a_kind=5)
        console().print(counted(preview.findings))
    return 0 if preview.facts is not None else 1


def print_understood(to: "Console", preview: "Preview") -> None:
    """Print what a mapping makes of a tracker, without the findings."""
    from sib_engine.cli.tables import print_table

    place = f", sheet {preview.sheet}" if preview.sheet else ""
    to.print(f"{preview.file}{place}: {preview.n_rows:,} row{'' if preview.n_rows == 1 else 's'}", soft_wrap=True)
    to.print()
    kinds = [
        (each.fact, f"{each.n_facts:,}", f"{each.n_people:,}", each.first_on, each.last_on) for each in preview.kinds
    ]
    if kinds:
        print_table(to, "Facts understood", ("fact", ">facts", ">people", "first on", "last on"), kinds)
    if preview.not_understood:
        rows = [
            (each.column, each.text, f"{each.n_rows:,}", str(each.first_row), each.accepted)
            for each in preview.not_understood
        ]
        print_table(to, "Not understood", ("column", "value", ">rows", ">first row", "accepted"), rows, n_keys=2)
    if preview.passed_over:
        columns = [(each.letter, each.heading, f"{each.n_filled:,}") for each in preview.passed_over]
        print_table(to, "Columns passed over", ("column", "heading", ">filled"), columns)
