"""`sib statements print`, `sib statements certificate` and `sib invoices schedule`: the store on paper."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sib_engine.cli.options import DAY, refuse_one_file_for_two
from sib_engine.cli.store import acting, as_known_on, now, reading

if TYPE_CHECKING:
    from sib_engine.services.audit.place import AsKnownOn
    from sib_engine.services.papers.printing import Printed, Printing

_KINDS: dict[str, str] = {
    "pdf": "Write it to this PDF file.",
    "html": "The same as a web page that stands alone.",
    "xlsx": "The same as a spreadsheet with live totals.",
    "csv": "Its lines as CSV.",
}
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _files(*kinds: str) -> Callable[[_Command], _Command]:
    """Add an option for each kind of file."""

    def added(command: _Command) -> _Command:
        for kind in reversed(kinds):
            command = click.option(f"--{kind}", type=click.Path(path_type=Path), help=_KINDS[kind])(command)
        return command

    return added


@click.command("print", short_help="A statement as PDF, page, spreadsheet or CSV.")
@click.argument("contract")
@click.argument("number", type=int)
@_files("pdf", "html", "xlsx", "csv")
@acting
def print_(contract: str, number: int, *, login: str, database: str, **files: Path | None) -> None:
    """Print statement NUMBER as it was known when it was approved; the same statement gives the same bytes.

    People go by their numbers. Whoever may see no rows about people gets the lines added up.

    Example: sib statements print two-quarters 1 --pdf statement.pdf --xlsx statement.xlsx --as abe
    """
    from sib_engine.services.papers.print_statement import print_approved

    outputs = _outputs(files)
    with reading(database, login) as (session, by):
        printed = print_approved(session, contract, number, outputs, by=by)
    _write(f"statement {number}", printed, outputs)


@click.command(short_help="The one-page certificate of a statement.")
@click.argument("contract")
@click.argument("number", type=int)
@_files("pdf", "html")
@as_known_on
@acting
def certificate(
    contract: str, number: int, *, known_on: "AsKnownOn | None", login: str, database: str, **files: Path | None
) -> None:
    """Print one page on statement NUMBER: claimed, accepted, capped, payable, headroom, net, VAT, due date, who signed.

    Example: sib statements certificate two-quarters 1 --pdf certificate.pdf --as abe
    """
    from sib_engine.services.papers.certificate import print_certificate

    outputs = _outputs(files)
    with reading(database, login) as (session, by):
        printed = print_certificate(session, contract, number, outputs, as_known_on=known_on, by=by, at=now())
    _write(f"certificate of statement {number}", printed, outputs)


@click.command(short_help="Every invoice, aged debt and accrual, on paper.")
@click.argument("contract")
@_files("pdf", "html", "xlsx", "csv")
@click.option("--on", "on", type=DAY, help="As the invoices stood at the end of this day (default: today).")
@as_known_on
@acting
def schedule(
    contract: str,
    *,
    on: date | None,
    known_on: "AsKnownOn | None",
    login: str,
    database: str,
    **files: Path | None,
) -> None:
    """Print the invoice schedule: order, net, VAT, gross, due, paid, outstanding, disputed; debt by age; accrued.

    Accrued is what was owed and on no invoice on the last 31 March.

    Example: sib invoices schedule two-quarters --pdf schedule.pdf --xlsx schedule.xlsx --csv schedule.csv --as ada
    """
    from sib_engine.services.papers.schedule import print_schedule

    outputs = _outputs(files)
    with reading(database, login) as (session, by):
        printed = print_schedule(session, contract, outputs, on=on, as_known_on=known_on, by=by, at=now())
    _write("invoice schedule", printed, outputs)


def _outputs(files: Mapping[str, Path | None]) -> "dict[Printing, Path]":
    """Return where each kind of file goes.

    Raises:
        click.UsageError: If none is asked for, or two in one place.
    """
    from sib_engine.services.papers.printing import Printing

    named = {kind: path for kind, path in files.items() if path is not None}
    if not named:
        message = f"nothing to write; accepted: one of {', '.join(f'--{kind}' for kind in files)}, each with a file"
        raise click.UsageError(message)
    refuse_one_file_for_two({f"--{kind}": path for kind, path in named.items()})
    return {Printing(kind): path for kind, path in named.items()}


def _write(what: str, printed: "Printed", outputs: "Mapping[Printing, Path]") -> None:
    """Write the files, all or none, and say so."""
    from sib_engine.cli.printing import print_findings
    from sib_engine.core.whole_files import write_together

    write_together({path: printed.files[kind] for kind, path in outputs.items()})
    print_findings(printed.findings, stderr=True)
    for path in outputs.values():
        click.echo(f"{what} written to {path}")
