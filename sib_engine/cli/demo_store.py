"""The part of `sib demo` on the store: two quarters of a contract from registration to audit, on made-up facts."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

    from sib_engine.core.money import Currency
    from sib_engine.services.claims.upload import Preview
    from sib_engine.services.rehearsal.play import Rehearsed

SITE: Final = "mhep/enfield"
VERIFICATION: Final = """
[[verification]]
id = "made-up-sample"
from = 2020-10-01
confidence = "90%"
recover = "lower bound"
strata = ["metric"]
share = "25%"
status = "assumed"
source = "made up for the demonstration"
"""
AMENDMENT: Final = """
[[tariff]]
id = "price-job-start-2021"
metric = "job_start"
from = 2021-07-01
price = 900.00
amendment = "made-up-amendment"
status = "assumed"
source = "made up for the demonstration"

[[amendment]]
id = "made-up-amendment"
signed_on = 2021-05-10
effective_from = 2021-07-01
text = "MADE UP: a job start is worth 900 from July 2021."
status = "assumed"
source = "made up for the demonstration"
"""


def tell_store(to: "Console", out: Path) -> None:
    """Run a contract through two quarters in a store of its own, and say what came of it."""
    from datetime import date

    from sib_engine.cli.printing import heading
    from sib_engine.services.rehearsal.play import Quarter, rehearse
    from sib_engine.terms import library

    heading(to, "7. The store: claims, a sample, statements, invoices, audit")
    stem = SITE.partition("/")[2]
    source = library.find(SITE).read_text(encoding="utf-8") + VERIFICATION
    database = out / "store.db"
    for old in out.glob("store.db*"):
        old.unlink()  # of an earlier demonstration
    done = rehearse(
        f"sqlite:///{database}",
        source,
        out / f"{stem}.facts.csv",
        out,
        quarters=(Quarter("2021-Q1", date(2021, 4, 12)), Quarter("2021-Q2", date(2021, 7, 12))),
        amended=source + AMENDMENT,
        note="MADE UP: agreed on 10 May 2021 by all parties",
    )
    currency = done.quarters[0].draft.contract.terms.currency
    _tell_quarters(to, done, currency)
    _tell_what_happened(to, done, currency)


def _tell_quarters(to: "Console", done: "Rehearsed", currency: "Currency") -> None:
    from sib_engine.cli.printing import print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown

    print_text(
        to,
        f"{SITE}, SYNTHETIC facts, ASSUMED prices and a made-up verification clause: each quarter the provider sends"
        " its tracker as it stands, a verifier decides, an approver approves, and the provider invoices.",
    )
    rows = [
        (
            played.quarter.label,
            _facts(played.upload),
            f"{len(played.upload.claims):,}",
            f"{played.decided.accepted:,}",
            f"{played.decided.open:,}",
            *(shown(amount, currency) for amount in played.draft.statement.pays),
            shown(played.draft.statement.total, currency),
        )
        for played in done.quarters
    ]
    headings = (
        "quarter",
        ">facts new / said anew / known",
        ">new claims",
        ">accepted",
        ">left open",
        *(f">{payer}" for payer in done.quarters[0].draft.statement.payers),
        ">stated",
    )
    print_table(to, "", headings, rows)


def _facts(upload: "Preview") -> str:
    """Return how many facts of an upload are new, said anew and known."""
    found = upload.found
    return f"{len(found.new):,} / {len(found.changed):,} / {found.n_known:,}"


def _tell_what_happened(to: "Console", done: "Rehearsed", currency: "Currency") -> None:
    """Say what was queried, sampled, taken back, paid late, amended, owed and audited."""
    from sib_engine.cli.printing import print_text
    from sib_engine.core.money import shown

    first, second = done.quarters
    wrong = done.sample.rejected
    lines = second.draft.statement.lines
    back = -sum(line.payable for line in lines if line.row in wrong)
    recovered = -sum(line.payable for line in lines if line.kind.value == "recovery")
    late = [line for line in lines if line.own_period != line.period and line.payable > 0]
    most = done.sample.estimate.total.wrong
    payers = done.positions.payers
    paid = ", ".join(f"{each.payer} {shown(each.paid, currency)}" for each in payers if each.paid)
    owed = ", ".join(f"{each.payer} {shown(each.owed, currency)}" for each in payers)
    whole = "NOT whole" if done.audit.breaks else "whole"
    same = sum(each.is_same for each in done.replayed)
    print_text(to, f"{done.queried} was queried, and accepted once the provider had answered.")
    sampled = f"{len(done.drawn):,} of {first.decided.accepted:,} claims were reviewed by somebody who had decided none"
    sentence = f"Sample of statement 1, its design recorded before it was drawn: {sampled}."
    print_text(to, f"{sentence} {', '.join(wrong)} turned out not to have happened.")
    if most is not None:
        print_text(
            to, f"With 90% confidence, {most.least:,} to {most.most:,} of all that the sample stands for are wrong."
        )
    print_text(
        to,
        f"Statement 2 takes back {shown(back, currency)} for it, in the shares in which it was paid; the clause lets"
        f" payers take back {shown(recovered, currency)} beyond that.",
    )
    print_text(to, f"{len(late):,} lines of statement 2 are late: they keep their own quarter and are paid now.")
    moved = "something" if second.draft.statement.restatements else "nothing"
    print_text(to, f"The contract was amended: it is at version {done.version}, and {moved} that was stated moved.")
    ledger = "the ledger says the same" if all(each.agrees for each in payers) else "the ledger says OTHERWISE"
    print_text(to, f"Paid: {paid}. Owed: {owed}; {ledger}.")
    entries = f"{done.audit.n_entries} entries, {done.audit.n_rows:,} rows"
    print_text(to, f"The audit trail is {whole}: {entries}, {done.audit.head}.")
    of = len(done.replayed)
    print_text(to, f"Worked out again from what was known then, {same} of {of} statements are the same.")
