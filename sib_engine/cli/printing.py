"""How the command line prints: headings, JSON, findings, failures. Text of users is never read as markup."""

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console

from sib_engine.core.errors import FindingsError, SibError
from sib_engine.core.findings import Finding, Severity

WIDTH_WITHOUT_TERMINAL: Final = 120


def console(*, stderr: bool = False) -> Console:
    """Return a console that shows text as it is; as wide as the terminal, or 120 columns without one."""
    stream = sys.stderr if stderr else sys.stdout
    is_terminal = stream.isatty() or "COLUMNS" in os.environ
    width = None if is_terminal else WIDTH_WITHOUT_TERMINAL
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, width=width)


def heading(to: Console, text: str) -> None:
    """Print the heading of one part of a longer text."""
    to.print()
    to.rule(text, align="left", style="bold")


def print_json(value: object) -> None:
    """Print one JSON value on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def print_findings(findings: Sequence[Finding], *, stderr: bool = False, most_of_a_kind: int | None = None) -> None:
    """Print findings, the gravest first, each with place, what is wrong and what would be accepted.

    Of warnings and notes by one rule, ``most_of_a_kind`` are printed and the rest counted; errors always are.
    """
    out = console(stderr=stderr)
    printed: Counter[str] = Counter()
    order = list(Severity)
    errors = {finding.rule for finding in findings if finding.severity is Severity.ERROR}
    styles: dict[Severity, Any] = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
    for finding in sorted(findings, key=lambda each: order.index(each.severity)):
        printed[finding.rule] += 1
        if (
            most_of_a_kind is not None
            and finding.severity is not Severity.ERROR
            and printed[finding.rule] > most_of_a_kind
        ):
            continue
        place = f"  {finding.at}" if str(finding.at) else ""
        out.print(f"{finding.severity.value}{place}  [{finding.rule}]", style=styles[finding.severity])
        out.print(f"    {finding.what}", soft_wrap=True)
        if finding.accepted:
            out.print(f"    accepted: {finding.accepted}", soft_wrap=True)
    for rule, n_found in printed.items():
        if most_of_a_kind is not None and n_found > most_of_a_kind and rule not in errors:
            out.print(f"and {n_found - most_of_a_kind:,} more of [{rule}]")


def counted(findings: Sequence[Finding]) -> str:
    """Return how many findings of each severity there are, in words."""
    counts = [(severity, sum(each.severity is severity for each in findings)) for severity in Severity]
    words = [f"{n} {severity.value}{'' if n == 1 else 's'}" for severity, n in counts if n]
    return ", ".join(words) or "no findings"


def print_failure(failure: SibError) -> None:
    """Print why a command refused; as JSON on standard output where ``--json`` was asked for."""
    findings = failure.findings if isinstance(failure, FindingsError) else ()
    if "--json" in sys.argv:
        print_json({"error": failure.code, "message": str(failure), "findings": [each.as_dict() for each in findings]})
        return
    print_findings(findings, stderr=True)
    console(stderr=True).print(f"error: {failure}", style="bold red", soft_wrap=True)
