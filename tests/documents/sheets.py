"""What stands in a workbook that was made here, and what its formulas come to: worked out from the cells they name."""

import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROUND: Final = re.compile(r"ROUND\((?P<inner>.+),\d\)")
_TERM: Final = re.compile(r"(?P<sign>[+-]?)(?P<body>(?:SUMIFS|SUM|MAX)\([^()]*\)|[A-Z]+\d+|\d+)")
_RANGE: Final = re.compile(r"(?:(?P<sheet>\w+)!)?(?P<column>[A-Z]+)(?P<first>\d+)(?::(?P=column)(?P<last>\d+))?")
_ACROSS: Final = re.compile(r"(?P<first>[A-Z])(?P<row>\d+):(?P<last>[A-Z])(?P=row)")

Cells = dict[str, dict[str, tuple[str, str]]]


def cells(workbook: bytes) -> Cells:
    """Return the formula and the written value of each cell, by sheet and place."""
    found = {}
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        names = [each.get("name", "") for each in ET.fromstring(archive.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]  # noqa: S314 - made here
        for number, name in enumerate(names, start=1):
            root = ET.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))  # noqa: S314 - made here
            found[name] = {
                cell.get("r", ""): (
                    cell.findtext(f"{MAIN}f") or "",
                    cell.findtext(f"{MAIN}v") or "".join(cell.itertext()),
                )
                for cell in root.iter(f"{MAIN}c")
            }
    return found


def formulas(found: Cells) -> Iterator[tuple[str, str, str]]:
    """Yield sheet, formula and written result of each cell with a formula."""
    for sheet, on in found.items():
        for formula, value in on.values():
            if formula:
                yield sheet, formula, value


def worked_out(found: Cells, sheet: str, formula: str) -> Decimal:
    """Return what a formula comes to, from the written values of the cells that it names."""
    text = formula.replace("$", "")
    rounded = _ROUND.fullmatch(text)
    text = text if rounded is None else rounded["inner"]
    terms = list(_TERM.finditer(text))
    assert "".join(term[0] for term in terms) == text
    return sum(((-1 if term["sign"] == "-" else 1) * _term(found, sheet, term["body"]) for term in terms), Decimal(0))


def _term(found: Cells, sheet: str, body: str) -> Decimal:
    name, bracket, inside = body.partition("(")
    if not bracket:
        return Decimal(name) if name.isdigit() else _number(_values(found, sheet, name)[0])
    arguments = inside.removesuffix(")").split(",")
    if name == "SUM":
        (across,) = arguments
        return sum(map(_number, _values(found, sheet, across)), Decimal(0))
    if name == "MAX":
        return max(worked_out(found, sheet, each) for each in arguments)
    summed = _values(found, sheet, arguments[0])
    fits = [True] * len(summed)
    for area, wanted in zip(arguments[1::2], arguments[2::2], strict=True):
        of = _values(found, sheet, area)
        fits = [fit and _meets(found, sheet, value, wanted) for fit, value in zip(fits, of, strict=True)]
    return sum((_number(value) for value, fit in zip(summed, fits, strict=True) if fit), Decimal(0))


def _meets(found: Cells, sheet: str, value: str, wanted: str) -> bool:
    if wanted == '"<0"':
        return _number(value) < 0
    return value == (wanted.strip('"') if wanted.startswith('"') else _values(found, sheet, wanted)[0])


def _values(found: Cells, sheet: str, area: str) -> list[str]:
    across = _ACROSS.fullmatch(area)
    if across is not None and across["first"] != across["last"]:
        columns = range(ord(across["first"]), ord(across["last"]) + 1)
        return [found[sheet].get(f"{chr(column)}{across['row']}", ("", ""))[1] for column in columns]
    parts = _RANGE.fullmatch(area)
    assert parts is not None
    on = found[parts["sheet"] or sheet]
    rows = range(int(parts["first"]), int(parts["last"] or parts["first"]) + 1)
    return [on.get(f"{parts['column']}{row}", ("", ""))[1] for row in rows]


def _number(text: str) -> Decimal:
    return Decimal(text or 0)
