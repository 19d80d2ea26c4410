"""Outcome rows together with everything a file says about them: labels, reasons, due dates, evidence."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derivation import Derivation
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.reasons import MaskArray
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.outcomes.why.words import Why


@dataclass(frozen=True, slots=True)
class RowLabels:
    """Texts behind the codes of :class:`OutcomeRows`: each tuple is indexed by its column's codes.

    ``row_ids`` are in order of text, each once, so that a row's number is its id's rank. ``jobs``
    are references as the file writes them; two people's jobs of one reference have two codes.
    """

    row_ids: tuple[str, ...]
    persons: tuple[str, ...]
    groups: tuple[str, ...]
    jobs: tuple[str, ...]
    measures: tuple[Measurement, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeTable:
    """Outcome rows as a file holds them, those that count and those that do not.

    All columns have the shape or length ``(n,)``. ``mask`` holds the reasons against each row, 0
    where it counts; ``due_on`` is when an open outcome becomes payable if it lasts, else NaT;
    ``sites`` is each row's site as written, which the contract may not know; ``evidence``,
    ``hours`` and ``details`` (what was found, such as ``61 of 91 days in work``) are texts for
    people; ``record_by`` is the last day on which what a row lacks can still be recorded, NaT where
    it counts, no deadline is about what it lacks, or nothing that is recorded could mend it. ``whys`` say
    of each reason against a row what was found, what would mend it and by when; rows that a file gives
    reasons for may have none. ``lines`` is the row of the file that each comes from, which messages call a
    ``line_noun``: of the facts, or of the rows. ``derivation`` says what the rows were derived from, None where
    nobody knows, as of counts and of rows written by hand.
    """

    rows: OutcomeRows
    labels: RowLabels
    mask: MaskArray
    due_on: DayArray
    sites: tuple[str, ...]
    evidence: tuple[str, ...]
    hours: tuple[str, ...]
    details: tuple[str, ...]
    record_by: DayArray
    whys: tuple[tuple[Why, ...], ...]
    lines: IntArray
    line_noun: str
    derivation: Derivation | None = None

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    @property
    def counts(self) -> npt.NDArray[np.bool_]:
        """Which rows count, shape ``(n,)``."""
        return np.equal(self.mask, 0)

    def row_ids(self) -> list[str]:
        """Return each row's id."""
        return [self.labels.row_ids[code] for code in self.rows.row.tolist()]

    def take(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> "OutcomeTable":
        """Return the rows selected by a mask or by positions; labels, and so codes, stay."""
        places = np.arange(len(self))[which].tolist()
        return OutcomeTable(
            rows=self.rows.take(which),
            labels=self.labels,
            mask=self.mask[which],
            due_on=self.due_on[which],
            sites=tuple(self.sites[place] for place in places),
            evidence=tuple(self.evidence[place] for place in places),
            hours=tuple(self.hours[place] for place in places),
            details=tuple(self.details[place] for place in places),
            record_by=self.record_by[which],
            whys=tuple(self.whys[place] for place in places),
            lines=self.lines[which],
            line_noun=self.line_noun,
            derivation=self.derivation,
        )

    def place_of(self, row_id: str) -> int | None:
        """Return the position of the row with this id, or ``None``."""
        code = bisect_left(self.labels.row_ids, row_id)
        if code == len(self.labels.row_ids) or self.labels.row_ids[code] != row_id:
            return None
        places = np.flatnonzero(self.rows.row == code)
        return int(places[0]) if len(places) else None


def label_texts(labels: tuple[str, ...], codes: npt.NDArray[np.integer]) -> list[str]:
    """Return the text of each code, blank for ``NONE``."""
    return list(map((*labels, "").__getitem__, codes.tolist()))
