"""Bonus above a count: outcomes beyond a number earn something on top."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from sib_engine.core.blocks import copied
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.payments.price.steps import Mechanism, PriceStep, Pricing
from sib_engine.payments.running.cells import Tally
from sib_engine.payments.running.ladder import climbed
from sib_engine.payments.running.scopes import scopes_of
from sib_engine.payments.running.spans import counted, judged
from sib_engine.terms.held import Held, bonuses_held
from sib_engine.terms.money_clauses import Bonus


def add_bonuses(pricing: Pricing, amounts: IntArray) -> Iterator[PriceStep]:
    """Yield the amounts with each bonus added in turn; outcomes are numbered in the kernel's order.

    A bonus of part of the time pays the outcomes of its own days, and numbers those before it too.
    """
    for index, held in enumerate(bonuses_held(pricing.contract)):
        bonus = held.clause
        at, units = _earning(pricing, held)
        if at.size == 0:
            continue
        price = pricing.units.of_bonuses[index]
        after = copied(amounts)
        after[at] += rounded_quotient(units * price, pricing.units.divisor, pricing.contract.rounding.mode)
        yield PriceStep(Mechanism.BONUS, bonus.id, bonus.provenance, amounts, after, _Words(held, at, units))
        amounts = after


def _earning(pricing: Pricing, held: Held[Bonus]) -> tuple[Positions, IntArray]:
    """Return the positions of the rows that earn the bonus, and for how many outcomes each."""
    bonus, tally = held.clause, counted(held, pricing.tally)
    if bonus.groups:
        # The last entry is for rows of no group, whose code is -1.
        is_in = np.array([*(group in bonus.groups for group in pricing.groups), False])
        tally = Tally(tally.cells, tally.units * is_in[pricing.rows.group])
    bounds = [bonus.above] if bonus.up_to is None else [bonus.above, bonus.up_to]
    ladder = climbed(tally, scopes_of(pricing.contract, bonus, pricing.rows), np.array(bounds))
    if ladder is None:
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int64)
    at, units = ladder.only_on(1, tally.units)
    own = judged(held, pricing.rows)
    return (at, units) if own is None else (at[own[at]], units[own[at]])


class _Words:
    """Says how many outcomes of some rows earn the bonus."""

    def __init__(self, held: Held[Bonus], at: Positions, units: IntArray) -> None:
        self._held = held
        self._at = at
        self._found = units

    @cached_property
    def _units(self) -> dict[int, int]:
        return dict(zip(self._at.tolist(), self._found.tolist(), strict=True))

    def __call__(self, which: Positions) -> str:
        bonus = self._held.clause
        n_here = sum(self._units.get(place, 0) for place in which.tolist())
        end = "" if bonus.up_to is None else f", up to {bonus.up_to:,}"
        over = " and ".join(sorted(dimension.value for dimension in bonus.on))
        of = f" of {', '.join(bonus.groups)}" if bonus.groups else ""
        return f"{n_here:,} x {bonus.price} (bonus above {bonus.above:,}{end}{of} per {over}{self._held.words})"
