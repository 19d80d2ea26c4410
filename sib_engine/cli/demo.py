"""`sib demo`: the main job from end to end, on the real data that comes with the engine."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.services.compare_earnings import EarningsBesidePayments

REPLICATED: Final = ("care-leavers/reboot-west", "fair-chance-fund/ambition")
PRICED_SITES: Final = tuple(
    f"mhep/{site}" for site in ("haringey-barnet", "enfield", "shropshire", "tower-hamlets-mh", "tower-hamlets-ld")
)
UNPRICED_SITE: Final = "mhep/west-london"
EXAMPLE: Final = "mhep/tower-hamlets-mh"
STORED: Final = "mhep-enfield"
"""Code of the contract that is rehearsed in the store."""

SEED: Final = 2026


@click.command(short_help="Run the main job on the published data.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-output"),
    show_default=True,
    help="Folder for the files it writes.",
)
def demo(out: Path) -> None:
    """Run the main job from end to end: published contracts priced, reconciled, and an example of people stated.

    Example: sib demo --out demo-output
    """
    from sib_engine.cli.demo_files import tell_files
    from sib_engine.cli.demo_people import tell_people
    from sib_engine.cli.demo_store import tell_store
    from sib_engine.cli.printing import console

    out.mkdir(parents=True, exist_ok=True)
    to = console()
    to.print("sib-engine: from a contract and its outcomes to what each payer owes, and why", style="bold")
    _replicate(to)
    _payer_cap(to)
    _published(to)
    payer = tell_people(to, out, EXAMPLE, PRICED_SITES, seed=SEED)
    tell_store(to, out)
    tell_files(to, out, EXAMPLE, payer, STORED)


def _replicate(to: "Console") -> None:
    from sib_engine.cli.price import limit_text
    from sib_engine.cli.printing import heading
    from sib_engine.core.money import shown
    from sib_engine.services.compare_earnings import compare_earnings

    heading(to, "1. Published rate cards, priced again")
    for name in REPLICATED:
        found = compare_earnings(name)
        priced, lines = found.priced, found.reconciliation.line_totals
        currency = priced.contract.currency
        to.print(priced.contract.name, style="bold")
        to.print(
            f"  earned  {shown(priced.earned or 0, currency):>16}  each outcome paid once, {len(priced.lines)} prices"
        )
        to.print(f"  payable {shown(priced.payable or 0, currency):>16}  after caps")
        for cap in priced.caps:
            if cap.taken:
                to.print(f"          {shown(cap.taken, currency):>16}  cut by {cap.cap} at {limit_text(cap, currency)}")
        if found.paid is not None:
            to.print(f"  paid    {shown(found.paid, currency):>16}  as published")
        if lines.n_equal:
            _print_lines(to, found)


def _print_lines(to: "Console", found: "EarningsBesidePayments") -> None:
    from sib_engine.cli.printing import print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown, to_minor
    from sib_engine.payments.reconciliation.lines import LineComparison, LineState

    totals, currency = found.reconciliation.line_totals, found.priced.contract.currency
    equal = f"{totals.n_equal} of {len(found.reconciliation.lines)} lines equal what was paid"
    multiples = f"{totals.n_whole_multiples} were paid a whole multiple of the price (claimed more than once):"
    print_text(to, f"{equal}; {multiples}", mark="  ")
    to.print()
    rows = [
        (
            found.reconciliation.case.metric_name(line.metric),
            shown(to_minor(line.price, currency), currency),
            f"{line.achieved:,}",
            shown(line.priced, currency),
            shown(line.paid, currency),
            f"{line.times:,} x the price",
        )
        for line in found.reconciliation.lines
        if isinstance(line, LineComparison) and line.state is LineState.WHOLE_MULTIPLE
    ]
    print_table(to, "", ("metric", ">price", ">achieved", ">price x achieved", ">paid", ">paid is"), rows)


def _payer_cap(to: "Console") -> None:
    from sib_engine.cli.printing import heading
    from sib_engine.core.money import parse_amount, shown
    from sib_engine.services.inputs import contract_at
    from sib_engine.services.split_amount import split_amount

    heading(to, "2. A payer's own cap, and where its overflow goes")
    contract = contract_at(PRICED_SITES[0]).contract
    due = parse_amount("1439148.00", contract.currency)
    payers, uses = split_amount(contract, due, share=contract.shares[0].id)
    to.print(f"{contract.name}: of {shown(due, contract.currency)} due")
    for payer in payers:
        to.print(f"  {payer.payer:<10} pays {shown(payer.amount, contract.currency):>14}")
    for use in uses:
        cut = shown(use.taken, contract.currency)
        to.print(f"  cap {use.cap}: {shown(use.limit, contract.currency)}; {cut} above it falls to {use.went_to}")


def _published(to: "Console") -> None:
    from sib_engine.cli.printing import heading, print_text
    from sib_engine.cli.reconcile import print_reconciliation
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.compare_earnings import compare_earnings

    heading(to, "3. MHEP: plans, payments and maxima as published, and what does not add up")
    rows = []
    for name in (*PRICED_SITES, UNPRICED_SITE):
        found = compare_earnings(name)
        print_reconciliation(found.reconciliation, tables=True)
        currency, paid = found.priced.contract.currency, found.paid or 0
        rows.append(
            (
                found.priced.contract.name,
                "no price" if found.priced.earned is None else shown(found.priced.earned, currency),
                shown(paid, currency),
                "" if found.ratio is None else f"{found.ratio:.0%}",
            )
        )
    warned = "MHEP prices are not published. The prices used below are ASSUMED: they show how the contracts work "
    print_text(to, warned + "and cannot account for the payments made.", style="yellow")
    to.print()
    print_table(to, "Assumed earnings beside payments", ("site", ">assumed earnings", ">paid", ">ratio"), rows)
