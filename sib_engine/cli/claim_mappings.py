"""`sib claims mapping`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, as_known_on, now, reading_as_known, writing

if TYPE_CHECKING:
    from sib_engine.services.audit.place import AsKnownOn


@click.group(short_help="How an organisation's own tracker is read.")
def mapping() -> None:
    """Mappings that are saved: how an organisation's own tracker is read for a contract, version by version.

    Example: sib claims mapping list two-quarters --as ada
    """


@mapping.command(short_help="Save a mapping, or a new version of one.")
@click.argument("contract")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What it is called (default: the name in the file).")
@acting
def save(contract: str, file: Path, *, name: str, login: str, database: str) -> None:
    """Save the mapping FILE for your organisation, checked against the contract; a name that is known gets a version.

    `sib claims propose` writes a first draft of one, `sib claims understand` tries it.

    Example: sib claims mapping save two-quarters mapping.json --name caseload --as ada
    """
    from sib_engine.cli.printing import print_findings
    from sib_engine.services.claims.mappings import save_mapping

    with writing(database, login) as (session, by):
        saved = save_mapping(session, contract, file, name=name, by=by, at=now())
    print_findings(saved.findings, most_of_a_kind=5)
    click.echo(f"{saved.name} is saved as version {saved.version}: {saved.digest}")


@mapping.command("list", short_help="The mappings of a contract.")
@click.argument("contract")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@as_known_on
@acting
def list_(contract: str, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """List every version of the mappings of a contract; providers see those of their own organisation.

    Example: sib claims mapping list two-quarters --as ada
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims.mappings import list_mappings, mapping_dict

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = list_mappings(session, contract, by=by, seq=known.seq)
    if as_json:
        print_json([mapping_dict(each) for each in found])
        return
    rows = [
        (each.organisation, each.name, str(each.version), f"{each.saved_at:%Y-%m-%d}", each.login, each.digest)
        for each in found
    ]
    print_table(console(), "Mappings", ("of", "mapping", ">version", "saved", "by", "digest"), rows, n_keys=2)


@mapping.command(short_help="One version of a mapping.")
@click.argument("contract")
@click.argument("name")
@click.option("--version", type=click.IntRange(min=1), help="Which version (default: the last one).")
@click.option("--organisation", help="Whose, where several organisations have one of this name.")
@as_known_on
@acting
def show(
    contract: str,
    name: str,
    *,
    version: int | None,
    organisation: str | None,
    known_on: "AsKnownOn | None",
    login: str,
    database: str,
) -> None:
    """Show the mapping NAME as it was saved: its file on standard output, and whose it is on the other.

    Example: sib claims mapping show two-quarters caseload --as ada
    """
    from sib_engine.services.claims.mappings import show_mapping

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = show_mapping(session, contract, name, version=version, organisation=organisation, by=by, seq=known.seq)
    saved = f"{found.title}, of {found.organisation}, saved on {found.saved_at:%Y-%m-%d} by {found.login}"
    click.echo(f"{saved}: {found.digest}", err=True)
    click.echo(found.rules, nl=False)
