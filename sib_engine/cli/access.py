"""`sib org` and `sib user`."""

from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, as_known_on, now, on_the_store, opened, reading_as_known

if TYPE_CHECKING:
    from sib_engine.services.access.roles import Role
    from sib_engine.services.audit.place import AsKnownOn

_BY = click.option("--as", "login", envvar="SIB_USER", help="Who acts; not needed before there is an administrator.")


@click.group(short_help="Organisations.")
def org() -> None:
    """Organisations: providers, commissioners, funders, investors, evaluators.

    Example: sib org add "Riverside Council"
    """


@org.command("add", short_help="Enter an organisation.")
@click.argument("name")
@_BY
@on_the_store
def add_org(name: str, login: str | None, database: str) -> None:
    """Enter an organisation.

    Example: sib org add "Harbour Works" --as root
    """
    from sib_engine.services.access.actors import actor_named, add_organisation

    with opened(database) as store, store.begin() as session:
        by = None if login is None else actor_named(session, login)
        number = add_organisation(session, name, by=by, at=now())
    click.echo(f"{name} is organisation {number}")


@org.command("list", short_help="The organisations.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@as_known_on
@acting
def list_orgs(*, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """List the organisations, who works for each, and which parties of which contracts it is.

    Example: sib org list --as root
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.access.listing import list_organisations

    with reading_as_known(database, login, None, known_on) as (session, by, known):
        found = list_organisations(session, by=by, seq=known.seq)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = [
        (each.name, ", ".join(each.people), ", ".join(f"{party} of {contract}" for contract, party in each.parties))
        for each in found
    ]
    print_table(console(), "Organisations", ("organisation", "people", "parties"), rows)


@click.group(short_help="People, and what each may do.")
def user() -> None:
    """People who work with the store, and what each may do on which contract.

    Example: sib user add root --name "Robin Oot" --organisation "Riverside Council"
    """


@user.command("add", short_help="Enter a person.")
@click.argument("new_login", metavar="LOGIN")
@click.option("--name", required=True, help="The person's name.")
@click.option("--organisation", required=True, help="Who they work for.")
@_BY
@on_the_store
def add_user(new_login: str, *, name: str, organisation: str, login: str | None, database: str) -> None:
    """Enter a person of an organisation; they may do nothing until a role is granted.

    Example: sib user add vera --name "Vera Hall" --organisation "Riverside Council" --as root
    """
    from sib_engine.services.access.actors import actor_named, add_account

    with opened(database) as store, store.begin() as session:
        by = None if login is None else actor_named(session, login)
        add_account(session, new_login, name=name, organisation=organisation, by=by, at=now())
    click.echo(f"{new_login} is entered, for {organisation}")


@user.command("list", short_help="Everybody, with their roles.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@as_known_on
@acting
def list_users(*, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """List everybody who works with the store, for whom, and in which roles.

    Example: sib user list --as root
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.access.listing import list_people

    with reading_as_known(database, login, None, known_on) as (session, by, known):
        found = list_people(session, by=by, seq=known.seq)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = [
        (
            each.login,
            each.name,
            each.organisation,
            ", ".join(f"{role} on {contract or 'every contract'}" for role, contract in each.roles),
        )
        for each in found
    ]
    print_table(console(), "People", ("login", "name", "organisation", "roles"), rows)


@user.command(short_help="Grant a role.")
@click.argument("who")
@click.argument("role")
@click.option("--contract", help="Code of a registered contract (default: every contract).")
@_BY
@on_the_store
def grant(who: str, role: str, *, contract: str | None, login: str | None, database: str) -> None:
    """Let a person act in a ROLE on a contract.

    Roles are provider, intermediary, verifier, approver, top-up funder, investor, evaluator, auditor, administrator.

    Example: sib user grant vera verifier --contract two-quarters --as root
    """
    from sib_engine.services.access.actors import actor_named, grant_role

    with opened(database) as store, store.begin() as session:
        by = None if login is None else actor_named(session, login)
        grant_role(session, who, _role(role), contract=contract, by=by, at=now())
    click.echo(f"{who} is {role} on {contract or 'every contract'}")


@user.command(short_help="Take a role away.")
@click.argument("who")
@click.argument("role")
@click.option("--contract", help="Code of a registered contract (default: the role on every contract).")
@click.option("--as", "login", envvar="SIB_USER", required=True, help="Who acts; or set SIB_USER.")
@on_the_store
def end(who: str, role: str, *, contract: str | None, login: str, database: str) -> None:
    """Take a ROLE away from a person from now on; what they did in it stands.

    Example: sib user end vera verifier --contract two-quarters --as root
    """
    from sib_engine.services.access.actors import actor_named, end_role

    with opened(database) as store, store.begin() as session:
        end_role(session, who, _role(role), contract=contract, by=actor_named(session, login), at=now())
    click.echo(f"{who} is no longer {role} on {contract or 'every contract'}")


def _role(text: str) -> "Role":
    from sib_engine.core.errors import NotFoundError
    from sib_engine.services.access.roles import Role

    try:
        return Role(text)
    except ValueError:
        message = f"there is no role {text!r}; accepted: {', '.join(role.value for role in Role)}"
        raise NotFoundError(message) from None
