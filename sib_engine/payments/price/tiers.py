"""Volume tiers: what an outcome earns depends on its number among those counted with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.payments.price.steps import Mechanism, PriceStep, Pricing
from sib_engine.payments.price.trace import moved_text
from sib_engine.payments.running.ladder import Ladder, climbed, standing
from sib_engine.payments.running.scopes import Scopes, scopes_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.indexes import Indexed
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.tiers import CountOver, Tiers, Volume

_NEVER: Final = np.iinfo(np.int64).max
"""A bound that no count passes, for metrics with fewer tiers than others."""

_ON: Final = {
    CountOver.METRIC: frozenset({Dimension.METRIC}),
    CountOver.SITE: frozenset({Dimension.METRIC, Dimension.SITE}),
    CountOver.CONTRACT: frozenset({Dimension.CONTRACT}),
}


@dataclass(frozen=True, slots=True)
class _Count:
    """Tariffs whose outcomes can be numbered in one go: one row of bounds for each metric.

    Has what :func:`~sib_engine.payments.running.scopes.scopes_of` asks of a clause.
    """

    id: str
    over: CountOver
    volume: Volume
    bounds: dict[str, tuple[int, ...]]
    tariffs: tuple[int, ...]
    sites: tuple[str, ...] = ()

    @property
    def on(self) -> frozenset[Dimension]:
        return _ON[self.over]

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self.bounds)


def price_in_tiers(pricing: Pricing, amounts: IntArray) -> Iterator[PriceStep]:
    """Yield the amounts with the tiers' prices instead of the first tier's, for each way of counting.

    Outcomes are numbered in the kernel's order: already stated first, so that a late outcome takes
    the next free number and leaves the others theirs. A published count may lie in several tiers.
    """
    counts = _counts(pricing.contract)
    for count in counts:
        ladder = _ladder(pricing, count)
        if ladder is None:
            continue
        after = _priced(pricing, count, ladder, amounts, is_only=len(counts) == 1 and not pricing.contract.scales)
        yield PriceStep(Mechanism.TIERS, "", None, amounts, after, _Words(pricing, ladder))
        amounts = after


def _counts(contract: Contract) -> list[_Count]:
    """Return the tariffs with tiers, put together where one numbering serves them."""
    together: list[_Count] = []
    over_contract = tuple(
        dict.fromkeys(
            tariff.metric for tariff in contract.tariffs if tariff.tiers and tariff.tiers.over is CountOver.CONTRACT
        )
    )
    for index, tariff in enumerate(contract.tariffs):
        tiers = tariff.tiers
        if tiers is None:
            continue
        is_joint = tiers.over is CountOver.CONTRACT
        own = dict.fromkeys(over_contract if is_joint else (tariff.metric,), tiers.bounds)
        for place, count in enumerate(together):
            if (count.over, count.volume) == (tiers.over, tiers.volume) and _agree(count.bounds, own):
                both = count.bounds | own
                together[place] = _Count(count.id, count.over, count.volume, both, (*count.tariffs, index))
                break
        else:
            together.append(_Count(tariff.id, tiers.over, tiers.volume, own, (index,)))
    return together


def _agree(some: dict[str, tuple[int, ...]], others: dict[str, tuple[int, ...]]) -> bool:
    return all(some.get(metric, bounds) == bounds for metric, bounds in others.items())


def _ladder(pricing: Pricing, count: _Count) -> Ladder | None:
    scopes = scopes_of(pricing.contract, count, pricing.rows)
    bounds = _bounds(pricing.contract, count, scopes)
    if count.volume is Volume.WHOLE:
        return standing(pricing.tally, scopes, bounds)
    return climbed(pricing.tally, scopes, bounds)


def _bounds(contract: Contract, count: _Count, scopes: Scopes) -> IntArray:
    """Return the bounds of each scope, shape ``(n_scopes, n_bounds)``."""
    n_bounds = max(len(bounds) for bounds in count.bounds.values())
    found = np.full((scopes.n_scopes + 1, n_bounds), _NEVER, dtype=np.int64)
    for metric, bounds in count.bounds.items():
        found[scopes.parts[contract.metric_codes.index(metric) + 1], : len(bounds)] = bounds
    return found[:-1]


def _priced(pricing: Pricing, count: _Count, ladder: Ladder, before: IntArray, *, is_only: bool) -> IntArray:
    """Return the amounts with those of a count's tariffs by their tiers.

    Where it is the only count, every row's amount is its price on its rung: a tariff without tiers has the
    same on each.
    """
    units, mode = pricing.units, pricing.contract.rounding.mode
    n_rungs = units.of_tariffs.shape[1]
    prices = np.concatenate([np.zeros((1, n_rungs), dtype=np.int64), units.of_tariffs])
    is_ours = np.zeros(len(prices), dtype=np.bool_)
    is_ours[np.array(count.tariffs) + 1] = True
    after = np.empty_like(before)

    def work(block: slice) -> None:
        places = pricing.tariff[block] + 1
        cells = places * np.int32(n_rungs)
        # Rows that stand on several rungs are written below.
        cells += np.minimum(ladder.rungs[block], np.uint8(n_rungs - 1))
        earned = prices.reshape(-1).take(cells, out=after[block], mode="clip")
        earned *= pricing.counts[block]
        if units.divisor > 1:
            earned[:] = rounded_quotient(earned, units.divisor, mode)
        if not is_only:
            np.copyto(earned, before[block], where=~is_ours.take(places))

    each_block(len(before), work)
    places = pricing.tariff[ladder.split_at] + 1
    n_own = ladder.split_units.shape[1]
    earned = (prices[places, :n_own] * ladder.split_units).sum(axis=1)
    ours = is_ours[places]
    after[ladder.split_at] = np.where(ours, rounded_quotient(earned, units.divisor, mode), before[ladder.split_at])
    return after


class _Words:
    """Says how many outcomes of some rows lie in which tier, and at which price they stood before.

    The counts are worked out when first asked for.
    """

    def __init__(self, pricing: Pricing, ladder: Ladder) -> None:
        self._pricing = pricing
        self._units = cache(lambda rung: ladder.on(rung, pricing.counts))

    def __call__(self, which: Positions) -> str:
        tariffs = self._pricing.contract.tariffs
        parts: list[str] = []
        for index in np.unique(self._pricing.tariff[which]).tolist():
            tiers = tariffs[index].tiers
            if tiers is not None:
                of_tariff = which[self._pricing.tariff[which] == index]
                by_tier = "; ".join(self._of(tiers, tariffs[index].indexed, of_tariff))
                n_all = int(self._pricing.counts[of_tariff].sum())
                parts.append(f"{by_tier}, in place of {n_all:,} x {tiers.steps[0].price}")
        return "; ".join(parts)

    def _of(self, tiers: Tiers, indexed: Indexed | None, which: Positions) -> Iterator[str]:
        first = 1
        over = "" if tiers.over is CountOver.METRIC else f" of the {tiers.over}"
        for rung, step in enumerate(tiers.steps):
            n_here = int(self._units(rung)[which].sum())
            span = f"{first:,} to {step.up_to:,}" if step.up_to is not None else f"from {first:,}"
            if n_here:
                mode = self._pricing.contract.rounding.mode
                moved = "" if indexed is None else f"; {moved_text(indexed, rung, step.price, mode)}"
                yield f"{n_here:,} x {step.price} (tier {span}{over}, {tiers.volume}{moved})"
            first = (step.up_to or 0) + 1
