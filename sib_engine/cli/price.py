"""`sib price`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from sib_engine.core.money import Currency
    from sib_engine.payments.statement.headroom import Headroom
    from sib_engine.services.price_counts import CapLine, PricedCounts


@click.command(short_help="What counts or outcomes earn, and who pays it.")
@click.argument("contract")
@click.argument("counts", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def price(contract: str, counts: Path, *, as_json: bool) -> None:
    """Price the outcomes in COUNTS under CONTRACT.

    COUNTS is a CSV file: metric,count; where known also site, achieved_on, person, group.
    Each is taken as achieved. Grants, fees and the like are not part of it: they enter at the statement.

    Example: sib price care-leavers/reboot-west COUNTS.csv
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.price_counts import price_counts

    priced = price_counts(contract, counts)
    if as_json:
        print_json(priced.as_dict())
        return
    _print(priced)


def _print(priced: "PricedCounts") -> None:
    from sib_engine.cli.printing import console, print_findings, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.terms.plain_words import percentage

    out, currency = console(), priced.contract.currency

    def money(amount: int | None) -> str:
        return "no price" if amount is None else shown(amount, currency)

    out.print(f"{priced.contract.name}  ({priced.contract.code}, terms {priced.contract.digest[:17]})", style="bold")
    if priced.is_assumed:
        warned = "Prices marked * are ASSUMED: they are not published, and cannot account for the payments made."
        print_text(out, warned, style="yellow")
    out.print()
    lines = [
        (
            each.name + (" *" if each.status == "assumed" else ""),
            f"{each.count:,}",
            money(each.earned),
            money(each.payable),
        )
        for each in priced.lines
    ]
    total = ("total", "", money(priced.earned), money(priced.payable))
    print_table(out, "", ("metric", ">count", ">earned", ">payable"), lines, total=total)
    caps = [(each.cap, limit_text(each, currency), money(each.taken), _fate(each)) for each in priced.caps]
    if caps:
        print_table(out, "Caps", ("cap", ">limit", ">cuts", "what it cuts"), caps, drop_blank=True)
    minimums = [
        (each.minimum, each.words, percentage(each.pays_below), money(each.withheld)) for each in priced.minimums
    ]
    if minimums:
        print_table(out, "Minimums", ("minimum", ">at least", ">pays below", ">withholds"), minimums)
    if priced.payers:
        names = {party.id: party.organisation for party in priced.contract.parties}
        owed = [(each.payer, names.get(each.payer, "billed to nobody"), money(each.amount)) for each in priced.payers]
        print_table(out, "Who pays", ("payer", "organisation", ">amount"), owed)
    print_not_counted(out, priced.not_counted)
    print_findings(priced.findings)


def print_not_counted(to: "Console", reasons: "Sequence[tuple[str, int]]") -> None:
    """Print how many outcomes each reason speaks against, where there are any."""
    from sib_engine.cli.tables import print_table

    if reasons:
        print_table(to, "Not counted", ("reason", ">outcomes"), [(reason, f"{count:,}") for reason, count in reasons])


def limit_text(cap: "CapLine | Headroom", currency: "Currency") -> str:
    """Return a cap's limit: money, or a share of outcomes."""
    from sib_engine.core.money import shown
    from sib_engine.terms.plain_words import percentage

    if cap.limit is not None:
        return shown(cap.limit, currency)
    share = "" if cap.share is None else percentage(cap.share)
    return f"{share} of {', '.join(cap.of) or 'outcomes'}"


def _fate(cap: "CapLine") -> str:
    """Return what becomes of what a cap cuts, in words."""
    if not cap.taken:
        return ""
    said = {
        "lost": "is lost",
        "next period": "waits for the next period",
        "unpaid": "is unpaid unless more outcomes count",
    }
    return said.get(cap.went_to, f"falls to {cap.went_to}")
