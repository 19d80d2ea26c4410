"""Use case: say which claims a sample of a statement would stand for, and how many the contract asks to check."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError, SegregationError
from sib_engine.core.money import plain
from sib_engine.outcomes.claims import ClaimState
from sib_engine.payments.sampling.frame import Frame, FrameClaim, frame_of
from sib_engine.payments.sampling.strata import Cell, agreed_sizes, larger_sizes, proportional_sizes, strata_of
from sib_engine.payments.statement.lines import LineKind, Standing, standing_of
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.samples.risk import risk_classes
from sib_engine.services.statements.parties import statement_numbered
from sib_engine.storage import chain
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.storage.tables import Statement
from sib_engine.terms.amend import in_force
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.verification import Verification, in_force_on


@dataclass(frozen=True, slots=True)
class PlannedStratum:
    """One stratum: its claims and their value (minor units), how many would be drawn, whether a price is assumed."""

    cell: Cell
    n_claims: int
    value: int
    size: int
    is_assumed: bool


@dataclass(frozen=True, slots=True)
class FramePlan:
    """What a sample of a statement would stand for, under the terms in force at the end of its period.

    ``claims`` are the claims of the frame by their row, ``assumed`` the rows whose price is assumed. ``seq`` is the
    place in the chain up to which records are used.
    """

    contract: Registered
    clause: Verification
    statement: Statement
    frame: Frame
    claims: Mapping[str, ClaimRecord]
    assumed: frozenset[str]
    strata: tuple[PlannedStratum, ...]
    seq: int

    @property
    def sizes(self) -> dict[Cell, int]:
        """How many would be drawn from each stratum."""
        return {each.cell: each.size for each in self.strata}

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as ``sib sample frame --json`` prints it."""
        currency = self.contract.terms.currency
        return {
            "contract": self.contract.terms.code,
            "currency": currency.code,
            "statement": self.statement.number,
            "period": self.statement.period,
            "clause": self.clause.id,
            "method": self.clause.method.value,
            "confidence": percentage(self.clause.confidence),
            "recover": self.clause.recover.value,
            "frame": self.frame.digest,
            "claims": len(self.frame.claims),
            "value": plain(self.frame.value, currency),
            "strata": [
                {
                    "name": each.cell.name,
                    "claims": each.n_claims,
                    "value": plain(each.value, currency),
                    "size": each.size,
                    "assumed": each.is_assumed,
                }
                for each in self.strata
            ],
        }


def plan_frame(
    session: Session, code: str, statement: int, *, checks: int | None = None, by: Actor, at: datetime
) -> FramePlan:
    """Return the claims that a sample of an approved statement would stand for, and how many would be drawn.

    They are those that this statement was the first to state and that are still accepted, each at what stands stated
    of it, later corrections included. So a claim belongs to one statement's sample and to no other.

    Args:
        session: The store, open to read.
        code: Code of a registered contract.
        statement: Number of an approved statement.
        checks: Claims to draw in all, at one rate in every stratum; the contract's own least holds beside it.
        by: Who asks.
        at: When.

    Raises:
        NotFoundError: If there is no such contract or statement.
        SegregationError: If ``by`` may not sample.
        RefusedError: If the contract had no terms of verification, or nothing stands stated.
    """
    seq, _ = chain.head(session)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SAMPLE, contract.id)
    found = statement_numbered(session, contract, statement)
    today = local_day(at, contract.terms.timezone)
    ends = contract.terms.periods.find(found.period).end
    contract = replace(contract, terms=in_force(contract.terms, ends, signed_by=today))
    clause = in_force_on(contract.terms.verifications, ends)
    if clause is None:
        message = (
            f"{code} had agreed no terms of verification by {ends}, when {found.period} ended: nobody may take back by"
            " a sample; accepted: a contract with [[verification]] from that day or before"
        )
        raise RefusedError(message)
    accepted = {
        claim.row: claim for claim in claims_as_known(session, contract.id, seq) if claim.state is ClaimState.ACCEPTED
    }
    stated = _stated(session, contract, statement, seq)
    rows = {row: stands for row, stands in stated.items() if row in accepted}
    if not rows:
        message = (
            f"no accepted claim was first stated by statement {statement}; accepted: a statement that pays for claims"
        )
        raise RefusedError(message)
    classes = risk_classes(session, contract, clause, rows, seq=seq, known_on=today)
    frame = frame_of(
        FrameClaim(row, stands.line.metric, stands.line.site, classes[row], stands.payable)
        for row, stands in rows.items()
    )
    assumed = frozenset(row for row, stands in rows.items() if stands.line.is_assumed)
    strata = _strata(frame, clause, checks, assumed)
    return FramePlan(contract, clause, found, frame, {row: accepted[row] for row in rows}, assumed, strata, seq)


def refuse_own_claims(by: Actor, claims: Mapping[str, ClaimRecord], what: str) -> None:
    """Refuse whose own organisation submitted a claim that the sample stands for.

    Raises:
        SegregationError: If theirs did.
    """
    own = next((row for row, claim in claims.items() if claim.organisation_id == by.organisation_id), None)
    if own is not None:
        message = f"{by.organisation} submitted {own}: nobody {what} a sample of what their own organisation submitted"
        raise SegregationError(message)


def _stated(session: Session, contract: Registered, statement: int, seq: int) -> dict[str, Standing]:
    lines = (line for line in lines_as_known(session, contract.id, seq) if line.kind is not LineKind.RECOVERY)
    return {
        row: stands
        for row, stands in standing_of(lines).items()
        if stands.first_statement == statement and stands.line.metric and stands.count > 0
    }


def _strata(
    frame: Frame, clause: Verification, checks: int | None, assumed: frozenset[str]
) -> tuple[PlannedStratum, ...]:
    strata = strata_of(frame, clause.strata)
    counts = {cell: len(claims) for cell, claims in strata.items()}
    sizes = agreed_sizes(counts, clause)
    if checks is not None:
        sizes = larger_sizes(sizes, proportional_sizes(counts, checks))
    return tuple(
        PlannedStratum(
            cell,
            len(claims),
            sum(each.value for each in claims),
            sizes[cell],
            any(each.claim in assumed for each in claims),
        )
        for cell, claims in strata.items()
    )
