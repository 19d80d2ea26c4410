"""Caps at a share of outcomes: of those that count, so many are paid, the first ones in the kernel's order."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.payments.caps.base import bases, floor_of
from sib_engine.payments.caps.steps import Limiting, LimitKind, LimitStep, finest_first, per
from sib_engine.payments.price.rounding import rounded_part
from sib_engine.payments.running.cells import Tally
from sib_engine.payments.running.ladder import Ladder, climbed, totals_of
from sib_engine.payments.running.order import row_order
from sib_engine.payments.running.scopes import Scopes
from sib_engine.payments.running.spans import counted, judged
from sib_engine.terms.contract import RoundingMode
from sib_engine.terms.held import Held, outcome_caps_held
from sib_engine.terms.money_clauses import OutcomeCap
from sib_engine.terms.plain_words import percentage


def pay_a_share_of_outcomes(limiting: Limiting, amounts: IntArray) -> Iterator[LimitStep]:
    """Yield what each cap at a share of outcomes leaves of the amounts, the finest first.

    In each scope the first outcomes are paid, up to the share of its base in whole outcomes. Stated
    rows come first, so what was paid stays paid while the base grows, and what it then lets through
    goes to the outcome that has waited longest. A cap counts the outcomes that those before it left
    to be paid; a base counts every outcome, whenever it was achieved. Of a row of several, a part is paid for its
    first ones.
    """
    contract = limiting.contract
    words: _Words | None = None
    for held in finest_first(contract, outcome_caps_held(contract)):
        clause = held.clause
        scopes = limiting.scopes(clause)
        base = bases(limiting, clause, scopes)
        bounds = floor_of(clause.share, base)
        before = limiting.tally if words is None else words.paid
        tally = counted(held, before)
        ladder = climbed(tally, scopes, bounds[:, np.newaxis])
        if ladder is None:
            continue
        cut = _Cut(tally, ladder, judged(held, limiting.rows))
        after = _paid(amounts, cut, contract.rounding.mode)
        words = _Words(limiting, held, scopes, base, before, cut)
        yield LimitStep(LimitKind.OUTCOMES, clause.id, clause.provenance, amounts, after, words)
        amounts = after


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """Where a cap cuts: the outcomes that it counts, on their rungs, of the rows that it judges (None: all)."""

    tally: Tally
    ladder: Ladder
    own: npt.NDArray[np.bool_] | None

    def is_own(self, at: Positions | slice) -> npt.NDArray[np.bool_] | np.bool_:
        """Return which of some rows the cap judges."""
        return np.True_ if self.own is None else self.own[at]

    def left(self, before: IntArray) -> IntArray:
        """Return what is left to be paid of the outcomes of each row, shape ``(n,)``."""
        paid = self.ladder.on(0, self.tally.units)
        return paid if self.own is None else np.where(self.own, paid, before)


def _paid(amounts: IntArray, cut: _Cut, mode: RoundingMode) -> IntArray:
    """Return what is left of each amount when the units on the first rung are paid; what holds none is left whole."""
    after = np.empty_like(amounts)
    ladder, units = cut.ladder, cut.tally.units

    def work(block: slice) -> None:
        is_paid = (ladder.rungs[block] == 0) | (units[block] == 0)
        if cut.own is not None:
            is_paid |= ~cut.own[block]
        np.multiply(amounts[block], is_paid, out=after[block])

    each_block(len(amounts), work)
    # Only rows whose units stand on both rungs can be paid in part.
    at, paid = ladder.split_at, ladder.split_units[:, 0]
    in_part = (units[at] > 0) & cut.is_own(at)
    at, paid = at[in_part], paid[in_part]
    after[at] = rounded_part(amounts[at], paid, units[at], mode)
    return after


class _Words:
    """Says how many outcomes are paid, of how many, and which numbers some rows bear.

    ``before`` are the outcomes that limits before this one left to be paid.
    """

    def __init__(
        self, limiting: Limiting, held: Held[OutcomeCap], scopes: Scopes, base: IntArray, before: Tally, cut: _Cut
    ) -> None:
        self._mode = limiting.contract.rounding.mode
        self._clause = held.clause
        self._days = held.words
        self._scopes = scopes
        self._base = base
        self._before = before
        self._cut = cut
        self._units = cut.tally.units

    def __call__(self, which: Positions) -> str:
        clause = self._clause
        of = f" {' and '.join(clause.of)}" if clause.of else ""
        if len(which) > 1:
            paid, units = int(self.paid.units[which].sum()), int(self._units[which].sum())
            whole = f"{percentage(clause.share)} of{of or ' them'} per {per(clause.on)}"
            return f"{paid:,} of {units:,} are paid: {whole}{self._days}"
        place = int(which[0])
        scope = int(self._scopes.of(slice(place, place + 1))[0])
        counted, base = int(self._counted[scope]), int(self._base[scope])
        bound = min(int(floor_of(clause.share, self._base[scope : scope + 1])[0]), counted)
        said = f"{bound:,} of {counted:,} per {per(clause.on)} are paid: {percentage(clause.share)} of {base:,}{of}"
        said += self._days
        first, n_units = int(self._first[place]), int(self._units[place])
        if n_units == 1:
            return f"{said}; this is number {first:,}"
        numbers = f"numbers {first:,} to {first + n_units - 1:,}"
        return (
            f"{said}; {int(self.paid.units[place]):,} of these {n_units:,}, {numbers}, are paid, rounded {self._mode}"
        )

    @cached_property
    def paid(self) -> Tally:
        """The outcomes of each row that are paid: those that a cap acting after this one counts."""
        return Tally(self._before.cells, self._cut.left(self._before.units))

    @cached_property
    def _counted(self) -> IntArray:
        return totals_of(self._cut.tally, self._scopes)

    @cached_property
    def _first(self) -> IntArray:
        """Number of each row's first outcome within its scope, shape ``(n,)``."""
        own = self._scopes.of(slice(None))
        order = row_order(self._cut.tally.rows)
        order = order[np.argsort(own[order], kind="stable")]
        units = self._units[order]
        before = np.cumsum(units) - units
        begins = np.ones(len(order), dtype=np.bool_)
        begins[1:] = own[order][1:] != own[order][:-1]
        before -= before[begins][np.cumsum(begins) - 1]
        first = np.empty_like(before)
        first[order] = before + 1
        return first
