"""`sib contract register` and `sib contract close-out`."""

from pathlib import Path

import click

from sib_engine.cli.store import acting, now, writing


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
