"""What a cap is counted over: the scope of each row, as an integer, and the order in which caps act."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sib_engine.core.errors import RowRefusedError
from sib_engine.core.money import IntArray
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension

_WITHOUT_METRIC = frozenset({Dimension.CONTRACT, Dimension.PERIOD})


@dataclass(frozen=True, slots=True, eq=False)
class Scopes:
    """How a cap divides rows into scopes, numbered from 0, each with the whole limit.

    ``parts[metric + 1, site + 1]`` is the part that metric and site decide, ``n_parts`` where the cap
    does not cover them. ``person`` and ``period``, shape ``(n,)``, decide the rest where the cap counts
    by them. Rows that the cap does not cover are of scope ``n_scopes``.
    """

    metric: npt.NDArray[np.int16]
    site: npt.NDArray[np.int16]
    parts: npt.NDArray[np.intp]
    n_parts: int
    person: npt.NDArray[np.int32] | None
    n_people: int
    period: IntArray | None
    n_periods: int

    @property
    def n_scopes(self) -> int:
        """Number of scopes there could be."""
        return self.n_parts * self.n_people * self.n_periods

    def of(self, block: slice) -> npt.NDArray[np.intp]:
        """Return the scope of each row of a block."""
        places = self.metric[block].astype(np.int32)
        places *= self.parts.shape[1]
        places += self.site[block]
        places += self.parts.shape[1] + 1
        scopes = self.parts.reshape(-1).take(places)
        if self.person is None and self.period is None:
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


def scopes_of(contract: Contract, cap: Cap, rows: OutcomeRows, period: IntArray | None) -> Scopes:
    """Return how a cap divides rows.

    A person's rows are one scope under a cap by person; rows without a person (published counts) are
    not covered by it. Rows without a site are a scope of their own under a cap by site, and rows
    without a metric (grants) are covered only by a cap over the contract or a period that is not
    narrowed. A row belongs to the period in which it was achieved.

    Args:
        contract: The terms.
        cap: One of its caps, not on a payer.
        rows: Rows, shape ``(n,)``.
        period: Period index of each row, shape ``(n,)``; by default that of its ``achieved_on``.

    Raises:
        RowRefusedError: If the cap counts by period and a row has no date.
    """
    parts, n_parts = _parts(contract, cap)
    person, n_people = None, 1
    if Dimension.PERSON in cap.on:
        person, n_people = rows.person, max(int(rows.person.max(initial=NONE)) + 1, 1)
    periods, n_periods = None, 1
    if Dimension.PERIOD in cap.on:
        periods = _periods(contract, cap, rows) if period is None else period
        periods = periods - periods.min(initial=0)
        n_periods = int(periods.max(initial=0)) + 1
    return Scopes(rows.metric, rows.site, parts, n_parts, person, n_people, periods, n_periods)


def _periods(contract: Contract, cap: Cap, rows: OutcomeRows) -> IntArray:
    if np.isnat(rows.achieved_on).any():
        message = f"cap {cap.id!r} counts by period, and a row has no date"
        raise RowRefusedError(message, row=int(rows.row[np.argmax(np.isnat(rows.achieved_on))]))
    return contract.periods.index_of_days(rows.achieved_on)


def _parts(contract: Contract, cap: Cap) -> tuple[npt.NDArray[np.intp], int]:
    """Return the part of each metric and site, both counted from 1 with 0 for none, and the number of parts."""
    covers_metric = np.array([_covers(cap.metrics, code) for code in (None, *contract.metric_codes)])
    covers_metric[0] &= cap.on <= _WITHOUT_METRIC
    covers_site = np.array([_covers(cap.sites, code) for code in (None, *contract.site_codes)])
    part = np.zeros((len(covers_metric), len(covers_site)), dtype=np.intp)
    if Dimension.METRIC in cap.on:
        part += np.arange(len(covers_metric))[:, None]
    if Dimension.SITE in cap.on:
        part = part * len(covers_site) + np.arange(len(covers_site))
    n_parts = int(part.max()) + 1
    return np.where(covers_metric[:, None] & covers_site, part, n_parts), n_parts


def _covers(named: tuple[str, ...], code: str | None) -> bool:
    return not named or code in named
