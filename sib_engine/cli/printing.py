"""How the command line prints: headings, JSON, findings, failures. Text of users is never read as markup."""

import json
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from rich.console import Console

from sib_engine.core.errors import FindingsError, SibError
from sib_engine.core.findings import Finding, Severity

WIDTH_WITHOUT_TERMINAL: Final = 120
NARROWEST: Final = 20


def console(*, stderr: bool = False) -> Console:
    """Return a console that shows text as it is; as wide as the terminal, or 120 columns without one."""
    width = None if _is_as_wide_as_a_terminal(stderr=stderr) else WIDTH_WITHOUT_TERMINAL
    made = _Console(stderr=stderr, markup=False, highlight=False, emoji=False, width=width)
    made.width = max(made.width, NARROWEST)
    return made


class _Console(Console):
    """A console that leaves a reader who has gone to the outermost edge, which decides the exit code."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _is_as_wide_as_a_terminal(*, stderr: bool) -> bool:
    return (sys.stderr if stderr else sys.stdout).isatty() or "COLUMNS" in os.environ


def heading(to: Console, text: str) -> None:
    """Print the heading of one part of a longer text."""
    to.print()
    to.rule(text, align="left", style="bold")


def print_text(to: Console, text: str, *, mark: str = "", style: str | None = None) -> None:
    """Print a paragraph after a mark: in a terminal wrapped between words and indented, in a file on one line."""
    lines = [text]
    if _is_as_wide_as_a_terminal(stderr=to.stderr):
        width = max(to.width - len(mark), NARROWEST)
        lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
    for place, line in enumerate(lines):
        to.print((mark if place == 0 else " " * len(mark)) + line, style=style, soft_wrap=True)


def print_json(value: object) -> None:
    """Print one JSON value on standard output; in ASCII where the output could not hold every character."""
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=not is_unicode) + "\n")


def print_findings(findings: Sequence[Finding], *, stderr: bool = False, most_of_a_kind: int | None = None) -> None:
    """Print findings, the gravest first, each with its place, the mistake and what to write instead.

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
        out.print(f"{finding.severity.value}{place}  [{finding.rule}]", style=styles[finding.severity], soft_wrap=True)
        print_text(out, finding.what, mark="    ")
        if finding.accepted:
            print_text(out, f"accepted: {finding.accepted}", mark="    ")
    for rule, n_found in printed.items():
        if most_of_a_kind is not None and n_found > most_of_a_kind and rule not in errors:
            out.print(f"and {n_found - most_of_a_kind:,} more of [{rule}]")


def counted(findings: Sequence[Finding]) -> str:
    """Return how many findings of each severity there are, in words."""
    counts = [(severity, sum(each.severity is severity for each in findings)) for severity in Severity]
    words = [f"{n} {severity.value}{'' if n == 1 else 's'}" for severity, n in counts if n]
    return ", ".join(words) or "no findings"


def wants_json() -> bool:
    """Return whether the command line asks for JSON, whether or not it could be understood."""
    return "--json" in sys.argv


def print_failure(failure: SibError) -> None:
    """Print why a command refused, with every finding; as JSON on standard output where that was asked for."""
    findings = failure.findings if isinstance(failure, FindingsError) else ()
    if not wants_json():
        print_findings(findings, stderr=True)
    print_problem(failure.code, str(failure), findings)


def print_problem(code: str, message: str, findings: Sequence[Finding] = ()) -> None:
    """Print a problem on standard error; as JSON on standard output where that was asked for."""
    if wants_json():
        print_json({"error": code, "message": message, "findings": [each.as_dict() for each in findings]})
    else:
        print_text(console(stderr=True), f"error: {message}", style="bold red")
