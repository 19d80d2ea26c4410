"""What kind of file an uploaded table is, told by its content and never by its name."""

from enum import Enum
from typing import BinaryIO, Final

from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import FindingLog, Said
from sib_engine.core.workbook.limits import SAVE_AS_XLSX

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0"
_LOOKED_AT_BYTES: Final = 1 << 20
_PASSWORD: Final = "EncryptedPackage".encode("utf-16-le")
_WORD: Final = "WordDocument".encode("utf-16-le")
_NAMES_OF_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")


class FileKind(Enum):
    """How a table is kept."""

    TEXT = "a text table"
    WORKBOOK = "an Excel workbook"


def kind_of(stream: BinaryIO) -> FileKind:
    """Return the kind of a file; it is at its beginning again afterwards.

    Raises:
        UnreadableError: If it is an old workbook (.xls), or one that is protected by a password.
    """
    first = stream.read(len(_COMPOUND))
    if first == _COMPOUND:
        raise UnreadableError(_compound(stream))
    stream.seek(0)
    return FileKind.WORKBOOK if first in _ZIP else FileKind.TEXT


def note_other_name(name: str, kind: FileKind, log: FindingLog) -> None:
    """Warn where the name of a file says another kind than its content."""
    is_named_workbook = name.casefold().endswith(_NAMES_OF_WORKBOOKS)
    is_named_text = name.casefold().endswith((".csv", ".tsv", ".txt"))
    if is_named_workbook and kind is FileKind.TEXT:
        what = "the name is that of a workbook, and the content is text: it is read as a text table"
        log.warning(Said("name-of-other-kind", what, "a name that ends in .csv"))
    elif is_named_text and kind is FileKind.WORKBOOK:
        what = "the name is that of a text file, and the content is an Excel workbook: it is read as a workbook"
        log.warning(Said("name-of-other-kind", what, "a name that ends in .xlsx"))


def _compound(stream: BinaryIO) -> Said:
    """Return what an OLE compound file is; its directory may lie anywhere, so both ends are looked at."""
    size = stream.seek(0, 2)
    stream.seek(0)
    looked_at = stream.read(_LOOKED_AT_BYTES)
    stream.seek(max(0, size - _LOOKED_AT_BYTES))
    looked_at += stream.read(_LOOKED_AT_BYTES)
    if _PASSWORD in looked_at:
        return Said("file-encrypted", "the workbook is protected by a password", SAVE_AS_XLSX)
    name = (
        "an old Word document (.doc)"
        if _WORD in looked_at
        else "an old XLS workbook (.xls), or another old Office file"
    )
    return Said("not-a-text-table", f"the file is {name}", SAVE_AS_XLSX)
