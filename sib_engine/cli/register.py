"""`sib contract register`, `registered`, `source` and `close-out`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, as_known_on, now, reading_as_known, writing

if TYPE_CHECKING:
    from sib_engine.services.audit.place import AsKnownOn


@click.command(short_help="Register a contract, or a new version of one.")
@click.argument("name")
@click.option("--party", "parties", multiple=True, help="PARTY=ORGANISATION, for each party; may be repeated.")
@click.option("--note", default="", help="What was agreed, by whom and when; needed for a new version.")
@acting
def register(name: str, *, parties: tuple[str, ...], note: str, login: str, database: str) -> None:
    """Register a contract file in the store, or a new version of one that is registered.

    NAME is a file, or the name of a contract that comes with the engine. A new version moves nothing that was
    stated: what it would change shows when the next statement is drawn up.

    Example: sib contract register two-quarters.toml --as root
    """
    from sib_engine.cli.printing import print_findings
    from sib_engine.services.contracts.register import register_contract
    from sib_engine.terms import library

    named: dict[str, str] = {}
    for each in parties:
        party, mark, organisation = each.partition("=")
        if not mark or party in named:
            message = f"--party is {each!r}; accepted: PARTY=ORGANISATION, once for each party"
            raise click.UsageError(message)
        named[party] = organisation
    source = Path(library.find(name)).read_text(encoding="utf-8-sig")
    with writing(database, login) as (session, by):
        done = register_contract(session, source, parties=named, note=note, by=by, at=now())
    print_findings(done.findings, most_of_a_kind=3)
    click.echo(f"{done.code} is registered as version {done.version}: {done.digest}")


@click.command(short_help="The contracts of the store.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@as_known_on
@acting
def registered(*, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """List the registered contracts on which you have a role: their version, its day and why there is one.

    Example: sib contract registered --as vera
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.contracts.registered import list_registered

    with reading_as_known(database, login, None, known_on) as (session, by, known):
        found = list_registered(session, by=by, seq=known.seq)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = [
        (each.code, each.name, str(each.version), f"{each.registered_on}", each.note, str(each.closed_on or ""))
        for each in found
    ]
    headings = ("contract", "name", ">version", "registered", "note", "closed out")
    print_table(console(), "Registered contracts", headings, rows, drop_blank=True)


@click.command(short_help="The file of a registered contract.")
@click.argument("contract")
@click.option("--out", type=click.Path(path_type=Path), help="Write it to this file.")
@as_known_on
@acting
def source(contract: str, *, out: Path | None, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """Write the file of a registered CONTRACT as it was registered, for `sib contract show`, `diff` and the rest.

    Example: sib contract source two-quarters --out as-registered.toml --as vera
    """
    from sib_engine.core.whole_files import write_together
    from sib_engine.services.contracts.registered import source_of

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        text = source_of(session, contract, by=by, seq=known.seq)
    if out is None:
        click.echo(text, nl=False)
        return
    write_together({out: text.encode()})
    click.echo(f"{contract} written to {out}")


@click.command("close-out", short_help="Close out a contract.")
@click.argument("contract")
@click.option("--note", default="", help="Why, and who agreed it.")
@acting
def close_out(contract: str, *, note: str, login: str, database: str) -> None:
    """Close out a contract: afterwards its records can be read, and nothing is added to them.

    Refused while claims are open, something due is not stated, invoices are unpaid or lines disputed; each is named.

    Example: sib contract close-out two-quarters --note "agreed by both payers on 2022-06-30" --as abe
    """
    from sib_engine.services.contracts.close_out import close_out as run

    with writing(database, login) as (session, by):
        run(session, contract, note=note, by=by, at=now())
    click.echo(f"{contract} is closed out")
