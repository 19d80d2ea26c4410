"""Unfold a tracker: of each row, which is one person, the facts that its columns hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.cell_values import ALREADY_TOLD, CellError
from sib_engine.core.columns import CodeArray, Codes, Table, TextColumn
from sib_engine.core.finding_log import FindingLog, Places, RowArray, Said
from sib_engine.core.findings import Location, Severity
from sib_engine.core.personal import shown
from sib_engine.outcomes.facts import Flags
from sib_engine.outcomes.intake.date_formats import declared_day, looks_exchanged
from sib_engine.outcomes.intake.mapping import DATE_COLUMNS, FactRule, Others, Source, plain_code
from sib_engine.outcomes.intake.mapping import Codes as CodeTable
from sib_engine.outcomes.intake.mapping import Mapping as SavedMapping

_ALWAYS: Final = ("person", "fact", "on")
"""Without these a row makes no fact; a text that is not understood in one of them leaves the fact out."""

_LISTED_CODES: Final = 12

RuleArray: TypeAlias = npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A text of a tracker that the mapping does not explain: where, in how many rows, what is wrong with it."""

    column: str
    letter: str
    text: str
    n_rows: int
    first_row: int
    what: str
    accepted: str


@dataclass(frozen=True, slots=True)
class UnfoldedPlaces:
    """Where each fact stands in the tracker: its row, shape ``(n,)``, and the columns that its rule reads.

    ``feeds`` has for each rule the tracker's column that feeds each column of the fact.
    """

    tracker: Places
    rows: RowArray
    rule: RuleArray
    feeds: tuple[Mapping[str, str], ...]

    def location(self, file: str, row: int | None, column: str) -> Location:
        """Return the place in the tracker of a column of a fact, by the fact's number."""
        if row is None:
            return self.tracker.location(file, None, "")
        return self.tracker.location(file, self.row_shown(row), self.feeds[int(self.rule[row])].get(column, ""))

    def row_shown(self, row: int) -> int:
        """Return the tracker's row of a fact."""
        return int(self.rows[row])

    def firsts(self, rows: RowArray, column: str) -> npt.NDArray[np.intp] | None:
        """Return the first of the facts that a cell of the tracker feeds: one mistake is told once."""
        if not column:
            return None
        headings = {heading: number for number, heading in enumerate(dict.fromkeys(self._headings(column)))}
        number = np.array([headings[heading] for heading in self._headings(column)], dtype=np.int64)
        of_row = number[self.rule[rows]]
        key = self.rows[rows] * (len(headings) + len(rows) + 1) + of_row
        # What a constant feeds stands in no cell: each fact keeps its own finding.
        unfed = of_row == headings.get("", -1)
        key[unfed] = -1 - np.flatnonzero(unfed)
        _, first = np.unique(key, return_index=True)
        return np.sort(first)

    def _headings(self, column: str) -> list[str]:
        return [feeds.get(column, "") for feeds in self.feeds]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """The facts of a tracker as a table of facts, whose ``numbers`` are those of the facts from 0."""

    table: Table
    places: UnfoldedPlaces
    not_understood: tuple[NotUnderstood, ...]


def unfolded(mapping: SavedMapping, tracker: Table, log: FindingLog) -> Unfolded:
    """Return the facts that a tracker holds, row by row and in each row in the order of the mapping.

    The log takes what is not understood, at its place in the tracker, and then counts places as the
    facts do: what is found later in a fact is told at the tracker's row and column too.

    Args:
        mapping: How the tracker is to be read.
        tracker: Its columns, by the headings that the mapping names.
        log: The log of reading the tracker.
    """
    translator = _Translator(mapping, tracker, log)
    rules = mapping.rules()
    made = [translator.made(rule) for rule in rules]
    at = np.concatenate([np.flatnonzero(which) for which, _ in made]) if made else np.zeros(0, dtype=np.intp)
    rule = np.repeat(np.arange(len(made), dtype=np.int16), [int(which.sum()) for which, _ in made])
    order = np.lexsort((rule, at))
    names = tuple(dict.fromkeys(name for each in rules for name in each.cells))
    columns = {name: _joined([(which, cells.get(name)) for which, cells in made], order, name) for name in names}
    rows = tracker.numbers[at[order]]
    feeds = tuple({name: source.column for name, source in each.cells.items()} for each in rules)
    places = UnfoldedPlaces(log.places, rows, rule[order], feeds)
    log.places = places
    table = Table(tracker.file, np.arange(len(rows), dtype=np.int64), columns, tracker.sheet)
    return Unfolded(table, places, tuple(translator.not_understood))


def _joined(parts: Sequence[tuple[Flags, TextColumn | None]], order: npt.NDArray[np.intp], name: str) -> TextColumn:
    """Return one column of all facts from those of each rule; blank where a rule does not feed it."""
    del name
    codes = Codes()
    pieces: list[CodeArray] = []
    for which, column in parts:
        texts = column.values if column is not None else ("",)
        number, _ = codes.add(texts)
        pieces.append(number[column.codes[which]] if column is not None else np.repeat(number, int(which.sum())))
    joined = np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int32)
    return TextColumn(joined[order], tuple(codes.values))


class _Translator:
    """Translates the columns of a tracker, each different text once, and notes what it does not understand."""

    def __init__(self, mapping: SavedMapping, tracker: Table, log: FindingLog) -> None:
        self.not_understood: list[NotUnderstood] = []
        self._mapping = mapping
        self._tracker = tracker
        self._log = log
        self._told: dict[str, Flags] = {}
        self._translated: dict[tuple[Source, bool], tuple[TextColumn, dict[int, CellError]]] = {}
        self._shared = {source.column for source in mapping.every.values()} | _feeding_several(mapping)

    def made(self, rule: FactRule) -> tuple[Flags, dict[str, TextColumn]]:
        """Return the rows that make the rule's fact, shape ``(n,)``, and its cells in every row."""
        which = self._which(rule)
        cells: dict[str, TextColumn] = {}
        for name, source in rule.cells.items():
            column, wrong = self._column(name, source)
            cells[name] = column
            bad = np.isin(column.codes, np.array(list(wrong), dtype=np.int32)) & which
            self._note(source.column, bad, column, wrong)
            if name in _ALWAYS:
                which = which & ~bad
        return which, cells

    def _which(self, rule: FactRule) -> Flags:
        on = self._tracker.column(rule.cells["on"].column)
        if rule.when is not None:
            wanted = {plain_code(text) for text in rule.when.is_any_of}
            column = self._tracker.column(rule.when.column)
            return np.array([plain_code(text) in wanted for text in column.values], dtype=np.bool_)[column.codes]
        filled: Flags = ~on.blank()
        on_column = rule.cells["on"].column
        own = dict.fromkeys(source.column for source in rule.cells.values() if source.column)
        for heading in [each for each in own if each not in self._shared and each != on_column]:
            self._note_undated(heading, filled, on_column)
        return filled

    def _note_undated(self, heading: str, dated: Flags, on: str) -> None:
        lost = np.flatnonzero(~self._tracker.column(heading).blank() & ~dated)
        texts = self._tracker.column(heading)

        def say(place: int) -> Said:
            text = shown(texts.values[int(texts.codes[lost[place]])])
            what = f"{text} belongs to a fact that is dated by {on!r}, which is empty: no fact is made"
            return Said("value-without-date", what, f"a date under {on!r}, or an empty cell")

        self._log.add_rows(Severity.WARNING, "value-without-date", self._tracker.numbers[lost], say, column=heading)

    def _column(self, name: str, source: Source) -> tuple[TextColumn, dict[int, CellError]]:
        """Return a column of a fact in every row, and what is wrong with some of its texts."""
        if not source.column:
            return TextColumn(np.zeros(len(self._tracker), dtype=np.int32), (source.constant,)), {}
        key = (source, name in DATE_COLUMNS)
        if key not in self._translated:
            self._translated[key] = self._translation(source, is_date=name in DATE_COLUMNS)
        return self._translated[key]

    def _translation(self, source: Source, *, is_date: bool) -> tuple[TextColumn, dict[int, CellError]]:
        column = self._tracker.column(source.column)
        codes = self._mapping.codes.get(source.codes)
        means = {} if codes is None else {plain_code(code): meant for code, meant in codes.means.items()}
        texts: list[str] = []
        wrong: dict[int, CellError] = {}
        for place, text in enumerate(column.values):
            try:
                meant = text if codes is None or text == ALREADY_TOLD else _decoded(text, codes, means)
                if is_date and meant not in {"", ALREADY_TOLD}:
                    meant = declared_day(meant, source.dates or self._mapping.dates)
            except CellError as problem:
                wrong[place] = problem
                meant = ALREADY_TOLD
            texts.append(meant)
        if is_date and self._tracker.sheet and looks_exchanged(column.values):
            self._note_exchanged(source.column)
        return TextColumn(column.codes, tuple(texts)), wrong

    def _note_exchanged(self, heading: str) -> None:
        what = (
            "some cells are dates of the spreadsheet, none later than the 12th of a month, and the others are texts "
            "whose day is later: so it looks where day and month were exchanged when the file was opened"
        )
        accepted = "the dates as they were recorded, from the system they came from"
        self._log.warning(Said("dates-exchanged", what, accepted), row=self._mapping.heading_row, column=heading)

    def _note(self, heading: str, bad: Flags, column: TextColumn, wrong: Mapping[int, CellError]) -> None:
        """Note what is not understood in a column of the tracker, each cell once however many facts it feeds."""
        if not wrong:
            return
        told = self._told.setdefault(heading, np.zeros(len(self._tracker), dtype=np.bool_))
        where = np.flatnonzero(bad & ~told)
        told |= bad
        codes = column.codes[where]
        rows = self._tracker.numbers[where]
        self._log.add_rows(
            Severity.ERROR, "not-understood", rows, lambda place: wrong[int(codes[place])].said, column=heading
        )
        raw = self._tracker.column(heading).values
        found, first, counts = np.unique(codes, return_index=True, return_counts=True)
        for code, at, count in zip(found.tolist(), first.tolist(), counts.tolist(), strict=True):
            said = wrong[code].said
            letter = self._tracker.letters.get(heading, "")
            self.not_understood.append(
                NotUnderstood(heading, letter, shown(raw[code]), count, int(rows[at]), said.what, said.accepted)
            )


def _feeding_several(mapping: SavedMapping) -> set[str]:
    """Return the tracker's columns that feed several facts: that one of these is undated says nothing."""
    n_rules: dict[str, int] = {}
    for rule in mapping.facts:
        for column in {source.column for source in rule.cells.values() if source.column}:
            n_rules[column] = n_rules.get(column, 0) + 1
    return {column for column, count in n_rules.items() if count > 1}


def _decoded(text: str, codes: CodeTable, means: Mapping[str, str]) -> str:
    meant = means.get(plain_code(text))
    if meant is not None:
        return meant
    if not text or codes.others is Others.KEPT:
        return text
    if codes.others is Others.BLANK:
        return ""
    raise CellError(partial(_no_code, text, codes))


def _no_code(text: str, codes: CodeTable) -> Said:
    known = [code for code in codes.means if code]
    listed = ", ".join(known[:_LISTED_CODES]) + (", ..." if len(known) > _LISTED_CODES else "")
    return Said("code-unknown", f"{shown(text)} is no code that the mapping explains", listed)
