"""Candidates that wait for other outcomes: metrics are derived in the order of their prerequisites."""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.derive import candidates_of, known_of
from sib_engine.outcomes.derive.derived import Derived, joined
from sib_engine.outcomes.derive.opening import Asked, asked_of
from sib_engine.outcomes.due import reasons_without
from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.order import units_in_order
from sib_engine.outcomes.reasons import MENDED_BY_A_RECORD, Reason
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.standing import Standing
from sib_engine.terms.contract import Contract
from sib_engine.terms.versions import metric_versions


def derive_in_windows(
    contract: Contract, facts: Facts, *, known_on: date | None = None, open_until: date | None = None
) -> Derived:
    """Return every candidate outcome of every metric, time in work by what it waits for, ordered by id.

    What it waits for has to count for that, or would once what it lacks is recorded. No metric waits for one
    that comes after it in the order of prerequisites, so each is derived once.

    Args:
        contract: The contract.
        facts: What is recorded about people.
        known_on: As for :func:`~sib_engine.outcomes.derive.known_of`.
        open_until: As for :func:`~sib_engine.outcomes.derive.known_of`.

    Raises:
        RefusedError: If metrics wait for each other in a circle.
    """
    known = known_of(contract, facts, known_on=known_on, open_until=open_until)
    parts: dict[int, list[Derived]] = {}
    firsts: dict[Asked, DayArray] = {}
    for place in (place for unit in units_in_order(contract) for place in unit.metrics):
        new = [pair for pair in _asked_of(contract, place) if pair not in firsts]
        if new:
            firsts.update(_first_days(contract, _together(parts), facts, new))
        parts[place] = list(candidates_of(known, place, firsts))
    return _together(parts)


def _asked_of(contract: Contract, place: int) -> tuple[Asked, ...]:
    """Return what a metric waits for, in any version of its terms."""
    versions = metric_versions(contract, contract.metrics[place])
    return tuple(dict.fromkeys(pair for version in versions for pair in asked_of(contract, version.terms)))


def _together(parts: dict[int, list[Derived]]) -> Derived:
    return joined([part for place in sorted(parts) for part in parts[place]])


def _first_days(contract: Contract, derived: Derived, facts: Facts, asked: Sequence[Asked]) -> dict[Asked, DayArray]:
    """Return the day of the first outcome of some metrics, of each person or job, that counts, else that could count.

    ``derived`` are the candidates of these metrics, and of all that come before them.
    """
    days = {pair: _no_days(facts, pair[1]) for pair in asked}
    for mended in (MENDED_BY_A_RECORD, (Reason.STILL_RUNNING,)):
        standing = _standing(contract, derived, mended)
        for (code, per), known in days.items():
            first = standing.first((contract.metric_codes.index(code),), per)
            first = first[first != NONE]
            own = (derived.rows.person if per is Per.PERSON else derived.rows.job)[first]
            known[own[own != NONE]] = derived.rows.achieved_on[first[own != NONE]]
    return days


def _standing(contract: Contract, derived: Derived, mended: Iterable[Reason]) -> Standing:
    return Standing(derived.rows, reasons_without(contract, derived.rows, derived.mask, mended))


def _no_days(facts: Facts, per: Per) -> DayArray:
    return np.full(len(facts.person.labels if per is Per.PERSON else facts.job.labels), np.datetime64("NaT", "D"))
