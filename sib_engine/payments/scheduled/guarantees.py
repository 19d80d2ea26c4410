"""Guaranteed volumes: what the commissioner owes for each outcome short of the minimum."""

from collections.abc import Iterator
from datetime import date

import numpy as np

from sib_engine.core.errors import RefusedError
from sib_engine.core.money import to_decimal
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.scheduled.entry import Entry, ScheduledKind, earliest
from sib_engine.terms.contract import Contract
from sib_engine.terms.scheduled import CutShort, Guarantee, GuaranteeOver


def guarantee_entries(contract: Contract, rows: OutcomeRows, until: date) -> Iterator[Entry]:
    """Yield the shortfall of every guaranteed volume whose time has ended by a day, also where it is nothing.

    Args:
        contract: Terms in force.
        rows: Outcomes that count and are known.
        until: Last day that has passed.

    Raises:
        RefusedError: If an outcome of a metric that is guaranteed by period has no date.
    """
    for guarantee in contract.guarantees:
        metric = contract.metric_codes.index(guarantee.metric)
        own = rows.take(rows.metric == metric)
        if guarantee.on is GuaranteeOver.PERIOD and np.isnat(own.achieved_on).any():
            message = f"guarantee {guarantee.id!r} counts {guarantee.metric!r} by period, and an outcome has no date"
            raise RefusedError(message)
        for label, first, last, day, minimum in _spans(contract, guarantee):
            if day <= until:
                yield _entry(contract, guarantee, own, label, first, last, day, minimum)


def spans_of(contract: Contract, guarantee: Guarantee) -> Iterator[tuple[str, date, date]]:
    """Yield label, first and last day of each time over which the guarantee counts, as if nothing ended early."""
    if guarantee.on is GuaranteeOver.CONTRACT:
        yield "contract", contract.start, contract.end
        return
    begins, ends = guarantee.starts_on or contract.start, guarantee.ends_on or contract.end
    for index in range(contract.periods.index_of(begins), contract.periods.index_of(ends) + 1):
        period = contract.periods.period(index)
        yield period.label, max(period.start, begins), min(period.end, ends)


def _spans(contract: Contract, guarantee: Guarantee) -> Iterator[tuple[str, date, date, date, int]]:
    """Yield label, first and last day, the day on which the shortfall is due, and the minimum that holds."""
    stop = earliest(guarantee.last_on, contract.terminated_on)
    for label, first, last in spans_of(contract, guarantee):
        if stop is None or last <= stop:
            yield label, first, last, last, guarantee.minimum
        elif first <= stop and guarantee.if_cut_short is not CutShort.NOTHING:
            minimum = guarantee.minimum
            if guarantee.if_cut_short is CutShort.PRO_RATA:
                minimum = minimum * ((stop - first).days + 1) // ((last - first).days + 1)
            yield label, first, last, stop, minimum


def _entry(
    contract: Contract,
    guarantee: Guarantee,
    own: OutcomeRows,
    label: str,
    first: date,
    last: date,
    day: date,
    minimum: int,
) -> Entry:
    # Over the contract undated counts are counted too: NaT is neither before nor after any day.
    outside = (own.achieved_on < np.datetime64(first, "D")) | (own.achieved_on > np.datetime64(day, "D"))
    counted = int(own.count[~outside].sum())
    short = max(minimum - counted, 0)
    price = to_decimal(guarantee.price, contract.currency)
    words = f"{counted:,} of {minimum:,} {guarantee.metric}: {short:,} short x {price:,f}"
    if day < last and guarantee.if_cut_short is CutShort.PRO_RATA:
        n_ran, n_days = (day - first).days + 1, (last - first).days + 1
        words += f"; minimum {guarantee.minimum:,} for {n_ran} of {n_days} days, rounded down"
    return Entry(
        kind=ScheduledKind.GUARANTEE,
        row=f"{ScheduledKind.GUARANTEE}/{guarantee.id}/{label}",
        clause=guarantee.id,
        provenance=guarantee.provenance,
        day=day,
        amount=short * guarantee.price,
        uses_caps=guarantee.uses_caps,
        is_assumed=any(map(guarantee.provenance.assumes, ("minimum", "price"))),
        words=words,
        count=short,
        price=f"{price:f}",
    )
