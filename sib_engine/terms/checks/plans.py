"""Payment plans: one in force at a time, for a time of the contract."""

from collections.abc import Iterator
from itertools import pairwise

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.checks.dates import furthest_days
from sib_engine.terms.contract import Contract


def check_overlaps(contract: Contract) -> Iterator[Finding]:
    """Yield plans that come into force before the month in which the plan before them ends.

    Both months belong to the plans, so that two plans may share the month of the change.
    """
    listed = sorted(contract.plans, key=lambda plan: plan.in_force_from)
    for plan, later in pairwise(listed):
        if plan.in_force_to is None or later.in_force_from < plan.in_force_to:
            until = "has no end" if plan.in_force_to is None else f"is in force to {plan.in_force_to:%Y-%m}"
            what = f"plan {later.id!r} begins in {later.in_force_from:%Y-%m} while plan {plan.id!r} {until}"
            accepted = "one plan at a time; two may share the month of the change"
            yield warning("plans-overlap", what, accepted, Location(key=f"plan[{later.id}].in_force"))


def check_inside_contract(contract: Contract) -> Iterator[Finding]:
    """Yield plans whose first payment falls after the last day for claims."""
    _, claims_close = furthest_days(contract)
    for plan in contract.plans:
        if plan.starts_on > claims_close:
            what = f"plan {plan.id!r} starts on {plan.starts_on}, after claims close"
            accepted = f"a day up to {claims_close}"
            yield warning("plan-outside-contract", what, accepted, Location(key=f"plan[{plan.id}].starts"))
