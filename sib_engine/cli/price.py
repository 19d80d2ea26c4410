"""`sib price`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sib_engine.services.price_counts import PricedCounts


@click.command()
@click.argument("contract")
@click.argument("counts", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def price(contract: str, counts: Path, *, as_json: bool) -> None:
    """Price the outcomes in COUNTS under CONTRACT.

    COUNTS is a CSV file with the columns metric,count and optionally site, achieved_on, person, group.
    Each is taken as achieved; grants are not part of it.

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
    from sib_engine.cli.printing import console, print_findings, table
    from sib_engine.core.money import shown

    out, currency = console(), priced.contract.currency

    def money(amount: int | None) -> str:
        return "no price" if amount is None else shown(amount, currency)

    out.print(f"{priced.contract.name}  ({priced.contract.code}, terms {priced.contract.digest[:17]})", style="bold")
    if priced.is_assumed:
        out.print(
            "Prices marked * are ASSUMED: they are not published, and do not explain what was paid.", style="yellow"
        )
    mark = {"assumed": " *", "unpriced": " -"}
    out.print(
        table(
            "",
            ("metric", ">count", ">earned", ">payable"),
            [
                (each.name + mark.get(each.status, ""), f"{each.count:,}", money(each.earned), money(each.payable))
                for each in priced.lines
            ],
            total=("total", "", money(priced.earned), money(priced.payable)),
        )
    )
    if priced.caps:
        rows = [(each.cap, money(each.limit), money(each.taken), each.went_to) for each in priced.caps]
        out.print(table("Caps", ("cap", ">limit", ">takes", "what it takes goes to"), rows))
    if priced.payers:
        owed = [(each.payer, money(each.amount)) for each in priced.payers]
        out.print(table("Who pays", ("payer", ">amount"), owed))
    if priced.not_counted:
        left_out = [(reason, f"{count:,}") for reason, count in priced.not_counted]
        out.print(table("Not counted", ("reason", ">outcomes"), left_out))
    print_findings(priced.findings)
