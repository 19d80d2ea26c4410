"""The heading row of a table: which of its cells name which column, and what is wrong with it."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sib_engine.core.columns import Column
from sib_engine.core.delimited import DELIMITER_NAMES, DELIMITERS, DelimitedFile
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.personal import shown


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table lies in its file.

    ``sheet`` must be there where it is named; ``usual_sheet`` is taken where a workbook has several.
    ``passes_over_others``: headings that are not known are no mistake, and of headings that stand twice the
    second is called ``heading (2)``.
    """

    sheet: str = ""
    usual_sheet: str = ""
    heading_row: int = 1
    passes_over_others: bool = False


def plain_heading(cell: str) -> str:
    """Return a heading as it is compared: without capitals, spaces and line breaks run together."""
    return " ".join(cell.split()).casefold()


def numbered_headings(cells: Sequence[str]) -> list[str]:
    """Return the headings in plain spacing, the second of a name with ``(2)`` behind it."""
    times: dict[str, int] = {}
    names = []
    for cell in cells:
        name = " ".join(cell.split())
        times[name.casefold()] = times.get(name.casefold(), 0) + 1
        number = times[name.casefold()]
        names.append(name if number == 1 or not name else f"{name} ({number})")
    return names


def delimiter_of(file: DelimitedFile, columns: Sequence[Column], layout: Layout, log: FindingLog) -> str | None:
    """Return what divides the cells of the heading row, told by the headings that are known; None with a finding."""
    row = layout.heading_row
    known = {plain_heading(column.name) for column in columns}
    n_known = {
        delimiter: len(known & {plain_heading(cell) for cell in numbered_headings(file.heading(delimiter, row=row))})
        for delimiter in DELIMITERS
    }
    most = max(n_known.values())
    if most == 0:
        log.error(none_known(columns, row), row=row)
        return None
    best = [delimiter for delimiter in DELIMITERS if n_known[delimiter] == most]
    apart = [delimiter for delimiter in best if len(file.heading(delimiter, row=row)) > 1]
    if len(apart) > 1:
        names = " and by ".join(DELIMITER_NAMES[delimiter] for delimiter in apart)
        log.error(Said("delimiter-unclear", f"the headings are divided by {names}", "one of them throughout"), row=row)
        return None
    return (apart or best)[0]


def none_known(columns: Sequence[Column], row: int) -> Said:
    """Return what is said of a row that holds no heading."""
    expected = f"headings in row {row}, among them {_listed(column.name for column in columns if column.required)}"
    return Said("heading-missing", f"row {row} holds no heading that is known here", expected)


def column_names(cells: Sequence[str], columns: Sequence[Column], layout: Layout, log: FindingLog) -> list[str]:
    """Return the column name of each cell of the heading, blank where it is to be passed over."""
    known = {plain_heading(column.name): column.name for column in columns}
    names: list[str] = []
    for cell in numbered_headings(cells) if layout.passes_over_others else cells:
        heading = plain_heading(cell)
        name = known.get(heading, "")
        if name and name in names:
            said = Said("heading-repeated", f"the heading {name!r} stands twice", "each heading once")
            log.error(said, row=layout.heading_row)
            name = ""
        elif heading and not name and not layout.passes_over_others:
            close = difflib.get_close_matches(heading, known, n=1)
            accepted = f"{close[0]!r}, perhaps; known here: {_listed(known)}" if close else _listed(known)
            said = Said("heading-unknown", f"the heading {shown(cell.strip())} is not known", accepted)
            log.error(said, row=layout.heading_row)
        names.append(name)
    for column in columns:
        if column.required and column.name not in names:
            said = Said("heading-missing", f"there is no column {column.name!r}", f"a heading {column.name!r}")
            log.error(said, row=layout.heading_row, column=column.name)
    return names


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
