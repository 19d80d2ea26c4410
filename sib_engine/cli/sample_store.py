"""`sib sample frame`, `design`, `draw`, `sheet`, `record` and `close`: a sample of the store, from first to last."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sib_engine.cli.options import DAY
from sib_engine.cli.store import acting, now, reading, writing

if TYPE_CHECKING:
    from sib_engine.payments.sampling.review_file import Review
    from sib_engine.services.samples.frame import FramePlan

VERDICTS: Final = ("right", "wrong", "in part", "pending")

_CHECKS = click.option(
    "--checks", type=click.IntRange(min=1), help="Claims to draw in all; the contract's own least holds beside it."
)


@click.command(short_help="Which claims a sample of a statement would stand for.")
@click.argument("contract")
@click.argument("statement", type=int)
@_CHECKS
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@acting
def frame(contract: str, statement: int, *, checks: int | None, as_json: bool, login: str, database: str) -> None:
    """Say which claims a sample of STATEMENT would stand for, by stratum, and how many would be drawn.

    Nothing is written.

    Example: sib sample frame two-quarters 1 --as vera
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.samples.frame import plan_frame

    with reading(database, login) as (session, by):
        plan = plan_frame(session, contract, statement, checks=checks, by=by, at=now())
    if as_json:
        print_json(plan.as_dict())
        return
    _print_plan(plan)


@click.command(short_help="Record the design of a sample, before anything is drawn.")
@click.argument("contract")
@click.argument("statement", type=int)
@_CHECKS
@click.option("--seed-from", default="", help="What will be published and become part of the seed, in words.")
@click.option("--seed-on", type=DAY, help="The day from which on it will be published.")
@acting
def design(
    contract: str,
    statement: int,
    *,
    checks: int | None,
    seed_from: str,
    seed_on: date | None,
    login: str,
    database: str,
) -> None:
    """Record the design of the one sample of STATEMENT: claims, strata, sizes, and where the seed will come from.

    The seed is the hash of the audit entry that this command writes, and what --seed-from names.

    Example: sib sample design two-quarters 1 --as vera
    """
    from sib_engine.services.samples.design import record_design

    with writing(database, login) as (session, by):
        plan = record_design(
            session,
            contract,
            statement,
            checks=checks,
            seed_source=seed_from,
            seed_on=seed_on,
            by=by,
            at=now(),
        )
    _print_plan(plan)
    click.echo(f"recorded. To draw: sib sample draw {contract} {statement}")


@click.command(short_help="Draw a sample from its design, once.")
@click.argument("contract")
@click.argument("statement", type=int)
@click.option("--published", default="", help="What was published, where the design names something.")
@acting
def draw(contract: str, statement: int, *, published: str, login: str, database: str) -> None:
    """Draw the claims that the recorded design of STATEMENT takes: the same ones, whoever draws, on any machine.

    Example: sib sample draw two-quarters 1 --as vera
    """
    from sib_engine.cli.printing import console, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.services.samples.draw import draw_sample

    with writing(database, login) as (session, by):
        made = draw_sample(session, contract, statement, published=published, by=by, at=now())
    out = console()
    rows = [
        (stratum.cell.name, f"{len(stratum.claims):,}", f"{len(stratum.drawn):,}") for stratum in made.sample.strata
    ]
    total = ("total", f"{sum(len(each.claims) for each in made.sample.strata):,}", f"{len(made.sample.claims):,}")
    print_table(out, "", ("stratum", ">claims", ">drawn"), rows, total=total)
    print_text(out, f"seed: {made.sample.design.seed}")
    print_text(out, f"design: {made.sample.design.digest}")


@click.command(short_help="Write the claims drawn as a sheet to fill in.")
@click.argument("contract")
@click.argument("statement", type=int)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="CSV file to write.")
@acting
def sheet(contract: str, statement: int, *, out: Path, login: str, database: str) -> None:
    """Write the claims drawn of STATEMENT to a CSV file, with columns for verdict, right value, code and note.

    Example: sib sample sheet two-quarters 1 --out sheet.csv --as vera
    """
    from sib_engine.core.whole_files import write_together
    from sib_engine.services.samples.show import sheet_of_sample

    with reading(database, login) as (session, by):
        made, n_claims = sheet_of_sample(session, contract, statement, by=by)
    write_together({out: made})
    click.echo(f"{n_claims:,} claim{'' if n_claims == 1 else 's'} written to {out}")


@click.command(short_help="Record what full review found.")
@click.argument("contract")
@click.argument("statement", type=int)
@click.argument("claim", required=False)
@click.option("--verdict", type=click.Choice(VERDICTS), help="What was found of CLAIM.")
@click.option("--right-value", help="What a claim that is right in part should have been worth, such as 400.00.")
@click.option("--code", "reason", default="", help="Code of a wrong claim, such as V02.")
@click.option("--note", default="", help="Why, in words.")
@click.option("--file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The filled-in sheet.")
@acting
def record(  # noqa: PLR0913 - one argument for each option
    contract: str,
    statement: int,
    claim: str | None,
    *,
    verdict: str | None,
    right_value: str | None,
    reason: str,
    note: str,
    file: Path | None,
    login: str,
    database: str,
) -> None:
    """Record what full review found of a CLAIM drawn, or of all on the filled-in sheet; the last verdict holds.

    A reviewer is of another organisation than who submitted the claim, and did not decide it.

    Example: sib sample record two-quarters 1 P1/engagement --verdict right --as val
    """
    from sib_engine.cli.printing import print_findings
    from sib_engine.services.samples.review import record_reviews, review_of

    is_one = claim is not None and verdict is not None
    if is_one is (file is not None) or (file is not None and any((claim, verdict, right_value, reason, note))):
        message = "say what was found of one claim (CLAIM --verdict ...), or give the filled-in sheet (--file)"
        raise click.UsageError(message)
    with writing(database, login) as (session, by):
        given: Path | Review
        if file is not None:
            given = file
        else:
            given = review_of(session, contract, claim or "", verdict or "", right_value, code=reason, note=note)
        done = record_reviews(session, contract, statement, given, by=by, at=now())
    print_findings(done.findings)
    changed = f", {done.n_changed:,} changed" if done.n_changed else ""
    click.echo(f"{done.n_new:,} recorded{changed}; {done.n_open:,} of the claims drawn still pending")


@click.command(short_help="Close a sample: what it says, and what is taken back.")
@click.argument("contract")
@click.argument("statement", type=int)
@acting
def close(contract: str, statement: int, *, login: str, database: str) -> None:
    """Work out and keep what the sample of STATEMENT says; reject what was found wrong.

    The next statement takes back what was found, and what the contract's rule gives beyond it.

    Example: sib sample close two-quarters 1 --as vera
    """
    from sib_engine.cli.printing import console, print_text
    from sib_engine.cli.sample_lists import print_assumed, print_estimate, print_recovery
    from sib_engine.services.samples.close import close_sample

    with writing(database, login) as (session, by):
        done = close_sample(session, contract, statement, by=by, at=now())
    out, currency, taken = console(), done.contract.terms.currency, done.recovery
    print_estimate(out, done.estimate, currency)
    print_recovery(out, taken, taken.extrapolated, currency)
    print_assumed(out, is_assumed=done.is_assumed)
    if done.rejected:
        print_text(out, f"rejected: {', '.join(done.rejected)}")


def _print_plan(plan: "FramePlan") -> None:
    from sib_engine.cli.printing import console, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.terms.plain_words import percentage

    out, currency = console(), plan.contract.terms.currency
    rows = [
        (
            each.cell.name,
            f"{each.n_claims:,}",
            shown(each.value, currency) + (" *" if each.is_assumed else ""),
            f"{each.size:,}",
        )
        for each in plan.strata
    ]
    total = (
        "total",
        f"{len(plan.frame.claims):,}",
        shown(plan.frame.value, currency),
        f"{sum(each.size for each in plan.strata):,}",
    )
    title = f"Claims first stated by statement {plan.statement.number} for {plan.statement.period}"
    print_table(out, title, ("stratum", ">claims", ">value", ">to draw"), rows, total=total)
    if plan.assumed:
        print_text(out, "Values marked * rest on ASSUMED prices: they are not published.", style="yellow")
    clause = plan.clause
    rule = f"{clause.method}, confidence {percentage(clause.confidence)}, taken back: {clause.recover}"
    print_text(out, f"terms {clause.id}: {rule}")
    print_text(out, f"frame: {plan.frame.digest}")
