"""Versions of what decides an outcome: the terms of a metric, and who is eligible, each from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Generic, TypeVar

from sib_engine.terms.contract import Contract, Eligibility, changed_eligibility
from sib_engine.terms.metric import Metric
from sib_engine.terms.metric_terms import changed

T = TypeVar("T")

ELIGIBILITY: Final = "eligibility"
"""What stands for the id of ``[eligibility]``, which has none."""


@dataclass(frozen=True, slots=True)
class Version(Generic[T]):
    """Whole terms in force from ``starts_on`` (None: since ever) to the day before ``ends_before`` (None: for good).

    ``clause`` is the id of the clause that brought them; a metric's own table has its code.
    """

    clause: str
    starts_on: date | None
    ends_before: date | None
    terms: T

    def is_in_force(self, on: date | None) -> bool:
        """Return whether the terms are in force on a day; without a day, those that come last are."""
        if on is None:
            return self.ends_before is None
        return (self.starts_on is None or self.starts_on <= on) and (self.ends_before is None or on < self.ends_before)


def metric_versions(contract: Contract, metric: Metric) -> tuple[Version[Metric], ...]:
    """Return the versions of a metric's terms in order of time, each built upon the one before."""
    listed = [each for each in contract.metric_terms if each.metric == metric.code]
    steps: list[tuple[str, date | None, Metric]] = [(metric.code, None, metric)]
    for each in sorted(listed, key=lambda terms: terms.starts_on):
        steps.append((each.id, each.starts_on, changed(steps[-1][2], each)))
    return _in_turn(steps)


def all_required(contract: Contract, code: str) -> frozenset[str]:
    """Return every metric that a metric requires in some version of its terms, directly or through others."""
    found: set[str] = set()
    ahead = {code}
    while ahead:
        metrics = [metric for metric in contract.metrics if metric.code in ahead]
        required = {each for metric in metrics for v in metric_versions(contract, metric) for each in v.terms.requires}
        ahead = required - found
        found |= ahead
    return frozenset(found)


def eligibility_versions(contract: Contract) -> tuple[Version[Eligibility], ...]:
    """Return the versions of who may be claimed for in order of time, each built upon the one before."""
    steps: list[tuple[str, date | None, Eligibility]] = [(ELIGIBILITY, None, contract.eligibility)]
    for each in sorted(contract.eligibility_terms, key=lambda terms: terms.starts_on):
        steps.append((each.id, each.starts_on, changed_eligibility(steps[-1][2], each)))
    return _in_turn(steps)


def version_on(versions: Iterable[Version[T]], on: date | None) -> Version[T]:
    """Return the version in force on a day; without a day, the one that comes last."""
    return next(version for version in versions if version.is_in_force(on))


def _in_turn(steps: list[tuple[str, date | None, T]]) -> tuple[Version[T], ...]:
    """Return the steps as versions; of two that start on one day, which no checked contract has, the first never is."""
    following = [*(starts_on for _, starts_on, _ in steps[1:]), None]
    return tuple(
        Version(clause, starts_on, ends_before, terms)
        for (clause, starts_on, terms), ends_before in zip(steps, following, strict=True)
    )
