"""`sib claims show`, `check`, `withdraw-facts` and `hashes`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, as_known_on, now, reading_as_known, writing

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.services.audit.place import AsKnownOn
    from sib_engine.services.claims.follow import Followed
    from sib_engine.services.claims.show_claim import ShownClaim


@click.command(short_help="One claim with everything behind it.")
@click.argument("contract")
@click.argument("claim")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_known_on
@acting
def show(contract: str, claim: str, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """Show one CLAIM: its facts, each check with its reasons, its steps, documents and statement lines, and its amount.

    Example: sib claims show two-quarters P2/job_start/shop --as vera
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.services.claims.show_claim import show_claim

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = show_claim(session, contract, claim, by=by, at=known.at, seq=known.seq)
    if as_json:
        print_json(found.as_dict())
        return
    _print(console(), found)


@click.command(short_help="Ask every check again, as of today.")
@click.argument("contract")
@acting
def check(contract: str, *, login: str, database: str) -> None:
    """Ask every check of a contract's claims again: deadlines pass, jobs last, other providers claim.

    Example: sib claims check two-quarters --as vera
    """
    from sib_engine.services.claims.follow import check_claims

    with writing(database, login) as (session, by):
        found = check_claims(session, contract, by=by, at=now())
    _print_followed(found)


@click.command("withdraw-facts", short_help="Take facts back.")
@click.argument("contract")
@click.option("--upload", type=int, help="Every fact of this upload that still stands.")
@click.option("--fact", "facts", type=int, multiple=True, help="Number of a fact; may be repeated.")
@click.option("--reason", required=True, help="Why, in words.")
@acting
def withdraw_facts(
    contract: str, *, upload: int | None, facts: tuple[int, ...], reason: str, login: str, database: str
) -> None:
    """Take back facts that your organisation reported: those of an upload, or some by their numbers.

    `sib claims uploads` has the numbers of uploads, `sib claims show` those of facts. Claims that rested on them
    stay, with the check that says that the facts no longer show them; the next statement takes back what was paid.

    Example: sib claims withdraw-facts two-quarters --upload 3 --reason "sent for the wrong site" --as ada
    """
    from sib_engine.services.claims.withdraw_facts import withdraw_facts as withdraw

    if (upload is None) == (not facts):
        message = "name --upload or --fact, one of the two"
        raise click.UsageError(message)
    with writing(database, login) as (session, by):
        done = withdraw(session, contract, upload=upload, facts=facts, reason=reason, by=by, at=now())
    click.echo(f"{done.n_facts:,} {'fact' if done.n_facts == 1 else 'facts'} withdrawn")
    _print_followed(done.followed)


@click.command(short_help="Supply keyed hashes of people, to be told apart across providers.")
@click.argument("contract")
@click.argument("file", type=click.Path(path_type=Path))
@acting
def hashes(contract: str, file: Path, *, login: str, database: str) -> None:
    """Take in a FILE of two columns, person and hash, and ask again whether another provider claims the same.

    A hash is HMAC-SHA-256 of what the programme agreed on, with the programme's key, which stays outside.

    Example: sib claims hashes two-quarters hashes.csv --as ada
    """
    from sib_engine.services.claims.hashes import supply_hashes

    with writing(database, login) as (session, by):
        done = supply_hashes(session, contract, file, by=by, at=now())
    click.echo(f"hashes: {done.n_new:,} new, {done.n_changed:,} changed, {done.n_known:,} known already")
    _print_followed(done.followed)


def _print_followed(found: "Followed") -> None:
    click.echo(f"checks: {found.n_checked:,} say something new; {len(found.made):,} new claims")
    if found.n_returned:
        one = found.n_returned == 1
        what = (
            "accepted claim rests on other facts now and goes"
            if one
            else "accepted claims rest on other facts now and go"
        )
        click.echo(f"{found.n_returned:,} {what} back to be decided again")
    if found.vanished:
        click.echo(f"the facts no longer show {len(found.vanished):,}: {', '.join(found.vanished[:20])}")


def _print(to: "Console", found: "ShownClaim") -> None:
    from sib_engine.cli.explain import print_explanation
    from sib_engine.cli.printing import print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.services.claims.listing import changed_since

    claim = found.claim
    to.print(claim.row, style="bold", soft_wrap=True)
    day = "no day" if claim.achieved_on is None else f"achieved on {claim.achieved_on}"
    print_text(to, f"{claim.metric}, {found.person}, {day}: {claim.state}", mark="  ")
    changed = changed_since(claim)
    if changed is not None:
        print_text(to, f"changed since it was accepted: before: {changed[0]}; now: {changed[1]}", style="yellow")
    to.print()
    facts = [
        (
            str(fact.number),
            fact.name,
            str(fact.starts_on),
            str(fact.ends_on or ""),
            fact.job or "",
            fact.detail or "",
            "the store's own" if fact.upload is None else f"upload {fact.upload}, row {fact.sheet_row}",
            fact.withdrawn,
        )
        for fact in found.facts
    ]
    of_facts = (">no.", "fact", "on", "until", "job", "detail", "from", "withdrawn")
    print_table(to, "Facts behind it", of_facts, facts, n_keys=2, drop_blank=True)
    _print_checks(to, found)
    steps = [
        (step.state, f"{step.at:%Y-%m-%d %H:%M}", step.login, step.organisation, step.code, step.note)
        for step in found.steps
    ]
    print_table(to, "Steps", ("step", "at", "by", "of", "code", "note"), steps, drop_blank=True)
    documents = [
        (
            "file" if each.digest else "inspected",
            str(each.number),
            each.kind,
            str(each.dated_on),
            each.login,
            each.digest or f"{each.place}, {each.seen_on}{'; ' if each.note else ''}{each.note}",
            each.withdrawn,
        )
        for each in found.documents
    ]
    if documents:
        of_documents = ("document", ">no.", "kind", "dated", "by", "digest, or where and when", "withdrawn")
        print_table(to, "Documents", of_documents, documents, n_keys=2, drop_blank=True)
    if found.explanation is not None:
        print_text(to, f"Its amount, {found.basis}:")
        print_explanation(found.explanation)
    else:
        print_text(to, f"no amount: {found.unexplained}", style="yellow")


def _print_checks(to: "Console", found: "ShownClaim") -> None:
    from sib_engine.cli.printing import print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.outcomes.reasons import code_of
    from sib_engine.outcomes.why.words import mend_text

    checks = [(each.question, each.answer.value) for each in found.checks]
    print_table(to, "Checks", ("question", "answer"), checks)
    for each in found.checks:
        for why in each.whys:
            print_text(to, f"{code_of(why.reason)}: {why.found}", mark="  ")
            print_text(to, f"would count with: {mend_text(why)}", mark="    ")
    to.print()
