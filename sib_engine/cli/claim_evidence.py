"""`sib claims attach`, `inspect`, `evidence` and `evidence-check`."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from sib_engine.cli.options import DAY
from sib_engine.cli.store import acting, now, on_the_store, opened, reading, writing

if TYPE_CHECKING:
    from sib_engine.storage.evidence_store import EvidenceFolder

FOLDER: Final = "SIB_EVIDENCE_DIR"

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _with_folder(command: _Command) -> _Command:
    option = click.option(
        "--evidence-dir",
        "folder",
        envvar=FOLDER,
        type=click.Path(path_type=Path, file_okay=False),
        help=f"Where evidence files are kept; or set {FOLDER} (default: beside an SQLite database).",
    )
    return option(command)


def _folder(named: Path | None, database: str) -> "EvidenceFolder":
    from sib_engine.storage.evidence_store import EvidenceFolder, folder_beside
    from sib_engine.storage.store import url_of

    return EvidenceFolder(named if named is not None else folder_beside(url_of(database)))


@click.command(short_help="Hold a file as evidence behind a claim.")
@click.argument("contract")
@click.argument("claim")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", required=True, help="Kind of document, as the metric calls it.")
@click.option("--dated", "dated_on", type=DAY, required=True, help="The date on the document.")
@_with_folder
@acting
def attach(
    contract: str, claim: str, file: Path, *, kind: str, dated_on: date, folder: Path | None, login: str, database: str
) -> None:
    """Hold a FILE (PDF, PNG or JPEG) as evidence behind a CLAIM of your organisation, and ask the checks again.

    What it is is told by what is in it. It counts from today.

    Example: sib claims attach two-quarters P2/job_start/shop letter.pdf --kind "employer letter"
    --dated 2021-03-12 --as ada
    """
    from sib_engine.services.claims.evidence import Document, attach_evidence

    kept_in = _folder(folder, database)
    with writing(database, login) as (session, by):
        kept = attach_evidence(
            session, kept_in, contract, claim, file, document=Document(kind, dated_on), by=by, at=now()
        )
    click.echo(f"{kept.kind} held for {kept.claim} as file {kept.number}: {kept.media}, {kept.digest}")
    others = [*kept.held_for, *([f"{kept.n_others:,} of other organisations"] if kept.n_others else [])]
    if others:
        click.echo(f"note: the very same file is held for other claims: {', '.join(others)}", err=True)


@click.command(short_help="Record that you saw a document that is not stored.")
@click.argument("contract")
@click.argument("claim")
@click.option("--kind", required=True, help="Kind of document, as the metric calls it.")
@click.option("--dated", "dated_on", type=DAY, required=True, help="The date on the document.")
@click.option("--seen", "seen_on", type=DAY, required=True, help="The day on which you saw it.")
@click.option("--where", "place", required=True, help="Where: an office, a system, a call.")
@click.option("--note", default="", help="What else there is to say.")
@acting
def inspect(  # noqa: PLR0913 - one argument for each option
    contract: str,
    claim: str,
    *,
    kind: str,
    dated_on: date,
    seen_on: date,
    place: str,
    note: str,
    login: str,
    database: str,
) -> None:
    """Record that you, a verifier, saw a document behind a CLAIM, and ask the checks again; nothing is stored of it.

    Example: sib claims inspect two-quarters P2/job_start/shop --kind "employer letter"
    --dated 2021-03-12 --as vera
    --seen 2021-04-12 --where "office of Harbour Works"
    """
    from sib_engine.services.claims.evidence import Document, Seen, inspect_evidence

    document, seen = Document(kind, dated_on), Seen(seen_on, place, note)
    with writing(database, login) as (session, by):
        kept = inspect_evidence(session, contract, claim, document, seen=seen, by=by, at=now())
    click.echo(f"{kept.kind} inspected for {kept.claim}: inspection {kept.number}")


@click.command(short_help="Read an evidence file back.")
@click.argument("contract")
@click.argument("number", type=int)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write; it must not be there yet.")
@_with_folder
@acting
def evidence(contract: str, number: int, *, out: Path, folder: Path | None, login: str, database: str) -> None:
    """Write the evidence file of a NUMBER (`sib claims show` lists them) to a file, once its digest is found right.

    Example: sib claims evidence two-quarters 1 --out seen.pdf --as vera
    """
    from sib_engine.core.errors import RefusedError
    from sib_engine.services.claims.evidence_files import read_evidence

    kept_in = _folder(folder, database)
    with reading(database, login) as (session, by):
        content, suffix = read_evidence(session, kept_in, contract, number, by=by)
    try:
        with out.open("xb") as stream:
            stream.write(content)
    except OSError as problem:
        message = f"{out} cannot be written: {(problem.strerror or 'unknown reason').lower()}"
        raise RefusedError(message) from None
    click.echo(f"{len(content):,} bytes, unchanged since they were taken in, written to {out}; it is a {suffix} file")


@click.command("evidence-check", short_help="Say whether every evidence file is as it was taken in.")
@click.option(
    "--remove-orphans", is_flag=True, help="Take away files that no record names, left by a broken-off command."
)
@_with_folder
@on_the_store
def evidence_check(*, remove_orphans: bool, folder: Path | None, database: str) -> None:
    """Work out the digest of every evidence file anew: which are missing, changed, or named by no record.

    The exit code is 1 where a file is missing or was changed.

    Example: sib claims evidence-check --remove-orphans
    """
    from sib_engine.services.claims.evidence_files import check_evidence
    from sib_engine.services.claims.evidence_files import remove_orphans as remove

    kept_in = _folder(folder, database)
    with opened(database) as store:
        if remove_orphans:
            with store.begin() as session:
                removed = remove(session, kept_in, at=now())
            click.echo(f"{len(removed):,} removed that no record names")
        with store.read() as session:
            found = check_evidence(session, kept_in)
    for name in found.orphans:
        click.echo(f"no record names {name}")
    if not found.wrong:
        click.echo(f"{found.n_files:,} evidence files, each as it was taken in")
        return
    for number, claim, what in found.wrong:
        click.echo(f"file {number}, behind claim {claim}, is {what}", err=True)
    raise SystemExit(1)
