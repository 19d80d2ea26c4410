"""Apply the limits that name no payer: what is payable of each row, and which limit took what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import extremes
from sib_engine.core.money import MAX_MINOR, IntArray, exact_total, shown
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.caps.minimum import hold_below_minimums
from sib_engine.payments.caps.outcome_cap import pay_a_share_of_outcomes
from sib_engine.payments.caps.steps import Limiting, LimitKind, LimitStep, finest_first, per
from sib_engine.payments.caps.without_site import scopes_and_limits
from sib_engine.payments.price.steps import Pricing
from sib_engine.payments.running.cells import Cells, Tally
from sib_engine.payments.running.ladder import climbed
from sib_engine.payments.running.spans import counted, judged
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import Held, caps_held, minimums_held, outcome_caps_held
from sib_engine.terms.money_clauses import Cap, Dimension


@dataclass(frozen=True, slots=True, eq=False)
class Capped:
    """What is left after the caps; all arrays are minor units, shape ``(n,)``.

    ``payable`` and all of ``taken`` add up to the amounts. ``steps`` are the limits that took anything,
    in acting order, each with what the rows had before it and after it.
    """

    payable: IntArray
    steps: tuple[LimitStep, ...]

    @property
    def taken(self) -> dict[str, IntArray]:
        """What each limit took of each row, by its id, in acting order; limits that took nothing are left out.

        Worked out when asked for, since it takes as much memory as the amounts for each limit.
        """
        return {step.clause: step.before - step.after for step in self.steps}

    def taken_in_all(self, clause: str) -> int:
        """Return what one limit took of all rows."""
        return sum(int((step.before - step.after).sum()) for step in self.steps if step.clause == clause)


def cap(
    contract: Contract,
    rows: OutcomeRows,
    amounts: IntArray,
    *,
    period: IntArray | None = None,
    exempt: npt.NDArray[np.bool_] | None = None,
    priced: Pricing | None = None,
) -> Capped:
    """Return what minimums and caps leave of each amount.

    Limits that count outcomes act first: minimums, then caps at a share of outcomes, then the caps
    on money, each on what those before left. Which outcomes there are to count does not depend on
    what any limit takes.

    Each scope of a cap fills up row by row and cuts what no longer fits. Rows come already stated
    first, by statement; then by ``achieved_on``, undated first; then in the order of metrics, sites
    and row ids. The finest caps act first and the coarsest last, each on what those before left.
    Where caps nest, the total is the same whichever statement a row was stated in. A limit that an amendment
    replaced meets the rows of the days before, and the limit in its place those after: with what is left of it.

    A published count under a cap by person is not cut, as nobody can say whose it is, and one without a
    site only by the sum of the sites' limits (:mod:`sib_engine.payments.caps.without_site`): such an amount
    is an upper bound, which the caller must say.

    Args:
        contract: Terms in force.
        rows: Outcomes, published counts and grants, shape ``(n,)``.
        amounts: What each earns, minor units, not negative, shape ``(n,)``.
        period: Period index of each row, shape ``(n,)``; by default that of its ``achieved_on``.
        exempt: Rows that no cap touches and that use up none, shape ``(n,)``; by default the
            rows of no metric (grants).
        priced: What pricing counted of the same rows, where it did and none is exempt: only rows that it
            priced are then outcomes for the limits that count them.

    Raises:
        RefusedError: If a cap counts by period and a row has no date.
        OverflowRefusedError: If the amounts are too large to add up exactly.
        ValueError: If an amount is negative.
    """
    least, most = extremes(amounts)
    if least < 0:
        message = "an amount below zero cannot be capped"
        raise ValueError(message)
    if most * len(amounts) > MAX_MINOR:
        exact_total(amounts)
    order = caps_in_order(contract)
    counts_outcomes = bool(minimums_held(contract) or outcome_caps_held(contract))
    if not (order or counts_outcomes) or len(rows) == 0:
        return Capped(amounts.copy(), ())
    if exempt is None and int(rows.metric.min()) == NONE:
        exempt = rows.metric == NONE
    payable = amounts if exempt is None else np.where(exempt, 0, amounts)
    if exempt is not None:
        priced = None
    cells = Cells.of(contract, rows) if priced is None else priced.cells
    steps: list[LimitStep] = []
    if counts_outcomes:
        tally = Tally(cells, _outcomes(rows, exempt)) if priced is None else priced.tally
        steps += _counting_limits(Limiting(contract, tally, period), payable)
        payable = steps[-1].after if steps else payable
    for held in order:
        step = _on_money(contract, held, Tally(cells, payable), period)
        if step is not None:
            steps.append(step)
            payable = step.after
    if exempt is not None:
        payable = np.where(exempt, amounts, payable)
    return Capped(payable.copy() if payable is amounts else payable, tuple(steps))


def _on_money(contract: Contract, held: Held[Cap], tally: Tally, period: IntArray | None) -> LimitStep | None:
    """Return what a cap on money leaves of the units of a tally; None where it takes nothing."""
    clause, left = held.clause, tally.units
    own = judged(held, tally.rows)
    taken_together: IntArray | None = None
    for is_together, (scopes, limit) in enumerate(scopes_and_limits(contract, clause, tally.rows, period)):
        counts = counted(held, Tally(tally.cells, left))
        ladder = climbed(counts, scopes, np.array([limit]))
        if ladder is not None:
            before, left = left, _judged_only(own, ladder.on(0, counts.units), left)
            taken_together = before - left if is_together else None
    if left is tally.units:
        return None
    words = _words(contract, held, taken_together)
    return LimitStep(LimitKind.MONEY, clause.id, clause.provenance, tally.units, left, words)


def _judged_only(own: npt.NDArray[np.bool_] | None, after: IntArray, before: IntArray) -> IntArray:
    """Return the amounts after a cap for the rows that it judges, and as they were for all others."""
    return after if own is None else np.where(own, after, before)


def _counting_limits(limiting: Limiting, amounts: IntArray) -> Iterator[LimitStep]:
    """Yield what minimums, and then caps at a share of outcomes, leave of the amounts."""
    for limit in (hold_below_minimums, pay_a_share_of_outcomes):
        for step in limit(limiting, amounts):
            amounts = step.after
            yield step


def _outcomes(rows: OutcomeRows, exempt: npt.NDArray[np.bool_] | None) -> IntArray:
    """Return the outcomes of each row, shape ``(n,)``: none for a grant, and none for what is exempt."""
    if exempt is None and int(rows.metric.min()) != NONE:
        return rows.count
    is_none = rows.metric == NONE
    return np.where(is_none if exempt is None else is_none | exempt, 0, rows.count)


def caps_in_order(contract: Contract) -> tuple[Held[Cap], ...]:
    """Return the caps on no payer in acting order (:func:`finest_first`), those replaced among them."""
    return finest_first(contract, [held for held in caps_held(contract) if Dimension.PAYER not in held.clause.on])


def _words(contract: Contract, held: Held[Cap], taken_together: IntArray | None) -> Callable[[Positions], str]:
    """Return what a cap says of rows: its limit, and that of all sites together where that took something of them."""
    clause = held.clause
    text = f"limit {shown(clause.limit, contract.currency)} per {per(clause.on)}{held.words}"
    if taken_together is None:
        return lambda _which: text
    n_sites = len(contract.sites)
    sum_of_limits = shown(clause.limit * n_sites, contract.currency)
    both = f"{text}; {sum_of_limits} for {n_sites} sites together, as counts name none"
    return lambda which: both if taken_together[which].any() else text
