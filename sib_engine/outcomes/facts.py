"""Facts: what is recorded about people, one row a recorded fact, as a struct of arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import IntEnum, StrEnum
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NO_DAY, NONE

HUNDREDTHS: Final = 100
"""Hours are whole hundredths of an hour, so that a band's edge is met exactly."""

Positions: TypeAlias = npt.NDArray[np.intp]
Flags: TypeAlias = npt.NDArray[np.bool_]


class FactName(StrEnum):
    """Facts that the engine itself reads; every other name is a recorded fact that a metric may ask for."""

    REFERRAL = "referral"
    EMPLOYMENT = "employment"
    HOURS = "hours"
    DISCHARGE = "discharge"
    EVIDENCE = "evidence"


class Answer(IntEnum):
    """A yes or no, or neither."""

    UNKNOWN = NONE
    NO = 0
    YES = 1


class Held(IntEnum):
    """Whether a document is held, or was inspected and not kept.

    The last two are of a store that has neither: its provider says so, and that is all that is known.
    """

    NOT_SAID = NONE
    HELD = 0
    INSPECTED = 1
    SAID_HELD = 2
    SAID_INSPECTED = 3


@dataclass(frozen=True, slots=True)
class Labelled:
    """A column of texts: ``codes``, shape ``(n,)``, are positions in ``labels``, ``NONE`` where blank."""

    codes: npt.NDArray[np.int32]
    labels: tuple[str, ...]

    def take(self, which: Flags | Positions) -> "Labelled":
        """Return the column of the selected rows; the labels, and so the codes, stay."""
        return Labelled(self.codes[which], self.labels)

    def is_any_of(self, names: Sequence[str]) -> Flags:
        """Return where the text is one of ``names``, capitals aside, shape ``(n,)``."""
        wanted = {name.casefold() for name in names}
        found = np.array([label.casefold() in wanted for label in (*self.labels, "")], dtype=np.bool_)
        return found[self.codes]

    def text(self, code: int) -> str:
        """Return the text of one code, empty for ``NONE``."""
        return "" if code == NONE else self.labels[code]


@dataclass(frozen=True, slots=True)
class Facts:
    """A struct of columns, each of ``n`` rows.

    ``line`` is the row of the file (the heading is row 1). ``starts_on`` is the day of the fact or its
    first day, ``ends_on`` its last day, NaT while it lasts. ``recorded_on`` is when it became known.
    ``job`` codes are of one person: the same reference used by two people has two codes; a spell of
    employment without a reference is known by its first day. ``hours`` (hundredths of an hour) are
    weekly for employment and those of the whole pay period for hours; ``hourly_pay`` is in hundredths
    of the currency's unit; both ``NONE`` where not recorded. ``competitive`` and ``self_employed``
    hold :class:`Answer`, ``held`` holds :class:`Held`.
    """

    line: IntArray
    person: Labelled
    site: Labelled
    name: Labelled
    starts_on: DayArray
    ends_on: DayArray
    recorded_on: DayArray
    job: Labelled
    hours: IntArray
    competitive: npt.NDArray[np.int8]
    self_employed: npt.NDArray[np.int8]
    hourly_pay: IntArray
    detail: Labelled
    metric: Labelled
    held: npt.NDArray[np.int8]
    specialist: Labelled
    consent_on: DayArray
    age_band: Labelled
    sex: Labelled
    ethnicity: Labelled
    diagnosis_group: Labelled
    group: Labelled

    def __len__(self) -> int:
        """Return the number of facts."""
        return len(self.line)

    @property
    def n_people(self) -> int:
        """Number of people named in the file."""
        return len(self.person.labels)

    def take(self, which: Flags | Positions) -> "Facts":
        """Return the selected facts; labels, and so codes, stay."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            taken[field.name] = column.take(which) if isinstance(column, Labelled) else column[which]
        return Facts(**taken)

    def named(self, name: str) -> Positions:
        """Return the positions of the facts of one name, in file order."""
        return np.flatnonzero(self.name.is_any_of((name,)))

    def known_on(self, day: date) -> "Facts":
        """Return the facts as they were known at the end of ``day``.

        Facts recorded later, or dated later, are left out. A spell of employment that ends later is
        still running on that day: when it would end was not yet certain.
        """
        at = np.datetime64(day, "D")
        kept = self.take((self.recorded_on <= at) & (self.starts_on <= at))
        running = kept.name.is_any_of((FactName.EMPLOYMENT,)) & (kept.ends_on > at)
        return replace(kept, ends_on=np.where(running, NO_DAY, kept.ends_on))

    def last_recorded(self) -> date | None:
        """Return the latest day on which a fact was recorded, or None where there are no facts."""
        days = self.recorded_on[~np.isnat(self.recorded_on)]
        return days.max().item() if len(days) else None

    def last_day(self) -> date | None:
        """Return the latest day of which the facts know anything: of a fact, its last day, or when it was recorded."""
        days = np.concatenate([self.recorded_on, self.starts_on, self.ends_on])
        days = days[~np.isnat(days)]
        return days.max().item() if len(days) else None
