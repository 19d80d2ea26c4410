"""Spells of employment and the pay periods inside them, from facts to whole days."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.ranges import expanded
from sib_engine.outcomes.facts import Answer, FactName, Facts, Flags, Positions
from sib_engine.outcomes.rows import NONE

FAR: Final = 2**20
"""A day later than any that a facts file accepts (days since 1970)."""

STRIDE: Final = 2**22
"""Room for every day of one group when group and day are packed into one sort key."""


def as_days(dates: DayArray) -> IntArray:
    """Return dates as whole days since 1970, same shape; NaT becomes the smallest integer."""
    return dates.astype("datetime64[D]").view(np.int64)


def as_dates(days: IntArray) -> DayArray:
    """Return whole days since 1970 as dates, same shape."""
    return days.astype("datetime64[D]")


def packed(groups: npt.NDArray[np.integer], days: IntArray) -> IntArray:
    """Return one key that orders by group, then by day; same shape."""
    return groups.astype(np.int64) * STRIDE + (days + FAR)


@dataclass(frozen=True, slots=True)
class Spells:
    """Spells of employment, each array of shape ``(n,)``, by person, first day and job.

    ``fact`` is the position in the facts. ``employer`` is a code of one person's employer: the
    detail where it is recorded, else the job. ``ends`` is inclusive; a spell that still lasts ends
    on the last day to which it is known to last, and ``is_open``. ``hours`` are weekly and ``pay`` hourly,
    in hundredths, ``NONE`` where not recorded. ``began`` is the day on which a spell did begin, before
    ``starts`` where only the days from a job start on count; one that was over by then ``is_past``.
    ``has_employer`` says that the facts name one.
    """

    fact: Positions
    person: npt.NDArray[np.int32]
    job: npt.NDArray[np.int32]
    employer: IntArray
    has_employer: Flags
    starts: IntArray
    ends: IntArray
    is_open: Flags
    hours: IntArray
    pay: IntArray
    competitive: Flags
    self_employed: Flags
    began: IntArray
    is_past: Flags

    def __len__(self) -> int:
        """Return the number of spells."""
        return len(self.fact)


@dataclass(frozen=True, slots=True)
class PayPieces:
    """The part of each pay period that falls into one spell, ordered by spell and first day.

    ``hours`` (hundredths) are those of the whole pay period, and ``days`` the days of it on which the
    job was held: hours can only be worked on those, so they are spread evenly over them.
    ``begins`` has shape ``(n_spells + 1,)``: the pieces of spell ``k`` are ``begins[k]:begins[k + 1]``.
    """

    fact: Positions
    starts: IntArray
    ends: IntArray
    hours: IntArray
    days: IntArray
    begins: Positions


def lasts_to(facts: Facts, *, known_on: date | None) -> date | None:
    """Return the day to which work without a last day is taken to last; None where the facts have no such work.

    That is ``known_on``; without it, the latest day on which anything was recorded. A day that a fact
    only names, such as the last day of somebody's fixed term, says nothing about anybody else's work.
    """
    at = facts.named(FactName.EMPLOYMENT)
    if not np.isnat(facts.ends_on[at]).any():
        return None
    return known_on or facts.last_recorded()


def spells_of(facts: Facts, *, open_until: date) -> Spells:
    """Return the spells of employment; one without a last day lasts at least to ``open_until``."""
    at = facts.named(FactName.EMPLOYMENT)
    starts = as_days(facts.starts_on[at])
    is_open = np.isnat(facts.ends_on[at])
    horizon = int(np.datetime64(open_until, "D").astype(np.int64))
    ends = np.where(is_open, np.maximum(starts, horizon), as_days(facts.ends_on[at]))
    person, job = facts.person.codes[at], facts.job.codes[at]
    order = np.lexsort((job, starts, person))
    at = at[order]
    detail = facts.detail.codes[at].astype(np.int64)
    n_details = len(facts.detail.labels)
    named = person[order].astype(np.int64) * (n_details + 1) + detail
    n_named = facts.n_people * (n_details + 1)
    return Spells(
        fact=at,
        person=person[order],
        job=job[order],
        employer=np.where(detail == NONE, n_named + job[order], named),
        has_employer=detail != NONE,
        starts=starts[order],
        ends=ends[order],
        is_open=is_open[order],
        hours=facts.hours[at],
        pay=facts.hourly_pay[at],
        competitive=facts.competitive[at] == Answer.YES,
        self_employed=facts.self_employed[at] == Answer.YES,
        began=starts[order],
        is_past=np.zeros(len(at), dtype=np.bool_),
    )


def pay_pieces(facts: Facts, spells: Spells) -> PayPieces:
    """Return where the recorded pay periods meet the spells of the same job."""
    at = facts.named(FactName.HOURS)
    at = at[(facts.hours[at] != NONE) & ~np.isnat(facts.ends_on[at]) & (facts.job.codes[at] != NONE)]
    order = np.lexsort((spells.starts, spells.job))
    job = spells.job[order]
    starts = spells.starts[order]
    ends = np.where(spells.is_open, FAR - 1, spells.ends)[order]
    pay_job = facts.job.codes[at]
    pay_from, pay_to = as_days(facts.starts_on[at]), as_days(facts.ends_on[at])
    first = np.searchsorted(packed(job, ends), packed(pay_job, pay_from), side="left")
    stop = np.searchsorted(packed(job, starts), packed(pay_job, pay_to), side="right")
    owner, place = expanded(first, np.maximum(first, stop))
    piece_from = np.maximum(pay_from[owner], starts[place])
    piece_to = np.minimum(pay_to[owner], ends[place])
    days_held = np.zeros(len(at), dtype=np.int64)
    np.add.at(days_held, owner, piece_to - piece_from + 1)
    spell = order[place]
    by_spell = np.lexsort((piece_from, spell))
    owner, spell = owner[by_spell], spell[by_spell]
    return PayPieces(
        fact=at[owner],
        starts=piece_from[by_spell],
        ends=piece_to[by_spell],
        hours=facts.hours[at][owner],
        days=days_held[owner],
        begins=np.searchsorted(spell, np.arange(len(spells) + 1)),
    )
