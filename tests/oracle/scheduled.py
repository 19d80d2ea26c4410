"""What the contract schedules, one day after another: fees, guaranteed volumes, payment on early termination."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from sib_engine.terms.contract import Contract
from sib_engine.terms.scheduled import CutShort, Fee, Guarantee, GuaranteeOver
from tests.oracle.pricing import rounded
from tests.oracle.rows import Row

FIRST = 10**9
"""Row id of the first scheduled amount: after all outcomes, kinds and clauses in their own order."""


@dataclass(frozen=True)
class Scheduled:
    """One amount on one day; ``id`` orders it after all outcomes."""

    id: int
    day: date
    amount: int
    uses_caps: bool
    count: int = 1

    @property
    def row(self) -> Row:
        """The amount as a row of no metric."""
        return Row(self.id, None, None, None, None, None, self.day, None, self.day, self.day, self.count, None)


def scheduled(contract: Contract, counting: Sequence[Row], until: date) -> list[Scheduled]:
    """Return everything scheduled up to a day; guaranteed volumes that were reached have an amount of 0."""
    found: list[Scheduled] = []
    for place, grant in enumerate(contract.grants):
        found.append(Scheduled(_id(0, place, 0), grant.ends_on, grant.amount, grant.uses_caps))
    for place, fee in enumerate(contract.fees):
        found += [
            Scheduled(_id(1, place, n), day, amount, fee.uses_caps) for n, day, amount in _instalments(contract, fee)
        ]
    for place, guarantee in enumerate(contract.guarantees):
        for n, (first, day, minimum) in enumerate(_times(contract, guarantee)):
            n_counted = sum(row.count for row in counting if row.metric == guarantee.metric and _is_in(row, first, day))
            short = max(0, minimum - n_counted)
            amount = short * guarantee.price
            found.append(Scheduled(_id(2, place, n), day, amount, guarantee.uses_caps, short))
    stopped = contract.terminated_on
    begun = [clause for clause in contract.terminations if stopped is not None and clause.starts_on <= stopped]
    if begun and stopped is not None:
        clause = max(begun, key=lambda each: each.starts_on)
        amount = rounded(Fraction(clause.sum.amount) * (clause.sum.share or 1), contract.rounding.mode)
        found.append(Scheduled(_id(3, 0, 0), stopped, amount, clause.uses_caps))
    return [each for each in found if each.day <= until]


def _id(kind: int, clause: int, number: int) -> int:
    return FIRST + kind * 10**6 + clause * 10**4 + number


def _is_in(row: Row, first: date, last: date) -> bool:
    return row.achieved_on is None or first <= row.achieved_on <= last


def _spans(fee: Fee) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each instalment's time, by counting the first days of months."""
    firsts = [fee.starts_on]
    day = fee.starts_on
    while day <= fee.ends_on:
        day += timedelta(days=1)
        if day.day == 1:
            firsts.append(day)
    edges = firsts[:: fee.every_months]
    for first, following in pairwise(edges):
        yield first, following - timedelta(days=1)


def _instalments(contract: Contract, fee: Fee) -> Iterator[tuple[int, date, int]]:
    mode, spans = contract.rounding.mode, list(_spans(fee))
    paid = 0
    for number, (first, last) in enumerate(spans):
        if fee.total is None:
            amount = (fee.monthly or 0) * fee.every_months
        else:
            parts = fee.profile or (Fraction(1, len(spans)),) * len(spans)
            to_date = rounded(fee.total.amount * (fee.total.share or Fraction(1)) * sum(parts[: number + 1]), mode)
            amount, paid = to_date - paid, to_date
        stop = contract.terminated_on
        if stop is None or stop >= last:
            yield number, last, amount
        elif stop >= first and fee.last_instalment is not CutShort.NOTHING:
            days = (stop - first).days + 1
            part = Fraction(days, (last - first).days + 1) if fee.last_instalment is CutShort.PRO_RATA else Fraction(1)
            yield number, stop, rounded(amount * part, mode)


def _times(contract: Contract, guarantee: Guarantee) -> Iterator[tuple[date, date, int]]:
    """Yield first day, day on which it is due, and the minimum, of each time that begins before the end."""
    stop = contract.terminated_on or date.max
    times = [(contract.start, contract.end)]
    if guarantee.on is GuaranteeOver.PERIOD:
        first, last = guarantee.starts_on or contract.start, guarantee.ends_on or contract.end
        times = []
        while first <= last:
            period = contract.periods.period(contract.periods.index_of(first))
            times.append((first, min(period.end, last)))
            first = period.end + timedelta(days=1)
    for first, last in times:
        if last <= stop:
            yield first, last, guarantee.minimum
        elif first <= stop and guarantee.if_cut_short is not CutShort.NOTHING:
            days, of = (stop - first).days + 1, (last - first).days + 1
            is_part = guarantee.if_cut_short is CutShort.PRO_RATA
            yield first, stop, guarantee.minimum * days // of if is_part else guarantee.minimum
