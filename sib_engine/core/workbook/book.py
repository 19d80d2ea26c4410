"""A workbook: its sheets by name, and what their cells refer to."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import Said
from sib_engine.core.personal import shown
from sib_engine.core.workbook.container import Container, inside
from sib_engine.core.workbook.limits import (
    DIVIDE,
    MAX_SHEET_BYTES,
    MAX_SHEETS,
    MAX_SMALL_PART_BYTES,
    MAX_TEXTS_BYTES,
    SAVE_AS_XLSX,
)
from sib_engine.core.workbook.number_formats import NumberFormat, format_of
from sib_engine.core.workbook.sheet import Oddity, SheetPart, SheetRow, SheetTexts, plain_text
from sib_engine.core.workbook.xml import Attributes, Elements, XmlPart, damaged, local, main_names, relation_id

_CONTENT_TYPES: Final = "[Content_Types].xml"
_WORKBOOK_TYPES: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
)
_MACRO_TYPES: Final = (
    "application/vnd.ms-excel.sheet.macroenabled.main+xml",
    "application/vnd.ms-excel.template.macroenabled.main+xml",
)
_OTHERS: Final = (
    ("ms-excel.sheet.binary", "a binary Excel workbook (.xlsb)"),
    ("wordprocessingml", "a Word document"),
    ("presentationml", "a PowerPoint presentation"),
)
_TEXT_NAMES: Final = main_names("si", "t", "rPh")
_STYLE_NAMES: Final = main_names("numFmt", "cellXfs", "cellStyleXfs", "xf")
_MAX_CELL_CHARS: Final = 32_767
_BYTES_A_TEXT: Final = 64


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of cells: its name, whether it is hidden, the part that holds it."""

    name: str
    is_hidden: bool
    part: str


class Workbook:
    """A workbook that is open for reading."""

    def __init__(self, stream: BinaryIO) -> None:
        """Find the sheets.

        Raises:
            UnreadableError: If the file is no workbook, damaged, encrypted or beyond the limits.
        """
        self._container = Container(stream)
        self.has_macros = False
        self.is_1904 = False
        self._part = self._main_part()
        self._texts_part = self._styles_part = ""
        self.sheets = self._found_sheets()

    @contextmanager
    def rows(
        self, sheet: Sheet, *, max_columns: int, note: Callable[[Oddity, int, int, str], None]
    ) -> Iterator[tuple[SheetPart, Iterator[list[SheetRow]]]]:
        """Open a sheet: the part, and its rows in blocks.

        Raises:
            UnreadableError: If it is damaged or beyond the limits.
        """
        part = SheetPart(sheet.part, self._texts(), max_columns=max_columns, note=note)
        with self._container.part(sheet.part, max_bytes=MAX_SHEET_BYTES) as stream:
            yield part, part.rows(stream)

    def _main_part(self) -> str:
        if not self._container.has(_CONTENT_TYPES):
            raise UnreadableError(self._not_a_workbook(()))
        found: dict[str, str] = {}

        def tell(name: str, attributes: Attributes) -> None:
            if local(name) == "Override":
                found.setdefault(attributes.get("ContentType", "").casefold(), attributes.get("PartName", ""))

        self._read(_CONTENT_TYPES, tell)
        for kind in (*_WORKBOOK_TYPES, *_MACRO_TYPES):
            if kind in found:
                self.has_macros = kind in _MACRO_TYPES
                return found[kind].lstrip("/")
        raise UnreadableError(self._not_a_workbook(found))

    def _not_a_workbook(self, kinds: Iterable[str]) -> Said:
        name = next((name for mark, name in _OTHERS if mark in " ".join(kinds)), "a ZIP file, and no Excel workbook")
        if self._container.has("mimetype") and self._container.has("content.xml"):
            name = "an OpenDocument file (.ods or another)"
        return Said("not-a-workbook", f"the file is {name}", SAVE_AS_XLSX)

    def _found_sheets(self) -> tuple[Sheet, ...]:
        folder, _, name = self._part.rpartition("/")
        targets = self._targets(f"{folder}/_rels/{name}.rels".lstrip("/"), folder)
        sheets: list[Sheet] = []

        def tell(element: str, attributes: Attributes) -> None:
            kind = local(element)
            if kind == "workbookPr":
                self.is_1904 = attributes.get("date1904") in {"1", "true"}
            elif kind == "sheet" and len(sheets) < MAX_SHEETS:
                part = targets.get(relation_id(attributes), "")
                is_hidden = attributes.get("state", "visible") != "visible"
                sheets.append(Sheet(attributes.get("name", ""), is_hidden, part))

        self._read(self._part, tell)
        return tuple(sheet for sheet in sheets if sheet.part)

    def _targets(self, part: str, folder: str) -> dict[str, str]:
        """Return the parts of sheets by the id of their relationship; charts and macro sheets left out.

        The parts that hold shared texts and styles are kept on the way.
        """
        found: dict[str, str] = {}

        def tell(element: str, attributes: Attributes) -> None:
            kind = attributes.get("Type", "").rpartition("/")[2] if local(element) == "Relationship" else ""
            target = attributes.get("Target", "")
            if kind == "sharedStrings":
                self._texts_part = inside(folder, target)
            elif kind == "styles":
                self._styles_part = inside(folder, target)
            elif kind == "worksheet":
                if attributes.get("TargetMode", "").casefold() == "external":
                    what = f"a sheet of the workbook lies outside it, at {shown(target)}"
                    raise UnreadableError(Said("workbook-unsafe", what, SAVE_AS_XLSX))
                found[attributes.get("Id", "")] = inside(folder, target)

        self._read(part, tell)
        return found

    def _read(self, part: str, tell: Callable[[str, Attributes], None]) -> None:
        with self._container.part(part, max_bytes=MAX_SMALL_PART_BYTES) as stream:
            for _ in Elements(part, tell).fed(stream):
                pass

    def _texts(self) -> SheetTexts:
        shared, styles = self._texts_part, self._styles_part
        texts: list[str] = []
        formats: tuple[NumberFormat, ...] = ()
        if self._container.has(shared):
            part = _SharedTexts(shared, texts)
            with self._container.part(shared, max_bytes=2 * MAX_TEXTS_BYTES) as stream:
                for _ in part.fed(stream):
                    pass
        if self._container.has(styles):
            found = _Styles(styles)
            with self._container.part(styles, max_bytes=MAX_SMALL_PART_BYTES) as stream:
                for _ in found.fed(stream):
                    pass
            formats = found.formats()
        return SheetTexts(texts, formats, self.is_1904)


class _SharedTexts(XmlPart):
    """The texts that cells point to, phonetic hints left out."""

    def __init__(self, name: str, texts: list[str]) -> None:
        super().__init__(name)
        self._texts = texts
        self._text = ""
        self._n_phonetic = 0
        self._n_bytes = 0

    def started(self, name: str, attributes: Attributes) -> None:
        super().started(name, attributes)
        self.parts.clear()
        kind = _TEXT_NAMES.get(name)
        if kind == "si":
            self._text = ""
        elif kind == "rPh":
            self._n_phonetic += 1

    def ended(self, name: str) -> None:
        super().ended(name)
        kind = _TEXT_NAMES.get(name)
        if kind == "t" and self._n_phonetic == 0 and len(self._text) <= _MAX_CELL_CHARS:
            self._text += "".join(self.parts)
        elif kind == "rPh":
            self._n_phonetic -= 1
        elif kind == "si":
            text = plain_text(self._text)
            self._n_bytes += len(text) + _BYTES_A_TEXT
            if self._n_bytes > MAX_TEXTS_BYTES:
                what = f"the different texts in the workbook take more than {MAX_TEXTS_BYTES >> 20:,} MiB"
                raise UnreadableError(Said("too-much-text", what, f"shorter texts, or fewer rows; {DIVIDE}"))
            self._texts.append(text)


class _Styles(XmlPart):
    """The number format of each style of cells."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._codes: dict[int, str] = {}
        self._ids: list[int] = []
        self._is_of_cells = False

    def formats(self) -> tuple[NumberFormat, ...]:
        """Return the number format of each style, by its number."""
        return tuple(format_of(number, self._codes.get(number)) for number in self._ids)

    def started(self, name: str, attributes: Attributes) -> None:
        super().started(name, attributes)
        kind = _STYLE_NAMES.get(name)
        if kind == "numFmt":
            self._codes[self._number(attributes)] = attributes.get("formatCode", "")[:1_000]
        elif kind == "xf" and self._is_of_cells:
            self._ids.append(self._number(attributes))
        elif kind in {"cellXfs", "cellStyleXfs"}:
            self._is_of_cells = kind == "cellXfs"

    def _number(self, attributes: Attributes) -> int:
        text = attributes.get("numFmtId", "0")
        if not (text.isascii() and text.isdigit() and len(text) <= 9):  # noqa: PLR2004 - as long as an id can be
            raise UnreadableError(damaged(self.name, f"{text[:20]!r} is no number of a format"))
        return int(text)
