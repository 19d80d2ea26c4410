"""Use case: record the design of a sample before anything can be drawn from it."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.design import design_of
from sib_engine.payments.sampling.seed import one_line, promised
from sib_engine.services.access.actors import Actor
from sib_engine.services.samples.frame import FramePlan, plan_frame, refuse_own_claims
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.tables import Sample, SampleClaim


def record_design(
    session: Session,
    code: str,
    statement: int,
    *,
    checks: int | None = None,
    seed_source: str = "",
    seed_on: date | None = None,
    by: Actor,
    at: datetime,
) -> FramePlan:
    """Record which claims a sample stands for and how many will be drawn, and return that; nothing is drawn.

    The seed will be the hash of the audit entry that this command writes, which nobody can know before, and,
    where ``seed_source`` names something that will be published, that as well. A statement has one design, for good.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        statement: Number of an approved statement.
        checks: Claims to draw in all; the contract's own least holds beside it.
        seed_source: What will be published and become part of the seed, in words; empty for nothing.
        seed_on: The day from which on it will be published, given with ``seed_source``.
        by: Who designs.
        at: When.

    Raises:
        NotFoundError: If there is no such contract or statement.
        SegregationError: If ``by`` may not sample, or their organisation submitted one of the claims.
        RefusedError: If the statement has a design, nothing would be drawn, or what will be published is not to come.
    """
    command = chain.begin(session, "sample.design", by_id=by.id, at=at)
    plan = plan_frame(session, code, statement, checks=checks, by=by, at=at)
    contract_id = command.contract_id = plan.contract.id
    refuse_closed(session, contract_id)
    refuse_own_claims(by, plan.claims, "designs")
    if session.execute(select(Sample.id).where(Sample.statement_id == plan.statement.id)).first():
        message = (
            f"statement {statement} has a sample already: its design stands, and there is no second one, so that nobody"
            f" tries until a draw pleases; see `sib sample show {code} {statement}`"
        )
        raise RefusedError(message)
    if not any(plan.sizes.values()):
        message = (
            f"clause {plan.clause.id!r} names no number of claims to check; accepted: how many to draw in all"
            " (`sib sample plan` says how many a bound needs)"
        )
        raise RefusedError(message)
    source = _source(seed_source, seed_on, local_day(at, plan.contract.terms.timezone))
    design = design_of(
        plan.frame,
        plan.sizes,
        seed=promised(source),
        terms=plan.contract.terms.digest,
        method=plan.clause.method,
        strata_by=plan.clause.strata,
        confidence=plan.clause.confidence,
        recover=plan.clause.recover,
    )
    sample = command.add_one(
        Sample,
        contract_id=contract_id,
        statement_id=plan.statement.id,
        clause=plan.clause.id,
        design=design.canonical,
        design_digest=design.digest,
        frame_digest=plan.frame.digest,
        seed_source=source,
        seed_on=seed_on,
        by_id=by.id,
    )
    command.add(
        SampleClaim,
        [
            {
                "sample_id": sample,
                "claim_id": plan.claims[each.claim].id,
                "metric": each.metric,
                "site": each.site,
                "risk": each.risk,
                "value": each.value,
                "is_assumed": each.claim in plan.assumed,
            }
            for each in plan.frame.claims
        ],
    )
    command.payload = {"statement": statement, "design": design.digest, "frame": plan.frame.digest}
    command.close()
    return plan


def _source(source: str, on: date | None, today: date) -> str:
    """Return in one line what will be published; blank where nothing will."""
    if not source and on is None:
        return ""
    if not source.strip() or on is None:
        message = "what will be published and the day go together; accepted: both, or neither"
        raise RefusedError(message)
    if on <= today:
        message = f"what is published on {on} could be known today, {today}; accepted: a later day"
        raise RefusedError(message)
    return f"{one_line(source, 'what will be published')} ({on})"
