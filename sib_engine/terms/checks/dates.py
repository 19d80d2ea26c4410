"""The contract's own days: the period anchor and the last day for claims."""

from collections.abc import Iterator
from typing import Final

from sib_engine.core.findings import Finding, Location, warning
from sib_engine.terms.contract import Contract

LONG_AFTER: Final = 366
"""Days after the contract's end beyond which a last day for claims is more likely a slip of the pen."""


def check_claims_close(contract: Contract) -> Iterator[Finding]:
    """Yield a last day for claims more than a year after the end."""
    days = (contract.claims_close - contract.end).days
    if days > LONG_AFTER:
        what = f"claims close {days} days after the contract ends"
        yield warning("claims-close-far", what, "a day within a year of the end", Location(key="contract.claims_close"))


def check_period_anchor(contract: Contract) -> Iterator[Finding]:
    """Yield an anchor from which the first periods of the contract would have to be counted backwards."""
    if contract.periods.anchor > contract.start:
        what = f"statement periods are counted from {contract.periods.anchor}, after the start {contract.start}"
        accepted = "the contract's first day, or an earlier one"
        yield warning("anchor-after-start", what, accepted, Location(key="contract.period.anchor"))
