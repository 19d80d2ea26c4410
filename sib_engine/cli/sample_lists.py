"""`sib sample list` and `show`: what became of the samples of a contract."""

from typing import TYPE_CHECKING, Protocol

import click

from sib_engine.cli.store import acting, reading

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.core.money import Currency
    from sib_engine.payments.sampling.estimate import Estimate, StratumEstimate
    from sib_engine.services.samples.show import ShownSample
    from sib_engine.terms.verification import Recover

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class _Taken(Protocol):
    """What is taken back by a rule, whether it was worked out just now or read from the store; minor units."""

    @property
    def rule(self) -> "Recover": ...

    @property
    def by_rule(self) -> int: ...

    @property
    def found(self) -> int: ...

    @property
    def corrected(self) -> int: ...

    @property
    def why(self) -> str: ...


@click.command("list", short_help="The samples of a contract.")
@click.argument("contract")
@_JSON
@acting
def list_(contract: str, *, as_json: bool, login: str, database: str) -> None:
    """List the samples of a contract: how far each has come, what was found, what is taken back.

    Example: sib sample list two-quarters --as vera
    """
    from sib_engine.cli.printing import console, print_json
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.samples.show import list_samples

    with reading(database, login) as (session, by):
        found = list_samples(session, contract, by=by)
    if as_json:
        print_json([each.as_dict() for each in found])
        return
    rows = []
    for each in found:
        closed, currency = each.sample.closed, each.contract.terms.currency
        n_claims = sum(stratum.n_claims for stratum in each.sample.design.strata)
        amounts = ("", "") if closed is None else (shown(closed.found, currency), shown(closed.extrapolated, currency))
        counts = (f"{each.n_drawn:,}", f"{each.verdicts['wrong']:,}", f"{each.verdicts['pending']:,}")
        rows.append((str(each.sample.statement), each.sample.period, each.state, f"{n_claims:,}", *counts, *amounts))
    headings = (
        ">statement",
        "period",
        "",
        ">claims",
        ">drawn",
        ">wrong",
        ">pending",
        ">found",
        ">extrapolated",
    )
    print_table(console(), f"{len(found):,} sample{'' if len(found) == 1 else 's'}", headings, rows, n_keys=2)


@click.command(short_help="One sample: design, draw, verdicts, what it says.")
@click.argument("contract")
@click.argument("statement", type=int)
@_JSON
@acting
def show(contract: str, statement: int, *, as_json: bool, login: str, database: str) -> None:
    """Show the sample of STATEMENT: its design and seed, the claims drawn with their verdicts, and what it says.

    Example: sib sample show two-quarters 1 --as vera
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.samples.show import show_sample

    with reading(database, login) as (session, by):
        found = show_sample(session, contract, statement, by=by)
    if as_json:
        print_json(found.as_dict())
        return
    _print(found)


def print_estimate(out: "Console", found: "Estimate", currency: "Currency") -> None:
    """Print what a sample says, a row for each stratum and one for all together."""
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    def money(amount: int | None) -> str:
        return "no limit" if amount is None else shown(amount, currency)

    def cells(each: "StratumEstimate", name: str) -> tuple[str, ...]:
        wrong, over = each.wrong, each.over
        return (
            name,
            f"{each.n_claims:,}",
            f"{each.n_drawn:,}",
            f"{each.n_wrong:,}",
            "" if wrong is None else f"{wrong.least:,} to {wrong.most:,}",
            money(over.found),
            "" if over.point is None else money(over.point),
            money(over.least),
            money(over.most),
        )

    headings = (
        "stratum",
        ">claims",
        ">checked",
        ">found wrong",
        ">wrong in all",
        ">found overpaid",
        ">best estimate",
        ">at least",
        ">at most",
    )
    rows = [cells(each, each.cell.name) for each in found.strata]
    print_table(out, "What the sample says", headings, rows, total=cells(found.total, "together"), drop_blank=True)


def print_recovery(out: "Console", taken: "_Taken", extrapolated: int, currency: "Currency") -> None:
    """Print what is taken back by the contract's rule."""
    from sib_engine.cli.printing import print_text
    from sib_engine.core.money import shown

    by_rule, found, corrected = (shown(each, currency) for each in (taken.by_rule, taken.found, taken.corrected))
    less = f", less {corrected} put right since" if taken.corrected else ""
    print_text(
        out,
        f"taken back by {taken.rule}: {by_rule}, of which {found} was found and is taken back claim by claim{less};"
        f" for claims that nobody looked at: {shown(extrapolated, currency)}",
    )
    if taken.why:
        print_text(out, taken.why)


def print_assumed(out: "Console", *, is_assumed: bool) -> None:
    """Say that amounts rest on assumed prices, where they do."""
    from sib_engine.cli.printing import print_text

    if is_assumed:
        print_text(out, "These amounts rest on ASSUMED prices: they are not published.", style="yellow")


def _print(found: "ShownSample") -> None:
    from sib_engine.cli.printing import console, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    out, sample, currency = console(), found.sample, found.contract.terms.currency
    design = sample.design if sample.draw is None else sample.draw.design
    name = found.contract.terms.name
    print_text(out, f"Sample of statement {sample.statement} for {sample.period}: {name}, {found.state}", style="bold")
    print_text(out, f"seed: {design.seed}")
    print_text(out, f"design: {design.digest}")
    print_text(out, f"frame: {design.frame}; terms {sample.clause}; {design.method}")
    strata = [
        (each.cell.name, f"{each.n_claims:,}", shown(each.value, currency), f"{each.size:,}") for each in design.strata
    ]
    print_table(out, "", ("stratum", ">claims", ">value", ">to draw"), strata)
    claims = [
        (
            each.row,
            each.stratum,
            str(each.chance),
            shown(each.value, currency) + (" *" if each.is_assumed else ""),
            each.checked.verdict.value if each.n_results else "",
            "" if each.checked.right_value is None else shown(each.checked.right_value, currency),
            each.code,
            each.note,
        )
        for each in found.claims
    ]
    if claims:
        headings = ("claim", "stratum", ">chance", ">value", "verdict", ">right value", "code", "note")
        print_table(out, "Claims drawn", headings, claims, drop_blank=True)
    if sample.closed is not None:
        print_estimate(out, sample.closed.estimate, currency)
        print_recovery(out, sample.closed, sample.closed.extrapolated, currency)
    print_assumed(out, is_assumed=found.is_assumed)
    events = [(each.at.date().isoformat(), each.login, each.what) for each in found.events]
    print_table(out, "", ("on", "by", "what happened"), events)
