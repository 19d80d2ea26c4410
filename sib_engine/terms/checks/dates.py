"""The contract's own days: the period anchor, the last day for claims, and what amendments make of the last days."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.terms.contract import Contract
from sib_engine.terms.schedule import Amendment

LONG_AFTER: Final = 366
"""Days after the contract's end beyond which a last day for claims is more likely a slip of the pen."""


def check_claims_close(contract: Contract) -> Iterator[Finding]:
    """Yield a last day for claims more than a year after the end."""
    yield from _far(contract.end, contract.claims_close, "contract.claims_close")


def _far(end: date, claims_close: date, key: str) -> Iterator[Finding]:
    days = (claims_close - end).days
    if days > LONG_AFTER:
        what = f"claims close {days} days after the contract ends"
        yield warning("claims-close-far", what, "a day within a year of the end", Location(key=key))


def check_period_anchor(contract: Contract) -> Iterator[Finding]:
    """Yield an anchor from which the first periods of the contract would have to be counted backwards."""
    if contract.periods.anchor > contract.start:
        what = f"statement periods are counted from {contract.periods.anchor}, after the start {contract.start}"
        accepted = "the contract's first day, or an earlier one"
        yield warning("anchor-after-start", what, accepted, Location(key="contract.period.anchor"))


def check_changed_days(contract: Contract) -> Iterator[Finding]:
    """Yield amendments whose last days contradict each other, or those in force before.

    An extension must take effect before the contract has run out: else nobody can say whether an outcome
    in between counts. No last day may lie before the amendment itself, which would take back what counted.
    """
    end, claims_close = contract.end, contract.claims_close
    for amendment in sorted(contract.amendments, key=lambda each: each.effective_from):
        if amendment.contract is None:
            continue
        new_end = amendment.contract.end or end
        new_close = amendment.contract.claims_close or claims_close
        yield from _changed_day(amendment, "end", end, new_end)
        yield from _changed_day(amendment, "claims_close", claims_close, new_close)
        key = f"amendment[{amendment.id}].contract"
        if new_close < new_end:
            what = f"claims_close {new_close} is before end {new_end}"
            accepted = "the contract's last day or a later one"
            yield error("claims-close-too-early", what, accepted, Location(key=key))
        if amendment.contract.claims_close is not None:
            yield from _far(new_end, new_close, f"{key}.claims_close")
        if (new_end, new_close) == (end, claims_close):
            accepted = "days other than those in force before"
            yield warning("changes-nothing", "the contract's days are these already", accepted, Location(key=key))
        end, claims_close = new_end, new_close


def _changed_day(amendment: Amendment, name: str, old: date, new: date) -> Iterator[Finding]:
    at = Location(key=f"amendment[{amendment.id}].contract.{name}")
    eve = amendment.effective_from - timedelta(days=1)
    if new > old and eve > old:
        what = f"it extends {name} on {amendment.effective_from}, when {old} has passed: nothing holds in between"
        accepted = f"effective_from = {old + timedelta(days=1)} or an earlier day"
        yield error("extended-too-late", what, accepted, at)
    elif new < old and new < eve:
        what = f"{name} {new} lies before the day on which it takes effect: what counted since would be taken back"
        yield error("ends-before-amendment", what, f"{eve} or a later day", at)
    elif new < old:
        yield warning("term-shortened", f"{name} moves back from {old} to {new}", f"{old} or a later day", at)


def furthest_days(contract: Contract) -> tuple[date, date]:
    """Return the latest last day, and the latest last day for claims, that the contract has at any time."""
    changed = [amendment.contract for amendment in contract.amendments if amendment.contract is not None]
    ends = (contract.end, *(dates.end for dates in changed if dates.end is not None))
    closes = (contract.claims_close, *(dates.claims_close for dates in changed if dates.claims_close is not None))
    return max(ends), max(closes)
