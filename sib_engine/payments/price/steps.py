"""What the pricing mechanisms share: the rows that are priced, and the record of what each mechanism did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.price.scale_rows import MeasuredRows
from sib_engine.payments.price.table import TariffArray
from sib_engine.payments.price.units import UnitPrices
from sib_engine.payments.running.cells import Cells, Tally
from sib_engine.terms.contract import Contract
from sib_engine.terms.provenance import Provenance


class Mechanism(StrEnum):
    """A way of changing what count times price gives."""

    MEASURED = "measured"
    TIERS = "tiers"
    UPGRADE = "upgrade"
    BONUS = "bonus"
    CLAW_BACK = "claw-back"


@dataclass(frozen=True, slots=True, eq=False)
class PriceStep:
    """What one clause makes of the amounts; minor units before and after it, shape ``(n,)``.

    ``clause`` is empty where each row's own tariff is the clause. ``words`` says how the rows at some
    positions came by the difference.
    """

    kind: Mechanism
    clause: str
    provenance: Provenance | None
    before: IntArray
    after: IntArray
    words: Callable[[Positions], str]


@dataclass(frozen=True, eq=False)
class Pricing:
    """The rows to price and what every mechanism needs to know of them.

    ``tariff``, shape ``(n,)``, is the tariff used for each row, ``NONE`` where it is not priced by one.
    ``where`` are the rows that count and that a tariff prices, ``measured`` those that a scale does.
    """

    contract: Contract
    rows: OutcomeRows
    groups: Sequence[str]
    where: npt.NDArray[np.bool_] | None
    tariff: TariffArray
    units: UnitPrices
    measured: MeasuredRows | None = None

    @cached_property
    def counts(self) -> IntArray:
        """Outcomes of each row that count, shape ``(n,)``; 0 for a result of a cohort, which is no outcome."""
        if self.where is None:
            return self.rows.count
        counts, where = np.empty_like(self.rows.count), self.where

        def work(block: slice) -> None:
            np.multiply(self.rows.count[block], where[block], out=counts[block])

        each_block(len(counts), work)
        return counts

    @cached_property
    def cells(self) -> Cells:
        """Where the rows stand for running totals."""
        return Cells.of(self.contract, self.rows)

    @cached_property
    def tally(self) -> Tally:
        """Outcomes that count, ready for running totals."""
        return Tally(self.cells, self.counts)
