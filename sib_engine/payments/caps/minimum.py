"""Minimums: until enough outcomes are reached, those that a minimum covers are payable in part or not at all."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.payments.caps.base import bases, ceiling_of
from sib_engine.payments.caps.steps import Limiting, LimitKind, LimitStep, finest_first, per
from sib_engine.payments.price.rounding import rounded_part
from sib_engine.payments.running.ladder import totals_of
from sib_engine.payments.running.scopes import Scopes
from sib_engine.payments.running.spans import judged
from sib_engine.terms.held import Held, minimums_held
from sib_engine.terms.money_clauses import Minimum
from sib_engine.terms.plain_words import percentage


def hold_below_minimums(limiting: Limiting, amounts: IntArray) -> Iterator[LimitStep]:
    """Yield what each minimum leaves of the amounts, the finest first.

    A scope that has reached the number keeps everything; in one that has not, each row keeps the part
    that is payable below it. Every outcome counts, whatever other limits take of its amount, and whenever it
    was achieved: a minimum of part of the time holds back outcomes of its own days only.
    """
    contract = limiting.contract
    for held in finest_first(contract, minimums_held(contract)):
        clause = held.clause
        scopes = limiting.scopes(clause)
        counted = totals_of(limiting.tally, scopes)
        needed = _needed(limiting, clause, scopes)
        is_below = np.append((counted < needed) & (counted > 0), False)
        if not is_below.any():
            continue
        after = _below(limiting, scopes, is_below, held, amounts)
        if (after == amounts).all():
            continue
        words = _Words(limiting, held, scopes, counted, needed)
        yield LimitStep(LimitKind.MINIMUM, clause.id, clause.provenance, amounts, after, words)
        amounts = after


def _below(
    limiting: Limiting, scopes: Scopes, is_below: npt.NDArray[np.bool_], held: Held[Minimum], amounts: IntArray
) -> IntArray:
    """Return the amounts with a part of those whose scopes are below their minimum, shape ``(n,)``."""
    after = np.empty_like(amounts)
    mode, part, own = limiting.contract.rounding.mode, held.clause.pays_below, judged(held, limiting.rows)

    def work(block: slice) -> None:
        below = is_below.take(scopes.of(block)) & (limiting.counts[block] > 0)
        if own is not None:
            below &= own[block]
        kept = rounded_part(amounts[block], part.numerator, part.denominator, mode) if part else 0
        after[block] = np.where(below, kept, amounts[block])

    each_block(len(amounts), work)
    return after


def _needed(limiting: Limiting, clause: Minimum, scopes: Scopes) -> IntArray:
    """Return the outcomes that each scope has to reach, shape ``(n_scopes,)``."""
    if clause.at_least_share is None:
        return np.full(scopes.n_scopes, clause.at_least or 0, dtype=np.int64)
    return ceiling_of(clause.at_least_share, bases(limiting, clause, scopes))


class _Words:
    """Says how many outcomes are reached, how many are needed, and what is payable until then."""

    def __init__(
        self, limiting: Limiting, held: Held[Minimum], scopes: Scopes, counted: IntArray, needed: IntArray
    ) -> None:
        self._clause = held.clause
        self._days = held.words
        self._counted = counted
        self._needed = needed
        self._scopes = scopes
        self._mode = limiting.contract.rounding.mode
        self._all_scopes = cache(lambda: scopes.of(slice(None)))

    def __call__(self, which: Positions) -> str:
        clause = self._clause
        pays = f"pays {percentage(clause.pays_below)} until then"
        if clause.pays_below:
            pays += f", {'' if len(which) == 1 else 'each row '}rounded {self._mode}"
        share = ""
        if clause.at_least_share is not None:
            share = f", {percentage(clause.at_least_share)} of {' and '.join(clause.of)},"
        scopes = np.unique(self._all_scopes()[which])
        if len(scopes) > 1:
            least = share or f" of {clause.at_least:,}"
            return f"below the minimum{least} per {per(clause.on)}{self._days}; {pays}"
        counted, needed = int(self._counted[scopes[0]]), int(self._needed[scopes[0]])
        return f"{counted:,} reached of a minimum of {needed:,}{share} per {per(clause.on)}{self._days}; {pays}"
