"""What lay before the verifier for a statement: accepted, rejected since the one before, and not decided."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.documents.certificate import Outcomes
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.due import lacks_only
from sib_engine.outcomes.reasons import LACKS_A_RECORD
from sib_engine.payments.statement.lines import LineKind, StatedLine, standing_of
from sib_engine.services.papers.known_statement import KnownStatement
from sib_engine.services.statements.draw import Draft
from sib_engine.services.would_earn import worth_of_each
from sib_engine.storage.tables import Claim, ClaimMove, Statement

_NOT_REJECTED = frozenset({ClaimState.SUBMITTED, ClaimState.QUERIED, ClaimState.ACCEPTED})


def accepted_outcomes(lines: Iterable[StatedLine]) -> Outcomes:
    """Return the outcomes that a statement adds, with what they earn before caps."""
    added = [line for line in lines if line.kind is LineKind.OUTCOME]
    return Outcomes(sum(line.count for line in added), sum(line.earned for line in added))


def undecided_outcomes(session: Session, found: KnownStatement) -> tuple[Outcomes | None, Outcomes | None]:
    """Return the outcomes rejected since the statement before, and those waiting: None where that is not known.

    Both were achieved by the end of the period and never stated. What waits had happened as the facts said then,
    whether or not a record lacked, and is not decided; or it is accepted and lacks an outcome that it builds on.
    Their worth is what each would earn if all of them counted.
    """
    draft = found.draft
    if draft is None:
        return None, None
    table, terms = draft.table, draft.contract.terms
    rejected_since = _rejected_since(session, found)
    stated = standing_of((*found.before, *found.lines))
    claims = [None if name in stated else draft.claims.get(name) for name in table.row_ids()]
    is_rejected = np.array([each is not None and each.id in rejected_since for each in claims], dtype=np.bool_)
    is_open = np.array([each is not None and each.state in _NOT_REJECTED for each in claims], dtype=np.bool_)
    is_achieved = table.rows.achieved_on <= np.datetime64(found.period.end, "D")
    has_happened = table.counts | lacks_only(terms, table, LACKS_A_RECORD)
    return _outcomes(draft, is_achieved & is_rejected), _outcomes(draft, is_achieved & is_open & has_happened)


def _outcomes(draft: Draft, which: npt.NDArray[np.bool_]) -> Outcomes:
    count = int(draft.table.rows.count[which].sum())
    if not count:
        return Outcomes(0, 0)
    worths = worth_of_each(draft.contract.terms, draft.table, which)
    return Outcomes(count, None if worths is None else sum(worth.amount for worth in worths))


def _rejected_since(session: Session, found: KnownStatement) -> frozenset[int]:
    """Return the claims whose last move, between the statement before and this one, rejected them."""
    record = found.record
    earlier = select(func.max(Statement.known_seq)).where(
        Statement.contract_id == record.contract_id, Statement.number < record.number
    )
    since = session.execute(earlier).scalar() or 0
    last = (
        select(func.max(ClaimMove.id))
        .join(Claim, Claim.id == ClaimMove.claim_id)
        .where(Claim.contract_id == record.contract_id, ClaimMove.seq <= record.known_seq)
        .group_by(ClaimMove.claim_id)
    )
    query = select(ClaimMove.claim_id).where(
        ClaimMove.id.in_(last), ClaimMove.state == ClaimState.REJECTED.value, ClaimMove.seq > since
    )
    return frozenset(session.execute(query).scalars())
