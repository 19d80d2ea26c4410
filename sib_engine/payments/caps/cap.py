"""Apply the caps that name no payer: what is payable of each row, and which cap took what."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import extremes
from sib_engine.core.money import MAX_MINOR, IntArray, exact_total
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.running.cells import Cells, Tally
from sib_engine.payments.running.ladder import climbed
from sib_engine.payments.running.scopes import scopes_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension


@dataclass(frozen=True, slots=True, eq=False)
class Capped:
    """What is left after the caps; all arrays are minor units, shape ``(n,)``.

    ``payable`` and all of ``taken`` add up to the amounts. ``steps`` are the positions of the caps
    that took anything, in acting order, each with what the rows had before it and after it.
    """

    payable: IntArray
    steps: tuple[tuple[int, IntArray, IntArray], ...]

    @property
    def taken(self) -> dict[int, IntArray]:
        """What each cap took of each row, by the cap's position, in acting order; caps that took nothing are left out.

        Worked out when asked for, since it takes as much memory as the amounts for each cap.
        """
        return {index: before - after for index, before, after in self.steps}


def cap(
    contract: Contract,
    rows: OutcomeRows,
    amounts: IntArray,
    *,
    period: IntArray | None = None,
    exempt: npt.NDArray[np.bool_] | None = None,
) -> Capped:
    """Return what the caps leave of each amount.

    Each scope of a cap fills up row by row and cuts what no longer fits. Rows come already stated
    first, by statement; then by ``achieved_on``, undated first; then in the order of metrics, sites
    and row ids. The finest caps act first and the coarsest last, each on what those before left.
    Where caps nest, the total is the same whichever statement a row was stated in.

    A published count under a cap by person is not cut, as nobody can say whose it is: its amount
    is an upper bound, which the caller must say.

    Args:
        contract: Terms in force.
        rows: Outcomes, published counts and grants, shape ``(n,)``.
        amounts: What each earns, minor units, not negative, shape ``(n,)``.
        period: Period index of each row, shape ``(n,)``; by default that of its ``achieved_on``.
        exempt: Rows that no cap touches and that use up none, shape ``(n,)``; by default the
            rows of no metric (grants).

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
    if not order or len(rows) == 0:
        return Capped(amounts.copy(), ())
    if exempt is None and int(rows.metric.min()) == NONE:
        exempt = rows.metric == NONE
    payable = amounts if exempt is None else np.where(exempt, 0, amounts)
    cells = Cells.of(contract, rows)
    steps: list[tuple[int, IntArray, IntArray]] = []
    for index in order:
        clause = contract.caps[index]
        scopes = scopes_of(contract, clause, rows, period)
        ladder = climbed(Tally(cells, payable), scopes, np.array([clause.limit]))
        if ladder is not None:
            left = ladder.on(0, payable)
            steps.append((index, payable, left))
            payable = left
    if exempt is not None:
        payable = np.where(exempt, amounts, payable)
    return Capped(payable.copy() if payable is amounts else payable, tuple(steps))


def caps_in_order(contract: Contract) -> tuple[int, ...]:
    """Return the positions of the caps on no payer, in acting order.

    The finest act first and the coarsest last: more dimensions before fewer, then those that cover
    fewer metrics and sites before those that cover more, then file order.
    """
    metrics, sites = len(contract.metrics), max(len(contract.sites), 1)

    def rank(index: int) -> tuple[int, int, int]:
        cap = contract.caps[index]
        covered = (len(cap.metrics) or metrics) * (len(cap.sites) or sites)
        return -len(cap.on - {Dimension.CONTRACT}), covered, index

    return tuple(sorted((i for i, cap in enumerate(contract.caps) if Dimension.PAYER not in cap.on), key=rank))
