"""The sample of a statement, found by the statement's number."""

from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.payments.sampling.draw import Sample, drawn
from sib_engine.payments.sampling.frame import frame_of
from sib_engine.services.statements.parties import statement_numbered
from sib_engine.storage.records.contracts import Registered
from sib_engine.storage.records.samples import DrawRecord, FrameRow, SampleRecord, samples_as_known


def sample_of(session: Session, contract: Registered, statement: int, seq: int) -> SampleRecord:
    """Return the sample of a statement.

    Raises:
        NotFoundError: If there is no such statement, or it has no sample.
    """
    statement_numbered(session, contract, statement)
    samples = samples_as_known(session, contract.id, seq)
    found = next((each for each in samples if each.statement == statement), None)
    if found is None:
        known = ", ".join(str(each.statement) for each in samples)
        message = f"statement {statement} has no sample; accepted: {known or 'none is designed yet'}"
        raise NotFoundError(message)
    return found


def draw_of(sample: SampleRecord) -> DrawRecord:
    """Return how a sample was drawn.

    Raises:
        RefusedError: If it was not.
    """
    if sample.draw is None:
        message = f"the sample of statement {sample.statement} is designed and not drawn; accepted: one that is drawn"
        raise RefusedError(message)
    return sample.draw


def refuse_closed_sample(sample: SampleRecord) -> None:
    """Refuse to add to a sample that is closed.

    Raises:
        RefusedError: If it is.
    """
    if sample.closed is not None:
        message = (
            f"the sample of statement {sample.statement} is closed, and what it found stands; a claim can still be"
            " re-opened and decided anew"
        )
        raise RefusedError(message)


def drawn_again(draw: DrawRecord, frame: list[FrameRow]) -> Sample:
    """Return what the recorded design draws from the recorded claims, worked out anew.

    Raises:
        RefusedError: If the claims are not those that the design was recorded for.
    """
    return drawn(draw.design, frame_of(each.claim for each in frame))
