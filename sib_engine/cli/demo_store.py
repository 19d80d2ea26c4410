"""The part of `sib demo` on the store: a contract from registration to audit, on made-up facts."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console

SITE: Final = "mhep/enfield"
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
signed_on = 2021-04-20
effective_from = 2021-07-01
text = "MADE UP: a job start is worth 900 from July 2021."
status = "assumed"
source = "made up for the demonstration"
"""


def tell_store(to: "Console", out: Path) -> None:
    """Run a contract through three quarters in a store of its own, and say what came of it."""
    from datetime import date

    from sib_engine.cli.printing import heading, print_text
    from sib_engine.cli.tables import print_table
    from sib_engine.core.money import shown
    from sib_engine.services.rehearse import Quarter, rehearse
    from sib_engine.terms import library

    heading(to, "7. The store: claims, four eyes, statements and the audit trail")
    stem = SITE.partition("/")[2]
    source = library.find(SITE).read_text(encoding="utf-8")
    database = out / "store.db"
    for old in out.glob("store.db*"):
        old.unlink()  # of an earlier demonstration
    quarters = (
        Quarter("2021-Q1", date(2021, 4, 12)),
        Quarter("2021-Q2", date(2021, 7, 12)),
        Quarter("2021-Q3", date(2021, 10, 11)),
    )
    done = rehearse(
        f"sqlite:///{database}",
        source,
        out / f"{stem}.facts.csv",
        out,
        quarters=quarters,
        amended=source + AMENDMENT,
        note="MADE UP: agreed on 20 April 2021 by all parties",
    )
    currency = done.statements[0].contract.terms.currency

    def money(amount: int) -> str:
        return shown(amount, currency)

    print_text(to, f"{SITE}, SYNTHETIC facts, ASSUMED prices: the tracker is sent each quarter with more in it.")
    rows = [
        (
            quarter.label,
            f"{len(upload.found.new):,} / {len(upload.found.changed):,} / {upload.found.n_known:,}",
            f"{len(upload.claims):,}",
            f"{accepted:,}",
            *(money(amount) for amount in draft.statement.pays),
            money(draft.statement.total),
        )
        for quarter, upload, accepted, draft in zip(quarters, done.uploads, done.accepted, done.statements, strict=True)
    ]
    headings = (
        "quarter",
        ">facts new / said anew / known",
        ">new claims",
        ">accepted",
        *(f">{payer}" for payer in done.statements[0].statement.payers),
        ">stated",
    )
    print_table(to, "", headings, rows)
    back = next(line for line in done.statements[1].statement.lines if line.row == done.taken_back)
    what = f"{done.taken_back} was paid for and had not happened: statement 2 takes back {money(-back.payable)}"
    print_text(to, f"{what}, in the shares in which it was paid.")
    late = [line for line in done.statements[1].statement.lines if line.own_period != line.period and line.payable > 0]
    print_text(to, f"{len(late):,} lines of statement 2 are late: they keep their own quarter and are paid now.")
    print_text(to, f"The contract was amended: it is at version {done.version}, and nothing that was stated moved.")
    whole = "whole" if not done.audit.breaks else "NOT whole"
    print_text(
        to,
        f"The audit trail is {whole}: {done.audit.n_entries} entries, {done.audit.n_rows:,} rows, {done.audit.head}.",
    )
    same = sum(each.is_same for each in done.replayed)
    print_text(
        to, f"Worked out again from what was known then, {same} of {len(done.replayed)} statements are the same."
    )
    to.print()
    print_text(to, f"Try:  sib audit verify --database sqlite:///{database}")
    print_text(to, f"      sib claims list mhep-enfield --state submitted --as vera --database sqlite:///{database}")
