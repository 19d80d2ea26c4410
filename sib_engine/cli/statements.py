"""`sib statements`."""

from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, as_known_on, now, reading_as_known, writing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from sib_engine.payments.statement.lines import StatedLine
    from sib_engine.services.audit.place import AsKnownOn
    from sib_engine.services.statements.draw import Draft
    from sib_engine.services.statements.show import ShownStatement


@click.group(short_help="Statements: drawn up, approved.")
def statements() -> None:
    """Statements of the store: drawn up, approved by a second person, sent, disputed.

    Example: sib statements draft two-quarters 2021-Q1 --as abe
    """


@statements.command(short_help="Draw up a period's statement; store nothing.")
@click.argument("contract")
@click.argument("period")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_known_on
@acting
def draft(
    contract: str, period: str, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str
) -> None:
    """Draw up the statement of a PERIOD from what is accepted, and show the digest that an approver approves.

    Example: sib statements draft two-quarters 2021-Q1 --as abe
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.statements.draw import draw_statement_of

    with reading_as_known(database, login, contract, known_on) as (session, _, known):
        drawn = draw_statement_of(session, contract, period, at=known.at, seq=known.seq)
    if as_json:
        print_json(drawn.as_dict())
        return
    _print(drawn)
    click.echo(f"to approve it: sib statements approve {contract} {period} {drawn.digest}")


@statements.command(short_help="Approve a statement by its digest.")
@click.argument("contract")
@click.argument("period")
@click.argument("digest")
@click.option("--accept-restatement", is_flag=True, help="Approve what new terms change of earlier statements.")
@acting
def approve(contract: str, period: str, digest: str, *, accept_restatement: bool, login: str, database: str) -> None:
    """Approve the statement whose DIGEST was shown; refused where what is due has changed since.

    Nobody approves what their organisation submitted, nor a statement with a claim that they verified.

    Example: sib statements approve two-quarters 2021-Q1 sib1:... --as abe
    """
    from sib_engine.services.statements.approve import approve_statement

    with writing(database, login) as (session, by):
        drawn = approve_statement(
            session, contract, period, digest=digest, accepts_restatement=accept_restatement, by=by, at=now()
        )
    _print(drawn)
    click.echo("approved.")


@statements.command("list", short_help="The statements of a contract.")
@click.argument("contract")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@as_known_on
@acting
def list_(contract: str, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """List the approved statements of a contract: what each asks of each payer, and what is still outstanding.

    Example: sib statements list two-quarters --as abe
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.statements.show import list_statements

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = list_statements(session, contract, by=by, seq=known.seq)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = [
        (
            str(each.number),
            each.period,
            each.known_on.isoformat(),
            part.payer,
            shown(part.net, each.contract.terms.currency),
            "" if part.bill is None else part.bill.number,
            "" if part.bill is None else shown(part.bill.outstanding, each.contract.terms.currency),
            shown(part.disputed, each.contract.terms.currency) if part.disputed else "",
        )
        for each in found
        for part in each.payers
    ]
    headings = (">no.", "period", "approved", "payer", ">net", "invoice", ">outstanding", ">disputed")
    title = f"{len(found):,} {'statement' if len(found) == 1 else 'statements'}"
    print_table(console(), title, headings, rows, n_keys=2, drop_blank=True)


@statements.command(short_help="One statement and what became of it.")
@click.argument("contract")
@click.argument("number", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_known_on
@acting
def show(contract: str, number: int, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str) -> None:
    """Show statement NUMBER: its lines, what each payer owes and has disputed, its invoices, and what happened to it.

    Whoever may see no rows about people gets the lines added up.

    Example: sib statements show two-quarters 1 --as abe
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.statements.show import show_statement

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = show_statement(session, contract, number, by=by, seq=known.seq)
    if as_json:
        print_json(found.as_dict())
        return
    _print_shown(found)


@statements.command(short_help="Note that a statement was sent.")
@click.argument("contract")
@click.argument("number", type=int)
@click.option("--note", default="", help="To whom and how; needed to send it again.")
@acting
def send(contract: str, number: int, *, note: str, login: str, database: str) -> None:
    """Note that statement NUMBER was sent to its payers.

    Example: sib statements send two-quarters 1 --note "by e-mail to both finance teams" --as abe
    """
    from sib_engine.services.statements.send import send_statement

    with writing(database, login) as (session, by):
        send_statement(session, contract, number, note=note, by=by, at=now())
    click.echo(f"statement {number} of {contract}: sent")


@statements.command(short_help="Dispute a line.")
@click.argument("contract")
@click.argument("number", type=int)
@click.argument("line", type=int)
@click.option("--payer", help="Payer, where your organisation is more than one.")
@click.option("--note", default="", help="Why, in words.")
@acting
def dispute(contract: str, number: int, line: int, *, payer: str | None, note: str, login: str, database: str) -> None:
    """Say that a payer does not accept a LINE of statement NUMBER; its amount is not overdue until that is settled.

    Example: sib statements dispute two-quarters 1 2 --note "the employer denies it" --as tom
    """
    from sib_engine.services.statements.dispute import dispute_line

    with writing(database, login) as (session, by):
        dispute_line(session, contract, number, line, payer=payer, note=note, by=by, at=now())
    click.echo(f"line {line} of statement {number} of {contract}: disputed")


@statements.command(short_help="Settle a disputed line.")
@click.argument("contract")
@click.argument("number", type=int)
@click.argument("line", type=int)
@click.option("--payer", help="Payer, where your organisation is more than one.")
@click.option("--note", default="", help="How it was settled, in words.")
@acting
def settle(contract: str, number: int, line: int, *, payer: str | None, note: str, login: str, database: str) -> None:
    """Say that a payer no longer disputes a LINE of statement NUMBER, and how that came.

    Example: sib statements settle two-quarters 1 2 --note "payslip seen" --as tom
    """
    from sib_engine.services.statements.dispute import settle_line

    with writing(database, login) as (session, by):
        settle_line(session, contract, number, line, payer=payer, note=note, by=by, at=now())
    click.echo(f"line {line} of statement {number} of {contract}: settled")


def _print_shown(found: "ShownStatement") -> None:
    from sib_engine.cli.printing import console
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    out, currency = console(), found.contract.terms.currency
    lines = [
        (
            str(each.number or ""),
            each.line.own_period,
            each.line.kind.value,
            each.line.row,
            each.line.metric,
            f"{each.line.count:,}",
            shown(each.line.payable, currency),
            *(shown(pays, currency) for pays in each.line.pays),
        )
        for each in found.lines
    ]
    payers = found.lines[0].line.payers if found.lines else ()
    headings = (">line", "period", "kind", "claim", "metric", ">count", ">payable", *(f">{payer}" for payer in payers))
    title = f"Statement {found.number} for {found.period}: {found.contract.terms.name}, as known on {found.known_on}"
    print_table(out, title, headings, lines, drop_blank=True)
    _print_recoveries(out, (each.line for each in found.lines))
    parts = [
        (
            part.payer,
            part.organisation,
            shown(part.net, currency),
            "" if part.bill is None else part.bill.number,
            "" if part.bill is None else shown(part.bill.gross, currency),
            "" if part.bill is None else part.bill.due_on.isoformat(),
            "" if part.bill is None else shown(part.bill.outstanding, currency),
            shown(part.disputed, currency) if part.disputed else "",
        )
        for part in found.payers
    ]
    of_payers = ("payer", "organisation", ">net", "invoice", ">gross", "due", ">outstanding", ">disputed, net")
    print_table(out, "", of_payers, parts, drop_blank=True)
    print_table(
        out, "", ("on", "by", "what happened"), [(each.on.isoformat(), each.by, each.what) for each in found.events]
    )


def _print(drawn: "Draft") -> None:
    from sib_engine.cli.printing import console, print_findings
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.payments.statement.summary import summary_of

    out, made, currency = console(), drawn.statement, drawn.contract.terms.currency

    def money(amount: int) -> str:
        return shown(amount, currency)

    title = f"Statement {made.number} for {made.period.label}: {drawn.contract.terms.name}, as known on {made.known_on}"
    rows = [
        (line.own_period, line.kind.value, line.metric, line.site, f"{line.count:,}", money(line.payable))
        for line in summary_of(made.lines)
    ]
    print_table(out, title, ("period", "line", "metric", "site", ">count", ">payable"), rows, n_keys=4)
    paid = [(payer, money(amount)) for payer, amount in zip(made.payers, made.pays, strict=True)]
    print_table(out, "", ("payer", ">pays"), paid, total=("in all", money(made.total)))
    _print_recoveries(out, made.lines)
    print_findings(drawn.findings)
    for each in made.restatements:
        out.print(f"restated: {each.subject}: {money(each.before)} to {money(each.after)}", style="yellow")


def _print_recoveries(out: "Console", lines: "Iterable[StatedLine]") -> None:
    """Say how what a sample takes back came about: of a claim, and once of all that nobody looked at."""
    from sib_engine.cli.printing import print_text
    from sib_engine.payments.statement.lines import LineKind

    recovered = [line for line in lines if line.kind is LineKind.RECOVERY and line.why]
    for what in dict.fromkeys((line.row if "/found/" in line.row else "recovery", line.why) for line in recovered):
        print_text(out, ": ".join(what))
