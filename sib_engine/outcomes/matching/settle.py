"""Settle metrics one unit after another: prerequisites first, then which outcome of each person or job counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.core.blocks import each_block, gathered
from sib_engine.core.money import IntArray
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.matching.in_turn import Limit, reasons_in_turn
from sib_engine.outcomes.matching.keys import CodeArray, Per, job_keys, person_keys
from sib_engine.outcomes.matching.links import Link, deciding_places, links_of
from sib_engine.outcomes.matching.order import Unit
from sib_engine.outcomes.matching.packing import DAY_SHIFT, MAX_LEVEL, NEVER, ROW_BITS, Positions, packed
from sib_engine.outcomes.matching.repeats import repeats_of, too_often_or_close
from sib_engine.outcomes.matching.volume import beyond, limited, numbers_in, scopes_in, volumes_of
from sib_engine.outcomes.reasons import MaskArray, Reason, bit
from sib_engine.outcomes.rows import NONE, OutcomeRows
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import Held, volumes_held
from sib_engine.terms.metric import Counts
from sib_engine.terms.volume import VolumeMaximum

_OTHER_BAND: Final = np.uint64(bit(Reason.OTHER_BAND))
_DUPLICATE: Final = np.uint64(bit(Reason.DUPLICATE))
_AGAINST: Final = ~np.uint64(bit(Reason.GRANT_MONTH))
"""What keeps an outcome from standing: not that a grant paid for its month, which then is the person's one outcome."""


@dataclass(frozen=True, slots=True, eq=False)
class _Entered:
    """Rows of one metric in one block: their positions, keys, and packed keys (``NEVER`` where out of the running)."""

    at: Positions
    keys: CodeArray
    packed: IntArray


@dataclass(slots=True, eq=False)
class Settling:
    """Rows about people while their metrics are settled.

    ``reasons``, shape ``(n,)``, is written in place; the other arrays are the rows' columns, and ``decides``
    the places that choose the version of the terms where those are not the outcomes' own. Nothing
    here sorts: the first outcome of every person is found by taking the least packed key
    (:mod:`sib_engine.outcomes.matching.packing`) into a table with one place for each person.
    """

    contract: Contract
    scale: DayScale
    metric: npt.NDArray[np.int16]
    packed: IntArray
    keys: dict[Per, CodeArray]
    site: npt.NDArray[np.int16]
    reasons: MaskArray
    decides: IntArray | None = None
    _firsts: dict[tuple[int, Per], IntArray] = field(init=False, default_factory=dict)

    @classmethod
    def of(
        cls, contract: Contract, rows: OutcomeRows, at: Positions, scale: DayScale, reasons: MaskArray
    ) -> "Settling":
        """Return the rows ``at``, with the reasons already known of all rows.

        Raises:
            RefusedError: If two of the rows have one id.
        """
        columns = (rows.person, rows.metric, rows.achieved_on, rows.row, reasons)
        people, metric, achieved_on, ids, known = gathered(at, *columns)
        site = gathered(at, rows.site)[0] if volumes_held(contract) else np.empty(0, dtype=np.int16)
        keys = {Per.PERSON: person_keys(people)}
        if any(terms.counts is Counts.ONCE_PER_JOB for terms in contract.metrics):
            keys[Per.JOB] = job_keys(people, *gathered(at, rows.job))
        decides = deciding_places(contract, rows.started_on[at], scale) if contract.metric_terms else None
        return cls(contract, scale, metric, packed(scale.places(achieved_on), ids), keys, site, known, decides)

    def settle(self, unit: Unit) -> None:
        """Add the reasons that depend on other outcomes to all rows of a unit's metrics."""
        firsts = self._empty_table(unit.per)
        entered = [self._enter(unit, level, firsts) for level in range(len(unit.metrics))]
        volumes = [volumes_of(self.contract, self.contract.metric_codes[metric]) for metric in unit.metrics]
        before = self.reasons.copy() if any(volumes) else None
        for level, blocks in enumerate(entered):
            if len(unit.metrics) > 1 or self._pays_once(unit.metrics[level]):
                self._award(unit, level, blocks, firsts)
        for metric in unit.metrics:
            self._bound_repeats(metric)
        if before is None and len(unit.metrics) == 1:
            self._firsts[unit.metrics[0], unit.per] = firsts
        elif before is not None and any(map(self._may_be_beyond, unit.metrics, volumes)):
            self.reasons = before
            self._take_turns(unit, volumes)

    def _enter(self, unit: Unit, level: int, firsts: IntArray) -> dict[int, _Entered]:
        """Judge the rows of one metric by earlier metrics; note in ``firsts`` the first that nothing speaks against."""
        metric = unit.metrics[level]
        links = [
            (link, self._first(link), self.keys[link.per])
            for link in links_of(self.contract, self.contract.metrics[metric], self.scale)
        ]
        keys = self.keys[unit.per]
        # The higher band goes first on one day, so it gets the smaller number.
        rank = (len(unit.metrics) - 1 - level) << ROW_BITS
        entered: dict[int, _Entered] = {}
        lock = Lock()

        def work(block: slice) -> None:
            own = np.flatnonzero(self.metric[block] == metric)
            at = own + block.start
            who = keys[block].take(own)
            order = self.packed[block].take(own)
            reasons = self.reasons[block].take(own)
            days = order >> DAY_SHIFT
            decides = None if self.decides is None else self.decides[block].take(own)
            for link, table, link_keys in links:
                firsts_of = table.take(link_keys[block].take(own)) >> DAY_SHIFT
                for reason, holds in link.faults(firsts_of, days, decides):
                    reasons |= holds * np.uint64(bit(reason))
            if links:
                self.reasons[at] = reasons
            order |= rank
            order[(reasons & _AGAINST) != 0] = NEVER
            entered[block.start] = _Entered(at, who, order)
            with lock:
                np.minimum.at(firsts, who, order)

        each_block(len(self.metric), work)
        return entered

    def _award(self, unit: Unit, level: int, entered: dict[int, _Entered], firsts: IntArray) -> None:
        """Give each entered row that is not the first of its person or job the reason why it does not count."""
        rank = len(unit.metrics) - 1 - level
        pays_once = self._pays_once(unit.metrics[level])

        def work(block: slice) -> None:
            rows = entered[block.start]
            first = firsts.take(rows.keys)
            lost = np.flatnonzero((first != rows.packed) & (rows.packed != NEVER))
            same_metric = ((first[lost] >> ROW_BITS) & MAX_LEVEL) == rank
            self.reasons[rows.at[lost[~same_metric]]] |= _OTHER_BAND
            if pays_once:
                self.reasons[rows.at[lost[same_metric]]] |= _DUPLICATE

        each_block(len(self.metric), work)

    def _bound_repeats(self, metric: int) -> None:
        """Give the reasons against what a person repeats too often or too soon; the first is never among it."""
        terms = self.contract.metrics[metric]
        if not terms.is_repeated_in_bounds:
            return
        at = self._standing(metric)
        repeats = repeats_of(terms, self.scale, self.keys[Per.PERSON][at], self.packed[at])
        too_often, too_close = too_often_or_close(terms, repeats)
        self.reasons[at[too_often]] |= np.uint64(bit(Reason.TOO_OFTEN))
        self.reasons[at[too_close]] |= np.uint64(bit(Reason.TOO_CLOSE))

    def _may_be_beyond(self, metric: int, volumes: Sequence[Held[VolumeMaximum]]) -> bool:
        """Return whether, of the outcomes whose turn it is, some lie beyond a maximum."""
        for held in volumes:
            at = self._standing(metric)
            where = (self.contract, held, self.scale, self.packed[at], self.site[at])
            if beyond(*where, numbers_in(*where)).size:
                return True
        return False

    def _take_turns(self, unit: Unit, volumes: Sequence[Sequence[Held[VolumeMaximum]]]) -> None:
        """Give the reasons of turns and maxima together: what lies beyond a maximum takes nobody's turn."""
        at = np.sort(np.concatenate([self._standing(metric) for metric in unit.metrics]))
        level_of = np.zeros(len(self.contract.metrics), dtype=np.intp)
        level_of[list(unit.metrics)] = np.arange(len(unit.metrics))
        limits = []
        for held in (held for own in volumes for held in own):
            is_of_metric = self.metric[at] == self.contract.metric_codes.index(held.clause.metric)
            where = (self.contract, held, self.scale, self.packed[at], self.site[at])
            scopes = np.where(is_of_metric, scopes_in(*where), NONE)
            limits.append(Limit(held.clause.maximum, scopes, limited(*where) & is_of_metric))
        metrics = [self.contract.metrics[metric] for metric in unit.metrics]
        keys = self.keys[unit.per][at], self.keys[Per.PERSON][at]
        self.reasons[at] |= reasons_in_turn(
            metrics, level_of[self.metric[at]], self.packed[at], *keys, limits, self.scale
        )

    def _standing(self, metric: int) -> Positions:
        return np.flatnonzero((self.metric == metric) & ((self.reasons & _AGAINST) == 0))

    def _pays_once(self, metric: int) -> bool:
        return self.contract.metrics[metric].counts is not Counts.EVERY_TIME

    def _first(self, link: Link) -> IntArray:
        """Return the packed first outcome that counts of a settled metric, for each key; ``NEVER`` where none does."""
        known = self._firsts.get((link.metric, link.per))
        if known is not None:
            return known
        firsts = self._empty_table(link.per)
        at = self._standing(link.metric)
        np.minimum.at(firsts, self.keys[link.per][at], self.packed[at])
        self._firsts[link.metric, link.per] = firsts
        return firsts

    def _empty_table(self, kind: Per) -> IntArray:
        return np.full(int(self.keys[kind].max(initial=-1)) + 1, NEVER, dtype=np.int64)
