"""Use case: decide claims, one by one or in bulk; every move goes through the table of moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError, RefusedError, SegregationError
from sib_engine.outcomes.claim_checks import CHECKS, Answer
from sib_engine.outcomes.claims import (
    MOVES,
    NEEDS_NOTE,
    OF_THE_PROVIDER,
    REJECTION_CODES,
    ClaimState,
    Move,
    rejection_code,
)
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import ClaimMove


@dataclass(frozen=True, slots=True)
class Refused:
    """A claim that was not moved, and why."""

    row: str
    why: str


def decide(
    session: Session,
    code: str,
    move: Move,
    rows: Sequence[str],
    *,
    reason: str = "",
    note: str = "",
    by: Actor,
    at: datetime,
) -> tuple[ClaimRecord, ...]:
    """Move claims, all of them or none, and return them as they stood before.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        move: What to do.
        rows: The ids of the outcomes that are claimed.
        reason: The code of a rejection.
        note: Why, in words; needed for every move but acceptance.
        by: Who decides.
        at: When.

    Raises:
        NotFoundError: If there is no such claim.
        RefusedError: If a move is not allowed from where a claim stands, or it lacks its words or code.
        SegregationError: If ``by`` may not make this move, or submitted the claim.
    """
    command = chain.begin(session, f"claim.{move.value}", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.ANSWER if move in OF_THE_PROVIDER else Action.VERIFY, contract.id)
    refuse_closed(session, contract.id)
    reason = _reason(move, reason, note)
    known = {claim.row: claim for claim in claims_as_known(session, contract.id, seq)}
    missing = [row for row in rows if row not in known]
    if missing:
        message = f"no claim is called {', '.join(missing[:5])}{', ...' if len(missing) > 5 else ''}"  # noqa: PLR2004 - names shown
        raise NotFoundError(message)
    chosen = [known[row] for row in dict.fromkeys(rows)]
    refused = [Refused(claim.row, why) for claim in chosen if (why := _against(claim, move, by))]
    if refused:
        shown = "; ".join(f"{each.row}: {each.why}" for each in refused[:5])
        more = f"; and {len(refused) - 5:,} more" if len(refused) > 5 else ""  # noqa: PLR2004 - names shown
        own = any(claim.organisation_id == by.organisation_id for claim in chosen) and move not in OF_THE_PROVIDER
        message = f"nothing was moved: {shown}{more}"
        raise (SegregationError if own else RefusedError)(message)
    _write(command, contract.id, chosen, move, reason, note, by)
    return tuple(chosen)


def accept_where_all_passed(session: Session, code: str, *, by: Actor, at: datetime) -> tuple[ClaimRecord, ...]:
    """Accept every submitted claim of which all checks passed and that ``by`` may decide; return them."""
    command = chain.begin(session, "claim.accept-passed", by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    require(session, by, Action.VERIFY, contract.id)
    refuse_closed(session, contract.id)
    chosen = [
        claim
        for claim in claims_as_known(session, contract.id, command.seq - 1)
        if claim.state is ClaimState.SUBMITTED and claim.checked.all_passed and not _against(claim, Move.ACCEPT, by)
    ]
    if not chosen:
        message = "no submitted claim has passed all its checks, so there is none to accept"
        raise RefusedError(message)
    _write(command, contract.id, chosen, Move.ACCEPT, "", "all checks passed", by)
    return tuple(chosen)


def _write(
    command: chain.Command,
    contract_id: int,
    claims: Sequence[ClaimRecord],
    move: Move,
    reason: str,
    note: str,
    by: Actor,
) -> None:
    command.contract_id = contract_id
    state = MOVES[move][1].value
    command.add(
        ClaimMove,
        [{"claim_id": claim.id, "state": state, "code": reason, "note": note, "by_id": by.id} for claim in claims],
    )
    command.payload = {"move": move.value, "code": reason, "claims": len(claims)}
    command.close()


def _reason(move: Move, reason: str, note: str) -> str:
    if move in NEEDS_NOTE and not note.strip():
        message = f"to {move} a claim needs a note that says why"
        raise RefusedError(message)
    if move is not Move.REJECT:
        if reason:
            message = f"only a rejection has a code, and this is to {move}"
            raise RefusedError(message)
        return ""
    found = rejection_code(reason)
    if found is None:
        message = f"a rejection needs one of these codes: {', '.join(REJECTION_CODES)}"
        raise RefusedError(message)
    return found


def _against(claim: ClaimRecord, move: Move, by: Actor) -> str:
    """Return why a claim cannot be moved; empty where it can."""
    allowed, _ = MOVES[move]
    if claim.state not in allowed:
        return f"it is {claim.state}, and only {' or '.join(sorted(allowed))} can be {_PAST[move]}"
    if move in OF_THE_PROVIDER:
        return "" if claim.organisation_id == by.organisation_id else "another organisation submitted it"
    if claim.organisation_id == by.organisation_id:
        return f"{by.organisation} submitted it, and nobody verifies what their own organisation submitted"
    if move is Move.ACCEPT and claim.checked.failed:
        failed = [check.name for check in CHECKS if claim.checked.answer(check.number) is Answer.FAILED]
        return f"these checks failed: {', '.join(failed)}"
    return ""


_PAST = {
    Move.ACCEPT: "accepted",
    Move.QUERY: "queried",
    Move.ANSWER: "answered",
    Move.REJECT: "rejected",
    Move.WITHDRAW: "withdrawn",
    Move.REOPEN: "re-opened",
}
