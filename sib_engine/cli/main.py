"""The `sib` command: its groups, and the one place where errors become messages and exit codes."""

import os
import sys
from io import TextIOWrapper
from typing import Final

import click

from sib_engine import __version__
from sib_engine.cli.access import org, user
from sib_engine.cli.audit import audit, replay
from sib_engine.cli.claim_evidence import attach, evidence, evidence_check, inspect
from sib_engine.cli.claim_history import check, hashes, show, withdraw_facts
from sib_engine.cli.claim_lists import chase, due, uploads
from sib_engine.cli.claim_mappings import mapping
from sib_engine.cli.claims import claims
from sib_engine.cli.claims_files import propose, template, understand
from sib_engine.cli.contract import contract
from sib_engine.cli.db import db
from sib_engine.cli.demo import demo
from sib_engine.cli.explain import explain
from sib_engine.cli.facts import facts
from sib_engine.cli.invoices import invoices
from sib_engine.cli.outcomes import outcomes
from sib_engine.cli.papers import certificate, print_, schedule
from sib_engine.cli.payments import payments
from sib_engine.cli.position import accrual, position
from sib_engine.cli.price import price
from sib_engine.cli.reconcile import reconcile
from sib_engine.cli.register import close_out, register, registered, source
from sib_engine.cli.sample import sample
from sib_engine.cli.sample_lists import list_ as list_samples
from sib_engine.cli.sample_lists import show as show_sample
from sib_engine.cli.sample_store import close, design, draw, frame, record, sheet
from sib_engine.cli.statement import statement
from sib_engine.cli.statements import statements
from sib_engine.core.collecting import collect_seldom

FOUND: Final = 1
"""Exit code when the input has errors, or answering would mean guessing."""

BROKEN: Final = 70
"""Exit code when the engine itself is at fault."""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sib")
def sib() -> None:
    """Outcomes and payments engine for social impact bonds.

    A CONTRACT is a file, or the name of one that comes with the engine (`sib contract list`).

    Example: sib price care-leavers/reboot-west COUNTS.csv
    """


for _of_contract in (register, registered, source, close_out):
    contract.add_command(_of_contract)
for _of_claims in (template, propose, understand, mapping):
    claims.add_command(_of_claims)
for _of_claims in (show, attach, inspect, evidence, evidence_check, chase, due, uploads, check, withdraw_facts, hashes):
    claims.add_command(_of_claims)
for _of_statements in (print_, certificate):
    statements.add_command(_of_statements)
invoices.add_command(schedule)
for _of_sample in (frame, design, draw, sheet, record, close, list_samples, show_sample):
    sample.add_command(_of_sample)
_OF_FILES = (contract, facts, outcomes, price, statement, explain, reconcile, sample, demo)
_OF_THE_STORE = (db, org, user, claims, statements, invoices, payments, position, accrual, audit, replay)
for _command in (*_OF_FILES, *_OF_THE_STORE):
    sib.add_command(_command)


def main() -> None:
    """Run the command line; print findings and refusals as messages, never as a traceback."""
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without a pound sign is no reason to fail
    try:
        sys.exit(sib(prog_name="sib", standalone_mode=False))  # None, or the exit code that a command asked for
    except click.ClickException as wrong:
        sys.exit(_told_of_usage(wrong))
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; nothing was written", err=True)
        sys.exit(130)
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone; there is nobody to tell
        sys.exit(0)
    except Exception as failure:  # noqa: BLE001 - the outermost edge: a user sees a sentence, never a traceback
        sys.exit(_told(failure))


def _told_of_usage(wrong: click.ClickException) -> int:
    """Print how the command line was wrong and return the exit code."""
    from sib_engine.cli.printing import print_problem, wants_json

    if wants_json():
        print_problem("usage", wrong.format_message())
    else:
        wrong.show()
    return wrong.exit_code


def _told(failure: Exception) -> int:
    """Print what went wrong and return the exit code."""
    from sib_engine.cli.printing import print_failure, print_problem
    from sib_engine.core.errors import SibError

    if isinstance(failure, SibError):
        print_failure(failure)
        return FOUND
    if isinstance(failure, OSError):
        # Not as JSON: what failed may have been writing to standard output.
        place = f"{failure.filename}: " if failure.filename else ""
        click.echo(f"error: {place}{failure.strerror or failure}", err=True)
        return FOUND
    if os.environ.get("SIB_TRACEBACK"):
        raise failure
    what = f"the engine failed ({type(failure).__name__}: {failure}); nothing was written."
    print_problem("broken", f"{what} Please report this; run again with SIB_TRACEBACK=1 for the details.")
    return BROKEN
