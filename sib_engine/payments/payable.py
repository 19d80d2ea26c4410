"""What a set of rows earns, and what is left of it after the caps that name no payer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NO_DAY, NONE, OutcomeRows
from sib_engine.payments.caps.cap import Capped, cap
from sib_engine.payments.price.pricing import price
from sib_engine.payments.price.steps import PriceStep
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Grant


@dataclass(frozen=True, slots=True, eq=False)
class Payable:
    """Amounts per row, minor units, shape ``(n,)``; grants stand after the outcomes.

    ``base`` is count times price (a grant's amount), from which ``price_steps`` lead to ``earned``.
    ``tariff`` is the position of the price row used, ``NONE`` for a grant; ``exempt`` marks grants that
    no cap counts. ``capped.payable`` is
    what the share clauses divide.
    """

    rows: OutcomeRows
    n_outcomes: int
    base: IntArray
    price_steps: tuple[PriceStep, ...]
    earned: IntArray
    tariff: npt.NDArray[np.int32]
    exempt: npt.NDArray[np.bool_]
    capped: Capped


def payable(
    contract: Contract,
    rows: OutcomeRows,
    *,
    grants: Sequence[Grant] = (),
    groups: Sequence[str] = (),
    stated: npt.NDArray[np.int32] | None = None,
) -> Payable:
    """Price rows that count, add grants, and apply every cap that names no payer.

    Args:
        contract: Terms in force.
        rows: Outcomes that count.
        grants: Grants that have fallen due; none in ``sib price``.
        groups: Labels of the rows' group codes, needed where tariffs name groups.
        stated: Statement that first stated each grant, shape ``(n_grants,)``; ``NONE`` for not yet.

    Returns:
        Amounts of the outcomes, then of the grants.

    Raises:
        RefusedError: If a row has no price, or more than one could apply.
        OverflowRefusedError: If amounts leave the exact range.
    """
    priced = price(contract, rows, groups=groups)
    both = joined(rows, grant_rows(grants, rows, stated))
    flat = np.array([grant.amount for grant in grants], dtype=np.int64)
    base, earned = (np.concatenate([amounts, flat]) for amounts in (priced.base, priced.amount))
    tariff = np.concatenate([priced.tariff.astype(np.int32), np.full(len(grants), NONE, dtype=np.int32)])
    exempt = np.zeros(len(both), dtype=np.bool_)
    exempt[len(rows) :] = [not grant.uses_caps for grant in grants]
    capped = cap(contract, both, earned, exempt=exempt)
    return Payable(both, len(rows), base, priced.steps, earned, tariff, exempt, capped)


def grant_rows(grants: Sequence[Grant], after: OutcomeRows, stated: npt.NDArray[np.int32] | None = None) -> OutcomeRows:
    """Return grants as rows of no metric, dated on their last day, with row ids after those of ``after``."""
    n_grants = len(grants)
    ends = np.array([grant.ends_on for grant in grants], dtype="datetime64[D]")
    first = int(after.row.max(initial=NONE)) + 1
    return OutcomeRows(
        row=np.arange(first, first + n_grants, dtype=np.int64),
        person=np.full(n_grants, NONE, dtype=np.int32),
        metric=np.full(n_grants, NONE, dtype=np.int16),
        site=np.full(n_grants, NONE, dtype=np.int16),
        group=np.full(n_grants, NONE, dtype=np.int16),
        job=np.full(n_grants, NONE, dtype=np.int32),
        achieved_on=ends,
        started_on=np.full(n_grants, NO_DAY),
        claimed_on=ends,
        recorded_on=ends,
        count=np.ones(n_grants, dtype=np.int64),
        stated=np.full(n_grants, NONE, dtype=np.int32) if stated is None else stated,
    )


def joined(first: OutcomeRows, second: OutcomeRows) -> OutcomeRows:
    """Return the rows of both tables, the first's before the second's; codes must mean the same in both."""
    columns = (
        np.concatenate([getattr(first, name), getattr(second, name)]) for name in OutcomeRows.__dataclass_fields__
    )
    return OutcomeRows(*columns)
