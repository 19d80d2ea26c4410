"""Workbooks put together part by part, so that a test can make any of them wrong."""

import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def content_types(kind: str = SHEET_TYPE) -> str:
    """Return the part that says what the workbook is."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>'
    )


def text_cell(reference: str, text: str) -> str:
    """Return a cell that holds a text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number: int, *cells: str, attributes: str = "") -> str:
    """Return a row of cells."""
    return f'<row r="{number}" {attributes}>{"".join(cells)}</row>'


def texts(number: int, *values: str, attributes: str = "") -> str:
    """Return a row of texts from column A on; a blank value is no cell."""
    cells = (text_cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(values) if value)
    return row(number, *cells, attributes=attributes)


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """Return a sheet of rows."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def styles(*codes: str) -> str:
    """Return styles: the first is plain, the others have these number formats."""
    formats = "".join(f'<numFmt numFmtId="{164 + at}" formatCode="{code}"/>' for at, code in enumerate(codes))
    used = "".join(f'<xf numFmtId="{164 + at}"/>' for at in range(len(codes)))
    cells = f'<cellXfs><xf numFmtId="0"/>{used}</cellXfs>'
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{formats}</numFmts>{cells}</styleSheet>'


def parts(
    sheets: Mapping[str, str],
    *,
    hidden: Iterable[str] = (),
    date_1904: bool = False,
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the parts of a workbook of some sheets, by name, in this order."""
    states = dict.fromkeys(hidden, 'state="hidden"')
    names = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}" {states.get(name, "")}/>'
        for at, name in enumerate(sheets, start=1)
    )
    targets = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    targets += f'<Relationship Id="s" Type="{OFFICE}/styles" Target="styles.xml"/>'
    targets += f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
    properties = '<workbookPr date1904="1"/>' if date_1904 else ""
    opening = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    made = {
        "[Content_Types].xml": content_types(),
        "xl/workbook.xml": f"{opening}{properties}<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{targets}</Relationships>',
    }
    made |= {f"xl/worksheets/sheet{at}.xml": content for at, content in enumerate(sheets.values(), start=1)}
    return made | dict(more or {})


def written(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """Write parts as a ZIP file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, part in content.items():
            book.writestr(name, part)
    return path


def workbook(
    path: Path, *rows: str, name: str = "Sheet1", more: Mapping[str, str] | None = None, after: str = ""
) -> Path:
    """Write a workbook of one sheet."""
    return written(path, parts({name: sheet(*rows, after=after)}, more=more))
