"""`sib sample`."""

from fractions import Fraction
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import PERCENT

if TYPE_CHECKING:
    from sib_engine.services.plan_sample import PlannedSample

RULES = ("found only", "point estimate", "lower bound")


@click.group(short_help="The verification sample, from plan to recovery.")
def sample() -> None:
    """Verify paid claims by a sample: how many to check, and one of the store from its design to what is taken back.

    Example: sib sample plan --claims 400 --value 320000.00 --error-rate 5% --cost 40.00
    """


@sample.command(name="plan")
@click.option("--claims", type=click.IntRange(min=1), help="How many claims there are; left out with --stratum.")
@click.option("--value", required=True, help="What they are worth together, such as 320000.00.")
@click.option("--error-rate", type=PERCENT, required=True, help="Share of claims assumed to be wrong, such as 5%.")
@click.option("--cost", required=True, help="What one check costs, such as 40.00.")
@click.option("--tolerable", type=PERCENT, default="5%", show_default=True, help="Share that must not be exceeded.")
@click.option("--confidence", type=PERCENT, default="95%", show_default=True, help="How sure that must be.")
@click.option("--recover", type=click.Choice(RULES), default="lower bound", show_default=True, help="Recovery rule.")
@click.option("--stratum", "strata", multiple=True, help="A stratum and its claims, such as job_start=80; repeatable.")
@click.option("--currency", default="GBP", show_default=True, help="ISO 4217 code.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def plan_command(  # noqa: PLR0913 - one argument for each option
    *,
    claims: int | None,
    value: str,
    error_rate: Fraction,
    cost: str,
    tolerable: Fraction,
    confidence: Fraction,
    recover: str,
    strata: tuple[str, ...],
    currency: str,
    as_json: bool,
) -> None:
    """Say how many claims to check, and what each number costs against what stays overpaid.

    Example: sib sample plan --claims 400 --value 320000.00 --error-rate 5% --cost 40.00
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.core.money import currency_of
    from sib_engine.payments.sampling.planner import Question
    from sib_engine.services.plan_sample import plan_sample
    from sib_engine.terms.verification import Recover

    counts = dict(_stratum(each) for each in strata)
    if len(counts) < len(strata):
        message = "--stratum names one stratum twice"
        raise click.UsageError(message)
    if claims is None and not counts:
        message = "say how many claims there are: --claims 400, or --stratum job_start=80 for each stratum"
        raise click.UsageError(message)
    money = currency_of(currency)
    question = Question(
        n_claims=sum(counts.values()) if claims is None else claims,
        value=_amount(value, "--value", money.code),
        error_rate=error_rate,
        tolerable=tolerable,
        confidence=confidence,
        cost=_amount(cost, "--cost", money.code),
        recover=Recover(recover),
    )
    planned = plan_sample(question, money, strata=counts)
    if as_json:
        print_json(planned.as_dict())
    else:
        _print(planned)


def _stratum(text: str) -> tuple[str, int]:
    name, _sep, count = text.partition("=")
    if not name or not count.isascii() or not count.isdigit():
        message = f"--stratum is {text!r}; accepted: a name and a number of claims, such as job_start=80"
        raise click.UsageError(message)
    return name, int(count)


def _amount(text: str, option: str, code: str) -> int:
    from sib_engine.core.errors import RefusedError
    from sib_engine.core.money import currency_of, parse_amount

    try:
        return parse_amount(text, currency_of(code))
    except (ValueError, RefusedError) as bad:
        message = f"{option}: {bad}"
        raise click.UsageError(message) from None


def _print(planned: "PlannedSample") -> None:
    from sib_engine.cli.printing import console, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.plan_sample import tenths

    out, made = console(), planned.plan
    for sentence in planned.sentences:
        print_text(out, sentence)
    out.print()
    sizes = [(str(each.n_wrong), f"{each.n_checked:,}", tenths(each.reached)) for each in made.sizes]
    print_table(out, "Checks that reach the bound", (">wrong at most", ">check", ">chance of that"), sizes)
    rows = [
        (
            f"{each.n_checked:,}",
            f"{each.most_wrong:,}",
            *(
                shown(money, planned.currency)
                for money in (each.checks_cost, each.comes_back, each.stays_out, each.total)
            ),
        )
        for each in made.options
    ]
    headings = (">checked", ">most wrong if none is", ">checks cost", ">comes back", ">stays overpaid", ">in all")
    print_table(out, "What each number costs", headings, rows)
    if planned.strata:
        listed = [
            (each.name, f"{each.n_claims:,}", f"{each.together:,}", f"{each.by_itself:,}") for each in planned.strata
        ]
        print_table(
            out,
            "Checks by stratum, if none is wrong",
            ("stratum", ">claims", ">for all together", ">for each by itself"),
            listed,
            total=(
                "total",
                f"{made.question.n_claims:,}",
                f"{sum(each.together for each in planned.strata):,}",
                f"{sum(each.by_itself for each in planned.strata):,}",
            ),
        )
