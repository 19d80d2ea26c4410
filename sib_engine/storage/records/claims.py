"""Claims as they stood at a place of the audit chain."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.outcomes.claim_checks import Checked
from sib_engine.outcomes.claims import ClaimState
from sib_engine.storage.tables import Claim, ClaimCheck, ClaimMove


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """One claim: what it is for, who submitted it, where it stands, who last moved it, and what the checks said.

    ``verified_by`` are the people who accepted or rejected it at any time.
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


_VERIFYING = (ClaimState.ACCEPTED.value, ClaimState.REJECTED.value, ClaimState.QUERIED.value)


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
    moves = {
        claim: (state, by)
        for claim, state, by in session.execute(
            select(ClaimMove.claim_id, ClaimMove.state, ClaimMove.by_id).where(ClaimMove.id.in_(last_moves))
        )
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
    checks = {
        claim: (Checked(passed, failed, unknown), day)
        for claim, passed, failed, unknown, day in session.execute(
            select(
                ClaimCheck.claim_id, ClaimCheck.passed, ClaimCheck.failed, ClaimCheck.unknown, ClaimCheck.achieved_on
            ).where(ClaimCheck.id.in_(last_checks))
        )
    }
    return [
        ClaimRecord(
            id=claim.id,
            row=claim.row,
            participant_id=claim.participant_id,
            metric=claim.metric,
            site=claim.site,
            organisation_id=claim.organisation_id,
            state=ClaimState(moves[claim.id][0]) if claim.id in moves else ClaimState.SUBMITTED,
            moved_by=moves[claim.id][1] if claim.id in moves else None,
            verified_by=frozenset(verified.get(claim.id, ())),
            checked=checks[claim.id][0],
            achieved_on=checks[claim.id][1],
        )
        for claim in claims
    ]
