"""The end of `sib demo`: where its files are, and what to try next."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def tell_files(to: "Console", out: Path, example: str, payer: str, store: str) -> None:
    """Say where the files are, and which commands go on from there.

    Args:
        to: Where it is said.
        out: The folder of the demonstration.
        example: Library name of the contract whose people were stated.
        payer: One of its payers.
        store: Code of the contract in the store.
    """
    from sib_engine.cli.printing import heading

    stem = example.partition("/")[2]
    rows = out / f"{stem}.rows.csv"
    database = f"--database sqlite:///{out / 'store.db'}"
    heading(to, "Where the files are")
    for line in (
        f"{out.resolve()}",
        "  *.facts.csv         SYNTHETIC facts about people, one fact a line",
        "  *.rows.csv          the outcomes they show, each with its reasons",
        "  *.rows-DAY.csv      the same as known on a day, for the statement of that day",
        "  *.statement-N.csv   what each statement stated, line by line",
        "  *.statement-N.pdf   the same to read and sign (.xlsx: with live totals)",
        "  store.db            the store of section 7",
        f"Try:  sib explain {example} {rows} --payer {payer}",
        f"      sib price {example} {rows} --json",
        f"      sib audit verify {database}",
        f"      sib claims list {store} --state submitted --as vera {database}",
        f"      sib sample show {store} 1 --as sam {database}",
        f"      sib statements certificate {store} 2 --pdf {out / 'certificate.pdf'} --as abe {database}",
    ):
        to.print(line, soft_wrap=True)
