"""`sib audit` and `sib replay`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import as_known_on, now, on_the_store, opened

if TYPE_CHECKING:
    from sib_engine.services.audit.place import AsKnownOn


@click.group(short_help="The audit trail.")
def audit() -> None:
    """The audit trail: every command in one chain.

    Example: sib audit verify
    """


@audit.command(short_help="Say whether the audit trail is whole.")
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Anchor that was kept elsewhere; may be repeated.",
)
@on_the_store
def verify(anchors: tuple[Path, ...], database: str) -> None:
    """Check every hash, every link and every row of the audit trail, and name the first that does not hold.

    The exit code is 1 where something does not.

    Example: sib audit verify --anchor head.json
    """
    from sib_engine.services.audit.anchors import read_anchor
    from sib_engine.storage.verify import verify as run

    kept = dict(map(read_anchor, anchors))
    with opened(database) as store, store.read() as session:
        found = run(session, anchors=kept)
    click.echo(f"{found.n_entries:,} entries, {found.n_rows:,} rows; head {found.head}")
    if not found.breaks:
        against = f", and agrees with {len(kept)} {'anchor' if len(kept) == 1 else 'anchors'}" if kept else ""
        click.echo(f"the audit trail is whole{against}.")
        return
    first = found.breaks[0]
    place = f"entry {first.seq} ({first.command or 'no command'})" if first.seq else "the database"
    click.echo(f"NOT whole. First: {place}: {first.what}", err=True)
    for each in found.breaks[1:20]:
        click.echo(f"  entry {each.seq} ({each.command or 'no command'}): {each.what}", err=True)
    raise SystemExit(1)


@audit.command(short_help="Write the head of the audit trail to a file.")
@click.argument("out", type=click.Path(path_type=Path))
@on_the_store
def anchor(out: Path, database: str) -> None:
    """Write the last hash of the audit trail to a file, to be kept where nobody who holds the database can change it.

    A trail that is written anew later can then be told from the one that stood here.

    Example: sib audit anchor head.json
    """
    from sib_engine.storage.chain import head

    with opened(database) as store, store.read() as session:
        seq, found = head(session)
    out.write_text(json.dumps({"seq": seq, "hash": found, "at": now().isoformat()}, indent=2) + "\n", encoding="utf-8")
    click.echo(f"entry {seq}, {found}, written to {out}")


@click.command(short_help="Work out every statement again.")
@click.argument("contract", required=False)
@as_known_on
@on_the_store
def replay(contract: str | None, known_on: "AsKnownOn | None", database: str) -> None:
    """Work out every statement again from facts, terms and decisions as they were known when it was approved.

    The exit code is 1 where a line comes out differently.

    Example: sib replay two-quarters --as-known-on 20
    """
    from sib_engine.cli.printing import console
    from sib_engine.cli.tables import print_table
    from sib_engine.services.audit.place import place_known_on
    from sib_engine.services.audit.replay import replay as run

    with opened(database) as store, store.read() as session:
        seq = place_known_on(session, contract, known_on, at=now()).seq
        found = run(session, contract, seq=seq)
    rows = [
        (
            each.contract,
            str(each.number),
            each.period,
            f"{each.n_lines:,}",
            each.why or ("the same" if each.is_same else f"{len(each.missing):,} missing, {len(each.extra):,} extra"),
        )
        for each in found
    ]
    print_table(console(), f"as known at entry {seq}", ("contract", ">no.", "period", ">lines", "comes out"), rows)
    if any(not each.is_same for each in found):
        raise SystemExit(1)
