"""Price outcomes: minor units per row, and the tariff that was used."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block, extremes
from sib_engine.core.dates import DayArray
from sib_engine.core.errors import OverflowRefusedError, RowRefusedError
from sib_engine.core.money import MAX_MINOR, IntArray, exact_total
from sib_engine.outcomes.measurement import Measurement
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.payments.price.bonus import add_bonuses
from sib_engine.payments.price.claw_back import claw_back
from sib_engine.payments.price.measured import pay_results
from sib_engine.payments.price.refusals import refuse_unpriced
from sib_engine.payments.price.rounding import rounded_quotient
from sib_engine.payments.price.scale_rows import scales_used, set_apart
from sib_engine.payments.price.steps import PriceStep, Pricing
from sib_engine.payments.price.substitution import pay_the_difference
from sib_engine.payments.price.table import PriceTable, TariffArray, price_table
from sib_engine.payments.price.tiers import price_in_tiers
from sib_engine.payments.price.units import unit_prices
from sib_engine.terms.contract import Contract, PriceDate
from sib_engine.terms.dated_prices import with_dated_prices

PriceMechanism: TypeAlias = Callable[[Pricing, IntArray], Iterator[PriceStep]]

MECHANISMS: Final[tuple[PriceMechanism, ...]] = (
    pay_results,
    price_in_tiers,
    pay_the_difference,
    add_bonuses,
    claw_back,
)
"""What changes count times price, in acting order; each yields one step for each clause that changes something."""


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """What each row earns before any cap.

    ``amount`` is in minor units, ``tariff`` the position of the price row in the contract's tariffs as
    :func:`sib_engine.terms.dated_prices.with_dated_prices` gives them, ``NONE`` where the row was not
    priced by one; ``scale`` the same among its scales, for measured rows; all of shape ``(n,)``. ``base``
    is count times price (0 for a measured row), from which the ``steps`` lead to ``amount``.
    ``pricing`` is what the mechanisms counted, for limits that count the same rows.
    """

    amount: IntArray
    tariff: TariffArray
    base: IntArray
    steps: tuple[PriceStep, ...]
    scale: npt.NDArray[np.int32]
    pricing: Pricing


def is_priced(contract: Contract) -> bool:
    """Return whether every metric has a tariff or scale and every tariff a price, so that rows can be priced."""
    priced = {tariff.metric for tariff in contract.tariffs} | {scale.metric for scale in contract.scales}
    return all(tariff.price is not None for tariff in contract.tariffs) and priced >= set(contract.metric_codes)


def price(
    contract: Contract,
    rows: OutcomeRows,
    *,
    groups: Sequence[str] = (),
    measures: Sequence[Measurement] = (),
    where: npt.NDArray[np.bool_] | None = None,
) -> Priced:
    """Return what rows earn, each by the tariff of the day that the contract prices it by.

    The date is the outcome's (``achieved_on``), the referral's (``started_on``) or the claim's
    (``claimed_on``). A row earns the unit price times its count, in whole numbers throughout;
    rounding is to the contract's mode, of the unit price or of the product. An indexed price is worked
    out once for each stretch of time between two moves of its index. A measured result of a cohort
    earns what its scale says instead. Tiers, upgrade bands, bonuses and claw-backs then change what
    count times price gives, each in a module of its own.

    Args:
        contract: Terms in force; see :func:`is_priced`.
        rows: Outcomes and published counts, shape ``(n,)``.
        groups: Labels of the rows' group codes, needed where tariffs name groups.
        measures: What the rows' codes of ``measure`` stand for, needed where a metric is measured.
        where: Rows that count, shape ``(n,)``; the others earn nothing and need no price. All by default.

    Returns:
        Amounts and tariffs, shape ``(n,)``.

    Raises:
        RowRefusedError: If a row has no tariff on its date, or one without a price; if it has no date, no
            site or no referral and more than one tariff could apply; if a count is below zero.
        OverflowRefusedError: If an amount, or the sum of all, leaves the range in which sums are exact.
        ValueError: If a row is of no metric (a grant has no price), or has a group and no labels are given.
    """
    contract = with_dated_prices(contract)
    table = price_table(contract, groups)
    least, most = _checked(rows, table, groups)
    all_single = least == most == 1
    units = unit_prices(contract)
    divisor = units.divisor
    dates = priced_dates(contract, rows)
    where, measured = set_apart(contract, rows, dates, measures, where)
    largest = units.largest * max(most, 1)
    if largest > np.iinfo(np.int64).max:
        message = f"a price times a count of {most} is too large to be exact"
        raise OverflowRefusedError(message)
    unit_of_cell = np.array([0, *units.of_tariffs[:, 0]], dtype=np.int64)[np.maximum(table.tariffs, NONE) + 1]
    amounts = np.empty(len(rows), dtype=np.int64)
    tariffs = np.empty(len(rows), dtype=np.int32)

    def work(block: slice) -> None:
        cells = table.cells(rows, dates, block)
        if where is not None:
            cells *= where[block]
        # No cell is out of range, so clipping changes nothing; it lets numpy write straight into the result.
        used = table.tariffs.take(cells, out=tariffs[block], mode="clip")
        if int(used.min()) < NONE:
            refuse_unpriced(contract, rows, dates, used, block, groups)
        if divisor > 1:
            earned = unit_of_cell.take(cells) * rows.count[block]
            amounts[block] = rounded_quotient(earned, divisor, contract.rounding.mode)
        elif all_single:
            unit_of_cell.take(cells, out=amounts[block], mode="clip")
        else:
            np.multiply(unit_of_cell.take(cells), rows.count[block], out=amounts[block])

    each_block(len(rows), work)
    pricing = Pricing(contract, rows, groups, where, tariffs, units, measured)
    steps: list[PriceStep] = []
    for mechanism in MECHANISMS:
        steps += mechanism(pricing, steps[-1].after if steps else amounts)
    earned = steps[-1].after if steps else amounts
    if largest // divisor * len(rows) > MAX_MINOR:
        exact_total(earned)
    return Priced(earned, tariffs, amounts, tuple(steps), scales_used(len(rows), measured), pricing)


def priced_dates(contract: Contract, rows: OutcomeRows) -> DayArray:
    """Return the date that decides each row's price, shape ``(n,)``."""
    dates = {
        PriceDate.OUTCOME: rows.achieved_on,
        PriceDate.START: rows.started_on,
        PriceDate.CLAIM: rows.claimed_on,
    }[contract.price_date]
    return dates.astype("datetime64[D]", copy=False)


def _checked(rows: OutcomeRows, table: PriceTable, groups: Sequence[str]) -> tuple[int, int]:
    """Return the least and the greatest count, refusing what no price could be given for."""
    least, most = extremes(rows.count)
    if least < 0:
        message = f"a row counts {least} outcomes; a count cannot be below zero"
        raise RowRefusedError(message, row=int(rows.row[np.argmin(rows.count)]))
    if int(rows.metric.min(initial=0)) < 0:
        message = "a row of no metric, such as a grant, has no price"
        raise ValueError(message)
    if table.shape[2] > 1 and int(rows.group.max(initial=NONE)) >= len(groups):
        message = "tariffs name groups, and the rows' groups have no labels"
        raise ValueError(message)
    return least, most
