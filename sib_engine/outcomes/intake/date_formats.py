"""How a tracker writes its dates: declared by whoever knows it, and never guessed from the dates themselves."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from sib_engine.core.cell_values import CellError, day_in
from sib_engine.core.finding_log import Said
from sib_engine.core.personal import shown

TIME: Final = " hh:mm"
"""Behind a format: a time may follow the date, and is left out."""

_DAY, _MONTH, _YEAR = r"(?P<d>[0-9]{1,2})", r"(?P<m>[0-9]{1,2})", r"(?P<y>[0-9]{4})"
_NAME: Final = r"(?P<n>[A-Za-z]{3,9})\.?"
_SHORT: Final = r"(?P<s>[0-9]{2})"
_PATTERNS: Final[Mapping[str, str]] = {
    "yyyy-mm-dd": rf"{_YEAR}-{_MONTH}-{_DAY}",
    "dd/mm/yyyy": rf"{_DAY}/{_MONTH}/{_YEAR}",
    "mm/dd/yyyy": rf"{_MONTH}/{_DAY}/{_YEAR}",
    "dd-mm-yyyy": rf"{_DAY}-{_MONTH}-{_YEAR}",
    "dd.mm.yyyy": rf"{_DAY}\.{_MONTH}\.{_YEAR}",
    "yyyy/mm/dd": rf"{_YEAR}/{_MONTH}/{_DAY}",
    "dd/mm/yy": rf"{_DAY}/{_MONTH}/{_SHORT}",
    "mm/dd/yy": rf"{_MONTH}/{_DAY}/{_SHORT}",
    "dd mmm yyyy": rf"{_DAY}(?:st|nd|rd|th)?[ -]{_NAME}[ -]{_YEAR}",
    "dd mmm yy": rf"{_DAY}(?:st|nd|rd|th)?[ -]{_NAME}[ -]{_SHORT}",
}
_CLOCK: Final = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_MONTH_NAMES: Final = {
    **{name: number for number, name in enumerate(_MONTHS, start=1)},
    **{name: number for number, name in enumerate(_FULL_MONTHS, start=1)},
    "sept": 9,
}
_FEW: Final = 3
"""Different dates of either kind below which their days may be chance."""

_MONTHS_A_YEAR: Final = 12
_CENTURY: Final = 2000
"""A year of two digits is of this century: no contract of this kind is older."""

DATE_FORMATS: Final = (*_PATTERNS, *(name + TIME for name in _PATTERNS))
"""Every format that a mapping may declare."""

_COMPILED: Final = {
    name: re.compile(_PATTERNS[name.removesuffix(TIME)] + (_CLOCK if name.endswith(TIME) else ""), re.ASCII)
    for name in DATE_FORMATS
}


def declared_day(text: str, formats: Sequence[str]) -> str:
    """Return the day that a text means, as ``2020-04-30``.

    A day written year-month-day, as real date cells of a workbook are read, is always understood.

    Args:
        text: The cell, not blank.
        formats: Those declared, of ``DATE_FORMATS``.

    Raises:
        CellError: If the text has none of the forms, or no such day exists.
    """
    accepted = formats if "yyyy-mm-dd" in formats else (*formats, "yyyy-mm-dd")
    if any(name.endswith(TIME) for name in formats):
        accepted = (*accepted, "yyyy-mm-dd" + TIME)
    for name in accepted:
        found = _COMPILED[name].fullmatch(text)
        if found is not None:
            day = _day(found.groupdict())
            if day is None:
                raise CellError(partial(_no_such_day, text, name))
            return day_in(day.isoformat()).isoformat()
    raise CellError(partial(_other_form, text, formats))


def readings(text: str) -> tuple[str, ...]:
    """Return the formats, of day and month in figures, under which a text is a day: what speaks for one of them."""
    orders = ("dd/mm/yyyy", "mm/dd/yyyy")
    return tuple(
        name for name in orders if (found := _COMPILED[name].fullmatch(text)) and _day(found.groupdict()) is not None
    )


def looks_exchanged(texts: Sequence[str]) -> bool:
    """Return whether the dates of one column look as if a spreadsheet had exchanged day and month of some.

    A spreadsheet set to month-day-year takes 04/05/2020 for a date, the wrong one, and leaves 13/05/2020 as text.
    """
    taken = [found for text in texts if (found := _COMPILED["yyyy-mm-dd"].fullmatch(text))]
    left = [readings(text) for text in texts if _COMPILED["dd/mm/yyyy"].fullmatch(text)]
    return (
        len(taken) >= _FEW
        and len(left) >= _FEW
        and all(int(found["d"]) <= _MONTHS_A_YEAR for found in taken)
        and all(len(orders) == 1 for orders in left)
    )


def _day(parts: Mapping[str, str | None]) -> date | None:
    year = parts.get("y") or str(_CENTURY + int(parts.get("s") or 0))
    name = parts.get("n")
    month = _MONTH_NAMES.get(name.casefold(), 0) if name else int(parts.get("m") or 0)
    try:
        return date(int(year), month, int(parts.get("d") or 0))
    except ValueError:
        return None


def _no_such_day(text: str, name: str) -> Said:
    return Said("not-a-date", f"there is no day {shown(text)}, read as {name}", f"a day, as {name}")


def _other_form(text: str, formats: Sequence[str]) -> Said:
    listed = " or ".join(formats)
    return Said("date-not-as-declared", f"{shown(text)} is no date as the mapping declares them", listed)
