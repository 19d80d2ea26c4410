"""Candidate outcomes of all metrics together, with everything that deriving found out about them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sib_engine.core.dates import DayArray, day_texts
from sib_engine.core.money import IntArray
from sib_engine.outcomes.facts import Positions
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.row_ids import unique_ids
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.outcomes.why.words import Words


@dataclass(frozen=True, slots=True, eq=False)
class Derived:
    """Candidate outcomes in the order of their ids; arrays and tuples of length ``n``.

    ``rows`` are not matched yet: ``mask`` holds the reasons that facts alone give. ``ids`` are the
    stable row ids. ``person_known_on`` is when the referral, and the consent where it is required,
    were recorded, NaT where they never were. ``by_when`` is the last day on which what is missing can
    still be recorded.
    ``hours`` are measured weekly hours in hundredths, rounded down, ``NONE`` where not measured.
    ``evidence`` lists the documents that support each row, ``details`` says what was found, and
    ``sites`` is each row's site as the facts write it. Person, job and group codes are the facts'.
    ``lines`` is the row of the facts file that completes each candidate, or with which it begins;
    ``words`` say what the facts have against them.
    """

    rows: OutcomeRows
    ids: tuple[str, ...]
    mask: MaskArray
    due_on: DayArray
    person_known_on: DayArray
    by_when: DayArray
    hours: IntArray
    evidence: tuple[str, ...]
    details: tuple[str, ...]
    sites: tuple[str, ...]
    lines: IntArray
    words: tuple[Words, ...]

    def __len__(self) -> int:
        """Return the number of candidates."""
        return len(self.ids)


def joined(parts: Sequence[Derived]) -> Derived:
    """Return the candidates of all metrics under unique ids, ordered by them.

    The order of ids does not change when more candidates become known, so neither does which of
    two rows comes first.
    """
    rows = OutcomeRows(
        *(np.concatenate([getattr(part.rows, name) for part in parts]) for name in OutcomeRows.__slots__)
    )
    bases = _texts([part.ids for part in parts])
    order = [rows.achieved_on, rows.recorded_on, rows.started_on]
    ids = unique_ids(bases, order, taken=(), days=day_texts(rows.achieved_on))
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    at = np.array(by_id, dtype=np.intp)
    return Derived(
        rows=replace(rows.take(at), row=np.arange(len(by_id), dtype=np.int64)),
        ids=tuple(map(ids.__getitem__, by_id)),
        mask=np.concatenate([part.mask for part in parts])[at],
        due_on=np.concatenate([part.due_on for part in parts])[at],
        person_known_on=np.concatenate([part.person_known_on for part in parts])[at],
        by_when=np.concatenate([part.by_when for part in parts])[at],
        hours=np.concatenate([part.hours for part in parts])[at],
        evidence=tuple(map(_texts([part.evidence for part in parts]).__getitem__, by_id)),
        details=tuple(map(_texts([part.details for part in parts]).__getitem__, by_id)),
        sites=tuple(map(_texts([part.sites for part in parts]).__getitem__, by_id)),
        lines=np.concatenate([part.lines for part in parts])[at],
        words=tuple(_moved(parts, at)),
    )


def _moved(parts: Sequence[Derived], order: Positions) -> Iterator[Words]:
    """Yield the words of all parts, each at its row's place in the order of all rows."""
    place_of = np.empty(len(order), dtype=np.intp)
    place_of[order] = np.arange(len(order))
    before = 0
    for part in parts:
        for each in part.words:
            yield replace(each, at=place_of[each.at + before])
        before += len(part)


def _texts(parts: Sequence[Sequence[str]]) -> list[str]:
    return [text for part in parts for text in part]
