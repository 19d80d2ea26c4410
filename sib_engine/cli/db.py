"""`sib db`."""

import click

from sib_engine.cli.store import on_the_store


@click.group(short_help="The database of the store.")
def db() -> None:
    """The database in which claims, decisions, statements and the audit trail are kept.

    Example: sib db upgrade
    """


@db.command(short_help="Make or bring up to date the tables.")
@on_the_store
def upgrade(database: str) -> None:
    """Make the tables of this version, or bring those of an earlier one up to it; all of it, or nothing.

    Example: sib db upgrade --database sqlite:///sib.db
    """
    from sib_engine.storage.migrate import upgrade as run
    from sib_engine.storage.store import Store

    store = Store(database)
    before, after = run(store)
    store.close()
    if before == after:
        click.echo(f"the database is at {after} already; nothing was changed")
    else:
        click.echo(f"the database is at {after} now{'' if before is None else f'; it was at {before}'}")
