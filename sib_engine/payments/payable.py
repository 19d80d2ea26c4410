"""What a set of rows earns, and what is left of it after the caps that name no payer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.cap import Capped, cap
from sib_engine.payments.price.pricing import price
from sib_engine.payments.price.steps import PriceStep
from sib_engine.payments.scheduled.entries import entry_rows
from sib_engine.payments.scheduled.entry import Entry
from sib_engine.terms.contract import Contract


@dataclass(frozen=True, slots=True, eq=False)
class Payable:
    """Amounts per row, minor units, shape ``(n,)``; scheduled amounts (``entries``) stand after the outcomes.

    ``base`` is count times price (an entry's amount), from which ``price_steps`` lead to ``earned``.
    ``tariff`` is the position of the price row used, ``NONE`` for an entry; ``exempt`` marks entries
    that no cap counts. ``capped.payable`` is what the share clauses divide.
    """

    rows: OutcomeRows
    n_outcomes: int
    base: IntArray
    price_steps: tuple[PriceStep, ...]
    earned: IntArray
    tariff: npt.NDArray[np.int32]
    exempt: npt.NDArray[np.bool_]
    capped: Capped
    entries: tuple[Entry, ...] = ()

    def entry_at(self, place: int) -> Entry:
        """Return the scheduled amount that stands at a position after the outcomes."""
        return self.entries[place - self.n_outcomes]


def payable(
    contract: Contract,
    rows: OutcomeRows,
    *,
    entries: Sequence[Entry] = (),
    groups: Sequence[str] = (),
    stated: npt.NDArray[np.int32] | None = None,
) -> Payable:
    """Price rows that count, add what is scheduled, and apply every cap that names no payer.

    Args:
        contract: Terms in force.
        rows: Outcomes that count.
        entries: Scheduled amounts that have fallen due; none in ``sib price``.
        groups: Labels of the rows' group codes, needed where tariffs name groups.
        stated: Statement that first stated each entry, shape ``(n_entries,)``; ``NONE`` for not yet.

    Returns:
        Amounts of the outcomes, then of the entries.

    Raises:
        RefusedError: If a row has no price, or more than one could apply.
        OverflowRefusedError: If amounts leave the exact range.
    """
    priced = price(contract, rows, groups=groups)
    both = joined(rows, entry_rows(entries, rows, stated))
    flat = np.array([entry.amount for entry in entries], dtype=np.int64)
    base, earned = (np.concatenate([amounts, flat]) for amounts in (priced.base, priced.amount))
    tariff = np.concatenate([priced.tariff.astype(np.int32), np.full(len(entries), NONE, dtype=np.int32)])
    exempt = np.zeros(len(both), dtype=np.bool_)
    exempt[len(rows) :] = [not entry.uses_caps for entry in entries]
    capped = cap(contract, both, earned, exempt=exempt)
    return Payable(both, len(rows), base, priced.steps, earned, tariff, exempt, capped, tuple(entries))


def joined(first: OutcomeRows, second: OutcomeRows) -> OutcomeRows:
    """Return the rows of both tables, the first's before the second's; codes must mean the same in both."""
    columns = (
        np.concatenate([getattr(first, name), getattr(second, name)]) for name in OutcomeRows.__dataclass_fields__
    )
    return OutcomeRows(*columns)
