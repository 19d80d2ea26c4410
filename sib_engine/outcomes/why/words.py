"""What was found against an outcome, in words: one value for each reason, and the same column by column."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.reasons import TEXTS, Reason, reasons_in

NOTHING: Final = "nothing"
"""How a text begins that says that no record can mend a reason."""

_BETWEEN: Final = " | "
_ROOM: Final = 1_200
"""Characters of one cell that reasons share: with numbers and dates they stay below what a table's reader takes."""

_PART: Final = re.compile(r"R(?P<number>[0-9]{2}): (?P<text>.*)", re.DOTALL)
_BY: Final = re.compile(r"(?P<mend>.*) \(by (?P<by>[0-9]{4}-[0-9]{2}-[0-9]{2})\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Why:
    """One reason against one outcome: what was found, what would make it count, and by when; None for no such day."""

    reason: Reason
    found: str
    mend: str
    by: date | None


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """One reason against several rows: ``at``, ``found``, ``mend`` and ``by`` have one length.

    ``by`` is NaT where there is no such day. Where it is None as a whole, it is the last day on which
    each outcome and its evidence may be recorded.
    """

    reason: Reason
    at: npt.NDArray[np.intp]
    found: Sequence[str]
    mend: Sequence[str]
    by: DayArray | None

    def moved(self, place_of: npt.NDArray[np.intp]) -> "Words":
        """Return what is said of the rows that have a new place, at that place.

        ``place_of`` has an entry for every row, said of or not: -1 where it has no new place.
        """
        at = place_of[self.at]
        kept = np.flatnonzero(at >= 0)
        return replace(
            self,
            at=at[kept],
            found=[self.found[place] for place in kept.tolist()],
            mend=[self.mend[place] for place in kept.tolist()],
            by=None if self.by is None else self.by[kept],
        )

    def whys(self) -> Iterable[tuple[int, Why]]:
        """Yield each row with what is said of it; ``by`` must be known."""
        days = [None] * len(self.at) if self.by is None else self.by.tolist()
        for place, found, mend, day in zip(self.at.tolist(), self.found, self.mend, days, strict=True):
            yield place, Why(self.reason, found, mend, day)


def by_row(n: int, words: Iterable[Words]) -> tuple[tuple[Why, ...], ...]:
    """Return what is said of each of ``n`` rows, in order of the reasons' numbers; nothing of rows that count.

    A row that was recorded too late has no day by which anything else about it could still be mended.
    """
    said: dict[int, list[Why]] = {}
    in_order = sorted(words, key=_number)
    too_late = {place for each in in_order if each.reason is Reason.RECORDED_LATE for place in each.at.tolist()}
    for each in in_order:
        for place, why in each.whys():
            is_open = why.by is None or place not in too_late
            said.setdefault(place, []).append(why if is_open else replace(why, by=None))
    rows: list[tuple[Why, ...]] = [()] * n
    for place, whys in said.items():
        rows[place] = tuple(whys)
    return tuple(rows)


def span_text(first: object, last: object) -> str:
    """Return a stretch of days in words: ``from 2021-01-04 to 2021-04-04``, or ``on 2021-01-04`` for one day."""
    return f"on {first}" if first == last else f"from {first} to {last}"


def no_days(n: int) -> DayArray:
    """Return "no such day" for ``n`` rows."""
    return np.full(n, np.datetime64("NaT", "D"))


def complete(mask: int, whys: Iterable[Why]) -> tuple[Why, ...]:
    """Return what is said of each reason of a mask; what the reason means in general where nothing is said of it."""
    said = {why.reason: why for why in whys}
    return tuple(
        said.get(reason, Why(reason, TEXTS[reason].title, TEXTS[reason].mend, None)) for reason in reasons_in(mask)
    )


def cells(whys: Sequence[Why]) -> tuple[str, str]:
    """Return what was found, and what would make the row count, as a file holds them: ``R08: ... | R14: ...``.

    Texts are cut only where all together would not fit into a cell.
    """
    return _cell(whys, [why.found for why in whys]), _cell(whys, [why.mend for why in whys], with_day=True)


def mend_text(why: Why) -> str:
    """Return what would make the outcome count, and by when, where the text does not name that day already."""
    return why.mend if why.by is None or str(why.by) in why.mend else _with_day(why.mend, why.by)


def read_cells(found: str, mend: str) -> tuple[Why, ...]:
    """Return what :func:`cells` wrote; nothing for a reason that is not in both, or for another form of text."""
    mends = _parts(mend)
    whys = []
    for reason, text in _parts(found).items():
        if reason not in mends:
            continue
        by = _BY.fullmatch(mends[reason])
        day = None if by is None else _day(by["by"])
        whys.append(Why(reason, text, mends[reason] if by is None or day is None else by["mend"], day))
    return tuple(whys)


def _cell(whys: Sequence[Why], texts: Sequence[str], *, with_day: bool = False) -> str:
    room = _ROOM if sum(map(len, texts)) <= _ROOM else _ROOM // len(texts)
    parts = (
        (why.reason, _with_day(_one(text, room), why.by if with_day else None))
        for why, text in zip(whys, texts, strict=True)
    )
    return _BETWEEN.join(f"R{reason:02d}: {text}" for reason, text in parts)


def _with_day(mend: str, by: date | None) -> str:
    return mend if by is None else f"{mend} (by {by})"


def _parts(text: str) -> dict[Reason, str]:
    parts = (_PART.fullmatch(part) for part in text.split(_BETWEEN))
    known = {int(reason) for reason in Reason}
    return {Reason(int(part["number"])): part["text"] for part in parts if part and int(part["number"]) in known}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _one(text: str, room: int) -> str:
    text = text.replace(_BETWEEN, " / ")
    return text if len(text) <= room else f"{text[: room - 3]}..."


def _number(words: Words) -> int:
    return int(words.reason)
