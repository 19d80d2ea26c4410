"""What is used of each cap to date, and what it cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
import numpy.typing as npt

from sib_engine.outcomes.rows import NONE
from sib_engine.payments.caps.without_site import covers_every_site, without_site
from sib_engine.payments.statement.draw_up import Statement
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import Held, caps_held, outcome_caps_held
from sib_engine.terms.money_clauses import Cap, Dimension, OutcomeCap

_PLACES: Final = frozenset({Dimension.CONTRACT, Dimension.METRIC, Dimension.SITE})


@dataclass(frozen=True, slots=True)
class Headroom:
    """One cap: its limit and what that is for, what is used of it to date, and what it cut.

    A cap at a share of outcomes has no ``limit`` in money, and a ``share`` (of the outcomes ``of`` some
    metrics, or of its own). ``used`` is None where there are many limits that are not told apart
    here (one for each person or period), and where another cap has replaced it. A cap with a limit for each site
    or metric stands once for each of which anything is due.
    """

    cap: str
    limit: int | None
    scope: str
    used: int | None
    taken: int
    share: Fraction | None = None
    of: tuple[str, ...] = ()


def headroom_of(contract: Contract, statement: Statement) -> tuple[Headroom, ...]:
    """Return every cap, by site or metric where it has a limit for each, with what is used where that can be said."""
    capped = statement.capped
    of_outcomes = [
        Headroom(cap.id, None, _scope(held), None, capped.taken_in_all(cap.id), cap.share, cap.of)
        for held in outcome_caps_held(contract)
        for cap in (held.clause,)
    ]
    rows = [
        each
        for held in caps_held(contract)
        for cap in (held.clause,)
        if Dimension.PAYER not in cap.on
        for each in _of_cap(contract, statement, held)
    ]
    payers = [
        Headroom(
            use.cap,
            use.limit,
            f"payer {use.payer}, each period" if use.is_per_period else f"payer {use.payer}",
            None if use.is_per_period else use.arrived - use.taken,
            use.taken,
        )
        for use in statement.payer_caps
    ]
    return (*of_outcomes, *rows, *payers)


def _of_cap(contract: Contract, statement: Statement, held: Held[Cap]) -> tuple[Headroom, ...]:
    """Return a cap on no payer: once for each of its limits, or once in all."""
    cap, cut = held.clause, statement.capped.taken_in_all(held.clause.id)
    if held.ends_before is not None:
        return (Headroom(cap.id, cap.limit, _scope(held), None, cut),)
    by_place = (*_by_place(contract, statement, held), *_together(contract, statement, held))
    return by_place or (Headroom(cap.id, cap.limit, _scope(held), _used(statement, cap), cut),)


def _used(statement: Statement, cap: Cap) -> int | None:
    """Return what is used of a cap on the whole contract, or of which no outcome is due; None of many limits."""
    if cap.on == {Dimension.CONTRACT}:
        return 0 if cap.metrics or cap.sites else statement.under_caps
    return None


def _by_place(contract: Contract, statement: Statement, held: Held[Cap]) -> Iterator[Headroom]:
    """Yield a cap on metrics or sites for each of them of which something is due, in the contract's own order."""
    cap = held.clause
    if not cap.on <= _PLACES or not (cap.on != {Dimension.CONTRACT} or cap.metrics or cap.sites):
        return
    rows = statement.rows
    covered = rows.metric != NONE
    if cap.metrics:
        covered &= np.isin(rows.metric, [contract.metric_codes.index(code) for code in cap.metrics])
    if cap.sites and not covers_every_site(contract, cap):
        covered &= np.isin(rows.site, [contract.site_codes.index(code) for code in cap.sites])
    if Dimension.SITE in cap.on and contract.sites:
        covered &= rows.site != NONE
    metric = rows.metric if Dimension.METRIC in cap.on else np.full(len(rows), NONE)
    site = rows.site if Dimension.SITE in cap.on else np.full(len(rows), NONE)
    for of_metric, of_site in sorted(set(zip(metric[covered].tolist(), site[covered].tolist(), strict=True))):
        which = covered & (metric == of_metric) & (site == of_site)
        names = [contract.metric_codes[of_metric]] if of_metric != NONE else []
        names += [f"at {contract.site_codes[of_site]}"] if of_site != NONE else []
        yield _of_rows(statement, cap, " ".join(names) or _scope(held), cap.limit, which)


def _together(contract: Contract, statement: Statement, held: Held[Cap]) -> Iterator[Headroom]:
    """Yield a cap by site for all sites together, where some outcomes name no site."""
    cap = held.clause
    rows = statement.rows
    nowhere = without_site(contract, rows)
    if cap.metrics:
        nowhere &= np.isin(rows.metric, [contract.metric_codes.index(code) for code in cap.metrics])
    by_site = Dimension.SITE in cap.on and cap.on <= _PLACES and covers_every_site(contract, cap)
    if not by_site or not nowhere.any():
        return
    by_metric = Dimension.METRIC in cap.on
    for metric in sorted(set(rows.metric[nowhere].tolist())) if by_metric else [NONE]:
        which = rows.metric == metric if by_metric else rows.metric != NONE
        if cap.metrics and not by_metric:
            which &= np.isin(rows.metric, [contract.metric_codes.index(code) for code in cap.metrics])
        of = f"{contract.metric_codes[metric]} at" if by_metric else "at"
        scope = f"{of} all {len(contract.sites)} sites together"
        yield _of_rows(statement, cap, scope, cap.limit * len(contract.sites), which)


def _of_rows(statement: Statement, cap: Cap, scope: str, limit: int, which: npt.NDArray[np.bool_]) -> Headroom:
    capped = statement.capped
    taken = sum(int((step.before - step.after)[which].sum()) for step in capped.steps if step.clause == cap.id)
    return Headroom(cap.id, limit, scope, int(capped.payable[which].sum()), taken)


def _scope(held: Held[Cap] | Held[OutcomeCap]) -> str:
    """Return in words what a cap has one limit for, and until when where another has replaced it."""
    cap = held.clause
    over = " and ".join(f"each {dimension.value}" for dimension in Dimension if dimension in cap.on)
    narrowed = ", ".join((*cap.metrics, *cap.sites))
    whole = "the contract" if cap.on == {Dimension.CONTRACT} else over
    days = "" if held.ends_before is None else held.words
    return f"{whole} ({narrowed}){days}" if narrowed else f"{whole}{days}"
