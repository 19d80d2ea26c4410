"""The fixed parts of an XLSX package (ECMA-376): what is the same in every workbook, and its styles."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sib_engine.documents.xlsx import Look

_DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIRST_OWN_FORMAT: Final = 164
"""Numbers of formats below are those that every program knows."""

ROOT_RELATIONS: Final = (
    f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)


def content_types(n_sheets: int) -> str:
    """Return what each file of the package is."""
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in range(1, n_sheets + 1)
    )
    return (
        f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{sheets}</Types>"
    )


def core_properties(title: str, on: date) -> str:
    """Return the title and the day; no name of a person or a program."""
    stamp = f"{on.isoformat()}T00:00:00Z"
    return (
        f'{_DECLARED}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{stamp}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{stamp}</dcterms:modified></cp:coreProperties>'
    )


def workbook(names: Sequence[str], n_frozen: Sequence[int]) -> str:
    """Return the list of sheets; rows that stay in view head every page; formulas are worked out on opening."""
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(names, start=1)
    )
    titles = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">\'{name}\'!$1:${rows}</definedName>'
        for place, (name, rows) in enumerate(zip(names, n_frozen, strict=True))
        if rows
    )
    named = f"<definedNames>{titles}</definedNames>" if titles else ""
    return (
        f'{_DECLARED}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>{named}'
        '<calcPr calcId="191029" fullCalcOnLoad="1"/></workbook>'
    )


def workbook_relations(n_sheets: int) -> str:
    """Return where the sheets and the styles are."""
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, n_sheets + 1)
    )
    styles_at = f'<Relationship Id="rId{n_sheets + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}{styles_at}</Relationships>'


def sheet_head(widths: Iterable[float], *, n_frozen: int) -> str:
    """Return what stands before the rows of a sheet."""
    frozen = (
        f'<pane ySplit="{n_frozen}" topLeftCell="A{n_frozen + 1}" activePane="bottomLeft" state="frozen"/>'
        if n_frozen
        else ""
    )
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width:g}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    return (
        f'{_DECLARED}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView showGridLines="0" workbookViewId="0">{frozen}</sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    )


def sheet_foot(filters: str, *, is_wide: bool) -> str:
    """Return what stands after the rows of a sheet: filters, A4, as wide as one page, page numbers."""
    filtered = f'<autoFilter ref="{filters}"/>' if filters else ""
    orientation = "landscape" if is_wide else "portrait"
    return (
        f'</sheetData>{filtered}<pageMargins left="0.6" right="0.6" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="9" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;A&amp;RPage &amp;P of &amp;N</oddFooter></headerFooter></worksheet>"
    )


def styles(looks: Sequence["Look"]) -> str:
    """Return the styles of a workbook: one format for each look, by its place."""
    formats = list(dict.fromkeys(look.number_format for look in looks if look.number_format))
    numbers = "".join(
        f'<numFmt numFmtId="{_FIRST_OWN_FORMAT + place}" formatCode="{escape(code)}"/>'
        for place, code in enumerate(formats)
    )
    own = f'<numFmts count="{len(formats)}">{numbers}</numFmts>' if formats else ""
    cells = "".join(_cell_format(look, formats) for look in looks)
    return (
        f'{_DECLARED}<styleSheet xmlns="{_MAIN}">{own}'
        '<fonts count="4">'
        '<font><sz val="10"/><color rgb="FF1D1D1B"/><name val="Arial"/><family val="2"/></font>'
        '<font><b/><sz val="10"/><color rgb="FF1D1D1B"/><name val="Arial"/><family val="2"/></font>'
        '<font><b/><sz val="15"/><color rgb="FF12436D"/><name val="Arial"/><family val="2"/></font>'
        '<font><sz val="10"/><color rgb="FF4A5257"/><name val="Arial"/><family val="2"/></font>'
        "</fonts>"
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="3"><border><left/><right/><top/><bottom/><diagonal/></border>'
        '<border><left/><right/><top/><bottom style="medium"><color rgb="FF12436D"/></bottom><diagonal/></border>'
        '<border><left/><right/><top style="thin"><color rgb="FF12436D"/></top>'
        '<bottom style="thin"><color rgb="FF12436D"/></bottom><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(looks)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _cell_format(look: "Look", formats: Sequence[str]) -> str:
    number = _FIRST_OWN_FORMAT + formats.index(look.number_format) if look.number_format else 0
    font = 2 if look.is_title else 1 if look.is_bold or look.is_heading or look.is_total else 3 if look.is_quiet else 0
    border = 1 if look.is_heading else 2 if look.is_total else 0
    side = ' horizontal="right" indent="1"' if look.is_right else ' horizontal="left"' if look.is_left else ""
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="0" borderId="{border}" xfId="0" applyNumberFormat="1" '
        f'applyFont="1" applyBorder="1" applyAlignment="1"><alignment vertical="top"{side}/></xf>'
    )
