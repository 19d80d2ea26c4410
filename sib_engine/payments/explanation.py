"""Why an amount is what it is: from a row or a payer down to clause, price, caps and share.

An explanation is a tree of steps that carries every figure it rests on, so that the amount at the
top can be worked out again from the tree alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from sib_engine.outcomes.rows import NONE
from sib_engine.payments.due import Due
from sib_engine.payments.lines import GRANT_PREFIX
from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Overflow
from sib_engine.terms.provenance import Provenance


class StepKind(StrEnum):
    """What a step does to the amount."""

    AMOUNT = "amount"
    EARNED = "earned"
    GRANT = "grant"
    CUT = "cut"
    PAYABLE = "payable"
    SHARED = "shared"
    MOVED = "moved"
    PAYS = "pays"
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


def explain_row(contract: Contract, due: Due, place: int, name: str) -> Step:
    """Return why the row at ``place`` pays what it pays."""
    found, parts, paid = due.payable, due.shared, due.paid
    amount = int(found.capped.payable[place])
    share = contract.shares[int(parts.clauses[place])]
    steps = [_earned(contract, due, place, name)]
    steps += _cuts(contract, due, place, name)
    divided = tuple(
        Step(StepKind.SHARED, payer, int(part), _part_text(share.payers.get(payer)), share.id, share.provenance)
        for payer, part in zip(parts.payers, parts.parts[place], strict=True)
        if payer in share.payers
    )
    steps.append(Step(StepKind.PAYABLE, name, amount, "after caps", share.id, share.provenance, divided))
    steps += _moved(contract, due, place)
    pays = paid.parts[place]
    steps += [Step(StepKind.PAYS, payer, int(part)) for payer, part in zip(paid.payers, pays, strict=True)]
    if paid.lost[place]:
        steps.append(Step(StepKind.LOST, name, int(paid.lost[place]), "above a payer's cap, and paid by nobody"))
    if paid.deferred[place]:
        steps.append(Step(StepKind.DEFERRED, name, int(paid.deferred[place]), "waits for a later period"))
    return Step(StepKind.AMOUNT, name, int(pays.sum()), steps=tuple(steps))


def explain_payer(contract: Contract, due: Due, payer: str) -> Step:
    """Return what one payer pays, by metric and share clause; ``payer`` is a column of ``due.paid``.

    Raises:
        ValueError: If there is no such column.
    """
    column = due.paid.payers.index(payer)
    rows, clauses = due.payable.rows, due.shared.clauses
    raw, paid = due.shared.parts[:, column], due.paid.parts[:, column]
    below = []
    pairs = sorted(set(zip(rows.metric.tolist(), clauses.tolist(), strict=True)))
    for metric, clause in pairs:
        which = (rows.metric == metric) & (clauses == clause)
        share = contract.shares[clause]
        n_outcomes = int(rows.count[which].sum())
        total = int(due.payable.capped.payable[which].sum())
        name = "grants" if metric == NONE else contract.metric_codes[metric]
        payable = Step(StepKind.PAYABLE, name, total, f"{n_outcomes} counted, after caps")
        detail = _part_text(share.payers.get(payer))
        step = Step(StepKind.SHARED, name, int(raw[which].sum()), detail, share.id, share.provenance, (payable,))
        below.append(step)
    below += _moved_in_all(contract, due, column)
    return Step(StepKind.PAYS, payer, int(paid.sum()), steps=tuple(below))


def _earned(contract: Contract, due: Due, place: int, name: str) -> Step:
    found = due.payable
    tariff_place = int(found.tariff[place])
    earned = int(found.earned[place])
    if tariff_place == NONE:
        grant = next(each for each in contract.grants if GRANT_PREFIX + each.id == name)
        detail = f"flat grant for {grant.starts_on} to {grant.ends_on}"
        return Step(StepKind.GRANT, name, earned, detail, grant.id, grant.provenance)
    tariff = contract.tariffs[tariff_place]
    count = int(found.rows.count[place])
    detail = f"{count} x {tariff.price} (price from {tariff.starts_on})"
    return Step(StepKind.EARNED, name, earned, detail, tariff.id, tariff.provenance)


def _cuts(contract: Contract, due: Due, place: int, name: str) -> list[Step]:
    cuts = []
    for index, taken in due.payable.capped.taken.items():
        cut = int(taken[place])
        if cut:
            cap = contract.caps[index]
            over = ", ".join(sorted(dimension.value for dimension in cap.on))
            detail = f"limit over {over}; it takes {int(taken.sum())} minor units in all"
            cuts.append(Step(StepKind.CUT, name, -cut, detail, cap.id, cap.provenance))
    return cuts


def _moved(contract: Contract, due: Due, place: int) -> list[Step]:
    return [
        _move(contract, use.cap, use.payer, int(taken[place]), use.went_to)
        for use, taken in zip(due.paid.uses, due.paid.taken, strict=True)
        if taken[place]
    ]


def _moved_in_all(contract: Contract, due: Due, column: int) -> list[Step]:
    payer = due.paid.payers[column]
    moves = []
    for use in due.paid.uses:
        if use.taken and use.payer == payer:
            moves.append(_move(contract, use.cap, use.payer, use.taken, use.went_to))
        elif use.taken and use.went_to == payer:
            cap = _cap(contract, use.cap)
            detail = f"arrives from {use.payer}, whose cap is reached"
            moves.append(Step(StepKind.MOVED, payer, use.taken, detail, use.cap, cap))
    return moves


def _move(contract: Contract, cap: str, payer: str, amount: int, went_to: str) -> Step:
    where = went_to if went_to in set(Overflow) else f"paid by {went_to} instead"
    return Step(StepKind.MOVED, payer, -amount, f"above the payer's own cap: {where}", cap, _cap(contract, cap))


def _cap(contract: Contract, name: str) -> Provenance:
    return next(cap.provenance for cap in contract.caps if cap.id == name)


def _part_text(part: object) -> str:
    return "" if part is None else f"share {part}"


def rows_of_metric(due: Due, metric: int) -> list[int]:
    """Return the positions of a metric's rows."""
    places: list[int] = np.flatnonzero(due.payable.rows.metric == metric).tolist()
    return places
