"""`sib reconcile`."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.core.money import Currency
    from sib_engine.payments.reconciliation.side_by_side import SideBySide
    from sib_engine.services.reconcile_published import PublishedReconciliation
    from sib_engine.terms.published import Months


@click.command(short_help="Published figures held against each other.")
@click.argument("contracts", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
@click.option("--tables/--no-tables", default=True, help="Show plans, payments and maxima side by side.")
def reconcile(contracts: tuple[str, ...], *, as_json: bool, tables: bool) -> None:
    """Hold what was published of CONTRACTS against itself: payments, maxima, payers, plans, results.

    Example: sib reconcile mhep/enfield mhep/shropshire
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.reconcile_contract import reconcile_contract, reconciliation_as_dict

    found = [reconcile_contract(name) for name in contracts]
    if as_json:
        print_json([reconciliation_as_dict(each) for each in found])
        return
    for each in found:
        print_reconciliation(each, tables=tables)


def print_reconciliation(found: "PublishedReconciliation", *, tables: bool) -> None:
    """Print the tables side by side, then every anomaly by name."""
    from sib_engine.cli.printing import console, print_findings, print_text

    out = console()
    contract = found.case.contract
    out.print(f"{contract.name}: the published record", style="bold")
    if tables:
        print_tables(out, found.tables, contract.currency)
    if not found.anomalies:
        out.print("no anomaly found")
    for anomaly in found.anomalies:
        print_text(out, f"{anomaly.what} [{anomaly.code}]", mark="  ! ")
    for each in found.notes:
        print_text(out, f"{each.what} [{each.code}]", mark="  - ")
    print_findings(found.findings)
    out.print()


def print_tables(out: "Console", tables: "SideBySide", currency: "Currency") -> None:
    """Print plans, payments, maxima and payers of one contract side by side."""
    from sib_engine.cli.printing import print_text
    from sib_engine.cli.tables import print_table

    def money(amount: int | None) -> str:
        from sib_engine.core.money import whole

        return "" if amount is None else whole(amount, currency)

    spans = [each for each in tables.spans if any(each.planned) or each.outcomes or each.grants]
    plans = [f">{each.id}" for each in tables.plans]
    if spans:
        print_table(
            out,
            f"Plans and actual payments, {currency.code}",
            ("months", *plans, ">paid: outcomes", ">paid: grants"),
            [
                (_span(each.months), *map(money, each.planned), money(each.outcomes), money(each.grants))
                for each in spans
            ],
            total=(
                "total",
                *(money(each.total) for each in tables.plans),
                money(None if tables.paid is None else tables.paid - tables.grants),
                money(tables.grants),
            ),
        )
    maxima = ", ".join(
        f"{money(each.amount)} ({' and '.join(f'{month:%Y-%m}' for month in each.published)})" for each in tables.maxima
    )
    print_text(out, f"maximum: {maxima or 'not published'}; paid in all: {money(tables.paid) or 'not published'}")
    out.print()
    rows = [
        (each.organisation, money(each.maximum) or "not published", money(each.paid) or "not published")
        for each in tables.payers
    ]
    print_table(out, "", ("payer", ">maximum", ">recorded as paid"), rows)


def _span(months: "Months") -> str:
    """Return a span of months as people write it: ``2020-04 to 06``."""
    if months.first == months.last:
        return f"{months.first:%Y-%m}"
    last = f"{months.last:%m}" if months.first.year == months.last.year else f"{months.last:%Y-%m}"
    return f"{months.first:%Y-%m} to {last}"
