"""Grants: one for any month, inside the contract, and divided by a share."""

from collections.abc import Iterator
from itertools import accumulate

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Grant


def check_overlaps(contract: Contract) -> Iterator[Finding]:
    """Yield grants for months that another grant covers."""
    listed = sorted(contract.grants, key=lambda grant: grant.starts_on)
    for grant, later in zip(accumulate(listed, _last_to_end), listed[1:], strict=False):
        if later.starts_on <= grant.ends_on:
            what = f"grant {later.id!r} covers months of grant {grant.id!r}"
            yield error("grants-overlap", what, "one grant for any month", Location(key=f"grant[{later.id}].months"))


def check_inside_contract(contract: Contract) -> Iterator[Finding]:
    """Yield grants for months outside the contract."""
    for grant in contract.grants:
        if grant.starts_on < contract.start or grant.ends_on > contract.end:
            what = f"grant {grant.id!r} covers {grant.starts_on} to {grant.ends_on}"
            accepted = f"months from {contract.start} to {contract.end}, in which the contract runs"
            yield warning("grant-outside-contract", what, accepted, Location(key=f"grant[{grant.id}].months"))


def check_shared(contract: Contract) -> Iterator[Finding]:
    """Yield grants that no share divides: a grant belongs to no metric, so a share of all metrics must."""
    for grant in contract.grants:
        if not any(not share.metrics and share.starts_on <= grant.ends_on for share in contract.shares):
            what = (
                f"no share of all metrics is in force on {grant.ends_on}, so nobody is known to pay grant {grant.id!r}"
            )
            accepted = 'a share with metric = "*" from that day or earlier'
            yield error("grant-without-share", what, accepted, Location(key=f"grant[{grant.id}]"))


def _last_to_end(grant: Grant, other: Grant) -> Grant:
    return max(grant, other, key=lambda each: each.ends_on)
