"""Read one XML part of a workbook in blocks: no document type, no entities, and nothing without an end."""

from collections.abc import Callable, Iterator
from typing import IO, Final
from xml.parsers import expat

from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import Said
from sib_engine.core.workbook.limits import BLOCK_BYTES, MAX_CELL_TEXT, MAX_DEPTH, MAX_TOKEN_BYTES, SAVE_AGAIN

Attributes = dict[str, str]

_MAIN: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_RELATION: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_SEPARATOR: Final = " "


def main_names(*names: str) -> dict[str, str]:
    """Return the full names, in either edition of the standard, of some elements of a spreadsheet part."""
    return {f"{space}{_SEPARATOR}{name}": name for space in _MAIN for name in names}


def relation_id(attributes: Attributes) -> str:
    """Return the id of the relationship that an element points to."""
    return next((found for space in _RELATION if (found := attributes.get(f"{space}{_SEPARATOR}id"))), "")


def local(name: str) -> str:
    """Return the name of an element without its namespace."""
    return name.rpartition(_SEPARATOR)[2]


class XmlPart:
    """One part as it is read: subclasses say what to do at the start and end of an element.

    ``parts`` collects the text since it was last cleared.
    """

    def __init__(self, name: str) -> None:
        """Prepare to read the part ``name``."""
        self.parts: list[str] = []
        self.name = name
        self.depth = 0
        parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_document_type
        parser.StartElementHandler = self.started
        parser.EndElementHandler = self.ended
        parser.CharacterDataHandler = self.parts.append
        self._parser = parser

    def started(self, name: str, attributes: Attributes) -> None:
        """Take the start of an element; subclasses call this first.

        Raises:
            UnreadableError: If elements stand too deep in each other.
        """
        del name, attributes
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError(damaged(self.name, f"elements stand more than {MAX_DEPTH} deep in each other"))

    def ended(self, name: str) -> None:
        """Take the end of an element; subclasses call this first."""
        del name
        self.depth -= 1

    def fed(self, stream: IO[bytes]) -> Iterator[None]:
        """Read the part in blocks and yield after each.

        Raises:
            UnreadableError: If it is no well-formed XML, has a document type, or a text or tag without end.
        """
        parser, n_fed = self._parser, 0
        try:
            while block := stream.read(BLOCK_BYTES):
                n_fed += len(block)
                parser.Parse(block, False)  # noqa: FBT003 - expat takes its flag by position only
                if n_fed - parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                    raise UnreadableError(damaged(self.name, f"a tag has more than {MAX_TOKEN_BYTES >> 20} MiB"))
                if len(self.parts) > 1 and sum(map(len, self.parts)) > MAX_CELL_TEXT:
                    raise UnreadableError(damaged(self.name, f"a text has more than {MAX_CELL_TEXT:,} characters"))
                yield
            parser.Parse(b"", True)  # noqa: FBT003 - as above
        except expat.ExpatError as problem:
            reason = expat.ErrorString(problem.code) or "unknown"
            raise UnreadableError(
                damaged(self.name, f"it is no well-formed XML ({reason}, line {problem.lineno:,})")
            ) from None
        yield

    def _refuse_document_type(self, *_: object) -> None:
        what = f"its part {self.name} declares a document type, which no spreadsheet writes: entities are not expanded"
        raise UnreadableError(Said("workbook-unsafe", what, SAVE_AGAIN))


class Elements(XmlPart):
    """A small part, told element by element to a function."""

    def __init__(self, name: str, tell: Callable[[str, Attributes], None]) -> None:
        """Prepare to tell the start of each element of the part ``name``."""
        super().__init__(name)
        self._tell = tell

    def started(self, name: str, attributes: Attributes) -> None:
        """Tell the element; its text is of no interest."""
        super().started(name, attributes)
        self.parts.clear()
        self._tell(name, attributes)


def damaged(part: str, what: str) -> Said:
    """Return what is said of a workbook that is not as the standard says."""
    return Said("workbook-damaged", f"the workbook is damaged: in {part}, {what}", SAVE_AGAIN)
