"""Read a facts file: a table of facts about people, with everything that is wrong with it at once."""

from pathlib import Path
from typing import Final

import numpy as np

from sib_engine.core import cells
from sib_engine.core.cell_values import ALREADY_TOLD
from sib_engine.core.dates import DayArray
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Finding, Severity
from sib_engine.core.spellings import note_capitals
from sib_engine.core.tabular import Column, Layout, Table, TextColumn, read_table
from sib_engine.outcomes.facts import FactName, Facts, Flags, Held, Labelled
from sib_engine.outcomes.facts_checks.repeats import repeated_rows
from sib_engine.outcomes.facts_checks.rows import check_rows
from sib_engine.outcomes.facts_checks.terms import check_terms
from sib_engine.outcomes.facts_jobs import jobs_of
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.contract import Contract

COLUMNS: Final = (
    Column("person", required=True),
    Column("site"),
    Column("fact", required=True),
    Column("on", required=True),
    Column("until"),
    Column("job"),
    Column("hours"),
    Column("competitive"),
    Column("self_employed"),
    Column("hourly_pay"),
    Column("detail"),
    Column("metric"),
    Column("held"),
    Column("recorded_on"),
    Column("specialist"),
    Column("consent_on"),
    Column("age_band"),
    Column("sex"),
    Column("ethnicity"),
    Column("diagnosis_group"),
    Column("group"),
)
"""Headings of a facts file; ``group`` is the subgroup of a person for tariffs by group, on the referral."""

HELD: Final = {"held": int(Held.HELD), "inspected": int(Held.INSPECTED)}


FACTS_SHEET: Final = "Facts"
"""The sheet that is read where a workbook has several: that of the template."""

EXAMPLE_PERSON: Final = "EXAMPLE-DELETE-THIS-ROW"
"""Who the template's example row is about; a file that still holds it is refused."""

LAYOUT: Final = Layout(usual_sheet=FACTS_SHEET)


def read_facts(path: Path, contract: Contract | None = None) -> tuple[Facts | None, tuple[Finding, ...]]:
    """Return the facts in ``path`` and what is wrong with them, all at once.

    A row that stands twice is taken once, with a warning. ``recorded_on`` left blank is the day of
    the fact, and for a pay period its last day: its hours cannot be known before.

    Args:
        path: A table with the headings of ``COLUMNS``, in any order: a text table, or a workbook.
        contract: With it, names that the contract does not know (facts, kinds of evidence, metrics,
            sites) are warned of.

    Returns:
        The facts, or ``None`` where any finding is an error; the findings.
    """
    table, log = read_table(path, COLUMNS, layout=LAYOUT)
    if table is None or not has_required(table):
        return None, log.findings()
    facts = checked_facts(table, log, contract)
    return None if log.has_errors else facts, log.findings()


def has_required(table: Table) -> bool:
    """Return whether the table has the columns without which it holds no facts."""
    return all(table.has(column.name) for column in COLUMNS if column.required)


def checked_facts(table: Table, log: FindingLog, contract: Contract | None = None) -> Facts:
    """Return those facts of a table that have a person, a name and a day; the log takes what is wrong with them.

    They are only good for a preview where the log has errors.
    """
    repeated = repeated_rows(table, log)
    facts, blanks = _facts(table, log)
    usable = ~repeated & (facts.person.codes != NONE) & (facts.name.codes != NONE) & ~np.isnat(facts.starts_on)
    facts = facts.take(usable)
    _note_example(facts, log)
    note_capitals(log, facts.person.codes, facts.person.labels, facts.line, column="person")
    check_rows(facts, {name: blank[usable] for name, blank in blanks.items()}, log)
    if contract is not None:
        check_terms(facts, contract, log)
    return facts


def _note_example(facts: Facts, log: FindingLog) -> None:
    rows = facts.line[facts.person.is_any_of((EXAMPLE_PERSON,))]
    said = Said("example-row", "this is the example of the template, and about nobody", "the row deleted")
    log.add_rows(Severity.ERROR, said.rule, rows, lambda _: said, column="person")


def _facts(table: Table, log: FindingLog) -> tuple[Facts, dict[str, Flags]]:
    """Return the facts as the cells say, and where the cells of each column are blank."""
    person = _labelled(cells.references(table, "person", log, required=True))
    name = _labelled(cells.texts(table, "fact", log, required=True))
    starts_on, ends_on = cells.days(table, "on", log, required=True), cells.days(table, "until", log)
    job = jobs_of(person, name, _labelled(cells.references(table, "job", log)), starts_on)
    facts = Facts(
        line=table.numbers,
        person=person,
        site=_text(table, "site", log),
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_on=_recorded_on(cells.days(table, "recorded_on", log), name, starts_on, ends_on),
        job=job,
        hours=cells.decimals(table, "hours", log, places=2),
        competitive=cells.answers(table, "competitive", log),
        self_employed=cells.answers(table, "self_employed", log),
        hourly_pay=cells.decimals(table, "hourly_pay", log, places=2),
        detail=_text(table, "detail", log),
        metric=_text(table, "metric", log),
        held=cells.choices(table, "held", log, HELD, noun="state of a document").astype(np.int8),
        specialist=_text(table, "specialist", log),
        consent_on=cells.days(table, "consent_on", log),
        age_band=_text(table, "age_band", log),
        sex=_text(table, "sex", log),
        ethnicity=_text(table, "ethnicity", log),
        diagnosis_group=_text(table, "diagnosis_group", log),
        group=_text(table, "group", log),
    )
    return facts, {column.name: table.column(column.name).blank() for column in COLUMNS}


def _text(table: Table, name: str, log: FindingLog) -> Labelled:
    return _labelled(cells.texts(table, name, log, personal=Severity.WARNING))


def _labelled(column: TextColumn) -> Labelled:
    """Return a column of text with ``NONE`` where it is blank."""
    filled = np.array([value not in {"", ALREADY_TOLD} for value in column.values], dtype=np.bool_)
    code_of = np.where(filled, np.cumsum(filled) - 1, NONE).astype(np.int32)
    labels = tuple(value for value in column.values if value not in {"", ALREADY_TOLD})
    return Labelled(code_of[column.codes], labels)


def _recorded_on(recorded_on: DayArray, name: Labelled, starts_on: DayArray, ends_on: DayArray) -> DayArray:
    paid = name.is_any_of((FactName.HOURS,)) & ~np.isnat(ends_on)
    earliest = np.where(paid, ends_on, starts_on)
    return np.where(np.isnat(recorded_on), earliest, recorded_on)
