"""Random amendments that replace bonuses, limits and maxima of the random contracts, some of them twice."""

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from hypothesis import strategies as st

from sib_engine.terms.contract import Contract
from sib_engine.terms.ended import Counting
from sib_engine.terms.money_clauses import Bonus, Cap, Dimension, Minimum, OutcomeCap
from sib_engine.terms.schedule import Amendment
from tests.oracle import build
from tests.properties.clauses import PARTS

C = TypeVar("C", bound=Counting)

DAYS = (date(2020, 5, 15), date(2020, 10, 1), date(2021, 1, 1), date(2021, 6, 10))


@st.composite
def amended(draw: st.DrawFn, contract: Contract) -> Contract:
    """Draw one or two amendments of a contract, signed before they take effect; it still has every clause."""
    for number, day in enumerate(sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=2)))):
        contract = draw(amended_on(contract, f"a{number}", day))
    return contract


@st.composite
def amended_on(draw: st.DrawFn, contract: Contract, id_: str, day: date) -> Contract:
    """Draw an amendment: of each clause that stands, whether it is left, ended, or followed by another."""
    gone = {clause for each in contract.amendments for clause in each.replaces}
    replaces: list[str] = []

    def after(clauses: tuple[C, ...]) -> tuple[C, ...]:
        brought: list[C] = []
        for clause in clauses:
            is_payers = isinstance(clause, Cap) and Dimension.PAYER in clause.on
            fate = "left" if clause.id in gone or is_payers else draw(st.sampled_from(FATES))
            if fate != "left":
                replaces.append(clause.id)
            if fate == "followed":
                brought.append(replace(clause, id=f"{clause.id}-{id_}", amendment=id_, **draw(figures(clause))))
        return (*clauses, *brought)

    made = replace(
        contract,
        bonuses=after(contract.bonuses),
        caps=after(contract.caps),
        outcome_caps=after(contract.outcome_caps),
        minimums=after(contract.minimums),
        volumes=after(contract.volumes),
    )
    amendment = Amendment(id_, build.START, day, tuple(replaces), "new terms", build.AGREED)
    return replace(made, amendments=(*contract.amendments, amendment))


FATES = ("left", "ended", "followed", "followed", "followed")


@st.composite
def figures(draw: st.DrawFn, clause: Counting) -> dict[str, Any]:
    """Draw other figures for a clause that goes on counting the same."""
    if isinstance(clause, Bonus):
        above = draw(st.integers(0, 5))
        up_to = draw(st.none() | st.integers(above + 1, above + 4))
        return {"above": above, "up_to": up_to, "price": draw(st.decimals(0, 300, places=4))}
    if isinstance(clause, Cap):
        return {"limit": draw(st.integers(0, 200_000))}
    if isinstance(clause, OutcomeCap):
        return {"share": draw(PARTS)}
    if isinstance(clause, Minimum):
        return {"at_least": draw(st.integers(1, 12)), "at_least_share": None, "of": ()}
    return {"maximum": draw(st.integers(1, 4))}
