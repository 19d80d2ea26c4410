"""What one more outcome changes: the totals of two runs of the kernel, and the clauses that explain the difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from sib_engine.core.money import Currency, shown
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.caps.steps import LimitKind, LimitStep
from sib_engine.payments.due import Due
from sib_engine.payments.price.steps import PriceStep
from sib_engine.payments.price.trace import price_text
from sib_engine.terms.contract import Contract
from sib_engine.terms.dated_prices import with_dated_prices
from sib_engine.terms.money_clauses import Overflow

PRICE: Final = "price"
PAYER_CAP: Final = "payer cap"
"""Kinds of cause beside the mechanisms of pricing and the limits."""

_TAKING: Final = (LimitKind.OUTCOMES, LimitKind.MONEY, PAYER_CAP)

_GOES: Final = {Overflow.LOST.value: "is lost", Overflow.NEXT_PERIOD.value: "waits for the next period"}

_Steps: TypeAlias = tuple[PriceStep, ...] | tuple[LimitStep, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What is earned, payable, paid by each payer and cut by each payer's cap in all; minor units."""

    earned: int
    payable: int
    payers: tuple[int, ...]
    cuts: tuple[int, ...]

    def less(self, other: "Totals") -> "Totals":
        """Return how much more this is than another."""
        parts, cuts = (
            tuple(mine - theirs for mine, theirs in zip(own, others, strict=True))
            for own, others in ((self.payers, other.payers), (self.cuts, other.cuts))
        )
        return Totals(self.earned - other.earned, self.payable - other.payable, parts, cuts)

    def is_multiple_of(self, one: "Totals", number: int) -> bool:
        """Return whether this is what so many outcomes come to that are each worth as much as one.

        Which payer owes an odd penny alternates, and with it, by a penny, what its cap cuts once it cuts anything.
        """
        if (self.earned, self.payable) != (number * one.earned, number * one.payable):
            return False
        return all(
            abs(mine - number * each) <= (number if each else 0) for mine, each in zip(self.cuts, one.cuts, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Cause:
    """How much one clause adds or takes (minor units), by which mechanism or limit, and in words.

    ``is_earlier`` where part of it concerns outcomes that were counted before.
    """

    kind: str
    clause: str
    amount: int
    words: str
    is_earlier: bool

    def said(self, currency: Currency) -> str:
        """Return it as a person reads it."""
        money = shown(abs(self.amount), currency)
        if self.kind == LimitKind.MINIMUM:
            if self.amount > 0:
                return f"minimum {self.clause} reached: releases {money}"
            return f"minimum {self.clause} withholds {money}: {self.words}"
        if self.kind in _TAKING:
            does = f" takes {money}" if self.amount < 0 else f" releases {money}" if self.amount else ""
            return f"cap {self.clause}{does}" + (f": {self.words}" if self.words else "")
        if not self.is_earlier:
            return self.words
        sign = "-" if self.amount < 0 else ""
        return f"{self.words or self.clause}: {sign}{money} with outcomes counted before"


def totals(due: Due) -> Totals:
    """Return the totals of one run."""
    paid = tuple(due.paid.parts.sum(axis=0).tolist())
    cuts = tuple(use.taken for use in due.paid.uses)
    return Totals(int(due.payable.earned.sum()), int(due.payable.capped.payable.sum()), paid, cuts)


def causes(contract: Contract, before: Due, after: Due) -> tuple[Cause, ...]:
    """Return why the totals differ: what each clause makes of the last row of ``after`` and of those before it.

    Args:
        contract: Terms in force.
        before: The run without the last row.
        after: The run with it; its other rows are those of ``before``.

    Returns:
        Causes in acting order. Those of price and pricing add up to what is earned more, and with the limits
        to what is payable more.
    """
    contract = with_dated_prices(contract)
    place = len(after.payable.rows) - 1
    tariff = int(after.payable.tariff[place])
    found = []
    if tariff != NONE:
        base = int(after.payable.base[place])
        text = price_text(contract, tariff, int(after.payable.rows.count[place]))
        found.append(Cause(PRICE, contract.tariffs[tariff].id, base, text, is_earlier=False))
    own = "" if tariff == NONE else contract.tariffs[tariff].id
    found += _changes(before.payable.price_steps, after.payable.price_steps, place, own)
    found += _changes(before.payable.capped.steps, after.payable.capped.steps, place, "")
    taken = {use.cap: use.taken for use in before.paid.uses}
    for use in after.paid.uses:
        more = use.taken - taken.get(use.cap, 0)
        if more:
            goes = _GOES.get(use.went_to, f"falls to {use.went_to}")
            text = f"limit {shown(use.limit, contract.currency)} of {use.payer}; what it cuts {goes}"
            found.append(Cause(PAYER_CAP, use.cap, -more, text, is_earlier=False))
    return tuple(found)


def _changes(before: _Steps, after: _Steps, place: int, own: str) -> Iterator[Cause]:
    """Yield what each clause adds in one run beyond the other; a clause without an id is the row's own tariff."""
    old, new = dict(_named(before)), dict(_named(after))
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        earlier = np.zeros(place, dtype=np.int64)
        for step, sign in ((now, 1), (was, -1)):
            if step is not None:
                earlier += sign * (step.after - step.before)[:place]
        here = 0 if now is None else int(now.after[place] - now.before[place])
        amount = here + int(earlier.sum())
        if not here and not earlier.any():
            continue
        words = ""
        if now is not None:
            which = np.array([place]) if here else np.flatnonzero(earlier)
            words = now.words(which.astype(np.intp))
        yield Cause(key[0], key[1] or own, amount, words, is_earlier=bool(earlier.any()))


def _named(steps: _Steps) -> Iterator[tuple[tuple[str, str, int], PriceStep | LimitStep]]:
    """Yield the steps by what they do, for which clause, and which of several such it is."""
    seen: dict[tuple[str, str], int] = {}
    for step in steps:
        key = (step.kind.value, step.clause)
        seen[key] = seen.get(key, -1) + 1
        yield (*key, seen[key]), step
