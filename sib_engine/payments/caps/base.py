"""The outcomes that a share of outcomes is taken of, for each scope of the clause that names the share."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from sib_engine.core.money import IntArray
from sib_engine.payments.caps.steps import Limiting
from sib_engine.payments.running.ladder import totals_of
from sib_engine.payments.running.scopes import Counted, Scopes
from sib_engine.terms.money_clauses import Dimension


class OfOutcomes(Counted, Protocol):
    """A clause that counts outcomes against those of the metrics ``of`` (empty: against its own)."""

    @property
    def of(self) -> tuple[str, ...]:
        """Codes of the metrics that the share is taken of."""


@dataclass(frozen=True, slots=True)
class _Base:
    """What :func:`~sib_engine.payments.running.scopes.scopes_of` asks of a clause."""

    id: str
    on: frozenset[Dimension]
    metrics: tuple[str, ...]
    sites: tuple[str, ...]


def bases(limiting: Limiting, clause: OfOutcomes, scopes: Scopes) -> IntArray:
    """Return the outcomes that the share of a clause is taken of, shape ``(n_scopes,)``.

    Without ``of`` it is what the clause counts in each scope. With ``of`` it is every outcome of those
    metrics at the scope's site and in its period, where the clause counts by these: all of them for
    each metric of a clause by metric.
    """
    if not clause.of:
        return totals_of(limiting.tally, scopes)
    base = limiting.scopes(_Base(clause.id, clause.on - {Dimension.METRIC}, clause.of, clause.sites))
    totals = totals_of(limiting.tally, base).reshape(base.n_parts, base.n_periods)
    # A base is not divided by metric: its part is the site's, or the only one there is.
    places = np.arange(base.n_parts) if Dimension.SITE in clause.on else np.zeros(1, dtype=np.intp)
    found = np.zeros((scopes.n_parts + 1, scopes.n_periods), dtype=np.int64)
    found[scopes.parts] = totals[np.broadcast_to(places, scopes.parts.shape)]
    return found[:-1].reshape(-1)


def floor_of(share: Fraction, counts: IntArray) -> IntArray:
    """Return ``share`` of each count in whole outcomes, rounded down, same shape; exact at any size."""
    if int(counts.max(initial=0)) * max(share.numerator, 1) <= np.iinfo(np.int64).max:
        return counts * share.numerator // share.denominator
    return (counts.astype(object) * share.numerator // share.denominator).astype(np.int64)


def ceiling_of(share: Fraction, counts: IntArray) -> IntArray:
    """Return the least number of outcomes that is ``share`` of each count, same shape; exact at any size."""
    return counts - floor_of(1 - share, counts)
