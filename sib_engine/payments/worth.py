"""What one more outcome changes: the totals of two runs of the kernel, and the clauses that explain the difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from sib_engine.core.money import Currency, IntArray, shown
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
NOT_COUNTED: Final = "not counted"
"""Kinds of cause beside the mechanisms of pricing, the limits and the kinds of scheduled money."""

_TAKING: Final = (LimitKind.OUTCOMES, LimitKind.MONEY, PAYER_CAP)

_GOES: Final = {Overflow.LOST.value: "is lost", Overflow.NEXT_PERIOD.value: "waits for the next period"}

_Steps: TypeAlias = tuple[PriceStep, ...] | tuple[LimitStep, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """What is earned, scheduled, payable, paid by each payer and cut by each payer's cap in all; minor units.

    ``earned`` is what outcomes and results earn, ``scheduled`` what grants, fees and the like come to; both
    together, after caps, are ``payable``.
    """

    earned: int
    scheduled: int
    payable: int
    payers: tuple[int, ...]
    cuts: tuple[int, ...]

    def less(self, other: "Totals") -> "Totals":
        """Return how much more this is than another."""
        parts, cuts = (
            tuple(mine - theirs for mine, theirs in zip(own, others, strict=True))
            for own, others in ((self.payers, other.payers), (self.cuts, other.cuts))
        )
        earned, scheduled = self.earned - other.earned, self.scheduled - other.scheduled
        return Totals(earned, scheduled, self.payable - other.payable, parts, cuts)

    def is_multiple_of(self, one: "Totals", number: int, *, slack: int = 0) -> bool:
        """Return whether this is what so many outcomes come to that are each worth as much as one.

        Each may differ by ``slack`` minor units. Which payer owes an odd penny alternates, and with it, by a
        penny, what its cap cuts once it cuts anything.
        """
        pairs = ((self.earned, one.earned), (self.scheduled, one.scheduled), (self.payable, one.payable))
        if any(abs(mine - number * each) > number * slack for mine, each in pairs):
            return False
        return all(
            abs(mine - number * each) <= (number * (1 + slack) if each else 0)
            for mine, each in zip(self.cuts, one.cuts, strict=True)
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
        """Return it as a person reads it; each begins or ends with its own amount, so that the lines add up."""
        money = shown(abs(self.amount), currency)
        if self.kind == LimitKind.MINIMUM:
            if self.amount > 0:
                return f"minimum {self.clause} reached: releases {money}"
            return f"minimum {self.clause} withholds {money}: {self.words}"
        if self.kind in _TAKING:
            does = f" takes {money}" if self.amount < 0 else f" releases {money}" if self.amount else ""
            return f"cap {self.clause}{does}" + (f": {self.words}" if self.words else "")
        sign = "-" if self.amount < 0 else "" if self.kind in {PRICE, NOT_COUNTED} or not self.amount else "+"
        words = self.words or self.clause
        return f"{sign}{money}: {words}" + (", with outcomes counted before" if self.is_earlier else "")


def totals(due: Due) -> Totals:
    """Return the totals of one run."""
    n_outcomes, earned = due.payable.n_outcomes, due.payable.earned
    return Totals(
        int(earned[:n_outcomes].sum()),
        int(earned[n_outcomes:].sum()),
        int(due.payable.capped.payable.sum()),
        tuple(due.paid.parts.sum(axis=0).tolist()),
        tuple(use.taken for use in due.paid.uses),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs that differ in one row, which stands at ``place`` in ``after``.

    ``before`` does not have the row where it ``is_new``; all its other rows are those of ``after``, and so are
    its scheduled amounts. ``not_counted`` is why the row does not count, with the clause; its count is then 0.
    """

    contract: Contract
    before: Due
    after: Due
    place: int
    is_new: bool = True
    not_counted: tuple[str, str] | None = None

    @property
    def scale(self) -> str | None:
        """The scale that prices the row, which is said even where it pays the same; None where none does."""
        scale = int(self.after.payable.scale[self.place])
        return None if scale == NONE else self.contract.scales[scale].id

    def old(self, amounts: IntArray) -> IntArray:
        """Return amounts of the run before, with nothing in the place of a row that is new."""
        return np.insert(amounts, self.place, 0) if self.is_new else amounts


def causes(compared: Compared) -> tuple[Cause, ...]:
    """Return why the totals of two runs differ: what each clause makes of the one row and of those beside it.

    Returns:
        Causes in acting order. Those of price and pricing add up to what is earned more, with those of what is
        scheduled and the limits to what is payable more.
    """
    contract = with_dated_prices(compared.contract)
    after, place = compared.after, compared.place
    tariff = int(after.payable.tariff[place])
    found = []
    if compared.not_counted is not None:
        clause, words = compared.not_counted
        found.append(Cause(NOT_COUNTED, clause, 0, words, is_earlier=False))
    elif tariff != NONE:
        base = int(after.payable.base[place])
        text = price_text(contract, tariff, int(after.payable.rows.count[place]))
        found.append(Cause(PRICE, contract.tariffs[tariff].id, base, text, is_earlier=False))
    found += _displaced(compared)
    own = "" if tariff == NONE else contract.tariffs[tariff].id
    found += _changes(compared, compared.before.payable.price_steps, after.payable.price_steps, own)
    found += _scheduled(compared)
    found += _changes(compared, compared.before.payable.capped.steps, after.payable.capped.steps, "")
    taken = {use.cap: use.taken for use in compared.before.paid.uses}
    for use in after.paid.uses:
        more = use.taken - taken.get(use.cap, 0)
        if more:
            goes = _GOES.get(use.went_to, f"falls to {use.went_to}")
            text = f"limit {shown(use.limit, contract.currency)} of {use.payer}; what it cuts {goes}"
            found.append(Cause(PAYER_CAP, use.cap, -more, text, is_earlier=False))
    return tuple(found)


def _displaced(compared: Compared) -> Iterator[Cause]:
    """Yield what outcomes counted before lose at their price, because the row takes their place."""
    n_outcomes = compared.after.payable.n_outcomes
    changed = (compared.after.payable.base - compared.old(compared.before.payable.base))[:n_outcomes]
    changed[compared.place] = 0
    if changed.any():
        yield Cause(NOT_COUNTED, "", int(changed.sum()), "no longer counted, or counted anew", is_earlier=True)


def _scheduled(compared: Compared) -> Iterator[Cause]:
    """Yield what scheduled amounts come to more, clause by clause, in the words of the amount that changed."""
    old = {entry.row: entry.amount for entry in compared.before.payable.entries}
    for entry in compared.after.payable.entries:
        more = entry.amount - old.get(entry.row, 0)
        if more:
            words = f"{entry.kind} {entry.clause}: {entry.words}"
            yield Cause(entry.kind.value, entry.clause, more, words, is_earlier=False)


def _changes(compared: Compared, before: _Steps, after: _Steps, own: str) -> Iterator[Cause]:
    """Yield what each clause adds in one run beyond the other; a clause without an id is the row's own tariff."""
    old, new = dict(_named(before)), dict(_named(after))
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key), new.get(key)
        n_rows = len(now.after) if now is not None else len(compared.after.payable.rows)
        added = np.zeros(n_rows, dtype=np.int64)
        if now is not None:
            added += now.after - now.before
        if was is not None:
            added[: len(was.after) + compared.is_new] -= compared.old(was.after - was.before)
        here = int(added[compared.place])
        others = added.copy()
        others[compared.place] = 0
        is_own_scale = key[1] == compared.scale
        if not added.any() and not is_own_scale:
            continue
        words = ""
        if now is not None:
            which = np.array([compared.place]) if here or is_own_scale else np.flatnonzero(others)
            words = now.words(which.astype(np.intp))
        yield Cause(key[0], key[1] or own, int(added.sum()), words, is_earlier=bool(others.any()))


def _named(steps: _Steps) -> Iterator[tuple[tuple[str, str, int], PriceStep | LimitStep]]:
    """Yield the steps by what they do, for which clause, and which of several such it is."""
    seen: dict[tuple[str, str], int] = {}
    for step in steps:
        key = (step.kind.value, step.clause)
        seen[key] = seen.get(key, -1) + 1
        yield (*key, seen[key]), step
