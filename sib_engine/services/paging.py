"""Lists in pages: each says where the next begins, so that nothing is shown twice while rows are added."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sib_engine.core.errors import NotFoundError

_Row = TypeVar("_Row")
_LARGEST: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of a list is wanted: at most ``limit`` rows after the one that ``cursor`` names; all from None."""

    limit: int
    cursor: str | None = None

    @property
    def after(self) -> int:
        """Number of the last row that was seen; 0 at the beginning.

        Raises:
            NotFoundError: If the cursor is none that a page gave.
        """
        if self.cursor is None:
            return 0
        try:
            text = base64.urlsafe_b64decode(self.cursor.encode("ascii")).decode("ascii")
        except (binascii.Error, ValueError):
            text = ""
        mark, _, number = text.partition(":")
        if mark != "after" or not number.isdigit() or int(number) > _LARGEST:
            message = "the cursor cannot be read; accepted: `next` of the page before, or none"
            raise NotFoundError(message)
        return int(number)


@dataclass(frozen=True, slots=True)
class Page(Generic[_Row]):
    """Some rows of a list in order, and where the next page begins; None where there is none."""

    rows: tuple[_Row, ...]
    next: str | None


def page_of(rows: Sequence[tuple[int, _Row]], wanted: Wanted) -> Page[_Row]:
    """Return a page from one more row than was wanted, each with its number, if there are so many."""
    shown = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    last = base64.urlsafe_b64encode(f"after:{shown[-1][0]}".encode()).decode() if more else None
    return Page(tuple(row for _, row in shown), last)
