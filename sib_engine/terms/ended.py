"""Clauses that an amendment has replaced, and that still hold for the outcomes of the days before it."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from sib_engine.terms.money_clauses import Bonus, Cap, Minimum, OutcomeCap
from sib_engine.terms.volume import VolumeMaximum

Counting: TypeAlias = Bonus | Cap | OutcomeCap | Minimum | VolumeMaximum
"""A clause that counts outcomes, or money, over time, and so outlives its own end for what came before."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A clause that holds no longer from ``ends_before`` on.

    ``place`` is its position in the file among the clauses of its kind that have begun.
    """

    clause: Counting
    ends_before: date
    place: int
