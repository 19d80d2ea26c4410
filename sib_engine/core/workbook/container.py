"""The ZIP file that a workbook is: opened only where its list of parts is sound, its parts read within limits."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO, Final

from sib_engine.core.delimited import UnreadableError
from sib_engine.core.finding_log import Said
from sib_engine.core.personal import shown
from sib_engine.core.workbook.limits import (
    DIVIDE,
    MAX_DIRECTORY_BYTES,
    MAX_PARTS,
    MAX_RATIO,
    MAX_WORKBOOK_BYTES,
    RATIO_FROM_BYTES,
    SAVE_AGAIN,
    SAVE_AS_XLSX,
)

_END: Final = b"PK\x05\x06"
_LONG_END: Final = b"PK\x06\x07"
_END_BYTES: Final = 22
_LONG_END_BYTES: Final = 20
_COMMENT_BYTES: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DRIVE: Final = re.compile(r"[A-Za-z]:")


class Container:
    """The parts of a workbook by name; capitals of a name do not matter."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the list of parts.

        Raises:
            UnreadableError: If the file is too large or damaged, or a part's name leads out of it.
        """
        _check_end(stream)
        try:
            self._zip = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError) as problem:
            raise UnreadableError(_damaged(str(problem))) from None
        self._parts: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            _check_name(info.orig_filename)
            name = info.filename.casefold()
            if name in self._parts:
                what = f"the workbook holds two parts called {shown(info.filename)}"
                raise UnreadableError(Said("workbook-unsafe", what, SAVE_AGAIN))
            self._parts[name] = info

    def has(self, name: str) -> bool:
        """Return whether there is such a part."""
        return name.casefold() in self._parts

    @contextmanager
    def part(self, name: str, *, max_bytes: int) -> Iterator[IO[bytes]]:
        """Open a part.

        Raises:
            UnreadableError: If there is none, or it is too large, encrypted or damaged.
        """
        info = self._parts.get(name.casefold())
        if info is None:
            raise UnreadableError(_damaged(f"there is no part {name}"))
        _check_size(info, max_bytes)
        try:
            with self._zip.open(info) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as problem:
            raise UnreadableError(_damaged(f"{name}: {problem}")) from None


def inside(folder: str, target: str) -> str:
    """Return the name of the part that a relationship of ``folder`` points to.

    Raises:
        UnreadableError: If it points out of the workbook.
    """
    path = PurePosixPath("/") / folder / target if not target.startswith("/") else PurePosixPath(target)
    parts: list[str] = []
    for step in path.parts[1:]:
        if step == "..":
            if not parts:
                raise UnreadableError(_outside(target))
            parts.pop()
        else:
            parts.append(step)
    if "\\" in target or "://" in target:
        raise UnreadableError(_outside(target))
    return "/".join(parts)


def _check_end(stream: BinaryIO) -> None:
    """Refuse what is too large, before the list of parts is read whole."""
    size = stream.seek(0, 2)
    if size > MAX_WORKBOOK_BYTES:
        accepted = f"a workbook of at most {MAX_WORKBOOK_BYTES:,} bytes; {DIVIDE}, or save it as CSV UTF-8"
        raise UnreadableError(Said("file-too-large", f"the workbook has {size:,} bytes", accepted))
    start = max(0, size - _COMMENT_BYTES - _END_BYTES - _LONG_END_BYTES)
    stream.seek(start)
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or at + _END_BYTES > len(tail):
        raise UnreadableError(_damaged("its end is missing: it was not saved or sent whole"))
    n_parts = int.from_bytes(tail[at + 10 : at + 12], "little")
    n_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    is_long = tail[max(0, at - _LONG_END_BYTES) : at].startswith(_LONG_END)
    if is_long or n_parts > MAX_PARTS or n_bytes > MAX_DIRECTORY_BYTES:
        what = f"the workbook is a ZIP file of more than {MAX_PARTS:,} parts, or of parts with very long names"
        raise UnreadableError(Said("workbook-unsafe", what, SAVE_AGAIN))
    stream.seek(0)


def _check_name(name: str) -> None:
    steps = name.replace("\\", "/").split("/")
    if ".." in steps or name.startswith(("/", "\\")) or _DRIVE.match(name) or "\0" in name:
        what = f"the workbook holds a part called {shown(name)}, which leads out of it"
        raise UnreadableError(Said("workbook-unsafe", what, SAVE_AGAIN))


def _check_size(info: zipfile.ZipInfo, max_bytes: int) -> None:
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableError(Said("file-encrypted", "the workbook is protected by a password", SAVE_AS_XLSX))
    if info.compress_type not in _METHODS:
        raise UnreadableError(_damaged(f"{info.filename} is compressed in a way that no spreadsheet uses"))
    if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        what = (
            f"{info.filename} has {info.compress_size:,} bytes and would become {info.file_size:,}: "
            f"more than {MAX_RATIO} times as many, as in a file made to fill the memory"
        )
        raise UnreadableError(Said("workbook-unsafe", what, "a sheet without formatting below its last row"))
    if info.file_size > max_bytes:
        what = f"{info.filename} in the workbook has {info.file_size:,} bytes"
        raise UnreadableError(Said("file-too-large", what, f"at most {max_bytes:,} bytes; {DIVIDE}"))


def _outside(target: str) -> Said:
    what = f"the workbook points to {shown(target)}, outside itself"
    return Said("workbook-unsafe", what, SAVE_AGAIN)


def _damaged(reason: str) -> Said:
    what = f"the workbook cannot be opened: {reason[:200] or 'it is damaged'}"
    return Said("workbook-damaged", what, SAVE_AGAIN)
