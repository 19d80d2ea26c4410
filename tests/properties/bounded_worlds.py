"""Random bounds on how often outcomes count, and what is taken back of them, for the random contracts."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import ClawBack, ClawBackFrom, Counts
from sib_engine.terms.money_clauses import Dimension
from sib_engine.terms.volume import VolumeMaximum
from tests.oracle import build
from tests.properties.worlds import contracts


@st.composite
def bounded(draw: st.DrawFn, contract: Contract) -> Contract:
    """Draw bounds on what is repeated, maxima of one or two metrics, and claw-backs, for a contract."""
    changed = []
    for metric in contract.metrics:
        terms: dict[str, Any] = {}
        if metric.counts is Counts.EVERY_TIME:
            terms["at_most"] = draw(st.none() | st.integers(2, 4))
            terms["days_apart"] = draw(st.none() | st.sampled_from([1, 28, 90, 400]))
        if metric.code in {"job", "low", "high"}:
            terms["claw_back"] = draw(st.none() | claw_backs())
        changed.append(replace(metric, **terms))
    return replace(contract, metrics=tuple(changed), volumes=draw(volumes()))


@st.composite
def claw_backs(draw: st.DrawFn, runs_from: tuple[ClawBackFrom, ...] = tuple(ClawBackFrom)) -> ClawBack:
    """Draw a claw-back of some share in a window of some days."""
    share = draw(st.sampled_from([Fraction(1), Fraction(1, 2), Fraction(1, 3), Fraction(1, 1000)]))
    return ClawBack(draw(st.sampled_from([1, 28, 90])), draw(st.sampled_from(runs_from)), share)


@st.composite
def volumes(draw: st.DrawFn) -> tuple[VolumeMaximum, ...]:
    """Draw up to two maxima of few outcomes."""
    kinds = ("contract", "site", "period", "site period")
    return tuple(
        VolumeMaximum(
            id=f"v{place}",
            metric=draw(st.sampled_from(["engaged", "engaged", "job", "low", "extra"])),
            on=frozenset(Dimension(name) for name in draw(st.sampled_from(kinds)).split()),
            maximum=draw(st.integers(1, 4)),
            amendment=None,
            provenance=build.AGREED,
        )
        for place in range(draw(st.integers(0, 2)))
    )


ANY_BOUNDED = contracts(with_volume=True).flatmap(bounded)
