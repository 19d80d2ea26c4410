"""A preview: what was understood of a file before anything of it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from sib_engine.core.cell_values import ALREADY_TOLD
from sib_engine.core.columns import Column, OtherColumn, Table
from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import IN_FULL, FindingLog, RowArray
from sib_engine.core.findings import Finding, Severity
from sib_engine.core.headings import Layout
from sib_engine.core.personal import looks_personal, masked
from sib_engine.core.tabular import read_table
from sib_engine.outcomes.facts import FactName, Facts
from sib_engine.outcomes.facts_file import COLUMNS, LAYOUT, checked_facts, has_required
from sib_engine.outcomes.intake.digest import bytes_digest, content_digest
from sib_engine.outcomes.intake.mapping import Mapping
from sib_engine.outcomes.intake.mapping_checks import check_mapping
from sib_engine.outcomes.intake.unfold import NotUnderstood, Unfolded, unfolded
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.contract import Contract

FIRST_ROWS: Final = 10
MAX_LABEL: Final = 120


@dataclass(frozen=True, slots=True)
class FactCount:
    """How many facts of one kind were understood, of how many people, between which days; a document by its kind."""

    fact: str
    n_facts: int
    n_people: int
    first_on: str
    last_on: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One row of the file beside the facts that it makes; cells and facts as ``(column, text)``, blanks left out."""

    row: int
    cells: tuple[tuple[str, str], ...]
    facts: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Origins:
    """Where each fact stands in the file: its row, and for a tracker the place of its rule in the mapping.

    Both of shape ``(n,)``, in the order of the facts; the rule is ``NONE`` for a file of facts.
    """

    row: RowArray
    rule: RowArray


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What was understood of a file.

    ``facts`` is None where any finding is an error; their ``line`` is the row of the file, which several
    facts share where a tracker was unfolded. ``bytes_digest`` and ``content_digest`` recognise the file when
    it comes again; the latter is blank where no row could be read. ``mapping_digest`` is blank without a mapping.
    """

    file: str
    sheet: str
    bytes_digest: str
    content_digest: str
    mapping_digest: str
    n_rows: int
    kinds: tuple[FactCount, ...]
    passed_over: tuple[OtherColumn, ...]
    not_understood: tuple[NotUnderstood, ...]
    first_rows: tuple[SideBySide, ...]
    facts: Facts | None
    origins: Origins | None
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the preview as plain values, without the facts themselves."""
        return {
            "file": self.file,
            "sheet": self.sheet or None,
            "bytes_digest": self.bytes_digest,
            "content_digest": self.content_digest or None,
            "mapping_digest": self.mapping_digest or None,
            "rows": self.n_rows,
            "facts": [
                {"fact": each.fact, "facts": each.n_facts, "people": each.n_people, "first_on": each.first_on or None,
                 "last_on": each.last_on or None}
                for each in self.kinds
            ],
            "columns_passed_over": [
                {"heading": each.heading, "letter": each.letter, "filled": each.n_filled} for each in self.passed_over
            ],
            "not_understood": [
                {"column": each.column, "letter": each.letter, "value": each.text, "rows": each.n_rows,
                 "first_row": each.first_row, "what": each.what, "accepted": each.accepted}
                for each in self.not_understood
            ],
            "first_rows": [
                {"row": each.row, "cells": dict(each.cells), "facts": [dict(fact) for fact in each.facts]}
                for each in self.first_rows
            ],
            "can_be_used": self.facts is not None,
            "findings": [finding.as_dict() for finding in self.findings],
        }  # fmt: skip


def file_label(name: str) -> str:
    """Return what an uploaded file is called in messages: no folder, nothing that cannot be seen, not endless.

    Names come from whoever sent the file; they are only ever shown, and never opened.
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(character if character.isprintable() else "?" for character in base).strip(" .")
    return (plain if len(plain) <= MAX_LABEL else f"{plain[: MAX_LABEL - 8]}...{plain[-5:]}") or "the file"


def preview(path: Path, contract: Contract, *, name: str = "") -> Preview:
    """Return what is understood of a file of facts, with every finding.

    Args:
        path: A text table or workbook with the headings of the template.
        contract: The contract that it is claimed under.
        name: What the file is called in messages; blank for its own name.
    """
    table, log = read_table(path, COLUMNS, layout=LAYOUT, listing=IN_FULL, label=file_label(name or path.name))
    if table is None or not has_required(table):
        return _unreadable(path, log, "", table)
    return _preview(path, table, checked_facts(table, log, contract), log)


def understood(mapping: Mapping, path: Path, contract: Contract, *, name: str = "") -> Preview:
    """Return what a saved mapping makes of a tracker, with every finding at the tracker's own row and column.

    Columns that the mapping does not use are named and counted, and not looked into.

    Args:
        mapping: The mapping, as saved; a proposal is none.
        path: The tracker: a text table or a workbook.
        contract: The contract that it is claimed under.
        name: What the file is called in messages; blank for its own name.
    """
    label = file_label(name or path.name)
    columns = [Column(heading, required=True) for heading in mapping.columns()]
    layout = Layout(sheet=mapping.sheet, heading_row=mapping.heading_row, passes_over_others=True)
    table, log = read_table(path, columns, layout=layout, listing=IN_FULL, label=label)
    wrong = check_mapping(mapping, contract)
    if table is None or not all(table.has(column.name) for column in columns):
        return _unreadable(path, log, mapping.digest, table, wrong)
    made = unfolded(mapping, table, log)
    facts = checked_facts(made.table, log, contract)
    return _preview(path, table, facts, log, mapped=(mapping, made), wrong=wrong)


def _preview(
    path: Path,
    table: Table,
    facts: Facts,
    log: FindingLog,
    *,
    mapped: tuple[Mapping, Unfolded] | None = None,
    wrong: Sequence[Finding] = (),
) -> Preview:
    of_facts, rows, mapping_digest = table, table.numbers, ""
    not_understood: tuple[NotUnderstood, ...] = ()
    origins = Origins(facts.line, np.full(len(facts), NONE, dtype=np.int64))
    if mapped is not None:
        mapping, made = mapped
        of_facts, rows, mapping_digest = made.table, made.places.rows, mapping.digest
        not_understood = made.not_understood
        origins = Origins(rows[facts.line], made.places.rule[facts.line].astype(np.int64))
    findings = (*wrong, *log.findings())
    can_be_used = not any(finding.severity is Severity.ERROR for finding in findings)
    return Preview(
        file=log.file,
        sheet=table.sheet,
        bytes_digest=bytes_digest(path),
        content_digest=content_digest(of_facts),
        mapping_digest=mapping_digest,
        n_rows=len(table),
        kinds=_kinds(facts),
        passed_over=table.others,
        not_understood=not_understood,
        first_rows=_first_rows(table, of_facts, rows),
        facts=replace(facts, line=origins.row) if can_be_used else None,
        origins=origins if can_be_used else None,
        findings=findings,
    )


def _unreadable(
    path: Path, log: FindingLog, mapping_digest: str, table: Table | None, wrong: Sequence[Finding] = ()
) -> Preview:
    try:
        digest = bytes_digest(path)
    except (UnreadableError, OSError):
        digest = ""
    sheet, n_rows, others = (table.sheet, len(table), table.others) if table is not None else ("", 0, ())
    findings = (*wrong, *log.findings())
    return Preview(log.file, sheet, digest, "", mapping_digest, n_rows, (), others, (), (), None, None, findings)


def _kinds(facts: Facts) -> tuple[FactCount, ...]:
    """Return the facts counted by name, documents by their kind, in the order in which they first stand."""
    width = len(facts.detail.labels) + 1
    is_document = facts.name.is_any_of((FactName.EVIDENCE,))
    key = facts.name.codes.astype(np.int64) * width + np.where(is_document, facts.detail.codes + 1, 0)
    found, first = np.unique(key, return_index=True)
    counts = []
    for each in found[np.argsort(first)].tolist():
        which = key == each
        name, detail = facts.name.text(each // width), facts.detail.text(each % width - 1)
        days = facts.starts_on[which]
        n_people = len(np.unique(facts.person.codes[which]))
        title = f"{name}: {detail}" if detail else name
        counts.append(FactCount(title, int(which.sum()), n_people, str(days.min()), str(days.max())))
    return tuple(counts)


def _first_rows(table: Table, of_facts: Table, rows: RowArray) -> tuple[SideBySide, ...]:
    """Return the first rows as they stand beside the facts made of them."""
    shown_rows = table.numbers[:FIRST_ROWS]
    end = int(np.searchsorted(rows, shown_rows[-1], side="right")) if len(shown_rows) else 0
    facts = [_cells(of_facts, place) for place in range(end)]
    beside = []
    for place, row in enumerate(shown_rows.tolist()):
        low, high = np.searchsorted(rows, [row, row + 1]).tolist()
        beside.append(SideBySide(row, _cells(table, place), tuple(facts[low:high])))
    return tuple(beside)


def _cells(table: Table, place: int) -> tuple[tuple[str, str], ...]:
    found = ((name, column.values[int(column.codes[place])]) for name, column in table.columns.items())
    return tuple((name, _masked(text)) for name, text in found if text and text != ALREADY_TOLD)


def _masked(text: str) -> str:
    return masked(text) if looks_personal(text) else text
