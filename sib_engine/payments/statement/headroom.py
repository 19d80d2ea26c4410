"""What is used of each cap to date, and what it cut."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sib_engine.payments.statement.draw_up import Statement
from sib_engine.terms.contract import Contract
from sib_engine.terms.held import Held, caps_held, outcome_caps_held
from sib_engine.terms.money_clauses import Cap, Dimension, OutcomeCap


@dataclass(frozen=True, slots=True)
class Headroom:
    """One cap: its limit and what that is for, what is used of it to date, and what it cut.

    A cap at a share of outcomes has no ``limit`` in money, and a ``share`` (of the outcomes ``of`` some
    metrics, or of its own). ``used`` is None where there are many limits (one for each person,
    period, ...), where the cap covers some sites, and where another cap has replaced it.
    """

    cap: str
    limit: int | None
    scope: str
    used: int | None
    taken: int
    share: Fraction | None = None
    of: tuple[str, ...] = ()


def headroom_of(contract: Contract, statement: Statement) -> tuple[Headroom, ...]:
    """Return every cap; what is used of it only where it has one limit, and not one for each person or period."""
    capped = statement.capped
    of_outcomes = [
        Headroom(cap.id, None, _scope(held), None, capped.taken_in_all(cap.id), cap.share, cap.of)
        for held in outcome_caps_held(contract)
        for cap in (held.clause,)
    ]
    rows = [
        Headroom(
            cap.id,
            cap.limit,
            _scope(held),
            _used(contract, statement, cap) if held.ends_before is None else None,
            capped.taken_in_all(cap.id),
        )
        for held in caps_held(contract)
        for cap in (held.clause,)
        if Dimension.PAYER not in cap.on
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


def _used(contract: Contract, statement: Statement, cap: Cap) -> int | None:
    """Return what is used of a cap's one limit: of the whole contract, or of metrics that it counts together."""
    if cap.sites or not cap.on <= {Dimension.CONTRACT, Dimension.METRIC}:
        return None
    if not cap.metrics:
        return statement.under_caps if cap.on == {Dimension.CONTRACT} else None
    if Dimension.METRIC in cap.on and len(cap.metrics) > 1:
        return None
    own = np.isin(statement.rows.metric, [contract.metric_codes.index(code) for code in cap.metrics])
    return int(statement.capped.payable[own].sum())


def _scope(held: Held[Cap] | Held[OutcomeCap]) -> str:
    """Return in words what a cap has one limit for, and until when where another has replaced it."""
    cap = held.clause
    over = " and ".join(f"each {dimension.value}" for dimension in Dimension if dimension in cap.on)
    narrowed = ", ".join((*cap.metrics, *cap.sites))
    whole = "the contract" if cap.on == {Dimension.CONTRACT} else over
    days = "" if held.ends_before is None else held.words
    return f"{whole} ({narrowed}){days}" if narrowed else f"{whole}{days}"
