"""The caps on payers, in the order in which they act: whoever passes money on comes before who receives it."""

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from sib_engine.core.errors import RefusedError
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension, Overflow

_ALLOWED = frozenset({Dimension.PAYER, Dimension.PERIOD, Dimension.CONTRACT})


@dataclass(frozen=True, slots=True)
class PayerCap:
    """One cap on a payer, resolved.

    ``index`` is its position in the contract's caps, ``payer`` and ``receiver`` are payer columns;
    ``receiver`` is None where the money cut is lost or waits for the next period.
    """

    index: int
    payer: int
    limit: int
    is_per_period: bool
    receiver: int | None
    waits: bool


def payer_caps_of(contract: Contract) -> tuple[PayerCap, ...]:
    """Return the contract's caps on payers in acting order.

    Every cap of a payer acts before any cap of a payer that can receive its overflow. Among the
    caps of one payer the per-period ones act first, as the finer ones do everywhere, then those for
    the whole contract; each in file order.

    Raises:
        RefusedError: If such a cap also counts over people, metrics or sites, is narrowed to some of
            them, names no paying party, keeps money for a next period without counting by period,
            passes money on in a circle, or passes what is beyond a limit for the whole contract to
            a payer whose cap counts by period.
    """
    listed = [_resolved(contract, index) for index, cap in enumerate(contract.caps) if Dimension.PAYER in cap.on]
    _refuse_overflow_of_no_period(contract, listed)
    sorter: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(range(len(contract.payers)), ()))
    for cap in listed:
        if cap.receiver is not None:
            sorter.add(cap.receiver, cap.payer)
    try:
        places = {payer: place for place, payer in enumerate(sorter.static_order())}
    except CycleError as circle:
        names = " -> ".join(contract.payers[payer] for payer in circle.args[1])
        message = f"the overflow of payers' caps goes round in a circle: {names}"
        raise RefusedError(message) from None
    return tuple(sorted(listed, key=lambda cap: (places[cap.payer], not cap.is_per_period, cap.index)))


def has_cap_by_period(contract: Contract) -> bool:
    """Return whether a payer's cap counts by period.

    Raises:
        RefusedError: As for :func:`payer_caps_of`.
    """
    return any(cap.is_per_period for cap in payer_caps_of(contract))


def _resolved(contract: Contract, index: int) -> PayerCap:
    cap = contract.caps[index]
    if not cap.on <= _ALLOWED or cap.metrics or cap.sites:
        message = f"cap {cap.id!r} on a payer must cover all that the payer pays: in all, or in each period"
        raise RefusedError(message)
    is_per_period = Dimension.PERIOD in cap.on
    waits = cap.overflow == Overflow.NEXT_PERIOD
    if waits and not is_per_period:
        message = f"cap {cap.id!r} leaves its overflow to the next period, but is not counted by period"
        raise RefusedError(message)
    is_passed_on = cap.overflow not in set(Overflow)
    receiver = _column(contract, cap, cap.overflow) if is_passed_on else None
    return PayerCap(index, _column(contract, cap, cap.payer), cap.limit, is_per_period, receiver, waits)


def _refuse_overflow_of_no_period(contract: Contract, caps: list[PayerCap]) -> None:
    """Refuse a cap by period on money that belongs to no period.

    Which outcome lies beyond a limit for the whole contract follows the order of arrival, and a
    correction of another one undoes it: its period would take back what a later one had received.
    """
    by_period = {cap.payer: contract.caps[cap.index].id for cap in caps if cap.is_per_period}
    for cap in caps:
        if not cap.is_per_period and cap.receiver in by_period:
            message = (
                f"cap {contract.caps[cap.index].id!r} passes on what is beyond a limit for the whole contract, "
                f"and cap {by_period[cap.receiver]!r} on the payer that receives it counts by period"
            )
            raise RefusedError(message)


def _column(contract: Contract, cap: Cap, payer: str | None) -> int:
    if payer not in contract.payers:
        message = f"cap {cap.id!r} names {payer!r}, which no paying party of the contract is called"
        raise RefusedError(message)
    return contract.payers.index(payer)
