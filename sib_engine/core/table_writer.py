"""Write a table as CSV: whole or not at all, and safe to open in a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Final, TextIO, TypeAlias

from sib_engine.core.whole_files import replaced

Cell: TypeAlias = str | int | Decimal | date | None

_TRIGGERS: Final = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA_LIKE: Final = re.compile(rf"[\s']*[{_TRIGGERS}]")
_GUARDED: Final = re.compile(rf"'[\s']*[{_TRIGGERS}]")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_SUSPECTS: Final = frozenset("'=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula: an apostrophe goes before it.

    Numbers stay as they are. :func:`without_guard` undoes it exactly.

    Source:
        OWASP, "CSV Injection": cells that begin with = + - @, tab, carriage return or line feed, or
        the full-width forms of the four signs; spaces before them are passed over.
    """
    is_suspect = text[:1] in _SUSPECTS or text[:1].isspace()
    if is_suspect and _FORMULA_LIKE.match(text) is not None and _NUMBER.fullmatch(text) is None:
        return f"'{text}"
    return text


def without_guard(text: str) -> str:
    """Return the text that :func:`guarded` was given; other texts as they are."""
    return text[1:] if _GUARDED.match(text) is not None else text


def write_table(path: Path, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as UTF-8 CSV: under another name first, then renamed, so nothing is left half done.

    Text that a spreadsheet would run as a formula gets an apostrophe; dates are written
    ``2020-04-30``; ``None`` is a blank cell. Lines end in CR LF as RFC 4180 says, which also makes
    the writer quote a carriage return inside a cell.

    Raises:
        RefusedError: If the file cannot be written, or ``path`` is something else than a regular file (a
            folder, a device), which would be replaced; a file that was there before is still there.
        ValueError: If a row is not as long as the heading.
    """
    with replaced(path) as stream:
        text = TextIOWrapper(stream, encoding="utf-8", newline="")
        _write(text, heading, rows)
        text.detach()


def table_bytes(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the table that :func:`write_table` would write.

    Raises:
        ValueError: If a row is not as long as the heading.
    """
    text = StringIO(newline="")
    _write(text, heading, rows)
    return text.getvalue().encode()


def _write(text: TextIO, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    writer = csv.writer(text)
    writer.writerow([guarded(name) for name in heading])
    writer.writerows(_written(rows, len(heading)))


def _written(rows: Iterable[Sequence[Cell]], width: int) -> Iterator[list[Cell]]:
    for row in rows:
        if len(row) != width:
            message = f"a row of {len(row)} cells under a heading of {width}"
            raise ValueError(message)
        yield [guarded(cell) if isinstance(cell, str) else cell for cell in row]
