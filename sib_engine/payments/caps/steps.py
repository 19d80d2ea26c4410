"""What the limits on payment share: what is counted, and the record of what each limit took."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import OutcomeRows
from sib_engine.payments.running.cells import Tally
from sib_engine.payments.running.scopes import Counted, Scopes, scopes_of
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import Held
from sib_engine.terms.money_clauses import Cap, Dimension, Minimum, OutcomeCap
from sib_engine.terms.provenance import Provenance

C = TypeVar("C", Cap, OutcomeCap, Minimum)


class LimitKind(StrEnum):
    """What a limit counts, and what it does with the rows beyond it."""

    MINIMUM = "minimum"
    OUTCOMES = "share of outcomes"
    MONEY = "money"


@dataclass(frozen=True, slots=True, eq=False)
class LimitStep:
    """What one limit leaves of the amounts; minor units before and after it, shape ``(n,)``.

    ``words`` says how the rows at some positions came to be cut.
    """

    kind: LimitKind
    clause: str
    provenance: Provenance
    before: IntArray
    after: IntArray
    words: Callable[[Positions], str]


@dataclass(frozen=True, slots=True, eq=False)
class Limiting:
    """The rows under limits; ``tally`` counts their outcomes, 0 for grants and for what is exempt."""

    contract: Contract
    tally: Tally
    period: IntArray | None

    @property
    def rows(self) -> OutcomeRows:
        """The rows, shape ``(n,)``."""
        return self.tally.rows

    @property
    def counts(self) -> IntArray:
        """Outcomes of each row, shape ``(n,)``."""
        return self.tally.units

    def scopes(self, clause: Counted) -> Scopes:
        """Return how a clause divides the rows."""
        return scopes_of(self.contract, clause, self.rows, self.period)


def finest_first(contract: Contract, clauses: Sequence[Held[C]]) -> tuple[Held[C], ...]:
    """Return limits of one kind in acting order.

    The finest act first and the coarsest last: more dimensions before fewer, then those not by year, since
    a year holds periods, then those that cover fewer metrics and sites before those that cover more, then
    those that began earlier, then in the order given.
    """
    metrics, sites = len(contract.metrics), max(len(contract.sites), 1)

    def rank(held: Held[C]) -> tuple[int, bool, int, date]:
        clause = held.clause
        covered = (len(clause.metrics) or metrics) * (len(clause.sites) or sites)
        is_yearly = Dimension.YEAR in clause.on
        return -len(clause.on - {Dimension.CONTRACT}), is_yearly, covered, held.starts_on or date.min

    return tuple(sorted(clauses, key=rank))


def per(on: frozenset[Dimension]) -> str:
    """Return in words what a limit is counted over: ``metric and site``."""
    return " and ".join(sorted(dimension.value for dimension in on))
