from pathlib import Path

import pytest

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.outcomes.claims import MOVES, NEEDS_NOTE, OF_THE_PROVIDER, ClaimState, Move
from sib_engine.storage.store import Store
from tests.store.office import Office

CLAIM = "P1/engagement"
FACTS = ("H-1,referral,2021-01-11", "H-1,vocational profile,2021-01-20")
TO = {
    ClaimState.SUBMITTED: (),
    ClaimState.QUERIED: (Move.QUERY,),
    ClaimState.ACCEPTED: (Move.ACCEPT,),
    ClaimState.REJECTED: (Move.REJECT,),
    ClaimState.WITHDRAWN: (Move.WITHDRAW,),
}
"""How a claim gets into each state."""

BACK = {
    ClaimState.SUBMITTED: (),
    ClaimState.QUERIED: (Move.ANSWER,),
    ClaimState.ACCEPTED: (Move.REOPEN,),
    ClaimState.REJECTED: (Move.REOPEN,),
    ClaimState.WITHDRAWN: (Move.REOPEN,),
}
"""How it gets back."""


def make(office: Office, move: Move, on: str = "2021-02-02") -> None:
    by = "ada" if move in OF_THE_PROVIDER else "vera"
    office.move(move, CLAIM, on=on, by=by, reason="V02" if move is Move.REJECT else "", note="because")


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    found = Office.opened(store, tmp_path)
    found.upload(*FACTS, on="2021-02-01")
    return found


@pytest.mark.parametrize("state", list(ClaimState))
def test_only_the_moves_of_the_table_are_made(office: Office, state: ClaimState) -> None:
    for move in TO[state]:
        make(office, move)
    allowed = {move for move, (states, _) in MOVES.items() if state in states}

    for move in set(Move) - allowed:
        with pytest.raises(RefusedError, match=f"it is {state}, and only"):
            make(office, move)
        assert office.states()[CLAIM] == state

    for move in sorted(allowed):
        make(office, move)
        assert office.states()[CLAIM] == MOVES[move][1]
        for back in (*BACK[MOVES[move][1]], *TO[state]):
            make(office, back)


@pytest.mark.parametrize("move", sorted(NEEDS_NOTE))
def test_a_move_that_has_to_be_defended_needs_its_words(office: Office, move: Move) -> None:
    with pytest.raises(RefusedError, match=f"to {move} a claim needs a note that says why"):
        office.move(move, CLAIM, on="2021-02-02", by="ada" if move in OF_THE_PROVIDER else "vera")


def test_a_rejection_needs_a_code(office: Office) -> None:
    with pytest.raises(RefusedError, match="a rejection needs one of these codes: V01 evidence-not-genuine"):
        office.move(Move.REJECT, CLAIM, on="2021-02-02", note="because", reason="V99")


def test_a_claim_that_does_not_exist_is_named_and_nothing_moves(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no claim is called P9/engagement"):
        office.move(Move.ACCEPT, CLAIM, "P9/engagement", on="2021-02-02")

    assert office.states()[CLAIM] == "submitted"


@pytest.mark.parametrize(
    ("who", "move"),
    [("ada", Move.ACCEPT), ("abe", Move.ACCEPT), ("tom", Move.REJECT), ("vera", Move.WITHDRAW), ("root", Move.ACCEPT)],
)
def test_nobody_does_what_their_role_does_not_let_them_do(office: Office, who: str, move: Move) -> None:
    with pytest.raises(SegregationError, match=f"'{who}' may not"):
        office.move(move, CLAIM, on="2021-02-02", by=who, note="because", reason="V02" if move is Move.REJECT else "")
