"""Verification samples as they stood at a place of the audit chain."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.design import SampleDesign, design_from
from sib_engine.payments.sampling.estimate import Estimate
from sib_engine.payments.sampling.frame import FrameClaim
from sib_engine.payments.sampling.written import estimate_from
from sib_engine.storage.tables import (
    AuditEntry,
    Claim,
    Sample,
    SampleClaim,
    SampleDraw,
    SampleEstimate,
    SampleItem,
    SampleResult,
    Statement,
)
from sib_engine.terms.verification import Recover


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """That a sample was drawn: by which command, from which design, and what had been published for its seed."""

    seq: int
    design: SampleDesign
    published: str


@dataclass(frozen=True, slots=True)
class ClosedRecord:
    """What a sample said when it was closed, and what is taken back by the contract's rule (minor units)."""

    seq: int
    estimate: Estimate
    rule: Recover
    paid: int
    by_rule: int
    found: int
    corrected: int
    extrapolated: int
    by_stratum: Mapping[str, int]
    why: str


@dataclass(frozen=True, slots=True)
class SampleRecord:
    """The sample of one statement (``statement`` is its number), and how far it has come.

    ``entry`` is the hash of the audit entry that recorded the design.
    """

    id: int
    statement: int
    period: str
    clause: str
    design: SampleDesign
    seed_source: str
    seed_on: date | None
    seq: int
    entry: str
    draw: DrawRecord | None
    closed: ClosedRecord | None


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One claim of a frame, by its number, and whether its price is assumed."""

    claim_id: int
    claim: FrameClaim
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class DrawnClaim:
    """One claim that was drawn: ``chance`` is exact; what was found of it last, by whom, and how often that changed."""

    item_id: int
    claim_id: int
    row: str
    metric: str
    site: str
    organisation_id: int
    stratum: str
    chance: Fraction
    value: int
    is_assumed: bool
    checked: Checked
    code: str
    note: str
    by_id: int | None
    n_results: int


def samples_as_known(session: Session, contract_id: int, seq: int) -> list[SampleRecord]:
    """Return the samples of a contract that had been designed by ``seq``, by the number of their statement."""
    draws = {
        draw.sample_id: DrawRecord(draw.seq, design_from(draw.design), draw.published)
        for draw in session.execute(
            select(SampleDraw)
            .join(Sample, Sample.id == SampleDraw.sample_id)
            .where(Sample.contract_id == contract_id, SampleDraw.seq <= seq)
        ).scalars()
    }
    closed = {
        each.sample_id: _closed(each)
        for each in session.execute(
            select(SampleEstimate)
            .join(Sample, Sample.id == SampleEstimate.sample_id)
            .where(Sample.contract_id == contract_id, SampleEstimate.seq <= seq)
        ).scalars()
    }
    found = session.execute(
        select(Sample, Statement.number, Statement.period, AuditEntry.hash)
        .join(Statement, Statement.id == Sample.statement_id)
        .join(AuditEntry, AuditEntry.seq == Sample.seq)
        .where(Sample.contract_id == contract_id, Sample.seq <= seq)
        .order_by(Statement.number)
    )
    return [
        SampleRecord(
            id=sample.id,
            statement=number,
            period=period,
            clause=sample.clause,
            design=design_from(sample.design),
            seed_source=sample.seed_source,
            seed_on=sample.seed_on,
            seq=sample.seq,
            entry=entry,
            draw=draws.get(sample.id),
            closed=closed.get(sample.id),
        )
        for sample, number, period, entry in found
    ]


def frame_of_sample(session: Session, sample_id: int) -> list[FrameRow]:
    """Return the claims that a sample stands for, as they were recorded with its design."""
    found = session.execute(
        select(SampleClaim, Claim.row)
        .join(Claim, Claim.id == SampleClaim.claim_id)
        .where(SampleClaim.sample_id == sample_id)
        .order_by(SampleClaim.id)
    )
    return [
        FrameRow(each.claim_id, FrameClaim(row, each.metric, each.site, each.risk, each.value), each.is_assumed)
        for each, row in found
    ]


def drawn_as_known(session: Session, sample_id: int, seq: int) -> list[DrawnClaim]:
    """Return the claims that were drawn, in the order of their strata, with what had been found by ``seq``."""
    results: dict[int, list[SampleResult]] = defaultdict(list)
    for result in session.execute(
        select(SampleResult)
        .join(SampleItem, SampleItem.id == SampleResult.item_id)
        .where(SampleItem.sample_id == sample_id, SampleResult.seq <= seq)
        .order_by(SampleResult.id)
    ).scalars():
        results[result.item_id].append(result)
    found = session.execute(
        select(
            SampleItem, Claim.row, Claim.organisation_id, SampleClaim.metric, SampleClaim.site, SampleClaim.is_assumed
        )
        .join(Claim, Claim.id == SampleItem.claim_id)
        .join(
            SampleClaim,
            (SampleClaim.sample_id == SampleItem.sample_id) & (SampleClaim.claim_id == SampleItem.claim_id),
        )
        .where(SampleItem.sample_id == sample_id, SampleItem.seq <= seq)
        .order_by(SampleItem.id)
    )
    drawn = []
    for item, row, organisation_id, metric, site, is_assumed in found:
        own = results.get(item.id, [])
        last = own[-1] if own else None
        drawn.append(
            DrawnClaim(
                item_id=item.id,
                claim_id=item.claim_id,
                row=row,
                metric=metric,
                site=site,
                organisation_id=organisation_id,
                stratum=item.stratum,
                chance=Fraction(item.chance),
                value=item.value,
                is_assumed=is_assumed,
                checked=Checked(row, Verdict.PENDING)
                if last is None
                else Checked(row, Verdict(last.verdict), last.right_value),
                code="" if last is None else last.code,
                note="" if last is None else last.note,
                by_id=None if last is None else last.by_id,
                n_results=len(own),
            )
        )
    return drawn


def sampled_by(session: Session, sample_id: int) -> frozenset[int]:
    """Return the people who designed, drew, reviewed or closed a sample."""
    people = [
        select(Sample.by_id).where(Sample.id == sample_id),
        select(SampleDraw.by_id).where(SampleDraw.sample_id == sample_id),
        select(SampleEstimate.by_id).where(SampleEstimate.sample_id == sample_id),
        select(SampleResult.by_id)
        .join(SampleItem, SampleItem.id == SampleResult.item_id)
        .where(SampleItem.sample_id == sample_id),
    ]
    return frozenset(number for query in people for number in session.execute(query.distinct()).scalars())


def rests_on_assumed(session: Session, sample_id: int) -> bool:
    """Return whether the price of any claim that a sample stands for is assumed."""
    query = select(SampleClaim.id).where(SampleClaim.sample_id == sample_id, SampleClaim.is_assumed.is_(True))
    return session.execute(query.limit(1)).first() is not None


def _closed(each: SampleEstimate) -> ClosedRecord:
    return ClosedRecord(
        seq=each.seq,
        estimate=estimate_from(each.estimate),
        rule=Recover(each.rule),
        paid=each.paid,
        by_rule=each.by_rule,
        found=each.found,
        corrected=each.corrected,
        extrapolated=each.extrapolated,
        by_stratum=json.loads(each.by_stratum),
        why=each.why,
    )
