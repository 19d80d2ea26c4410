"""Claims as they stood at a place of the audit chain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from sib_engine.outcomes.claim_checks import Checked
from sib_engine.outcomes.claims import RETURN_CODES, ClaimState
from sib_engine.storage.tables import Claim, ClaimCheck, ClaimMove


@dataclass(frozen=True, slots=True)
class Returned:
    """That a claim went back to be decided again: with which code, at which place, and what it rested on before."""

    code: str
    seq: int
    before: str


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """One claim: what it is for, who submitted it, where it stands, who last moved it, and what the checks said.

    ``verified_by`` are the people who accepted or rejected it at any time. ``basis`` is what its amount rests on;
    ``returned`` says that its facts changed after it was accepted and nobody has decided it since.
    """

    id: int
    row: str
    participant_id: int
    metric: str
    site: str
    organisation_id: int
    state: ClaimState
    moved_by: int | None
    verified_by: frozenset[int]
    checked: Checked
    achieved_on: date | None
    basis: str
    returned: Returned | None


_VERIFYING = (ClaimState.ACCEPTED.value, ClaimState.REJECTED.value, ClaimState.QUERIED.value)


_DECISIVE = (ClaimState.ACCEPTED.value, ClaimState.REJECTED.value, ClaimState.WITHDRAWN.value)


_STATES = {state.value: state for state in ClaimState}
_NOT_MOVED: tuple[ClaimState, int | None] = (ClaimState.SUBMITTED, None)


def claims_as_known(session: Session, contract_id: int, seq: int) -> list[ClaimRecord]:
    """Return the claims of a contract that had been made by ``seq``, with their states and checks then."""
    claims = session.execute(
        select(Claim.id, Claim.row, Claim.participant_id, Claim.metric, Claim.site, Claim.organisation_id)
        .where(Claim.contract_id == contract_id, Claim.seq <= seq)
        .order_by(Claim.id)
    ).all()
    own = select(Claim.id).where(Claim.contract_id == contract_id).scalar_subquery()
    last_moves = (
        select(func.max(ClaimMove.id))
        .where(ClaimMove.seq <= seq, ClaimMove.claim_id.in_(own))
        .group_by(ClaimMove.claim_id)
    )
    moves: dict[int, tuple[ClaimState, int | None]] = {
        claim: (_STATES[state], by)
        for claim, state, by in session.execute(
            select(ClaimMove.claim_id, ClaimMove.state, ClaimMove.by_id).where(ClaimMove.id.in_(last_moves))
        ).all()
    }
    verified: dict[int, set[int]] = {}
    for claim, by in session.execute(
        select(ClaimMove.claim_id, ClaimMove.by_id)
        .where(ClaimMove.seq <= seq, ClaimMove.claim_id.in_(own), ClaimMove.state.in_(_VERIFYING))
        .distinct()
    ):
        verified.setdefault(claim, set()).add(by)
    last_checks = (
        select(func.max(ClaimCheck.id))
        .where(ClaimCheck.seq <= seq, ClaimCheck.claim_id.in_(own))
        .group_by(ClaimCheck.claim_id)
    )
    checks = session.execute(
        select(
            ClaimCheck.claim_id,
            ClaimCheck.passed,
            ClaimCheck.failed,
            ClaimCheck.unknown,
            ClaimCheck.achieved_on,
            ClaimCheck.basis,
        ).where(ClaimCheck.id.in_(last_checks))
    ).all()
    returned = _returned(session, contract_id, seq)
    # Of many claims few differ in what was said of them, or in who decided them.
    answers = {bits: Checked(*bits) for bits in {tuple(check[1:4]) for check in checks}}
    said = {check[0]: (answers[tuple(check[1:4])], check[4], check[5]) for check in checks}
    nobody: frozenset[int] = frozenset()
    sets = {people: people for people in map(frozenset, verified.values())}
    found = []
    for number, row, participant, metric, site, organisation in claims:
        state, moved_by = moves.get(number, _NOT_MOVED)
        checked, achieved_on, basis = said[number]
        people = sets[frozenset(verified[number])] if number in verified else nobody
        found.append(
            ClaimRecord(
                number,
                row,
                participant,
                metric,
                site,
                organisation,
                state,
                moved_by,
                people,
                checked,
                achieved_on,
                basis,
                returned.get(number),
            )
        )
    return found


def moves_of(session: Session, claims: Sequence[int], seq: int) -> dict[int, list[tuple[int, str]]]:
    """Return the steps of some claims up to ``seq``, as place in the chain and state, in order."""
    found: dict[int, list[tuple[int, str]]] = {claim: [] for claim in claims}
    query = select(ClaimMove.claim_id, ClaimMove.seq, ClaimMove.state).where(
        ClaimMove.claim_id.in_(claims), ClaimMove.seq <= seq
    )
    for claim, at, state in session.execute(query.order_by(ClaimMove.id)):
        found[claim].append((at, state))
    return found


def _returned(session: Session, contract_id: int, seq: int) -> dict[int, Returned]:
    """Return the claims that went back to be decided again, and were not decided since."""
    query = (
        select(ClaimMove.claim_id, ClaimMove.seq, ClaimMove.code, ClaimMove.state)
        .join(Claim, Claim.id == ClaimMove.claim_id)
        .where(Claim.contract_id == contract_id, ClaimMove.seq <= seq)
        .where(or_(ClaimMove.code.in_(RETURN_CODES), ClaimMove.state.in_(_DECISIVE)))
        .order_by(ClaimMove.id)
    )
    has_any = query.where(ClaimMove.code.in_(RETURN_CODES)).order_by(None).limit(1)
    if session.execute(has_any).first() is None:
        return {}
    open_: dict[int, tuple[int, str]] = {}
    for claim, at, code, state in session.execute(query):
        if state in _DECISIVE:
            open_.pop(claim, None)
        else:
            # What it rested on when it was decided is what it rested on before the first of several returns.
            open_[claim] = (open_[claim][0] if claim in open_ else at, code)
    return {claim: Returned(code, at, _basis_before(session, claim, at)) for claim, (at, code) in open_.items()}


def _basis_before(session: Session, claim: int, seq: int) -> str:
    last = select(ClaimCheck.basis).where(ClaimCheck.claim_id == claim, ClaimCheck.seq < seq)
    return session.execute(last.order_by(ClaimCheck.id.desc()).limit(1)).scalar_one()
