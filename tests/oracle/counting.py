"""Limits that count outcomes, one outcome after another: minimums, and caps at a share of outcomes."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import TypeAlias, TypeVar

from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Dimension, Minimum, OutcomeCap
from tests.oracle.days import Dated, dated
from tests.oracle.pricing import rounded
from tests.oracle.rows import Row
from tests.oracle.years import year_of

Clause: TypeAlias = Minimum | OutcomeCap
C = TypeVar("C", Minimum, OutcomeCap)


def after_minimums(contract: Contract, rows: Sequence[Row], amounts: Sequence[int], free: Sequence[bool]) -> list[int]:
    """Return what is payable of each amount: a part of it where too few outcomes stand in its scope."""
    left = list(amounts)
    for each in _finest_first(contract, dated(contract, contract.minimums, Minimum)):
        clause = each.clause
        for at, row in enumerate(rows):
            if free[at] or row.count == 0 or not _covers(clause, row) or not each.judges(row):
                continue
            scope = _scope(contract, clause, row)
            together = [
                other
                for other, is_free in zip(rows, free, strict=True)
                if not is_free and _covers(clause, other) and _scope(contract, clause, other) == scope
            ]
            needed = Fraction(clause.at_least or 0)
            if clause.at_least_share is not None:
                needed = clause.at_least_share * _base(contract, clause, rows, row)
            if sum(other.count for other in together) < needed:
                left[at] = rounded(left[at] * clause.pays_below, contract.rounding.mode)
    return left


def after_outcome_caps(
    contract: Contract, rows: Sequence[Row], amounts: Sequence[int], free: Sequence[bool]
) -> list[int]:
    """Return what is left of each amount when only some outcomes of each scope are paid, the first ones."""
    left = list(amounts)
    paid = [row.count for row in rows]
    for each in _finest_first(contract, dated(contract, contract.outcome_caps, OutcomeCap)):
        clause, used = each.clause, dict[object, int]()
        for at in each.in_turn(contract, rows):
            row = rows[at]
            if free[at] or not _covers(clause, row):
                continue
            scope = _scope(contract, clause, row)
            if each.only_counts(row):
                used[scope] = used.get(scope, 0) + paid[at]
                continue
            bound = floor(clause.share * _base(contract, clause, rows, row))
            now = 0
            for _ in range(paid[at]):
                if used.get(scope, 0) < bound:
                    used[scope] = used.get(scope, 0) + 1
                    now += 1
            if now < paid[at]:
                left[at] = rounded(Fraction(left[at] * now, paid[at]), contract.rounding.mode)
            paid[at] = now
    return left


def _base(contract: Contract, clause: Clause, rows: Sequence[Row], row: Row) -> int:
    """Return how many outcomes the share is taken of, for the scope of a row."""
    counted = 0
    for other in rows:
        if other.metric is None or (clause.sites and other.site not in clause.sites):
            continue
        if clause.of:
            is_in = other.metric in clause.of and _place(contract, clause, other) == _place(contract, clause, row)
        else:
            is_in = _covers(clause, other) and _scope(contract, clause, other) == _scope(contract, clause, row)
        counted += other.count if is_in else 0
    return counted


def _covers(clause: Clause, row: Row) -> bool:
    if row.metric is None or (clause.metrics and row.metric not in clause.metrics):
        return False
    return not clause.sites or row.site in clause.sites


def _scope(contract: Contract, clause: Clause, row: Row) -> tuple[object, ...]:
    return (row.metric if Dimension.METRIC in clause.on else None, *_place(contract, clause, row))


def _place(contract: Contract, clause: Clause, row: Row) -> tuple[object, ...]:
    place: list[object] = [row.site if Dimension.SITE in clause.on else None]
    if Dimension.PERIOD in clause.on:
        assert row.achieved_on is not None
        place.append(contract.periods.index_of(row.achieved_on))
    if Dimension.YEAR in clause.on:
        place.append(year_of(contract, row))
    return tuple(place)


def _finest_first(contract: Contract, clauses: Sequence[Dated[C]]) -> list[Dated[C]]:
    def breadth(each: Dated[C]) -> tuple[int, bool, int]:
        clause = each.clause
        covered = (len(clause.metrics) or len(contract.metrics)) * (len(clause.sites) or len(contract.sites) or 1)
        return -len(clause.on - {Dimension.CONTRACT}), Dimension.YEAR in clause.on, covered

    return sorted(clauses, key=breadth)
