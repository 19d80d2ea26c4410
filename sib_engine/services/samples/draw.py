"""Use case: draw a sample from its recorded design, once."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.draw import DrawnStratum, Sample, drawn
from sib_engine.payments.sampling.frame import FrameClaim, frame_of
from sib_engine.payments.sampling.seed import one_line, with_seed
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.samples.found import sample_of
from sib_engine.services.samples.frame import refuse_own_claims
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.claims import claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.samples import SampleRecord, frame_of_sample
from sib_engine.storage.tables import SampleDraw, SampleItem


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn for a statement."""

    contract: Registered
    statement: int
    sample: Sample


def draw_sample(session: Session, code: str, statement: int, *, published: str = "", by: Actor, at: datetime) -> Drawn:
    """Draw the claims that the recorded design takes, and return them.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        statement: Number of a statement whose sample is designed.
        published: What has been published, where the design names something.
        by: Who draws; they have no choice in it, and what they say was published stands for all to compare.
        at: When.

    Raises:
        NotFoundError: If there is no such contract, statement or sample.
        SegregationError: If ``by`` may not sample, or their organisation submitted one of the claims.
        RefusedError: If it was drawn before, or what was published is missing, too early or not asked for.
    """
    command = chain.begin(session, "sample.draw", by_id=by.id, at=at)
    seq = command.seq - 1
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SAMPLE, contract.id)
    command.contract_id = contract.id
    refuse_closed(session, contract.id)
    sample = sample_of(session, contract, statement, seq)
    rows = frame_of_sample(session, sample.id)
    in_frame = {each.claim.claim for each in rows}
    claims = {claim.row: claim for claim in claims_as_known(session, contract.id, seq) if claim.row in in_frame}
    refuse_own_claims(by, claims, "draws")
    if sample.draw is not None:
        message = (
            f"the sample of statement {statement} was drawn by entry {sample.draw.seq} of the audit trail: the same"
            f" design always draws the same claims; see `sib sample show {code} {statement}`"
        )
        raise RefusedError(message)
    said = _published(sample, published, today=local_day(at, contract.terms.timezone))
    design = with_seed(sample.design, sample.entry, said)
    made = drawn(design, frame_of(each.claim for each in rows))
    command.add_one(
        SampleDraw,
        sample_id=sample.id,
        published=said,
        design=design.canonical,
        design_digest=design.digest,
        by_id=by.id,
    )
    command.add(
        SampleItem,
        [
            {
                "sample_id": sample.id,
                "claim_id": claims[each.claim].id,
                "stratum": stratum.cell.name,
                "chance": str(_chance(stratum, each)),
                "value": each.value,
            }
            for stratum in made.strata
            for each in sorted(stratum.drawn, key=lambda claim: claim.claim)
        ],
    )
    command.payload = {"statement": statement, "design": design.digest, "drawn": len(made.claims)}
    command.close()
    return Drawn(contract, statement, made)


def _published(sample: SampleRecord, published: str, *, today: date) -> str:
    """Return in one line what was published; blank where the design names nothing."""
    if not sample.seed_source:
        if published:
            message = (
                "the design names nothing that would be published, so nothing of the kind becomes part of the seed"
            )
            raise RefusedError(message)
        return ""
    if sample.seed_on is not None and today < sample.seed_on:
        message = f"{sample.seed_source} is not published yet; accepted: to draw on {sample.seed_on} or later"
        raise RefusedError(message)
    if not published.strip():
        message = f"the design takes part of its seed from what was published; accepted: {sample.seed_source}"
        raise RefusedError(message)
    return one_line(published, "what was published")


def _chance(stratum: DrawnStratum, claim: FrameClaim) -> Fraction:
    """Return the chance with which a claim was drawn: exact."""
    if claim in stratum.certain:
        return Fraction(1)
    if stratum.interval is not None:
        return Fraction(claim.value) / stratum.interval
    return Fraction(len(stratum.by_chance), len(stratum.claims))
