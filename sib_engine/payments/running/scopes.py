"""What is counted together: the scope of each row under a clause, as an integer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import RowRefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.packing import Positions
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension

_WITHOUT_METRIC = frozenset({Dimension.CONTRACT, Dimension.PERIOD, Dimension.YEAR})


class Counted(Protocol):
    """A clause that counts rows: over which dimensions, and which metrics and sites (empty means all)."""

    @property
    def id(self) -> str:
        """Its id, for messages."""

    @property
    def on(self) -> frozenset[Dimension]:
        """What each total is counted over."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Codes of the metrics that it counts."""

    @property
    def sites(self) -> tuple[str, ...]:
        """Codes of the sites that it counts."""


@dataclass(frozen=True, eq=False)
class Scopes:
    """How a clause divides rows into scopes, numbered from 0, each with a running total of its own.

    ``parts[metric + 1, site + 1]`` is the part that metric and site decide, ``n_parts`` where the clause
    does not cover them. ``person`` and ``period``, shape ``(n,)``, decide the rest where the clause counts
    by them; a ``period`` is a statement period, a year, or a period within a year. Rows that
    it does not cover are of scope ``n_scopes``.
    """

    metric: npt.NDArray[np.int16]
    site: npt.NDArray[np.int16]
    parts: npt.NDArray[np.intp]
    n_parts: int
    person: npt.NDArray[np.int32] | None
    n_people: int
    period: IntArray | None
    n_periods: int

    @cached_property
    def is_by_person_alone(self) -> bool:
        """Whether every row of a person is of that person's scope, whatever its metric and site."""
        if self.person is None or self.period is not None or self.parts[1:].any():
            return False
        return int(self.metric.min(initial=0)) != NONE

    @property
    def is_by_place(self) -> bool:
        """Whether metric and site alone decide the scope."""
        return self.person is None and self.period is None

    @property
    def n_scopes(self) -> int:
        """Number of scopes there could be."""
        return self.n_parts * self.n_people * self.n_periods

    def of(self, block: slice | Positions) -> npt.NDArray[np.intp]:
        """Return the scope of each row of a block, or at some positions."""
        if self.person is not None and self.is_by_person_alone:
            people = self.person[block].astype(np.intp)
            # No person is -1, and the scope of none is the last.
            people[people == NONE] = self.n_scopes
            return people
        places = self.metric[block].astype(np.int32)
        places *= self.parts.shape[1]
        places += self.site[block]
        places += self.parts.shape[1] + 1
        scopes = self.parts.reshape(-1).take(places)
        if self.is_by_place:
            return scopes
        is_outside = scopes == self.n_parts
        if self.person is not None:
            scopes *= self.n_people
            scopes += self.person[block]
            is_outside |= self.person[block] == NONE
        if self.period is not None:
            scopes *= self.n_periods
            scopes += self.period[block]
        scopes[is_outside] = self.n_scopes
        return scopes


def scopes_of(contract: Contract, clause: Counted, rows: OutcomeRows, period: IntArray | None = None) -> Scopes:
    """Return how a clause divides rows.

    A person's rows are one scope under a clause by person; rows without a person (published counts) are
    not covered by it. Rows without a site are a scope of their own under a clause by site (caps on money
    take them otherwise, :mod:`sib_engine.payments.caps.without_site`), and rows without a metric (grants)
    are covered only by one over the contract or time that is not narrowed. A row belongs to the period,
    and to the year, in which it was achieved.

    Args:
        contract: The terms.
        clause: One of its clauses that count rows, not on a payer.
        rows: Rows, shape ``(n,)``.
        period: Period index of each row, shape ``(n,)``; by default that of its ``achieved_on``.

    Raises:
        RowRefusedError: If the clause counts by period or year and a row has no date.
    """
    parts, n_parts = _parts(contract, clause)
    person, n_people = None, 1
    if Dimension.PERSON in clause.on:
        person, n_people = rows.person, max(int(rows.person.max(initial=NONE)) + 1, 1)
    periods, n_periods = None, 1
    for indices in _spans(contract, clause, rows, period):
        spans = indices - indices.min(initial=0)
        n_spans = int(spans.max(initial=0)) + 1
        periods = spans if periods is None else periods * n_spans + spans
        n_periods *= n_spans
    return Scopes(rows.metric, rows.site, parts, n_parts, person, n_people, periods, n_periods)


def _spans(contract: Contract, clause: Counted, rows: OutcomeRows, period: IntArray | None) -> Iterator[IntArray]:
    """Yield the index of each row's period, and of its year, where the clause counts by these, shape ``(n,)``."""
    for dimension, rule in ((Dimension.PERIOD, contract.periods), (Dimension.YEAR, contract.years)):
        if dimension not in clause.on:
            continue
        if dimension is Dimension.PERIOD and period is not None:
            yield period
            continue
        if np.isnat(rows.achieved_on).any():
            message = f"clause {clause.id!r} counts by {dimension}, and an outcome has no date"
            raise RowRefusedError(message, row=int(rows.row[np.argmax(np.isnat(rows.achieved_on))]))
        yield rule.index_of_days(rows.achieved_on)


def _parts(contract: Contract, clause: Counted) -> tuple[npt.NDArray[np.intp], int]:
    """Return the part of each metric and site, both counted from 1 with 0 for none, and the number of parts."""
    covers_metric = np.array([_covers(clause.metrics, code) for code in (None, *contract.metric_codes)])
    covers_metric[0] &= clause.on <= _WITHOUT_METRIC
    covers_site = np.array([_covers(clause.sites, code) for code in (None, *contract.site_codes)])
    part = np.zeros((len(covers_metric), len(covers_site)), dtype=np.intp)
    if Dimension.METRIC in clause.on:
        part += np.arange(len(covers_metric))[:, None]
    if Dimension.SITE in clause.on:
        part = part * len(covers_site) + np.arange(len(covers_site))
    n_parts = int(part.max()) + 1
    return np.where(covers_metric[:, None] & covers_site, part, n_parts), n_parts


def _covers(named: tuple[str, ...], code: str | None) -> bool:
    return not named or code in named
