"""Use case: close a sample: what it says is worked out and kept, and what was found wrong is rejected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError
from sib_engine.outcomes.claims import ClaimState
from sib_engine.payments.sampling.checked import Verdict
from sib_engine.payments.sampling.estimate import Estimate, estimate
from sib_engine.payments.sampling.recovery import Recovery, recovery
from sib_engine.payments.sampling.written import estimate_text
from sib_engine.payments.statement.lines import LineKind, standing_of
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.samples.found import draw_of, drawn_again, refuse_closed_sample, sample_of
from sib_engine.services.samples.frame import refuse_own_claims
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.samples import DrawnClaim, FrameRow, drawn_as_known, frame_of_sample
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.storage.tables import ClaimMove, SampleEstimate

SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Closed:
    """What a sample says, what is taken back by the contract's rule, and which claims were rejected.

    ``is_assumed`` says that a price under the amounts is.
    """

    contract: Registered
    statement: int
    estimate: Estimate
    recovery: Recovery
    rejected: tuple[str, ...]
    is_assumed: bool


def close_sample(session: Session, code: str, statement: int, *, by: Actor, at: datetime) -> Closed:
    """Close the sample of a statement and return what it says.

    Claims found worth nothing are rejected with the code and words of their review, so that the next statement takes
    them back. A claim that is worth something has a line of its own there, and so has what the rule gives beyond.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        statement: Number of a statement whose sample is drawn.
        by: Who closes.
        at: When.

    Raises:
        NotFoundError: If there is no such contract, statement or sample.
        SegregationError: If ``by`` may not sample and verify, or their organisation submitted one of the claims.
        RefusedError: If the sample is not drawn, a claim is pending, or it is closed.
    """
    command = chain.begin(session, "sample.close", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    for action in (Action.SAMPLE, Action.VERIFY):
        require(session, by, action, contract.id)
    command.contract_id = contract.id
    refuse_closed(session, contract.id)
    sample = sample_of(session, contract, statement, seq)
    draw = draw_of(sample)
    refuse_closed_sample(sample)
    frame = frame_of_sample(session, sample.id)
    in_frame = {each.claim.claim for each in frame}
    claims = {claim.row: claim for claim in claims_as_known(session, contract.id, seq) if claim.row in in_frame}
    refuse_own_claims(by, claims, "closes")
    drawn = drawn_as_known(session, sample.id, seq)
    _refuse_pending(drawn)
    again = drawn_again(draw, frame)
    if set(again.claims) != {each.row for each in drawn}:
        message = (
            f"the claims kept for statement {statement} are not those that its design draws: see `sib audit verify`"
        )
        raise RefusedError(message)
    found = estimate(again, [each.checked for each in drawn])
    corrected = _corrected(session, contract, seq, frame, found, drawn)
    taken = recovery(found, draw.design.recover, paid=found.total.value, corrected=corrected)
    whole = recovery(found, draw.design.recover, paid=found.total.value)
    command.add_one(
        SampleEstimate,
        sample_id=sample.id,
        estimate=estimate_text(found),
        rule=taken.rule.value,
        paid=taken.paid,
        by_rule=taken.by_rule,
        found=taken.found,
        corrected=taken.corrected,
        extrapolated=taken.extrapolated,
        by_stratum=chain.canonical({cell.name: part for cell, part in whole.by_stratum.items()}),
        why=taken.why,
        by_id=by.id,
    )
    rejected = _reject(command, statement, drawn, claims, by)
    command.payload = {
        "statement": statement,
        "by_rule": taken.by_rule,
        "found": taken.found,
        "extrapolated": taken.extrapolated,
        "rejected": len(rejected),
    }
    command.close()
    return Closed(contract, statement, found, taken, rejected, any(each.is_assumed for each in frame))


def _refuse_pending(drawn: Sequence[DrawnClaim]) -> None:
    pending = [each.row for each in drawn if each.checked.verdict is Verdict.PENDING]
    if pending:
        named = ", ".join(pending[:SHOWN])
        more = f" and {len(pending) - SHOWN:,} more" if len(pending) > SHOWN else ""
        message = (
            f"{len(pending):,} of {len(drawn):,} claims drawn have no verdict: {named}{more}; accepted: a verdict on"
            " each, since nothing is taken back beyond what was found while one is pending (what nobody could show to"
            " be right is wrong)"
        )
        raise RefusedError(message)


def _corrected(
    session: Session,
    contract: Registered,
    seq: int,
    frame: Sequence[FrameRow],
    found: Estimate,
    drawn: Sequence[DrawnClaim],
) -> int:
    """Return what statements have taken back, since the design, of claims that were not drawn and are stood for."""
    lines = (line for line in lines_as_known(session, contract.id, seq) if line.kind is not LineKind.RECOVERY)
    standing = standing_of(lines)
    left_out = {*found.unrepresented, *(each.row for each in drawn)}
    return sum(
        max(each.claim.value - standing[each.claim.claim].payable, 0)
        for each in frame
        if each.claim.claim not in left_out
    )


def _reject(
    command: chain.Command,
    statement: int,
    drawn: Sequence[DrawnClaim],
    claims: Mapping[str, ClaimRecord],
    by: Actor,
) -> tuple[str, ...]:
    """Re-open and reject what was found worth nothing and is not rejected or withdrawn already; return the rows."""
    moves = []
    rejected = []
    for each in drawn:
        state = claims[each.row].state
        is_gone = state in {ClaimState.REJECTED, ClaimState.WITHDRAWN}
        if each.checked.verdict is not Verdict.WRONG or each.checked.right_value or is_gone:
            continue
        note = f"found wrong in the sample of statement {statement}: {each.note}"
        steps = [(ClaimState.REJECTED, each.code)]
        if state is ClaimState.ACCEPTED:
            steps.insert(0, (ClaimState.SUBMITTED, ""))
        moves += [
            {"claim_id": each.claim_id, "state": to.value, "code": code, "note": note, "by_id": by.id}
            for to, code in steps
        ]
        rejected.append(each.row)
    command.add(ClaimMove, moves)
    return tuple(rejected)
