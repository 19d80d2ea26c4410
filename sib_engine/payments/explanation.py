"""Why an amount is what it is: from a row or a payer down to clause, price, caps and share.

An explanation is a tree of steps that carries every figure it rests on, so that the amount at the
top can be worked out again from the tree alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from typing import Final

import numpy as np

from sib_engine.core.money import IntArray, shown
from sib_engine.outcomes.rows import NONE
from sib_engine.payments.caps.steps import LimitKind, LimitStep
from sib_engine.payments.due import Due
from sib_engine.payments.price.steps import Mechanism, PriceStep
from sib_engine.payments.price.trace import price_text
from sib_engine.payments.running.order import PositionArray
from sib_engine.payments.scheduled.entry import Entry, ScheduledKind
from sib_engine.terms.contract import Contract
from sib_engine.terms.dated_prices import with_dated_prices
from sib_engine.terms.money_clauses import Overflow, Tariff
from sib_engine.terms.party import UNFUNDED
from sib_engine.terms.provenance import Provenance

MAX_RESULTS: Final = 100
"""Measured results listed one by one under a payer; of a contract there are seldom more than a handful."""

_PERCENT_STEPS: Final = 10_000
"""Steps of a hundredth of a percent in the whole."""


class StepKind(StrEnum):
    """What a step does to the amount."""

    AMOUNT = "amount"
    EARNED = "earned"
    MEASURED = "measured"
    TIERS = "tiers"
    UPGRADE = "upgrade"
    BONUS = "bonus"
    CLAW_BACK = "claw-back"
    GRANT = "grant"
    WITHHELD = "withheld"
    FEE = "fee"
    GUARANTEE = "guarantee"
    TERMINATION = "termination"
    CUT = "cut"
    PAYABLE = "payable"
    SHARED = "shared"
    MOVED = "moved"
    PAYS = "pays"
    UNFUNDED = "counts as"
    LOST = "lost"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: minor units (``amount``), the clause behind it with its provenance, and the steps below.

    ``subject`` is the row, payer or metric it is about; ``detail`` says in words how the amount came about.
    """

    kind: StepKind
    subject: str
    amount: int
    detail: str = ""
    clause: str = ""
    provenance: Provenance | None = None
    steps: tuple["Step", ...] = field(default=())

    def walk(self) -> Iterator["Step"]:
        """Yield this step and all below it, each before its own."""
        yield self
        for step in self.steps:
            yield from step.walk()


class Explainer:
    """Explains the rows of one run of the kernel; made once, it answers for any number of rows."""

    def __init__(self, contract: Contract, due: Due) -> None:
        """Take the figures out of the arrays once, so that many rows are explained fast."""
        contract = with_dated_prices(contract)
        self._contract = contract
        self._due = due
        self._caps = {cap.id: cap for cap in contract.caps}
        self._prices: dict[tuple[int, int], str] = {}
        self._base: list[int] = due.payable.base.tolist()
        self._price_steps = [(step, _added(step)) for step in due.payable.price_steps]
        self._payable: list[int] = due.payable.capped.payable.tolist()
        self._tariffs: list[int] = due.payable.tariff.tolist()
        self._scales: list[int] = due.payable.scale.tolist()
        self._counts: list[int] = due.payable.rows.count.tolist()
        self._clauses: list[int] = due.shared.clauses.tolist()
        self._parts: list[tuple[int, ...]] = list(map(tuple, due.shared.parts.tolist()))
        self._pays: list[tuple[int, ...]] = list(map(tuple, due.paid.parts.tolist()))
        # Few amounts differ, so rows have most of these steps in common.
        self._divided = cache(self._divided_by)
        self._paying = cache(self._paid_by)
        self._lost: list[int] = due.paid.lost.tolist()
        self._deferred: list[int] = due.paid.deferred.tolist()
        self._words = [{payer: _part_text(part) for payer, part in share.payers.items()} for share in contract.shares]
        self._cuts = [(step, _added(step), _in_all(contract, step)) for step in due.payable.capped.steps]
        self._moves = [
            (use, taken.tolist()) for use, taken in zip(due.paid.uses, due.paid.taken, strict=True) if use.taken
        ]

    def row(self, place: int, name: str) -> Step:
        """Return why the row at ``place``, whose id is ``name``, pays what it pays."""
        clause, pays = self._clauses[place], self._pays[place]
        share = self._contract.shares[clause]
        divided = self._divided(clause, self._parts[place])
        steps = [
            *self._earning(place, name),
            *self._taken_by_caps(place, name),
            Step(StepKind.PAYABLE, name, self._payable[place], "after caps", share.id, share.provenance, divided),
            *self._moved(place),
            *self._paying(pays),
        ]
        if self._lost[place]:
            steps.append(Step(StepKind.LOST, name, self._lost[place], "above a payer's cap, and paid by nobody"))
        if self._deferred[place]:
            steps.append(Step(StepKind.DEFERRED, name, self._deferred[place], "waits for a later period"))
        return Step(StepKind.AMOUNT, name, sum(pays), steps=tuple(steps))

    def _divided_by(self, clause: int, parts: tuple[int, ...]) -> tuple[Step, ...]:
        share, words = self._contract.shares[clause], self._words[clause]
        return tuple(
            Step(StepKind.SHARED, payer, part, words[payer], share.id, share.provenance)
            for payer, part in zip(self._due.shared.payers, parts, strict=True)
            if payer in words
        )

    def _paid_by(self, parts: tuple[int, ...]) -> tuple[Step, ...]:
        pairs = zip(self._due.paid.payers, parts, strict=True)
        return tuple(_paid(payer, part) for payer, part in pairs)

    def _earning(self, place: int, name: str) -> list[Step]:
        base, index, scale = self._base[place], self._tariffs[place], self._scales[place]
        if scale != NONE:
            clause, at = self._contract.scales[scale].id, np.array([place])
            return [
                _change(step, name, added.get(place, 0), at)
                for step, added in self._price_steps
                if place in added or step.clause == clause
            ]
        if index == NONE:
            return [_scheduled(self._due.payable.entry_at(place))]
        tariff = self._contract.tariffs[index]
        detail = self._price(index, self._counts[place])
        changes = [
            _change(step, name, added[place], np.array([place]), tariff)
            for step, added in self._price_steps
            if place in added
        ]
        return [Step(StepKind.EARNED, name, base, detail, tariff.id, tariff.provenance), *changes]

    def _price(self, tariff: int, count: int) -> str:
        """Return count times price in words, worked out once for each price and count."""
        known = self._prices.get((tariff, count))
        if known is None:
            known = self._prices[tariff, count] = price_text(self._contract, tariff, count)
        return known

    def _taken_by_caps(self, place: int, name: str) -> list[Step]:
        return [
            _cut(step, name, -added[place], np.array([place]), in_all)
            for step, added, in_all in self._cuts
            if place in added
        ]

    def _moved(self, place: int) -> list[Step]:
        return [
            _move(self._caps[use.cap].provenance, use.cap, use.payer, taken[place], use.went_to)
            for use, taken in self._moves
            if taken[place]
        ]


def _added(step: PriceStep | LimitStep) -> dict[int, int]:
    """Return what a step adds to the rows that it changes, by their positions; below zero where it takes."""
    added = step.after - step.before
    at = np.flatnonzero(added)
    return dict(zip(at.tolist(), added[at].tolist(), strict=True))


def _in_all(contract: Contract, step: LimitStep) -> str:
    """Return in words what a cap on money cuts in all, to stand beside what it cuts of one row."""
    if step.kind is not LimitKind.MONEY:
        return ""
    return f"; it cuts {shown(int((step.before - step.after).sum()), contract.currency)} in all"


def _cut(step: LimitStep, name: str, taken: int, which: PositionArray, in_all: str = "") -> Step:
    """Return what a limit took of some rows."""
    kind = StepKind.WITHHELD if step.kind is LimitKind.MINIMUM else StepKind.CUT
    return Step(kind, name, -taken, step.words(which) + in_all, step.clause, step.provenance)


_KINDS: Final = {
    Mechanism.MEASURED: StepKind.MEASURED,
    Mechanism.TIERS: StepKind.TIERS,
    Mechanism.UPGRADE: StepKind.UPGRADE,
    Mechanism.BONUS: StepKind.BONUS,
    Mechanism.CLAW_BACK: StepKind.CLAW_BACK,
}


def _change(step: PriceStep, name: str, amount: int, which: PositionArray, tariff: Tariff | None = None) -> Step:
    """Return what a pricing mechanism added to some rows; its clause is their tariff where it has none of its own."""
    clause, provenance = step.clause, step.provenance
    if tariff is not None and not clause:
        clause, provenance = tariff.id, tariff.provenance
    return Step(_KINDS[step.kind], name, amount, step.words(which), clause, provenance)


def explain_payer(contract: Contract, due: Due, payer: str) -> Step:
    """Return what one payer pays, by metric and share clause, down to prices and caps.

    Raises:
        ValueError: If ``payer`` is no column of ``due.paid``.
    """
    contract = with_dated_prices(contract)
    column = due.paid.payers.index(payer)
    rows, clauses = due.payable.rows, due.shared.clauses
    below = []
    for metric, clause in sorted(set(zip(rows.metric.tolist(), clauses.tolist(), strict=True))):
        which = np.flatnonzero((rows.metric == metric) & (clauses == clause))
        share = contract.shares[clause]
        name = _scheduled_name(due) if metric == NONE else contract.metric_codes[metric]
        part = int(due.shared.parts[which, column].sum())
        payable = _payable_in_all(contract, due, which, name)
        detail = _part_text(share.payers.get(payer))
        below.append(Step(StepKind.SHARED, name, part, detail, share.id, share.provenance, (payable,)))
    below += _moved_in_all(contract, due, column)
    amount = int(due.paid.parts[:, column].sum())
    return _paid(payer, amount, tuple(below))


def _paid(payer: str, amount: int, steps: tuple[Step, ...] = ()) -> Step:
    """Return what a payer pays; what is unfunded counts towards the whole, and nobody pays it."""
    if payer == UNFUNDED:
        return Step(StepKind.UNFUNDED, payer, amount, "billed to nobody", steps=steps)
    return Step(StepKind.PAYS, payer, amount, steps=steps)


def _payable_in_all(contract: Contract, due: Due, which: PositionArray, name: str) -> Step:
    """Return what the rows of one metric leave to divide: what they earn by each price, less what each cap cuts."""
    found = due.payable
    count, base, tariffs = found.rows.count[which], found.base[which], found.tariff[which]
    by_tariff = found.scale[which] == NONE
    steps = [
        _earned_in_all(contract, index, name, count[tariffs == index], int(base[tariffs == index].sum()))
        for index in np.unique(tariffs[by_tariff]).tolist()
        if index != NONE
    ]
    steps += _scheduled_in_all([found.entry_at(place) for place in which.tolist() if place >= found.n_outcomes])
    steps += _measured_in_all(contract, due, which[~by_tariff], name)
    outcomes = which[which < found.n_outcomes]
    for step in found.price_steps:
        if step.kind is Mechanism.MEASURED:
            continue
        changed = outcomes[step.after[outcomes] != step.before[outcomes]]
        if changed.size:
            added = int((step.after[changed] - step.before[changed]).sum())
            used = set(found.tariff[changed].tolist())
            tariff = contract.tariffs[used.pop()] if len(used) == 1 else None
            steps.append(_change(step, name, added, changed, tariff))
    for cut in found.capped.steps:
        touched = which[cut.after[which] != cut.before[which]]
        if touched.size:
            taken = int((cut.before[touched] - cut.after[touched]).sum())
            steps.append(_cut(cut, name, taken, touched if cut.kind is LimitKind.MINIMUM else which))
    amount = int(found.capped.payable[which].sum())
    counted = f"{int(count.sum()):,} counted" if (tariffs != NONE).all() else f"{len(which):,} amounts"
    return Step(StepKind.PAYABLE, name, amount, f"{counted}, after caps", steps=tuple(steps))


def _measured_in_all(contract: Contract, due: Due, which: PositionArray, name: str) -> Iterator[Step]:
    """Yield what each result earns, in a step of its own; of very many, what each scale pays in all."""
    for step in due.payable.price_steps:
        if step.kind is not Mechanism.MEASURED:
            continue
        here = [at for at in which.tolist() if contract.scales[due.payable.scale[at]].id == step.clause]
        added = step.after[here] - step.before[here]
        if len(here) > MAX_RESULTS:
            detail = f"{len(here):,} results, each explained by its own row"
            yield Step(StepKind.MEASURED, name, int(added.sum()), detail, step.clause, step.provenance)
            continue
        yield from (
            _change(step, name, amount, np.array([at])) for at, amount in zip(here, added.tolist(), strict=True)
        )


def _earned_in_all(contract: Contract, tariff: int, name: str, counts: IntArray, earned: int) -> Step:
    clause = contract.tariffs[tariff]
    detail = price_text(contract, tariff, int(counts.sum()), n_rows=len(counts))
    return Step(StepKind.EARNED, name, earned, detail, clause.id, clause.provenance)


def _scheduled(entry: Entry) -> Step:
    """Return what one scheduled amount is, in the words of its clause."""
    return Step(StepKind(entry.kind.value), entry.row, entry.amount, entry.words, entry.clause, entry.provenance)


def _scheduled_in_all(entries: list[Entry]) -> list[Step]:
    """Return one step for each clause that schedules money, with its amounts below where there are several."""
    steps = []
    for kind, clause in dict.fromkeys((entry.kind, entry.clause) for entry in entries):
        own = [entry for entry in entries if (entry.kind, entry.clause) == (kind, clause)]
        if len(own) == 1:
            steps.append(_scheduled(own[0]))
            continue
        below = tuple(map(_scheduled, own))
        amount = sum(entry.amount for entry in own)
        detail, provenance = f"{len(own):,} amounts", own[0].provenance
        steps.append(Step(StepKind(kind.value), f"{kind}/{clause}", amount, detail, clause, provenance, below))
    return steps


def _scheduled_name(due: Due) -> str:
    kinds = {entry.kind for entry in due.payable.entries}
    return "grants" if kinds == {ScheduledKind.GRANT} else "scheduled"


def _moved_in_all(contract: Contract, due: Due, column: int) -> list[Step]:
    payer = due.paid.payers[column]
    provenance = {cap.id: cap.provenance for cap in contract.caps}
    moves = []
    for use in due.paid.uses:
        if use.taken and use.payer == payer:
            moves.append(_move(provenance[use.cap], use.cap, use.payer, use.taken, use.went_to))
        elif use.taken and use.went_to == payer:
            detail = f"arrives from {use.payer}, whose cap is reached"
            moves.append(Step(StepKind.MOVED, payer, use.taken, detail, use.cap, provenance[use.cap]))
    return moves


def _move(provenance: Provenance, cap: str, payer: str, amount: int, went_to: str) -> Step:
    where = went_to if went_to in set(Overflow) else f"paid by {went_to} instead"
    return Step(StepKind.MOVED, payer, -amount, f"above the payer's own cap: {where}", cap, provenance)


def _part_text(part: Fraction | None) -> str:
    """Return a share in words: as a percentage where it is a short one, otherwise as the fraction agreed."""
    if part is None:
        return ""
    hundredths_of_a_percent = part * _PERCENT_STEPS
    if hundredths_of_a_percent.denominator != 1:
        return f"share {part}"
    percent = Decimal(hundredths_of_a_percent.numerator).scaleb(-2)
    return f"share {percent.normalize():f}%"
