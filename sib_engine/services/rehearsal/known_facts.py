"""A facts file as it stood on a day."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from sib_engine.core.table_writer import write_table


def write_known(facts: Path, out: Path, day: date) -> None:
    """Write the rows of a facts file that were known by a day; a job that ends later still lasts then."""
    with facts.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        headings = tuple(reader.fieldnames or ())
        rows = list(_known(list(reader), day))
    write_table(out, headings, ([row[name] for name in headings] for row in rows))


def _known(rows: Sequence[dict[str, str]], day: date) -> Iterator[dict[str, str]]:
    """Yield what was known; a pay period waits until its job is known, as a tracker has one below the other."""
    until = day.isoformat()
    known = [row for row in rows if max(row["recorded_on"] or row["on"], row["on"]) <= until]
    jobs = {(row["person"], row["job"]) for row in known if row["fact"] == "employment"}
    for row in known:
        if row["fact"] == "hours" and (row["person"], row["job"]) not in jobs:
            continue
        if row["until"] > until:
            if row["fact"] != "employment":
                continue
            row["until"] = ""
        yield row
