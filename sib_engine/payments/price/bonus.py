"""Bonus above a count: outcomes beyond a number earn something on top."""

from collections.abc import Iterator

import numpy as np

from sib_engine.core.money import IntArray, exact_total
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.payments.price.steps import Mechanism, PriceStep, Pricing
from sib_engine.payments.running.cells import Tally
from sib_engine.payments.running.ladder import climbed
from sib_engine.payments.running.scopes import scopes_of
from sib_engine.terms.money_clauses import Bonus


def add_bonuses(pricing: Pricing, amounts: IntArray) -> Iterator[PriceStep]:
    """Yield the amounts with each bonus added in turn; outcomes are numbered in the kernel's order."""
    for index, bonus in enumerate(pricing.contract.bonuses):
        units = _units(pricing, bonus)
        if units is None:
            continue
        price = pricing.units.of_bonuses[index]
        after = amounts + rounded_quotient(units * price, pricing.units.divisor, pricing.contract.rounding.mode)
        exact_total(after)
        yield PriceStep(Mechanism.BONUS, bonus.id, bonus.provenance, amounts, after, _Words(bonus, units))
        amounts = after


def _units(pricing: Pricing, bonus: Bonus) -> IntArray | None:
    """Return the outcomes of each row that earn the bonus, shape ``(n,)``; None where there are none."""
    tally = pricing.tally
    if bonus.groups:
        # The last entry is for rows of no group, whose code is -1.
        is_in = np.array([*(group in bonus.groups for group in pricing.groups), False])
        tally = Tally(tally.cells, tally.units * is_in[pricing.rows.group])
    bounds = [bonus.above] if bonus.up_to is None else [bonus.above, bonus.up_to]
    scopes = scopes_of(pricing.contract, bonus, pricing.rows)
    ladder = climbed(tally, scopes, np.array(bounds))
    return None if ladder is None else ladder.on(1, tally.units)


class _Words:
    """Says how many outcomes of some rows earn the bonus."""

    def __init__(self, bonus: Bonus, units: IntArray) -> None:
        self._bonus = bonus
        self._units = units

    def __call__(self, which: Positions) -> str:
        bonus = self._bonus
        end = "" if bonus.up_to is None else f", up to {bonus.up_to:,}"
        over = " and ".join(sorted(dimension.value for dimension in bonus.on))
        of = f" of {', '.join(bonus.groups)}" if bonus.groups else ""
        return f"{int(self._units[which].sum()):,} x {bonus.price} (bonus above {bonus.above:,}{end}{of} per {over})"
