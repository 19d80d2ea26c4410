"""`sib payments`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, now, reading, writing

if TYPE_CHECKING:
    from sib_engine.services.statements.confirm import Confirmation


@click.group(short_help="Payments from a payer's file.")
def payments() -> None:
    """Payments, confirmed by who paid, from a file.

    Example: sib payments preview two-quarters paid.csv --as abe
    """


@payments.command(short_help="Hold a file of payments against the invoices; write nothing.")
@click.argument("contract")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@acting
def preview(contract: str, file: Path, *, as_json: bool, login: str, database: str) -> None:
    """Say of each line of a FILE of payments whether it matches its invoice, and by how much it differs.

    Nothing is written. `sib payments confirm --digest` takes in exactly the file that was shown.

    Example: sib payments preview two-quarters paid.csv --as abe
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.statements.confirm import preview_payments

    with reading(database, login) as (session, by):
        found = preview_payments(session, contract, file, by=by, at=now())
    if as_json:
        print_json(found.as_dict())
        return
    _print(found)


@payments.command(short_help="Confirm the payments of a file.")
@click.argument("contract")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--digest", help="Digest that the preview showed.")
@click.option("--accept-overpayment", is_flag=True, help="Confirm more than is open; the rest is credit.")
@acting
def confirm(
    contract: str, file: Path, *, digest: str | None, accept_overpayment: bool, login: str, database: str
) -> None:
    """Confirm what a payer paid, from a FILE, whole or not at all: only for the payer that is your organisation.

    Lines that were confirmed before are passed over.

    Example: sib payments confirm two-quarters paid.csv --as abe
    """
    from sib_engine.services.statements.confirm import confirm_payments

    with writing(database, login) as (session, by):
        done = confirm_payments(
            session, contract, file, digest=digest, accepts_overpayment=accept_overpayment, by=by, at=now()
        )
    _print(done)
    click.echo("confirmed.")


def _print(found: "Confirmation") -> None:
    from sib_engine.cli.printing import console, print_findings, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.payments.billing.matching import Match

    out, currency = console(), found.contract.terms.currency
    print_findings(found.findings, most_of_a_kind=20)
    print_text(out, f"{found.name}: {found.digest}")
    rows = [
        (
            str(each.line.row),
            each.line.payer,
            each.line.invoice,
            each.line.reference,
            each.line.paid_on.isoformat(),
            shown(each.line.amount, currency),
            each.match.value,
            shown(each.difference, currency) if each.match in {Match.PART, Match.OVER} else "",
        )
        for each in found.lines
    ]
    headings = (">row", "payer", "invoice", "reference", "paid on", ">amount", "", ">left open")
    print_table(out, "", headings, rows, drop_blank=True)
    if not found.can_be_committed:
        print_text(out, "it cannot be confirmed as it is", style="yellow")
