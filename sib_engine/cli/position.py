"""`sib position` and `sib accrual`."""

from datetime import date
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import DAY
from sib_engine.cli.store import acting, as_known_on, reading_as_known

if TYPE_CHECKING:
    from sib_engine.services.audit.place import AsKnownOn


@click.command(short_help="What each payer owes, and how old it is.")
@click.argument("contract")
@click.option("--on", "on", type=DAY, help="As it stood at the end of this day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_known_on
@acting
def position(
    contract: str, *, on: date | None, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str
) -> None:
    """Show where each payer stands: stated, invoiced, paid, disputed, in credit, owed; and the debt by age.

    The exit code is 1 where statements, invoices and payments do not agree with the ledger.

    Example: sib position two-quarters --on 2021-06-30 --as abe
    """
    from sib_engine.cli.printing import console, print_json, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.statements.position import AGES, positions_of

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = positions_of(session, contract, on=on, by=by, at=known.at, seq=known.seq)
    if as_json:
        print_json(found.as_dict())
    else:
        out, currency = console(), found.contract.terms.currency
        figures = ("stated", "vat", "paid", "owed", "not_invoiced", "invoiced", "credited", "disputed")
        rows = [(each.payer, *(shown(getattr(each, name), currency) for name in figures)) for each in found.payers]
        headings = (
            "payer",
            ">stated",
            ">VAT",
            ">paid",
            ">owed",
            ">not invoiced",
            ">invoiced",
            ">credited",
            ">disputed",
        )
        print_table(out, f"Position on {found.on}: {found.contract.terms.name}", headings, rows)
        ages = [
            (
                each.payer,
                *(shown(getattr(each.debt, name), currency) for name in AGES),
                shown(each.debt.disputed, currency),
                shown(-each.debt.credit, currency),
                shown(each.debt.outstanding, currency),
            )
            for each in found.payers
        ]
        of_ages = ("payer", ">not due", ">1-30 days", ">31-60", ">61-90", ">over 90", ">disputed", ">credit", ">open")
        print_table(out, "Outstanding on invoices, by days after the due date", of_ages, ages)
        if all(each.agrees for each in found.payers):
            print_text(out, "the ledger says the same.")
    wrong = [each.payer for each in found.payers if not each.agrees]
    if wrong:
        click.echo(f"the ledger says otherwise for {', '.join(wrong)}", err=True)
        raise SystemExit(1)


@click.command(short_help="What is due and on no invoice at a year's end.")
@click.argument("contract")
@click.argument("day", type=DAY)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@as_known_on
@acting
def accrual(
    contract: str, day: date, *, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str
) -> None:
    """Show what is to be accrued on a DAY: stated and not invoiced, or accepted and due and not stated; net.

    Example: sib accrual two-quarters 2021-03-31 --as abe
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.statements.accrual import accruals_on

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = accruals_on(session, contract, day, by=by, at=known.at, seq=known.seq)
    if as_json:
        print_json(found.as_dict())
        return
    currency = found.contract.terms.currency
    rows = [(line.payer, line.organisation, line.period, line.basis, shown(line.net, currency)) for line in found.lines]
    total = ("in all", "", "", "", shown(found.total, currency))
    assumed = " (prices ASSUMED)" if found.is_assumed else ""
    title = f"Accrued on {found.on}: {found.contract.terms.name}{assumed}"
    print_table(console(), title, ("payer", "organisation", "period", "basis", ">net"), rows, total=total)
