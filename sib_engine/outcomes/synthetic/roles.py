"""Which metric of a contract plays which part in the story that the example tells."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sib_engine.core.errors import RefusedError
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Activity, Counts, Employment, Metric

HIGHEST_WEEK: Final = Decimal(37)
LOWEST_WEEK: Final = Decimal(6)


@dataclass(frozen=True, slots=True)
class Sustained:
    """A metric for time in work, with the weekly hours that reach it: ``from`` inclusive, ``below`` exclusive."""

    metric: Metric
    rule: Employment
    hours_from: Decimal
    hours_below: Decimal


@dataclass(frozen=True, slots=True)
class Roles:
    """The metrics of a contract in the order of a person's story; ``sustained`` from few hours to many."""

    engagement: Metric
    activity: Activity
    job_start: Metric
    sustained: tuple[Sustained, ...]

    @property
    def is_per_job(self) -> bool:
        """Whether each job of a person counts."""
        return self.job_start.counts is Counts.ONCE_PER_JOB

    @property
    def days_to_sustain(self) -> int:
        """Longest time in work that any metric asks for, in days."""
        return max(each.rule.days or 0 for each in self.sustained)


def roles_of(contract: Contract) -> Roles:
    """Return the parts that a contract's metrics play.

    Raises:
        RefusedError: If the contract has not one engagement, one job start and at least one metric
            of days in work.
    """
    engagements = [(metric, metric.rule) for metric in contract.metrics if isinstance(metric.rule, Activity)]
    jobs = [(metric, metric.rule) for metric in contract.metrics if isinstance(metric.rule, Employment)]
    starts = [metric for metric, rule in jobs if rule.days is None and rule.months is None]
    lasting = [
        Sustained(metric, rule, rule.hours_from or LOWEST_WEEK, rule.hours_below or HIGHEST_WEEK)
        for metric, rule in jobs
        if rule.days is not None
    ]
    n_others = len(contract.metrics) - len(engagements) - len(starts) - len(lasting)
    if len(engagements) != 1 or len(starts) != 1 or not lasting or n_others:
        message = (
            f"an example can be made for a contract with one engagement, one job start, days in work and no other "
            f"metric; {contract.code} has {len(engagements)}, {len(starts)}, {len(lasting)} and {n_others} others"
        )
        raise RefusedError(message)
    (engagement, activity) = engagements[0]
    lasting.sort(key=lambda each: each.hours_from)
    return Roles(engagement, activity, starts[0], tuple(lasting))
