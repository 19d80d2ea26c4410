"""`sib explain`."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sib_engine.cli.options import DAY

if TYPE_CHECKING:
    from rich.tree import Tree

    from sib_engine.core.money import Currency
    from sib_engine.payments.explanation import Step
    from sib_engine.services.asked_of import AskedOf
    from sib_engine.services.explained import AgainstStated, Explanation, OutcomeExplanation


@click.command(short_help="Why an amount is what it is, or why nothing is paid.")
@click.argument("contract")
@click.argument("rows", type=click.Path(path_type=Path))
@click.option("--row", help="Explain this outcome, paid or not; or what is scheduled, as grant/ID or fee/ID/3.")
@click.option("--payer", help="Explain what this payer owes.")
@click.option(
    "--scheduled", "--grants", "scheduled", is_flag=True, help="Add grants, fees and the like to what the payers owe."
)
@click.option("--stated", multiple=True, type=click.Path(path_type=Path), help="Lines of a statement; may be repeated.")
@click.option("--period", help="Explain the statement for this period: 2020-Q2, or any month or day inside it.")
@click.option("--known-on", type=DAY, help="With --period: use what was recorded by this day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explain(  # noqa: PLR0913 - one argument for each option
    contract: str,
    rows: Path,
    *,
    row: str | None,
    payer: str | None,
    scheduled: bool,
    stated: tuple[Path, ...],
    period: str | None,
    known_on: date | None,
    as_json: bool,
) -> None:
    """Explain an amount down to clause, price, caps and share; or why an outcome does not pay.

    Without --row or --payer, every payer's amount is explained. Without --period, it is what is due
    by the contract's last day. What --stated files hold comes first under every cap, as it was stated.
    With --period, what is due to date less what earlier statements asked of a payer is what the statement
    asks: the one among --stated files, or the one that would follow them.

    Example: sib explain mhep/enfield rows.csv --row SYN-ENFIELD-00001/engagement
    """
    from sib_engine.cli.printing import print_json
    from sib_engine.services.explain_amounts import explain_amounts
    from sib_engine.services.scheduled_names import scheduled_names

    if row is not None and payer is not None:
        message = "give --row or --payer, not both"
        raise click.UsageError(message)
    if known_on is not None and period is None:
        message = "--known-on needs --period"
        raise click.UsageError(message)
    found = explain_amounts(
        contract, rows, row=row, payer=payer, with_scheduled=scheduled, stated=stated, period=period, known_on=known_on
    )
    if as_json:
        print_json(found.as_dict())
        return
    print_explanation(found)
    names = scheduled_names(found.contract)
    if found.steps and names and row is None and not scheduled and period is None:
        left_out = f"{names.capitalize()} that are not stated" if stated else names.capitalize()
        click.echo(f"{left_out} are not part of these amounts; --scheduled adds them.")


def print_explanation(found: "Explanation") -> None:
    """Print an explanation as trees of steps."""
    from sib_engine.cli.printing import console, print_findings, print_text

    out = console()
    if found.is_assumed:
        warned = (
            "Amounts below rest on ASSUMED terms: they are not published, and cannot account for the payments made."
        )
        print_text(out, warned, style="yellow")
    if found.period is not None:
        out.print(f"Due by the end of {found.period.label}, as known on {found.known_on}:", style="bold")
    if found.outcome is not None:
        _print_outcome(found.outcome, found.contract.currency)
    elif not found.steps and found.against is None:
        out.print("what is in the file has no price in the contract, so there is no amount to explain")
    asked = {each.payer: each for each in found.asked}
    for step in found.steps:
        out.print(_tree(step, found.contract.currency))
        if step.subject in asked:
            _print_asked(asked[step.subject], found.contract.currency)
    if found.against is not None:
        has_payer_caps = any(cap.payer is not None for cap in found.contract.caps)
        _print_against(found.against, found.contract.currency, has_payer_caps=has_payer_caps)
    print_findings(found.findings)


def _print_outcome(outcome: "OutcomeExplanation", currency: "Currency") -> None:
    from sib_engine.cli.printing import console, print_text

    out = console()
    out.print(outcome.row, style="bold", soft_wrap=True)
    print_text(out, f"{outcome.metric}: {outcome.definition}", mark="  ")
    is_apart = outcome.claimed_on not in {None, outcome.recorded_on}
    claimed = f"; claimed on {outcome.claimed_on}" if is_apart else ""
    out.print(f"  achieved on {outcome.achieved_on or 'no date'}; known on {outcome.recorded_on or 'no date'}{claimed}")
    for text in _terms_of(outcome):
        print_text(out, text, mark="  ")
    if outcome.detail:
        out.print(f"  found: {outcome.detail}", soft_wrap=True)
    if outcome.hours:
        out.print(f"  hours a week {outcome.hours}")
    accepted = f" (accepted: {', '.join(outcome.accepted_evidence)})" if outcome.accepted_evidence else ""
    print_text(out, f"evidence: {outcome.evidence or 'none recorded'}{accepted}", mark="  ")
    if outcome.reasons:
        _print_reasons(outcome)
    if outcome.left_out:
        print_text(out, f"NOT part of this statement: {outcome.left_out}", mark="  ", style="yellow")
    if outcome.step is not None:
        out.print(_tree(outcome.step, currency, subject=outcome.row))


def _print_reasons(outcome: "OutcomeExplanation") -> None:
    from sib_engine.cli.printing import console, print_text

    out = console()
    out.print("  does NOT count:", style="bold yellow")
    for reason in outcome.reasons:
        print_text(out, f"{reason.code}: {reason.title}", mark="    ")
        if reason.found != reason.title:
            print_text(out, f"found: {reason.found}", mark="      ")
        by = "" if reason.by is None else f" (by {reason.by})"
        print_text(out, f"would count with: {reason.mend}{by}", mark="      ")
    if outcome.due_on:
        out.print(f"  falls due on {outcome.due_on} if it lasts")
    if outcome.record_by:
        out.print(f"  what is missing can be recorded until {outcome.record_by}")


def _terms_of(outcome: "OutcomeExplanation") -> list[str]:
    """Return in words which changed terms the outcome is judged by; nothing where they are those first agreed."""
    texts = []
    if outcome.terms_from is not None:
        texts.append(f"judged by clause {outcome.terms}, in force from {outcome.terms_from}")
    if outcome.extended_by:
        texts.append(f"within the contract by amendment {outcome.extended_by}, which extended it")
    return texts


def _print_against(against: "AgainstStated", currency: "Currency", *, has_payer_caps: bool) -> None:
    from sib_engine.cli.printing import console, print_text
    from sib_engine.core.money import shown
    from sib_engine.payments.scheduled.entry import kind_of

    out = console()
    if against.is_gone:
        out.print(against.row, style="bold", soft_wrap=True)
        where = "the rows" if kind_of(against.row) is None else "the contract, or no longer due"
        print_text(out, f"no longer in {where}: nothing of it is due", mark="  ", style="yellow")
    for line in against.lines:
        amounts = f"earned {shown(line.earned, currency)}, after caps {shown(line.payable, currency)}"
        paid = f", paid {shown(line.total, currency)}" if line.total != line.payable else ""
        why = f" ({line.why})" if line.why else ""
        what = f"stated in statement {line.statement} ({line.period}), {line.kind.value}: {amounts}{paid}{why}"
        print_text(out, what, mark="  ")
    before = " (before payers' own caps)" if has_payer_caps else ""
    due, stated, left = (shown(each, currency) for each in (against.due, against.stated, against.difference))
    print_text(out, f"due now {due}, stated {stated}, difference {left}{before}", mark="  ")


def _print_asked(asked: "AskedOf", currency: "Currency") -> None:
    """Print how what is due to date, less what was asked before, comes to what the statement asks of a payer."""
    from sib_engine.cli.printing import console
    from sib_engine.core.money import shown

    name = f"statement {asked.statement} ({asked.period})"
    sums = [("due to date", asked.due)]
    sums += [(f"less statement {each.statement} ({each.period})", -each.amount) for each in asked.before]
    if asked.differs:
        since = f"changed since, not in {name}" if asked.is_drawn_up else "moved between periods by payers' caps"
        sums.append((since, asked.differs))
    sums.append((f"{name} {'asks' if asked.is_drawn_up else 'would ask'} {asked.payer}", asked.asked))
    amounts = [shown(amount, currency) for _, amount in sums]
    n_text, n_amount = (max(map(len, texts)) for texts in ([text for text, _ in sums], amounts))
    out = console()
    for (text, _), amount in zip(sums, amounts, strict=True):
        out.print(f"  {text:<{n_text}}  {amount:>{n_amount}}", soft_wrap=True)
    if asked.lines:
        parts = ", ".join(f"{kind.value} {shown(amount, currency)}" for kind, amount in asked.lines)
        out.print(f"  on its lines: {parts}", soft_wrap=True)


def _tree(step: "Step", currency: "Currency", *, subject: str = "", clause: str = "") -> "Tree":
    """Return a step and those below it; the subject and the clause that stand above are not said again."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text
    from rich.tree import Tree

    from sib_engine.core.money import shown

    about = "" if step.subject == subject else f" {step.subject}"
    sign = "+" if step.kind.value == "tiers" and step.amount > 0 else ""
    line = f"{step.kind.value}{about}: {sign}{shown(step.amount, currency)}"
    if step.detail:
        line += f" = {step.detail}" if step.kind.value == "earned" else f" ({step.detail})"
    label: Group | Text = Text(line)
    if step.clause not in {"", clause} and step.provenance is not None:
        said = f"clause {step.clause}, {step.provenance.text}"
        label = Group(label, Padding(Text(said), (0, 0, 0, 4), expand=False))
    tree = Tree(label)
    for each in step.steps:
        tree.add(_tree(each, currency, subject=step.subject, clause=step.clause))
    return tree
