"""Candidates whose windows run from other outcomes: those are found first, and then the work that waits for them."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from sib_engine.core.dates import DayArray
from sib_engine.outcomes.derive import derive
from sib_engine.outcomes.derive.derived import Derived
from sib_engine.outcomes.derive.opening import Firsts, waits_for_window
from sib_engine.outcomes.due import reasons_without
from sib_engine.outcomes.facts import Facts
from sib_engine.outcomes.matching.keys import Per
from sib_engine.outcomes.matching.links import per_of
from sib_engine.outcomes.matching.order import REFERRAL
from sib_engine.outcomes.reasons import MENDED_BY_A_RECORD, Reason
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.standing import Standing
from sib_engine.terms.contract import Contract
from sib_engine.terms.versions import metric_versions


def derive_in_windows(
    contract: Contract, facts: Facts, *, known_on: date | None = None, open_until: date | None = None
) -> Derived:
    """Return every candidate outcome, time in work that was complete too soon dated when its window opens.

    What the window runs from has to count for that, or would once what it lacks is recorded. Windows follow
    one another in the order of prerequisites, so as many rounds as there are metrics settle all of them.

    Args:
        contract: The contract.
        facts: What is recorded about people.
        known_on: As for :func:`~sib_engine.outcomes.derive.derive`.
        open_until: As for :func:`~sib_engine.outcomes.derive.derive`.
    """
    asked = _asked(contract)
    firsts: Firsts = {}
    derived = derive(contract, facts, known_on=known_on, open_until=open_until)
    for _ in contract.metrics if asked else ():
        found = {pair: _first_days(contract, derived, facts, *pair) for pair in asked}
        if firsts and all(_is_same(found[pair], firsts[pair]) for pair in asked):
            break
        firsts = found
        derived = derive(contract, facts, known_on=known_on, open_until=open_until, firsts=firsts)
    return derived


def _asked(contract: Contract) -> tuple[tuple[str, Per], ...]:
    """Return the metrics from which the windows of time in work run, and what is shared with them."""
    asked: dict[tuple[str, Per], None] = {}
    for metric in contract.metrics:
        for version in metric_versions(contract, metric):
            window = version.terms.within
            if window is not None and window.after != REFERRAL and waits_for_window(version.terms):
                earlier = contract.metrics[contract.metric_codes.index(window.after)]
                asked[window.after, per_of(version.terms, earlier)] = None
    return tuple(asked)


def _first_days(contract: Contract, derived: Derived, facts: Facts, code: str, per: Per) -> DayArray:
    """Return the day of the first outcome of a metric of each person or job that counts, else that could count."""
    labels = facts.person.labels if per is Per.PERSON else facts.job.labels
    days = np.full(len(labels), np.datetime64("NaT", "D"))
    for mended in (MENDED_BY_A_RECORD, (Reason.STILL_RUNNING,)):
        own, first = _firsts(contract, derived, code, per, mended)
        days[own] = derived.rows.achieved_on[first]
    return days


def _firsts(
    contract: Contract, derived: Derived, code: str, per: Per, mended: Iterable[Reason]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int32]], np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Return codes of people or jobs, and the row of the outcome that comes first for each."""
    rows = derived.rows
    standing = Standing(rows, reasons_without(contract, rows, derived.mask, mended))
    first = standing.first((contract.metric_codes.index(code),), per)
    first = first[first != NONE]
    own = (rows.person if per is Per.PERSON else rows.job)[first]
    return own[own != NONE], first[own != NONE]


def _is_same(one: DayArray, other: DayArray) -> bool:
    return bool(np.array_equal(one.view(np.int64), other.view(np.int64)))
