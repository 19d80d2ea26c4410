"""When the made-up outcomes fall: a stated rule, because counts by quarter are not published.

Engagements are drawn over the months in which outcomes are paid for, each quarter weighted with the
outcome payments published for it; inside a quarter every day is as likely. What follows an engagement
follows from the person's own story.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Replaces

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PaidDays:
    """The days of a contract on which an outcome is paid for, and how likely an engagement is on each."""

    days: tuple[date, ...]
    chances: tuple[float, ...]
    covered: frozenset[date]
    end: date

    def is_paid(self, day: date) -> bool:
        """Return whether an outcome on this day would be paid for."""
        return self.days[0] <= day <= self.end and day not in self.covered

    def draw(self, rng: np.random.Generator, *, before: date) -> date:
        """Return an engagement day not after ``before``."""
        n_days = max(sum(day <= before for day in self.days), 1)
        chances = np.array(self.chances[:n_days])
        return self.days[int(rng.choice(n_days, p=chances / chances.sum()))]


def paid_days(contract: Contract, weights: Mapping[date, int]) -> PaidDays:
    """Return the days on which outcomes of a contract are paid for.

    Args:
        contract: Terms; months covered by a grant in place of outcome payments are left out.
        weights: Outcome payment of the period that begins on each date, any unit; a period
            without one gets the smallest weight given, so that no paid day is impossible.
    """
    covered = frozenset(
        day
        for grant in contract.grants
        if grant.replaces is Replaces.OUTCOME_PAYMENTS
        for day in _days(grant.starts_on, grant.ends_on)
    )
    days = tuple(day for day in _days(contract.start, contract.end) if day not in covered)
    least = min((weight for weight in weights.values() if weight > 0), default=1)
    chances = []
    for day in days:
        period = contract.periods.period(contract.periods.index_of(day))
        length = (period.end - period.start).days + 1
        chances.append(max(weights.get(period.start, least), least) / length)
    return PaidDays(days, tuple(chances), covered, contract.end)


def _days(first: date, last: date) -> list[date]:
    return [first + ONE_DAY * place for place in range((last - first).days + 1)]
