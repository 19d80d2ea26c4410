"""`sib statement`."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sib_engine.cli.options import DAY, refuse_one_file_for_two, refuse_overwriting

if TYPE_CHECKING:
    from sib_engine.core.findings import Finding
    from sib_engine.services.draw_statement import DrawnStatement

SHOWN_CORRECTIONS: Final = 10


@click.command(short_help="What each payer owes, period by period.")
@click.argument("contract")
@click.argument("rows", type=click.Path(path_type=Path))
@click.option("--period", required=True, help="Period to state: 2020-Q2, or any month or day inside it.")
@click.option(
    "--stated", multiple=True, type=click.Path(path_type=Path), help="Lines of an earlier statement; may be repeated."
)
@click.option("--known-on", type=DAY, help="Use what was recorded by this day (default: the end of the period).")
@click.option("--out", type=click.Path(path_type=Path), help="Write the lines to this CSV file.")
@click.option("--pdf", type=click.Path(path_type=Path), help="Write the statement as a document to this PDF file.")
@click.option("--html", type=click.Path(path_type=Path), help="The same as a web page that stands alone.")
@click.option("--xlsx", type=click.Path(path_type=Path), help="The same as a spreadsheet with live totals.")
@click.option("--drawn-up-on", type=DAY, help="Day that the documents bear (default: today).")
@click.option("--accept-restatement", is_flag=True, help="State what new terms change of earlier statements.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def statement(
    contract: str,
    rows: Path,
    *,
    period: str,
    stated: tuple[Path, ...],
    known_on: date | None,
    drawn_up_on: date | None,
    accept_restatement: bool,
    as_json: bool,
    **files: Path | None,
) -> None:
    """State what a period adds: all that is due since the contract began, less what was stated before.

    ROWS is what `sib outcomes --known-on DAY --out` writes, on the last day whose records are used, or a COUNTS file.
    It holds everything to date: what was stated and is not in it is taken back. Running again adds nothing.

    The files are written together: all of them, or none.

    Example: sib statement mhep/enfield rows.csv --period 2021-Q1 --out lines-1.csv --pdf statement-1.pdf
    """
    from sib_engine.cli.printing import console, print_findings, print_json
    from sib_engine.services.draw_statement import draw_statement

    outputs = {f"--{name}": path for name, path in files.items() if path is not None}
    for option, path in outputs.items():
        refuse_overwriting(path, contract, rows, *stated, option=option)
    refuse_one_file_for_two(outputs)
    drawn = draw_statement(
        contract, rows, period, stated=stated, known_on=known_on, accepts_restatement=accept_restatement
    )
    findings = write_files(drawn, outputs, drawn_up_on=drawn_up_on)
    print_findings(findings, stderr=True)
    if as_json:
        print_json(drawn.as_dict())
        return
    print_statement(drawn)
    for option, path in outputs.items():
        n_lines = len(drawn.statement.kept_lines)
        written = f"{n_lines:,} {'line' if n_lines == 1 else 'lines'}" if option == "--out" else "statement"
        console().print(f"{written} written to {path}", soft_wrap=True)


def write_files(
    drawn: "DrawnStatement", outputs: Mapping[str, Path], *, drawn_up_on: date | None
) -> "tuple[Finding, ...]":
    """Write the lines and the documents of a statement, all or none, by the option that names each file.

    The lines are never written over; documents are, since they can be made again.
    """
    from sib_engine.core.whole_files import write_together
    from sib_engine.payments.statement.lines_file import lines_bytes, refuse_written_over

    if not outputs:
        return ()
    files: dict[Path, bytes] = {}
    if "--out" in outputs:
        refuse_written_over(outputs["--out"])
        files[outputs["--out"]] = lines_bytes(drawn.contract, drawn.statement.kept_lines)
    findings: tuple[Finding, ...] = ()
    if outputs.keys() - {"--out"}:
        from sib_engine.services import print_statement as printing
        from sib_engine.services.papers.printing import Printing

        kinds = {kind: outputs[f"--{kind}"] for kind in Printing if f"--{kind}" in outputs}
        day = drawn_up_on or date.today()  # noqa: DTZ011 - the day where the person is who draws it up
        printed = printing.print_statement(drawn, kinds, drawn_up_on=day)
        files |= {path: printed.files[kind] for kind, path in kinds.items()}
        findings = printed.findings
    write_together(files)
    return findings


def print_statement(drawn: "DrawnStatement") -> None:
    """Print a statement: its lines added up, its payers, its caps."""
    from sib_engine.cli.price import limit_text, print_not_counted
    from sib_engine.cli.printing import console, print_findings, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.terms.plain_words import percentage

    out, made, currency = console(), drawn.statement, drawn.contract.currency
    names = {metric.code: metric.name for metric in drawn.contract.metrics}
    is_cut = any(line.earned != line.payable for line in drawn.summary)

    def money(amount: int) -> str:
        return shown(amount, currency)

    print_text(out, f"Statement {made.number} for {made.period.label}: {drawn.contract.name}", style="bold")
    known = f"{made.period.start} to {made.period.end}, as known on {made.known_on}"
    if drawn.rests_on is not None:
        known += f" BUT FOR rows that rest on what was known by {drawn.rests_on}"
    print_text(out, f"{known}; not an invoice, but the ground for one")
    if any(line.is_assumed for line in made.lines):
        print_text(out, "Lines marked * rest on ASSUMED terms: they are not published.", style="yellow")
    if not drawn.summary:
        out.print("Nothing is due that is not stated already.")
    out.print()
    rows = [
        (
            line.own_period,
            line.kind.value + (" *" if line.is_assumed else ""),
            names.get(line.metric, ""),
            line.site if len(drawn.contract.sites) > 1 else "",
            f"{line.count:,}",
            money(line.earned) if is_cut else "",
            money(line.payable),
            *(money(amount) for amount in line.pays),
        )
        for line in drawn.summary
    ]
    payers = tuple(f">{payer}" for payer in made.payers)
    if rows:
        total = ("total", "", "", "", "", "", money(sum(line.payable for line in made.lines)), *map(money, made.pays))
        headings = ("own period", "kind", "metric", "site", ">count", ">earned", ">payable", *payers)
        print_table(out, "", headings, rows, total=total, n_keys=4, drop_blank=True)
    left = made.due - made.stated_before
    owed = "" if made.total == left else f"; the payers owe {money(made.total)}"
    print_text(
        out,
        f"due to date {money(made.due)}, less stated before {money(made.stated_before)}, leaves {money(left)}{owed}",
    )
    if made.restatements:
        moved = sum(each.after - each.before for each in made.restatements)
        subjects = ", ".join(each.subject for each in made.restatements[:SHOWN_CORRECTIONS])
        more = ", ..." if len(made.restatements) > SHOWN_CORRECTIONS else ""
        said = f"RESTATED, as the terms have changed since: {money(moved)} in all of {subjects}{more}"
        print_text(out, said, style="yellow")
    out.print()
    _print_corrections(drawn)
    print_not_counted(out, drawn.not_counted)
    if drawn.headroom:
        caps = [
            (
                each.cap,
                each.scope,
                limit_text(each, currency),
                "" if each.used is None else money(each.used),
                "" if each.used is None or each.limit is None else money(max(each.limit - each.used, 0)),
                money(each.taken),
            )
            for each in drawn.headroom
        ]
        print_table(out, "Caps to date", ("cap", "one limit for", ">limit", ">used", ">headroom", ">cut"), caps)
    if drawn.minimums:
        floors = [
            (each.minimum, each.words, percentage(each.pays_below), money(each.withheld)) for each in drawn.minimums
        ]
        print_table(out, "Minimums to date", ("minimum", ">at least", ">pays below", ">withholds"), floors)
    out.print(f"terms {drawn.contract.digest}", soft_wrap=True)
    out.print(f"digest of these lines {made.digest}", soft_wrap=True)
    print_findings(drawn.findings)


def _print_corrections(drawn: "DrawnStatement") -> None:
    """Print the first corrections, what each comes to and why it was made."""
    from sib_engine.cli.printing import console
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    found, out = drawn.corrections, console()
    if not found:
        return
    cells = [(each.row, shown(each.payable, drawn.contract.currency), each.why) for each in found[:SHOWN_CORRECTIONS]]
    print_table(out, "Why corrections were made", ("row", ">payable", "what was found"), cells)
    if len(found) > SHOWN_CORRECTIONS:
        out.print(f"and {len(found) - SHOWN_CORRECTIONS:,} more: --out writes why of each\n")
