"""`sib invoices`."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import DAY
from sib_engine.cli.store import acting, as_known_on, now, reading_as_known, writing

if TYPE_CHECKING:
    from sib_engine.core.money import Currency
    from sib_engine.payments.billing.bills import Bill
    from sib_engine.services.audit.place import AsKnownOn
    from sib_engine.services.statements.invoice import BillTo


@click.group(short_help="Invoices and credit notes.")
def invoices() -> None:
    """Invoices and credit notes for approved statements.

    Example: sib invoices list two-quarters --as ada
    """


@invoices.command(short_help="Issue the invoices of a statement.")
@click.argument("contract")
@click.argument("number", type=int)
@click.option(
    "--bill-to",
    "given",
    multiple=True,
    type=(str, str, str),
    metavar="PAYER ORDER VAT",
    help="For each payer: its purchase order (or none), and the VAT treatment.",
)
@click.option("--scheme", help="How invoices are numbered, such as SIB-{year}-{serial:04}; then kept.")
@click.option("--issued-on", type=DAY, help="Day on the invoices, up to today (default).")
@acting
def issue(
    contract: str,
    number: int,
    *,
    given: tuple[tuple[str, str, str], ...],
    scheme: str | None,
    issued_on: date | None,
    login: str,
    database: str,
) -> None:
    """Issue one invoice to each payer of statement NUMBER, or a credit note where it takes money back.

    VAT is exempt, outside_scope, or standard, with a rate of its own where the dated one does not apply
    (standard:17.5). Caps and statements are net; VAT is worked out once for each invoice.

    Example: sib invoices issue two-quarters 1 --bill-to council PO-17 exempt --bill-to fund none outside_scope
    --scheme SIB-{year}-{serial:04} --as ada
    """
    from sib_engine.services.statements.invoice import issue_invoices

    bill_to = _bill_to(given)
    with writing(database, login) as (session, by):
        issued = issue_invoices(session, contract, number, bill_to, scheme=scheme, issued_on=issued_on, by=by, at=now())
    _print_bills(f"Invoices for statement {number}", issued.bills, issued.contract.terms.currency)


@invoices.command("list", short_help="Invoices, what is outstanding on each, and how old it is.")
@click.argument("contract")
@click.option("--on", "on", type=DAY, help="As they stood at the end of this day (default: today).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@as_known_on
@acting
def list_(
    contract: str, *, on: date | None, as_json: bool, known_on: "AsKnownOn | None", login: str, database: str
) -> None:
    """List invoices and credit notes: net, VAT, gross, due date, what was paid and set off, what is outstanding.

    Example: sib invoices list two-quarters --on 2021-06-30 --as ada
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.statements.position import positions_of

    with reading_as_known(database, login, contract, known_on) as (session, by, known):
        found = positions_of(session, contract, on=on, by=by, at=known.at, seq=known.seq)
    currency = found.contract.terms.currency
    if as_json:
        print_json([bill.as_dict(found.on, currency) for bill in found.bills])
        return
    _print_bills(f"Invoices on {found.on}", found.bills, currency, on=found.on)


@invoices.command("set-off", short_help="Settle open invoices with a credit note.")
@click.argument("contract")
@click.argument("credit")
@click.option("--rule", default="", help="oldest-due or latest-due: which open invoice comes first.")
@acting
def set_off(contract: str, credit: str, *, rule: str, login: str, database: str) -> None:
    """Set credit note CREDIT off against open, undisputed invoices of the same payer, by a declared rule.

    Example: sib invoices set-off two-quarters SIB-2021-0005 --rule oldest-due --as ada
    """
    from sib_engine.core.money import shown
    from sib_engine.payments.billing.setting_off import rule_of
    from sib_engine.services.statements.set_off import set_off_credit

    with writing(database, login) as (session, by):
        found = set_off_credit(session, contract, credit, rule_of(rule), by=by, at=now())
    for bill, amount in found.parts:
        click.echo(f"{shown(amount, found.contract.terms.currency)} of {credit} settles {bill.number}")


def _bill_to(given: Sequence[tuple[str, str, str]]) -> dict[str, "BillTo"]:
    from sib_engine.payments.billing.vat import rate_in, treatment_of
    from sib_engine.services.statements.invoice import BillTo

    found: dict[str, BillTo] = {}
    for payer, order, vat in given:
        if payer in found:
            message = f"--bill-to names {payer} twice; accepted: once for each payer"
            raise click.UsageError(message)
        treatment, colon, rate = vat.partition(":")
        found[payer] = BillTo(order, treatment_of(treatment), rate_in(rate) if colon else None)
    return found


def _print_bills(title: str, bills: Sequence["Bill"], currency: "Currency", *, on: date | None = None) -> None:
    from sib_engine.cli.printing import console
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    headings = (
        *("invoice", "payer", "order", ">statement", ">net", "VAT", ">VAT amount", ">gross", "issued", "due"),
        *(">paid", ">set off", ">disputed", ">outstanding", "age"),
    )
    rows = [
        (
            bill.number,
            bill.payer,
            bill.purchase_order,
            str(bill.statement),
            shown(bill.net, currency),
            bill.vat_treatment.value,
            shown(bill.vat, currency),
            shown(bill.gross, currency),
            bill.issued_on.isoformat(),
            bill.due_on.isoformat(),
            *(shown(amount, currency) if amount else "" for amount in (bill.paid, bill.set_off, bill.disputed)),
            shown(bill.outstanding, currency),
            bill.age(on).value if on is not None and bill.open_amount else "",
        )
        for bill in bills
    ]
    print_table(console(), title, headings, rows, drop_blank=True)
