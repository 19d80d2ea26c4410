"""`sib contract`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import DAY

if TYPE_CHECKING:
    from sib_engine.services.diff_contracts import ContractDifference
    from sib_engine.services.show_contract import Cell, ShownContract


@click.group(short_help="Contracts as data: list, check, show, compare, write.")
def contract() -> None:
    """Contracts as data: list, check, show, compare, write.

    Example: sib contract list
    """


@contract.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def list_contracts(*, as_json: bool) -> None:
    """List the contracts that come with the engine.

    Example: sib contract list
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.services.list_contracts import list_contracts as listed

    found = listed()
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = [(each.name, each.title, each.prices, "yes" if each.has_record else "") for each in found]
    print_table(console(), "", ("name", "contract", "prices", "published record"), rows)


@contract.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--rows", type=click.Path(path_type=Path), help="Outcomes, to price amendments that reach back.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def check(files: tuple[str, ...], *, rows: Path | None, as_json: bool) -> None:
    """Check contract FILES: every finding at once. Exits 1 if one is an error.

    With --rows, an amendment signed after it takes effect is shown in money, for each payer.

    Example: sib contract check contracts/mhep/enfield.toml
    """
    from sib_engine.cli.printing import console, counted, print_findings, print_json
    from sib_engine.services.check_contract import check_contracts

    checked = check_contracts(files, rows=rows)
    if as_json:
        print_json([each.as_dict() for each in checked])
    else:
        out = console()
        for each in checked:
            print_findings(each.findings)
            verdict = "can be used" if each.is_usable else "cannot be used"
            verdict += ", the rows cannot" * each.rows_refused
            terms = f"; terms {each.contract.digest}" if each.contract is not None else ""
            out.print(f"{each.path.name} {verdict}: {counted(each.findings)}{terms}", style="bold", soft_wrap=True)
    if not all(each.is_usable and not each.rows_refused for each in checked):
        raise click.exceptions.Exit(1)


@contract.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the contract as one JSON object.")
def show(name: str, *, as_json: bool) -> None:
    """Show a contract as its parties would read it; what is assumed is marked *.

    Example: sib contract show mhep/enfield
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.show_contract import show_contract

    shown = show_contract(name)
    if as_json:
        print_json(shown.as_dict())
        return
    _print_contract(shown)


def _print_contract(shown: "ShownContract") -> None:
    from sib_engine.cli.printing import console, print_findings
    from sib_engine.cli.tables import print_table

    out = console()
    out.print(
        f"{shown.contract.name}  ({shown.path.name}, terms {shown.contract.digest})", style="bold", soft_wrap=True
    )
    if shown.is_assumed:
        out.print("Terms marked * are ASSUMED: they are neither published nor agreed.", style="yellow")
    out.print()
    for section in shown.sections:
        headings = [f">{column.name}" if column.is_number else column.name for column in section.columns]
        n_keys = 2 if headings[1:2] == ["term"] else 1
        cells = [tuple(map(_cell, row.cells)) for row in section.rows]
        print_table(out, section.title, headings, cells, n_keys=n_keys)
    print_findings(shown.findings)


def _cell(cell: "Cell") -> str:
    """Return the words of a term with its mark; a dotted key may be broken after its first dot."""
    from sib_engine.cli.tables import BREAK

    text = cell.text.replace(".", f".{BREAK}", 1) if cell.text[:1].isalpha() and " " not in cell.text else cell.text
    return f"{text} *" if cell.is_assumed and text else text


@contract.command()
@click.argument("old")
@click.argument("new")
@click.option("--counts", type=click.Path(path_type=Path), help="Outcomes to price under both versions.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def diff(old: str, new: str, *, counts: Path | None, as_json: bool) -> None:
    """Compare two versions of a contract clause by clause; with --counts, in money for each party.

    Example: sib contract diff old.toml new.toml --counts COUNTS.csv
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.diff_contracts import diff_contracts

    difference = diff_contracts(old, new, counts=counts)
    if as_json:
        print_json(difference.as_dict())
        return
    _print_difference(difference)


def _print_difference(difference: "ContractDifference") -> None:
    from sib_engine.cli.printing import console, print_findings
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    out, currency = console(), difference.new.currency

    def money(amount: int | None) -> str:
        return "no price" if amount is None else shown(amount, currency)

    for age, version in (("old", difference.old), ("new", difference.new)):
        out.print(f"{age}  {version.name}  ({version.code}, terms {version.digest[:17]})", style="bold", soft_wrap=True)
    out.print()
    if not difference.clauses:
        out.print("The terms are the same.\n")
    rows = [
        (change.name, change.change.value, term.key, term.before or "", term.after or "")
        for change in difference.clauses
        for term in change.terms
    ]
    if rows:
        print_table(out, "Clauses", ("clause", "change", "term", "before", "after"), rows)
    if difference.money:
        cells = [(each.name, money(each.before), money(each.after), money(each.change)) for each in difference.money]
        print_table(out, "In money", ("total or payer", ">before", ">after", ">change"), cells)
    print_findings(difference.findings)


@contract.command()
@click.option("--currency", help="Amounts with the decimal places of this currency, such as GBP.")
def schema(*, currency: str | None) -> None:
    """Print the contract format as a JSON Schema, for editors.

    Example: sib contract schema --currency GBP
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.contract_schema import contract_schema

    print_json(contract_schema(currency))


@contract.command()
@click.argument("name", metavar="CONTRACT")
@click.option("--at", type=click.Path(path_type=Path), help="Counts or outcomes so far (default: none yet).")
@click.option("--on", type=DAY, help="Day of the outcomes more (default: the last day in the counts).")
@click.option("--site", help="Only at this site.")
@click.option("--metric", help="Only of this metric.")
@click.option("--group", help="Group of the people who achieve them.")
@click.option("--person", help="All of this person of the outcomes so far (default: each of another person).")
@click.option("--measure", help="A result of a measured metric, as 'cases=142 population=1000 ...'.")
@click.option("--referred-on", type=DAY, help="Day of their referral.")
@click.option("--to", type=click.IntRange(1, 20_000), help="Totals after up to so many more, in ten steps.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate(  # noqa: PLR0913 - one for each option
    name: str,
    *,
    at: Path | None,
    on: date | None,
    site: str | None,
    metric: str | None,
    group: str | None,
    person: str | None,
    measure: str | None,
    referred_on: date | None,
    to: int | None,
    as_json: bool,
) -> None:
    """Show what one more outcome of each metric is worth, and at which number that changes.

    Example: sib contract simulate fair-chance-fund/ambition --metric education_entry
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.cli.simulation import print_simulation
    from sib_engine.services.simulate_contract import Who, simulate_contract

    found = simulate_contract(
        name,
        at=at,
        on=on,
        site=site,
        metric=metric,
        who=Who(group, person, referred_on),
        measure=measure,
        to=to,
    )
    if as_json:
        print_json(found.as_dict())
        return
    print_simulation(found)
