"""Grants: one flat amount on the last day of the months that it is for."""

from collections.abc import Iterator

from sib_engine.payments.scheduled.entry import Entry, ScheduledKind
from sib_engine.terms.contract import Contract


def grant_entries(contract: Contract) -> Iterator[Entry]:
    """Yield every grant of the contract."""
    for grant in contract.grants:
        yield Entry(
            kind=ScheduledKind.GRANT,
            row=f"{ScheduledKind.GRANT}/{grant.id}",
            clause=grant.id,
            provenance=grant.provenance,
            day=grant.ends_on,
            amount=grant.amount,
            uses_caps=grant.uses_caps,
            is_assumed=grant.provenance.assumes("amount"),
            words=f"flat grant for {grant.starts_on} to {grant.ends_on}",
        )
