"""Read the columns of a table: dates, numbers, choices and references, with a finding for each cell that is wrong.

Each different text is read once. A wrong cell becomes blank, so that later checks can go on; a
column that the file does not have is blank in every row and is no finding here.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from sib_engine.core.cell_values import (
    ALREADY_TOLD,
    CellError,
    amount_in,
    answer_in,
    choice_in,
    day_in,
    decimal_in,
    month_in,
    whole_in,
)
from sib_engine.core.dates import DayArray
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.findings import Severity
from sib_engine.core.money import Currency, IntArray
from sib_engine.core.personal import Kind, personal_among, shown
from sib_engine.core.tabular import CodeArray, Table, TextColumn

BLANK: Final = -1
"""Number of a blank cell among whole numbers, decimals, answers and choices."""

MAX_COUNT: Final = 2**31
MAX_REFERENCE_CHARS: Final = 200

_T = TypeVar("_T")


def references(table: Table, name: str, log: FindingLog, *, required: bool = False) -> TextColumn:
    """Return a column of references to people, jobs, rows or staff; what looks personal is refused."""
    column = texts(table, name, log, required=required, personal=Severity.ERROR)
    unfit = {
        place: CellError(partial(_unfit, value))
        for place, value in enumerate(column.values)
        if (len(value) > MAX_REFERENCE_CHARS or not value.isprintable()) and value != ALREADY_TOLD
    }
    _note(table, name, log, column.codes, unfit, rule="reference-unfit")
    return column


def texts(
    table: Table, name: str, log: FindingLog, *, required: bool = False, personal: Severity = Severity.WARNING
) -> TextColumn:
    """Return a column of free text; what looks personal is a finding of the severity ``personal``."""
    column = table.column(name)
    if required:
        _note_blank(table, name, log)
    found = {
        place: CellError(partial(_personal, column.values[place], kind, personal))
        for place, kind in personal_among(column.values).items()
    }
    _note(table, name, log, column.codes, found, rule="personal-data", severity=personal)
    return column


def days(table: Table, name: str, log: FindingLog, *, required: bool = False) -> DayArray:
    """Return a column of dates ``YYYY-MM-DD``, shape ``(n,)``; NaT where blank."""
    found: list[date | None]
    codes, found = parsed(table, name, log, day_in, blank=None, required=required)
    return np.array(found, dtype="datetime64[D]")[codes]


def months(table: Table, name: str, log: FindingLog, *, required: bool = False) -> DayArray:
    """Return the first days of a column of months ``YYYY-MM``, shape ``(n,)``; NaT where blank."""
    found: list[date | None]
    codes, found = parsed(table, name, log, month_in, blank=None, required=required)
    return np.array(found, dtype="datetime64[D]")[codes]


def whole_numbers(
    table: Table, name: str, log: FindingLog, *, required: bool = False, below: int = MAX_COUNT
) -> IntArray:
    """Return a column of whole numbers of 0 or more, shape ``(n,)``; ``BLANK`` where blank."""
    codes, found = parsed(table, name, log, partial(whole_in, below=below), blank=BLANK, required=required)
    return np.array(found, dtype=np.int64)[codes]


def decimals(
    table: Table, name: str, log: FindingLog, *, places: int, required: bool = False, below: int = MAX_COUNT
) -> IntArray:
    """Return a column of numbers of 0 or more times ten to the ``places``, shape ``(n,)``; ``BLANK`` where blank."""
    read = partial(decimal_in, places=places, below=below)
    codes, found = parsed(table, name, log, read, blank=BLANK, required=required)
    return np.array(found, dtype=np.int64)[codes]


def amounts(table: Table, name: str, log: FindingLog, *, currency: Currency, required: bool = False) -> IntArray:
    """Return a column of money in minor units, shape ``(n,)``; 0 where blank: see :meth:`TextColumn.blank`."""
    codes, found = parsed(table, name, log, partial(amount_in, currency=currency), blank=0, required=required)
    return np.array(found, dtype=np.int64)[codes]


def answers(table: Table, name: str, log: FindingLog, *, required: bool = False) -> npt.NDArray[np.int8]:
    """Return a column of yes (1) and no (0), shape ``(n,)``; ``BLANK`` where blank."""
    codes, found = parsed(table, name, log, answer_in, blank=BLANK, required=required)
    return np.array(found, dtype=np.int8)[codes]


def choices(
    table: Table,
    name: str,
    log: FindingLog,
    accepted: Mapping[str, int],
    *,
    noun: str,
    required: bool = False,
) -> CodeArray:
    """Return a column of choices by their numbers, shape ``(n,)``, case ignored; ``BLANK`` where blank.

    ``noun`` says what the accepted texts are ("metric of this contract"), and names the rule
    (``metric-unknown``) by its first word.
    """
    number_of = {text.casefold(): number for text, number in accepted.items()}
    read = partial(choice_in, number_of=number_of, noun=noun, rule=f"{noun.split(maxsplit=1)[0]}-unknown")
    codes, found = parsed(table, name, log, read, blank=BLANK, required=required)
    return np.array(found, dtype=np.int32)[codes]


def parsed(
    table: Table,
    name: str,
    log: FindingLog,
    read: Callable[[str], _T],
    *,
    blank: _T,
    required: bool = False,
) -> tuple[CodeArray, list[_T]]:
    """Return the code of each row and the value of each code, as ``read`` gives them.

    ``read`` is called once for each different text that is not blank, and raises
    :class:`CellError` for what it does not accept.
    """
    column = table.column(name)
    found: list[_T] = []
    wrong: dict[int, CellError] = {}
    for place, text in enumerate(column.values):
        value = blank
        if text and text != ALREADY_TOLD:
            try:
                value = read(text)
            except CellError as problem:
                wrong[place] = problem
        found.append(value)
    if required:
        _note_blank(table, name, log)
    _note(table, name, log, column.codes, wrong, rule="cell-unreadable")
    return column.codes, found


def _note_blank(table: Table, name: str, log: FindingLog) -> None:
    if table.has(name):
        rows = table.numbers[table.column(name).blank()]
        said = Said("cell-blank", "the cell is blank", f"a value for {name!r} in every row")
        log.add_rows(Severity.ERROR, said.rule, rows, lambda _: said, column=name)


def _note(
    table: Table,
    name: str,
    log: FindingLog,
    codes: CodeArray,
    wrong: Mapping[int, CellError],
    *,
    rule: str,
    severity: Severity = Severity.ERROR,
) -> None:
    """Note what is wrong with some of the column's different texts, for every row that holds one."""
    if not wrong:
        return
    is_wrong = np.zeros(int(codes.max()) + 1, dtype=np.bool_)
    is_wrong[list(wrong)] = True
    where = np.flatnonzero(is_wrong[codes])
    log.add_rows(severity, rule, table.numbers[where], lambda place: wrong[int(codes[where[place]])].said, column=name)


def _personal(text: str, kind: Kind, severity: Severity) -> Said:
    accepted = "a text that names nobody"
    if severity is Severity.ERROR:
        accepted = "a reference that only the provider can trace, such as P000123"
        if kind is Kind.NHS_NUMBER:
            accepted += "; a serial number of ten digits can pass the check by chance: put a letter before it"
    return Said("personal-data", f"{shown(text)} looks like {kind.value}", accepted)


def _unfit(text: str) -> Said:
    if len(text) > MAX_REFERENCE_CHARS:
        what = f"the reference {shown(text)} has {len(text)} characters"
        return Said("reference-too-long", what, f"at most {MAX_REFERENCE_CHARS}")
    what = f"the reference {shown(text)} holds a line break or another character that cannot be seen"
    return Said("reference-unprintable", what, "letters, digits, signs and spaces")
