"""`sib claims`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, as_known_on, now, reading, reading_as_known, writing

if TYPE_CHECKING:
    from sib_engine.services.audit.place import AsKnownOn
    from sib_engine.services.claims.upload import Preview


_MAPPING = click.option("--mapping", help="Name of a saved mapping, through which a tracker is read.")


@click.group(short_help="Claims: uploaded, checked, decided.")
def claims() -> None:
    """Claims: what providers upload, what the checks say of it, what is decided.

    Example: sib claims list two-quarters --as vera
    """


@claims.command(short_help="Say what a file would do; write nothing.")
@click.argument("contract")
@click.argument("facts", type=click.Path(path_type=Path))
@_MAPPING
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@acting
def preview(contract: str, facts: Path, *, mapping: str | None, as_json: bool, login: str, database: str) -> None:
    """Say everything that is wrong with a file of FACTS, what it would add, and what would be paid for it.

    With --mapping FACTS is your own tracker, and what is wrong stands at its rows and columns. Nothing is written.
    `sib claims import --digest` takes in exactly the file that was shown.

    Example: sib claims preview two-quarters facts.csv --as ada
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.claims.upload import preview_upload

    with reading(database, login) as (session, by):
        found = preview_upload(session, contract, facts, mapping=mapping, by=by, at=now())
    if as_json:
        print_json(found.as_dict())
        return
    _print_preview(found)


@claims.command("import", short_help="Take in a file.")
@click.argument("contract")
@click.argument("facts", type=click.Path(path_type=Path))
@_MAPPING
@click.option("--digest", help="Digest that the preview showed.")
@acting
def import_(contract: str, facts: Path, *, mapping: str | None, digest: str | None, login: str, database: str) -> None:
    """Take in a file of FACTS, or a tracker with --mapping: the facts, the claims that follow, and what the checks say.

    A file with an error is refused whole. Facts that are known already are passed over; one that is said
    anew takes the place of the one before.

    Example: sib claims import two-quarters facts.csv --as ada
    """
    from sib_engine.services.claims.upload import commit_upload

    with writing(database, login) as (session, by):
        done = commit_upload(session, contract, facts, mapping=mapping, digest=digest, by=by, at=now())
    _print_preview(done)
    if done.n_returned:
        click.echo(f"{done.n_returned:,} accepted before, and to be decided again: their facts changed")
    click.echo(f"taken in as upload {done.upload}.")


@claims.command("list", short_help="Where each claim stands.")
@click.argument("contract")
@click.option("--state", help="Only claims in this state.")
@click.option("--changed", is_flag=True, help="Only claims whose facts changed since they were accepted.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_known_on
@acting
def list_(
    contract: str,
    *,
    state: str | None,
    changed: bool,
    as_json: bool,
    known_on: "AsKnownOn | None",
    login: str,
    database: str,
) -> None:
    """List the claims of a contract: what each is for, where it stands, which checks it did not pass, what changed.

    Example: sib claims list two-quarters --state submitted --as vera
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims.listing import list_claims

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = list_claims(session, contract, state=state, changed_only=changed, by=by, seq=known.seq)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    headings = ("claim", "metric", "achieved", "state", "failed", "cannot tell", "changed since it was accepted")
    rows = [
        (
            each.row,
            each.metric,
            "" if each.achieved_on is None else each.achieved_on.isoformat(),
            each.state,
            ", ".join(each.failed),
            ", ".join(each.unknown),
            "" if each.changed is None else f"before: {each.changed[0]}; now: {each.changed[1]}",
        )
        for each in found
    ]
    print_table(console(), f"{len(found):,} claims", headings, rows, drop_blank=True)


@claims.command(short_help="Accept, reject, query, answer, withdraw or re-open claims.")
@click.argument("contract")
@click.argument("move")
@click.argument("rows", nargs=-1)
@click.option("--all-passed", is_flag=True, help="Accept every claim that passed all its checks.")
@click.option("--code", "reason", default="", help="Code of a rejection, such as V02.")
@click.option("--note", default="", help="Why, in words; needed for every move but acceptance.")
@acting
def decide(
    contract: str,
    move: str,
    rows: tuple[str, ...],
    *,
    all_passed: bool,
    reason: str,
    note: str,
    login: str,
    database: str,
) -> None:
    """Make a MOVE with claims: accept, reject, query, answer, withdraw or reopen; all of them, or none.

    Example: sib claims decide two-quarters accept --all-passed --as vera
    """
    from sib_engine.core.errors import NotFoundError
    from sib_engine.outcomes.claims import Move
    from sib_engine.services.claims.decide import accept_where_all_passed
    from sib_engine.services.claims.decide import decide as move_claims

    try:
        wanted = Move(move)
    except ValueError:
        message = f"there is no move {move!r}; accepted: {', '.join(each.value for each in Move)}"
        raise NotFoundError(message) from None
    if all_passed == bool(rows) or (all_passed and wanted is not Move.ACCEPT):
        message = "name the claims to move, or accept --all-passed"
        raise click.UsageError(message)
    with writing(database, login) as (session, by):
        if all_passed:
            moved = accept_where_all_passed(session, contract, by=by, at=now())
        else:
            moved = move_claims(session, contract, wanted, rows, reason=reason, note=note, by=by, at=now())
    click.echo(f"{len(moved):,} {'claim' if len(moved) == 1 else 'claims'}: {wanted}")


def _print_preview(found: "Preview") -> None:
    from sib_engine.cli.claims_files import print_understood
    from sib_engine.cli.printing import console, print_findings, print_text
    from sib_engine.core.money import shown

    out = console()
    if found.understood is not None:
        print_understood(out, found.understood)
    print_findings(found.findings, most_of_a_kind=20)
    through = "" if found.mapping is None else f", read through {found.mapping.title}"
    print_text(out, f"{found.name}{through}: {found.digest or 'not read'}")
    if found.table is None:
        print_text(out, "it cannot be taken in as it is", style="yellow")
        return
    facts = found.found
    print_text(
        out,
        f"{found.n_rows:,} facts: {len(facts.new):,} new, {len(facts.changed):,} said anew, {facts.n_known:,} known"
        f" already; {len(found.new_people):,} new people; {len(found.claims):,} new claims",
    )
    currency = found.contract.terms.currency
    for worth, what in (
        (found.would_pay, "would earn now"),
        (found.at_stake, "is at stake: it has happened, and something that can still be recorded is missing"),
        (found.falls_due, "falls due later, if the jobs last"),
    ):
        if worth is not None and (worth.amount or worth is found.would_pay):
            assumed = " (prices ASSUMED)" if worth.is_assumed else ""
            print_text(out, f"  {shown(worth.amount, currency):>16}  {what}{assumed}")
