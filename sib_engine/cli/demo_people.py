"""The part of `sib demo` about people: made-up facts, outcomes, two statements, and why."""

from pathlib import Path
from typing import TYPE_CHECKING

from sib_engine.cli.explain import print_explanation
from sib_engine.cli.outcomes import print_chase, print_due, print_outcomes
from sib_engine.cli.statement import print_statement, write_files

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.services.derive_outcomes import DerivedOutcomes

N_STATEMENTS = 2


def tell_people(to: "Console", out: Path, example: str, sites: tuple[str, ...], *, seed: int) -> None:
    """Make facts for each site, derive their outcomes, state two quarters of one site and explain two rows."""
    from sib_engine.cli.printing import heading
    from sib_engine.cli.tables import print_table
    from sib_engine.services.derive_outcomes import derive_outcomes
    from sib_engine.services.make_example import make_example

    heading(to, "4. People: SYNTHETIC facts whose counted outcomes equal the published totals")
    rows = []
    derived: dict[str, DerivedOutcomes] = {}
    for site in sites:
        stem = site.partition("/")[2]
        facts, rows_file = out / f"{stem}.facts.csv", out / f"{stem}.rows.csv"
        n_lines, published = make_example(site, facts, seed=seed)
        derived[site] = derive_outcomes(site, facts, out=rows_file)
        counted = {each.metric: each.n_counting for each in derived[site].by_metric()}
        rows.append(
            (
                stem,
                f"{n_lines:,}",
                " / ".join(f"{count:,}" for count in published.values()),
                " / ".join(f"{counted[metric]:,}" for metric in published),
                f"{int((derived[site].table.mask != 0).sum()):,}",
            )
        )
    headings = (
        "site",
        ">facts",
        ">published: engaged / started / <16 h / 16+ h",
        ">counted from facts",
        ">rows that do not count",
    )
    print_table(to, "", headings, rows)
    print_outcomes(to, derived[example], example)
    _state(to, out, example, derived[example])


def _state(to: "Console", out: Path, example: str, derived: "DerivedOutcomes") -> None:
    from sib_engine.cli.printing import heading
    from sib_engine.services.derive_outcomes import derive_outcomes
    from sib_engine.services.draw_statement import draw_statement
    from sib_engine.services.explain_amounts import explain_amounts

    stem = example.partition("/")[2]
    facts, rows_file = out / f"{stem}.facts.csv", out / f"{stem}.rows.csv"
    heading(to, "5. Two statements: due to date less what is stated already")
    grants = derived.contract.grants
    index = derived.contract.periods.index_of(grants[-1].ends_on if grants else derived.contract.start)
    stated: list[Path] = []
    for place in range(N_STATEMENTS):
        period = derived.contract.periods.period(index + place)
        known = out / f"{stem}.rows-{period.end}.csv"
        at_the_time = derive_outcomes(example, facts, known_on=period.end, out=known)
        drawn = draw_statement(example, known, period.label, stated=stated)
        path = out / f"{stem}.statement-{drawn.statement.number}.csv"
        path.unlink(missing_ok=True)  # of an earlier demonstration
        pdf = path.with_suffix(".pdf")
        write_files(drawn, {"--out": path, "--pdf": pdf, "--xlsx": path.with_suffix(".xlsx")}, drawn_up_on=None)
        stated.append(path)
        print_statement(drawn)
        to.print()
    then = drawn.statement.known_on
    to.print(f"As known on {then}, the end of that quarter:", style="bold")
    print_chase(to, at_the_time)
    print_due(to, at_the_time)
    heading(to, "6. Why this paid, and why this did not")
    lines = derived.listed()
    paid = next(line for line in lines if line.does_count and line.metric == derived.contract.metric_codes[-1])
    missing = (derived.unevidenced() or derived.too_late())[0]
    for line in (paid, missing):
        print_explanation(explain_amounts(example, rows_file, row=line.row))
        to.print()
    heading(to, "Where the files are")
    to.print(f"{out.resolve()}")
    to.print("  *.facts.csv         SYNTHETIC facts about people, one fact a line", soft_wrap=True)
    to.print("  *.rows.csv          the outcomes they show, each with its reasons", soft_wrap=True)
    to.print("  *.rows-DAY.csv      the same as known on a day, for the statement of that day", soft_wrap=True)
    to.print("  *.statement-N.csv   what each statement stated, line by line", soft_wrap=True)
    to.print("  *.statement-N.pdf   the same to read and sign (.xlsx: with live totals)", soft_wrap=True)
    to.print(f"Try:  sib explain {example} {rows_file} --payer {derived.contract.payers[0]}", soft_wrap=True)
    to.print(f"      sib price {example} {rows_file} --json", soft_wrap=True)
    to.print("      sib contract list", soft_wrap=True)
