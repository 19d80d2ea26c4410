"""Caps that name no payer: each a limit on a running total, met row by row."""

from collections.abc import Sequence
from dataclasses import replace

from sib_engine.terms.contract import Contract
from sib_engine.terms.money_clauses import Cap, Dimension
from tests.oracle.counting import after_minimums, after_outcome_caps
from tests.oracle.days import Dated, dated
from tests.oracle.rows import Row
from tests.oracle.years import year_of


def payable(
    contract: Contract, rows: Sequence[Row], earned: Sequence[int], *, exempt: Sequence[bool] = ()
) -> list[int]:
    """Return what is left of each row's amount after every limit: those that count outcomes, then caps on money.

    Of each kind the finest acts first.
    The finer counts over more dimensions, then not by year, then covers fewer metrics and sites, then stands first
    in the file.
    """
    free = list(exempt) or [False] * len(rows)
    left = after_minimums(contract, rows, earned, free)
    left = after_outcome_caps(contract, rows, left, free)
    caps = [each for each in dated(contract, contract.caps, Cap) if Dimension.PAYER not in each.clause.on]
    for each in sorted(caps, key=lambda each: _rank(contract, each.clause)):
        cap = each.clause
        covered = [at for at in each.in_turn(contract, rows) if not free[at] and _is_covered(contract, cap, rows[at])]
        if Dimension.SITE not in cap.on or not contract.sites:
            _fill(contract, each, rows, covered, left)
            continue
        _fill(contract, each, rows, [at for at in covered if rows[at].site is not None], left)
        if any(rows[at].site is None for at in covered):
            # Whatever the sites of the counts that name none, all sites together never get more than this.
            together = replace(cap, on=cap.on - {Dimension.SITE}, limit=cap.limit * len(contract.sites))
            _fill(contract, replace(each, clause=together), rows, covered, left)
    return left


def _fill(contract: Contract, each: Dated[Cap], rows: Sequence[Row], positions: Sequence[int], left: list[int]) -> None:
    cap, used = each.clause, dict[object, int]()
    for position in positions:
        scope = _scope(contract, cap, rows[position])
        if each.judges(rows[position]):
            left[position] = min(left[position], max(cap.limit - used.get(scope, 0), 0))
        used[scope] = used.get(scope, 0) + left[position]


def _rank(contract: Contract, cap: Cap) -> tuple[int, bool, int]:
    breadth = (len(cap.metrics) or len(contract.metrics)) * (len(cap.sites) or len(contract.sites) or 1)
    return -len(cap.on - {Dimension.CONTRACT}), Dimension.YEAR in cap.on, breadth


def _is_covered(contract: Contract, cap: Cap, row: Row) -> bool:
    if cap.metrics and row.metric not in cap.metrics:
        return False
    is_anywhere = row.metric is not None and row.site is None and set(cap.sites) >= set(contract.site_codes)
    if cap.sites and row.site not in cap.sites and not is_anywhere:
        return False
    # A grant is no outcome: it meets only what limits the whole contract, in all or by period.
    if row.metric is None and (
        cap.metrics or cap.sites or not cap.on <= {Dimension.CONTRACT, Dimension.PERIOD, Dimension.YEAR}
    ):
        return False
    return Dimension.PERSON not in cap.on or row.person is not None


def _scope(contract: Contract, cap: Cap, row: Row) -> tuple[object, ...]:
    scope: list[object] = []
    if Dimension.METRIC in cap.on:
        scope.append(row.metric)
    if Dimension.SITE in cap.on:
        scope.append(row.site)
    if Dimension.PERSON in cap.on:
        scope.append(row.person)
    if Dimension.PERIOD in cap.on:
        assert row.achieved_on is not None
        scope.append(contract.periods.index_of(row.achieved_on))
    if Dimension.YEAR in cap.on:
        scope.append(year_of(contract, row))
    return tuple(scope)
