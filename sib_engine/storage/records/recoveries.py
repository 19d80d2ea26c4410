"""What closed samples let be taken back, as the rules of a statement take it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.payments.sampling.checked import Verdict
from sib_engine.payments.sampling.strata import cell_of
from sib_engine.payments.statement.recoveries import PartlyWrong, SampleRecovery, UnseenClaim
from sib_engine.storage.records.samples import (
    ClosedRecord,
    DrawnClaim,
    SampleRecord,
    drawn_as_known,
    frame_of_sample,
    samples_as_known,
)
from sib_engine.storage.tables import ClaimMove


def recoveries_as_known(session: Session, contract_id: int, seq: int) -> tuple[SampleRecovery, ...]:
    """Return what the samples take back that had been closed by ``seq``."""
    return tuple(
        _recovery(session, sample, sample.closed, seq)
        for sample in samples_as_known(session, contract_id, seq)
        if sample.closed is not None
    )


def _recovery(session: Session, sample: SampleRecord, closed: ClosedRecord, seq: int) -> SampleRecovery:
    drawn = {each.row: each for each in drawn_as_known(session, sample.id, seq)}
    frame = frame_of_sample(session, sample.id)
    assumed = {each.claim.claim for each in frame if each.is_assumed}
    represented = {each.stratum for each in drawn.values()}
    unseen = []
    for each in frame:
        stratum = cell_of(each.claim, sample.design.strata_by).name
        if each.claim.claim not in drawn and stratum in represented:
            unseen.append(UnseenClaim(each.claim.claim, stratum, each.claim.value, each.is_assumed))
    anew = _decided_anew(session, drawn, closed.seq, seq)
    return SampleRecovery(
        statement=sample.statement,
        period=sample.period,
        rule=closed.rule,
        confidence=sample.design.confidence,
        by_rule=closed.by_rule,
        found=closed.found,
        weights=closed.by_stratum,
        unseen=tuple(unseen),
        partly=tuple(
            PartlyWrong(row, each.checked.right_value, row in assumed)
            for row, each in drawn.items()
            if each.checked.verdict is Verdict.WRONG and each.checked.right_value and each.claim_id not in anew
        ),
    )


def _decided_anew(session: Session, drawn: dict[str, DrawnClaim], closed_seq: int, seq: int) -> frozenset[int]:
    """Return the claims that somebody moved after the sample was closed: what was decided then goes before it."""
    ids = [each.claim_id for each in drawn.values()]
    query = (
        select(ClaimMove.claim_id)
        .where(ClaimMove.claim_id.in_(ids), ClaimMove.seq <= seq)
        .group_by(ClaimMove.claim_id)
        .having(func.max(ClaimMove.seq) > closed_seq)
    )
    return frozenset(session.execute(query).scalars())
