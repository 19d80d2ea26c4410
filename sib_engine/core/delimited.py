"""Turn the bytes of a delimited text file into records of cells, in blocks, within declared limits.

A record's number is its row in a spreadsheet: the heading is row 1, a blank line is a row, and a
line break inside quotation marks is not.
"""

import codecs
import csv
import io
import os
import stat
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from sib_engine.core.finding_log import Said

BLOCK_BYTES: Final = 1 << 20
MAX_FILE_BYTES: Final = 1 << 30
MAX_LINE_CHARS: Final = 100_000
MAX_RECORD_BLOCKS: Final = 2
DELIMITERS: Final = (",", ";", "\t")
DELIMITER_NAMES: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
SAVE_AS: Final = 'a text file of comma-separated values; in a spreadsheet, save as "CSV UTF-8"'

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_TEXT: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x1f\x8b", "a gzip-compressed file"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "an SQLite database"),
)


class UnreadableError(Exception):
    """The file cannot be read beyond a certain record; carries what to say about it."""

    def __init__(self, said: Said, row: int | None = None) -> None:
        """Keep the words, and the spreadsheet row where reading stopped."""
        super().__init__(said.what)
        self.said = said
        self.row = row


class DelimitedFile:
    """One open file: its heading lines can be looked at before the delimiter is chosen."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the first block.

        Raises:
            UnreadableError: If it is empty or no UTF-8 text.
        """
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._carry = ""
        self._offset = 0
        self._n_records = 0
        self._blocks_at_record = 0
        self._n_blocks = 0
        self._stopped: Said | None = None
        first = stream.read(BLOCK_BYTES)
        _refuse_other_kinds(first)
        if first.startswith(codecs.BOM_UTF8):
            first = first[len(codecs.BOM_UTF8) :]
            self._offset = len(codecs.BOM_UTF8)
        if not first.strip():
            said = Said("file-empty", "the file is empty", "a heading row and at least one row below it")
            raise UnreadableError(said)
        self._first_lines = self._lines_of(first)
        if not self._first_lines:
            self._refuse_what_stopped(1)

    def heading(self, delimiter: str, *, row: int = 1) -> list[str]:
        """Return the cells of one of the first records, were this the delimiter; empty where it cannot be read."""
        try:
            return next(islice(csv.reader(self._first_lines, delimiter=delimiter, strict=True), row - 1, None), [])
        except csv.Error:
            return []

    def records(self, delimiter: str) -> Iterator[list[str]]:
        """Yield each record, the heading first; a blank line is an empty record.

        Raises:
            UnreadableError: Where the file breaks off: not UTF-8, a NUL byte, a quotation mark that
                is never closed, a line without end. Everything before has been yielded.
        """
        reader = csv.reader(chain.from_iterable(self._blocks()), delimiter=delimiter, strict=True)
        try:
            for record in reader:
                self._n_records += 1
                yield record
        except csv.Error as problem:
            said = self._stopped or _quote_said(str(problem))
            raise UnreadableError(said, self._n_records + 1) from None
        self._refuse_what_stopped(self._n_records + 1)

    def _refuse_what_stopped(self, row: int) -> None:
        if self._stopped is not None:
            raise UnreadableError(self._stopped, row)

    def _blocks(self) -> Iterator[list[str]]:
        yield self._first_lines
        n_records = -1
        n_stuck = 0
        while self._stopped is None:
            n_stuck = n_stuck + 1 if self._n_records == n_records else 0
            n_records = self._n_records
            if n_stuck > MAX_RECORD_BLOCKS:
                self._stopped = _quote_said("unexpected end of data")
                return
            block = self._stream.read(BLOCK_BYTES)
            yield self._lines_of(block)
            if not block:
                return

    def _lines_of(self, block: bytes) -> list[str]:
        """Return the whole lines that end in this block, or all that is left where it is the last."""
        text = self._carry + self._decoded(block)
        lines = io.StringIO(text, newline="").readlines()
        self._carry = ""
        # A carriage return at the very end may be half of a CRLF, so only a line feed ends a line for certain.
        if block and self._stopped is None and lines and not lines[-1].endswith("\n"):
            self._carry = lines.pop()
        if self._stopped is not None and lines and not lines[-1].endswith(("\n", "\r")):
            lines.pop()
        if len(self._carry) > MAX_LINE_CHARS:
            self._stopped = _long_line()
        if lines and max(map(len, lines)) > MAX_LINE_CHARS:
            lines = lines[: next(place for place, line in enumerate(lines) if len(line) > MAX_LINE_CHARS)]
            self._stopped = _long_line()
        return lines

    def _decoded(self, block: bytes) -> str:
        last = not block
        nul = block.find(b"\0")
        if nul >= 0:
            what = f"there is a NUL byte at byte offset {self._offset + nul:,}: the file is damaged, or no text file"
            self._stopped = Said("nul-byte", what, SAVE_AS)
            block = block[:nul]
        n_pending = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(block, final=last)
        except UnicodeDecodeError as problem:
            position = self._offset - n_pending + problem.start
            what = (
                f"the file is not UTF-8 text: byte 0x{problem.object[problem.start]:02X} at byte offset {position:,} "
                "(an older encoding, such as Windows-1252 or Latin-1)"
            )
            self._stopped = Said("not-utf-8", what, SAVE_AS)
            text = problem.object[: problem.start].decode("utf-8")
        self._offset += len(block)
        return text


def open_delimited(path: Path) -> BinaryIO:
    """Open a file for :class:`DelimitedFile`.

    Raises:
        UnreadableError: If there is no such file, it may not be read, or it is too large.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            what = "the file cannot be read: it is a folder, a device or a pipe"
            raise UnreadableError(Said("file-not-readable", what, "a file"))
        stream = path.open("rb")
    except FileNotFoundError:
        raise UnreadableError(Said("file-not-found", "there is no such file")) from None
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else "its name is not valid"
        raise UnreadableError(Said("file-not-readable", f"the file cannot be read: {reason.lower()}")) from None
    size = os.fstat(stream.fileno()).st_size
    if size > MAX_FILE_BYTES:
        stream.close()
        what = f"the file has {size:,} bytes"
        accepted = f"at most {MAX_FILE_BYTES:,} bytes; divide it by site or by person"
        raise UnreadableError(Said("file-too-large", what, accepted))
    return stream


def _refuse_other_kinds(first: bytes) -> None:
    for magic, name in _NOT_TEXT:
        if first.startswith(magic):
            raise UnreadableError(Said("not-a-text-table", f"the file is {name}, not a text table", SAVE_AS))
    sample = first[:64]
    half = len(sample) // 2
    n_nul = sorted((sample[::2].count(0), sample[1::2].count(0)))
    wide = half > 1 and n_nul[0] <= 1 and n_nul[1] >= half - 1
    if first.startswith(_UTF_16) or wide:
        raise UnreadableError(Said("not-utf-8", "the file is UTF-16 text (Excel calls it Unicode Text)", SAVE_AS))


def _long_line() -> Said:
    what = f"the line has more than {MAX_LINE_CHARS:,} characters"
    return Said("line-too-long", what, "one record on each line, or a file of another kind")


def _quote_said(problem: str) -> Said:
    if problem.endswith("end of data") or "field limit" in problem:
        what = "a quotation mark opens a cell and is never closed"
        return Said("quote-not-closed", what, 'a closing quotation mark; one inside a quoted cell is written twice: ""')
    what = "something follows a closing quotation mark inside one cell"
    return Said("quote-misplaced", what, 'a quotation mark inside a quoted cell is written twice: ""')
