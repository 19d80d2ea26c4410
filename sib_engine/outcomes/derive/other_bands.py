"""The other metrics of a band, as their terms stand on the day that judges an outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.core.money import IntArray
from sib_engine.outcomes.derive.spells import as_days
from sib_engine.outcomes.derive.words_of_work import RunsFound
from sib_engine.outcomes.facts import Positions
from sib_engine.outcomes.versions import day_number
from sib_engine.terms.metric import Employment, Metric
from sib_engine.terms.versions import Version, version_on

Rules = Sequence[tuple[str, Employment]]
"""Code and rule of some metrics."""


@dataclass(frozen=True, slots=True, eq=False)
class Others:
    """The other metrics of the same band: their rules between the days on which any of their terms change.

    ``changes`` are those days in order, as whole days, shape ``(n,)``, and ``rules`` holds what is in
    force before, between and after them. ``referred_on`` is the day of each person's referral where that
    chooses the terms; None where an outcome's own day does.
    """

    changes: IntArray
    rules: Sequence[Rules]
    referred_on: DayArray | None

    @classmethod
    def of(cls, metrics: Sequence[Sequence[Version[Metric]]], *, referred_on: DayArray | None) -> "Others":
        """Return the metrics that are achieved by being in work, each given as the versions of its terms."""
        starts = {each.starts_on for versions in metrics for each in versions if each.starts_on is not None}
        days = [date.min, *sorted(starts)]
        rules = [
            [(terms.code, terms.rule) for terms in (version_on(versions, day).terms for versions in metrics)]
            for day in days
        ]
        return cls(
            np.array([day_number(day) for day in days[1:]], dtype=np.int64),
            [[(code, rule) for code, rule in each if isinstance(rule, Employment)] for each in rules],
            referred_on,
        )

    def beside(self, found: RunsFound, at: Positions) -> list[Rules]:
        """Return the rules that are in force for some runs, in their order."""
        if self.referred_on is None:
            place = np.searchsorted(self.changes, found.runs.achieved[at], side="right")
        else:
            days = self.referred_on[found.spells.person[found.runs.opening[at]]]
            known = np.searchsorted(self.changes, as_days(days), side="right")
            place = np.where(np.isnat(days), len(self.changes), known)
        return [self.rules[each] for each in place.tolist()]


def beside(found: RunsFound, at: Positions, others: Others | None) -> list[Rules]:
    """Return the rules of the other metrics of the band that are in force for some runs; none without a band."""
    return [()] * len(at) if others is None else others.beside(found, at)
