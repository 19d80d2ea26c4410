"""Caps on payers: where the money that they cut goes."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

from sib_engine.core.findings import Finding, Location, error, warning
from sib_engine.core.money import shown
from sib_engine.terms.checks.most import most_scheduled
from sib_engine.terms.checks.prerequisites import circles
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension, Overflow
from sib_engine.terms.plain_words import percentage


def check_overflow(contract: Contract) -> Iterator[Finding]:
    """Yield overflows to the payer itself, in a circle, or to a payer that otherwise pays nothing."""
    passing = [cap for cap in _payer_caps(contract) if cap.overflow not in set(Overflow)]
    sharing = {payer for share in contract.shares for payer in share.payers}
    needs: dict[str, set[str]] = {payer: set() for payer in contract.payers}
    for cap in passing:
        at = Location(key=f"cap[{cap.id}].overflow")
        if cap.overflow == cap.payer:
            what = f"what cap {cap.id!r} cuts from {cap.payer!r} would go back to it"
            yield error("overflow-to-itself", what, "lost, next period or another payer", at)
        elif cap.payer in needs and cap.overflow in needs:
            needs[cap.payer].add(cap.overflow)
            if cap.overflow not in sharing:
                what = f"{cap.overflow!r} receives overflow and no share names it"
                yield warning("overflow-payer-without-share", what, "a payer that a share names", at)
    for circle in circles(needs):
        first = next(cap for cap in passing if cap.payer == circle[0] and cap.overflow == circle[1])
        what = "overflow goes round in a circle: " + " -> ".join((*circle, circle[0]))
        at = Location(key=f"cap[{first.id}].overflow")
        yield error("overflow-cycle", what, "overflow that ends with a payer, or is lost", at)


def check_overflow_of_no_period(contract: Contract) -> Iterator[Finding]:
    """Yield caps for the whole contract whose overflow arrives at a payer with a cap by period.

    What lies beyond a limit for the whole contract belongs to no period, so no period's limit can
    be held against it: the kernel refuses such caps, and no amount can be worked out.
    """
    by_period = {cap.payer: cap.id for cap in _payer_caps(contract) if Dimension.PERIOD in cap.on}
    for cap in _payer_caps(contract):
        other = by_period.get(cap.overflow)
        if Dimension.PERIOD in cap.on or other is None or cap.overflow == cap.payer:
            continue
        what = (
            f"cap {cap.id!r} passes on what is beyond a limit for the whole contract, and cap {other!r} on"
            f" {cap.overflow!r}, which receives it, counts by period"
        )
        accepted = f"overflow that is lost or goes to a payer without a cap by period, or {cap.id!r} by period too"
        yield error("overflow-of-no-period", what, accepted, Location(key=f"cap[{cap.id}].overflow"))


def check_two_caps(contract: Contract) -> Iterator[Finding]:
    """Yield a second cap of the same kind on one payer."""
    first: dict[tuple[str | None, frozenset[Dimension]], str] = {}
    for cap in _payer_caps(contract):
        other = first.setdefault((cap.payer, cap.on - {Dimension.CONTRACT}), cap.id)
        if other != cap.id:
            what = f"cap {other!r} limits {cap.payer!r} in the same way"
            yield warning("two-payer-caps", what, "one cap of a kind for each payer", Location(key=f"cap[{cap.id}]"))


def check_reachable(contract: Contract) -> Iterator[Finding]:
    """Yield payers' caps above their share of all that the contract's cap lets through.

    Said only where one clause divides everything, and where nothing overflows to the payer.
    """
    most = _most_in_all(contract)
    parts = only_share(contract)
    if most is None or parts is None:
        return
    receiving = {cap.overflow for cap in _payer_caps(contract)}
    for cap in _payer_caps(contract):
        if cap.payer is None or cap.payer in receiving or cap.payer not in parts:
            continue
        due = ceil(parts[cap.payer] * most[0])
        if cap.limit > due:
            what = (
                f"cap {cap.id!r} of {shown(cap.limit, contract.currency)} can never be reached: the share of"
                f" {cap.payer!r} is {percentage(parts[cap.payer])}, at most {shown(due, contract.currency)} of what cap"
                f" {most[1]!r} lets through"
            )
            at = Location(key=f"cap[{cap.id}].limit")
            yield warning("unreachable-cap", what, "a lower limit, or no such cap", at)


def check_together(contract: Contract) -> Iterator[Finding]:
    """Yield contract caps that payers' caps keep from mattering, because what these cut is lost."""
    parts = only_share(contract)
    limits = {
        cap.payer: cap.limit
        for cap in _payer_caps(contract)
        if Dimension.PERIOD not in cap.on and cap.overflow == Overflow.LOST
    }
    if parts is None or not parts.keys() <= limits.keys():
        return
    used_up = max(limits[payer] / part for payer, part in parts.items() if part)
    for cap in contract.caps:
        if cap.on == {Dimension.CONTRACT} and not cap.metrics and not cap.sites and used_up < cap.limit:
            together = sum(limits[payer] for payer in parts)
            what = (
                f"cap {cap.id!r} of {shown(cap.limit, contract.currency)} can never decide what is paid: the payers'"
                f" own caps come to {shown(together, contract.currency)}, and what they cut is lost"
            )
            at = Location(key=f"cap[{cap.id}].limit")
            yield warning("unreachable-cap", what, "payers' caps that come to the contract's cap", at)


def _most_in_all(contract: Contract) -> tuple[int, str] | None:
    """Return the most that the contract pays, scheduled amounts beside its cap included, and that cap; or None."""
    whole = [cap for cap in contract.caps if cap.on == {Dimension.CONTRACT} and not cap.metrics and not cap.sites]
    if not whole:
        return None
    tightest = min(whole, key=lambda cap: cap.limit)
    return tightest.limit + most_scheduled(contract, uses_caps=False), tightest.id


def only_share(contract: Contract) -> Mapping[str, Fraction] | None:
    """Return the parts of the one clause that divides everything, or None where there is another."""
    if len(contract.shares) != 1 or contract.shares[0].metrics:
        return None
    return contract.shares[0].payers


def _payer_caps(contract: Contract) -> list[Cap]:
    return [cap for cap in contract.caps if Dimension.PAYER in cap.on]
