"""`sib statements`."""

from typing import TYPE_CHECKING

import click

from sib_engine.cli.store import acting, now, reading, writing

if TYPE_CHECKING:
    from sib_engine.services.statements.draw import Draft


@click.group(short_help="Statements: drawn up, approved.")
def statements() -> None:
    """Statements of the store: drawn up, approved by a second person.

    Example: sib statements draft two-quarters 2021-Q1 --as abe
    """


@statements.command(short_help="Draw up a period's statement; store nothing.")
@click.argument("contract")
@click.argument("period")
@acting
def draft(contract: str, period: str, *, login: str, database: str) -> None:
    """Draw up the statement of a PERIOD from what is accepted, and show the digest that an approver approves.

    Example: sib statements draft two-quarters 2021-Q1 --as abe
    """
    from sib_engine.services.statements.draw import draw_statement_of

    with reading(database, login) as (session, _):
        drawn = draw_statement_of(session, contract, period, at=now())
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


def _print(drawn: "Draft") -> None:
    from sib_engine.cli.printing import console
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
    for each in made.restatements:
        out.print(f"restated: {each.subject}: {money(each.before)} to {money(each.after)}", style="yellow")
