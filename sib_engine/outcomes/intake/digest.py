"""By what an uploaded file is recognised when it comes again: its bytes, and what it says."""

import hashlib
from operator import getitem
from pathlib import Path
from typing import Final

from sib_engine.core.columns import Table
from sib_engine.core.delimited import open_delimited

FORMAT: Final = "facts1"
"""Version of the canonical form of a table of facts. A digest carries it and is never recomputed under another."""

_BLOCK_BYTES: Final = 1 << 20
_BLOCK_ROWS: Final = 20_000


def bytes_digest(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        UnreadableError: If it is no file that can be opened, or too large.
        OSError: If it cannot be read to its end.
    """
    found = hashlib.sha256()
    with open_delimited(path) as stream:
        while block := stream.read(_BLOCK_BYTES):
            found.update(block)
    return found.hexdigest()


def content_digest(table: Table) -> str:
    """Return ``facts1:`` and a SHA-256 of what the rows of a table say, in whatever order they and the columns stand.

    A workbook gets other bytes each time it is saved, and a tracker is sorted anew every week: the same
    facts have the same digest, as a workbook or as text. A row that stands twice counts twice.
    """
    names = sorted(table.columns)
    columns = [[f"{name}\x1f{text}\x1e" if text else "" for text in table.columns[name].values] for name in names]
    rows: list[bytes] = []
    for start in range(0, len(table), _BLOCK_ROWS):
        codes = [table.columns[name].codes[start : start + _BLOCK_ROWS].tolist() for name in names]
        rows += [
            hashlib.sha256("".join(map(getitem, columns, row)).encode()).digest() for row in zip(*codes, strict=True)
        ]
    rows.sort()
    return f"{FORMAT}:{hashlib.sha256(b''.join(rows)).hexdigest()}"
