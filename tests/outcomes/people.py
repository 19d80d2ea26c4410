"""Facts about made-up people, written as a facts file and read back as a user's would be; and what comes of them."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from sib_engine.core.findings import Finding
from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.facts_file import COLUMNS, read_facts
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import reasons_in
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts

Line = Mapping[str, str]


def fact(name: str, on: str, *, person: str = "P1", **cells: str) -> Line:
    """Return one line of a facts file."""
    return {"person": person, "fact": name, "on": on, **cells}


def referral(on: str = "2020-04-01", *, person: str = "P1", **cells: str) -> Line:
    """Return a referral; ``detail`` is the work status."""
    return fact("referral", on, person=person, **cells)


def work(days: str, *, job: str = "", hours: str = "20", person: str = "P1", **cells: str) -> Line:
    """Return competitive employment, ``days`` written ``2021-01-04..2021-06-30``, open without a second date."""
    first, _, last = days.partition("..")
    cells = {"competitive": "yes", **cells}
    return fact("employment", first, person=person, until=last, job=job, hours=hours, **cells)


def paid(days: str, hours: str, *, job: str = "", person: str = "P1", **cells: str) -> Line:
    """Return the hours of one pay period, ``days`` written ``2021-01-04..2021-01-31``."""
    first, _, last = days.partition("..")
    return fact("hours", first, person=person, until=last, job=job, hours=hours, **cells)


def document(kind: str, on: str, *, person: str = "P1", **cells: str) -> Line:
    """Return a document that is held."""
    return fact("evidence", on, person=person, detail=kind, **cells)


DAY_BEHIND = re.compile(r"/[0-9]{4}-[0-9]{2}-[0-9]{2}$")


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of outcomes as a reader sees it; ``reasons`` are names without numbers."""

    achieved_on: str
    reasons: tuple[str, ...]
    recorded_on: str
    due_on: str
    by_when: str
    hours: str
    site: str
    evidence: str
    details: str


def read(*lines: Line, contract: Contract | None = None) -> tuple[Facts | None, tuple[Finding, ...]]:
    """Return what the reader makes of a facts file of these lines."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "facts.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, [column.name for column in COLUMNS], restval="")
            writer.writeheader()
            writer.writerows(lines)
        return read_facts(path, contract)


def facts_of(*lines: Line) -> Facts:
    """Return the facts of lines that hold no error."""
    facts, findings = read(*lines)
    assert facts is not None, [str(finding) for finding in findings]
    return facts


def outcomes(contract: Contract, *lines: Line, known_on: str | None = None) -> dict[str, Seen]:
    """Return every row of outcomes of a facts file by its id.

    What counts every time is called by its day too; that is left off where no other row has the name.
    """
    day = None if known_on is None else date.fromisoformat(known_on)
    table = find_outcomes(contract, facts_of(*lines), known_on=day)
    dates = (table.rows.achieved_on, table.rows.recorded_on, table.due_on, table.record_by)
    achieved, recorded, due, by_when = (np.datetime_as_string(days).tolist() for days in dates)
    reasons = [
        tuple(reason.name.lower().replace("_", "-") for reason in reasons_in(mask)) for mask in table.mask.tolist()
    ]
    columns = (achieved, reasons, recorded, due, by_when, table.hours, table.sites, table.evidence, table.details)
    ids = table.row_ids()
    metrics = [contract.metrics[place] for place in table.rows.metric.tolist()]
    has_day = [metric.counts is Counts.EVERY_TIME for metric in metrics]
    short = [DAY_BEHIND.sub("", row_id) if ends else row_id for row_id, ends in zip(ids, has_day, strict=True)]
    names = [name if short.count(name) == 1 else row_id for name, row_id in zip(short, ids, strict=True)]
    return {name: Seen(*cells) for name, *cells in zip(names, *columns, strict=True)}
