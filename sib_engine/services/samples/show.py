"""Use case: list the samples of a contract, and show one: its design, its draw, its claims and what it says."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.money import Currency, plain
from sib_engine.payments.sampling.checked import Verdict
from sib_engine.payments.sampling.estimate import StratumEstimate
from sib_engine.payments.sampling.figures import MoneyEstimate
from sib_engine.payments.sampling.review_file import sheet_bytes
from sib_engine.services.access.actors import Actor, require, roles_of
from sib_engine.services.access.roles import PERMISSIONS, Action
from sib_engine.services.claims.seen_by import sees_only_own
from sib_engine.services.samples.found import draw_of, sample_of
from sib_engine.storage import chain
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.samples import (
    DrawnClaim,
    SampleRecord,
    drawn_as_known,
    rests_on_assumed,
    samples_as_known,
)
from sib_engine.storage.tables import Account, AuditEntry


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a sample: when, by whom, and what."""

    at: datetime
    login: str
    what: str


@dataclass(frozen=True, slots=True)
class ShownSample:
    """One sample; ``claims`` are those drawn that may be seen, ``verdicts`` counts those of all.

    ``is_assumed`` says that a price under its values is.
    """

    contract: Registered
    sample: SampleRecord
    claims: tuple[DrawnClaim, ...]
    n_drawn: int
    verdicts: dict[str, int]
    is_assumed: bool
    events: tuple[Event, ...]

    @property
    def state(self) -> str:
        """How far the sample has come."""
        if self.sample.closed is not None:
            return "closed"
        return "designed" if self.sample.draw is None else "drawn"

    def as_dict(self) -> dict[str, Any]:
        """Return the sample as ``sib sample show --json`` prints it."""
        currency, sample, closed = self.contract.terms.currency, self.sample, self.sample.closed
        design = sample.design if sample.draw is None else sample.draw.design
        return {
            "contract": self.contract.terms.code,
            "currency": currency.code,
            "statement": sample.statement,
            "period": sample.period,
            "state": self.state,
            "clause": sample.clause,
            "design": design.as_dict(),
            "digest": design.digest,
            "recorded_digest": sample.design.digest,
            "audit_entry": sample.seq,
            "seed_source": sample.seed_source or None,
            "published": None if sample.draw is None else sample.draw.published or None,
            "assumed": self.is_assumed,
            "drawn": self.n_drawn,
            "verdicts": dict(self.verdicts),
            "claims": [_claim(each, currency) for each in self.claims],
            "estimate": None
            if closed is None
            else {
                "strata": [_stratum(each, currency) for each in closed.estimate.strata],
                "total": _stratum(closed.estimate.total, currency),
                "not_stood_for": len(closed.estimate.unrepresented),
            },
            "recovery": None
            if closed is None
            else {
                "rule": closed.rule.value,
                "paid": plain(closed.paid, currency),
                "by_rule": plain(closed.by_rule, currency),
                "found": plain(closed.found, currency),
                "corrected": plain(closed.corrected, currency),
                "extrapolated": plain(closed.extrapolated, currency),
                "by_stratum": {name: plain(part, currency) for name, part in closed.by_stratum.items()},
                "why": closed.why or None,
            },
            "events": [{"at": each.at.isoformat(), "by": each.login, "what": each.what} for each in self.events],
        }


def list_samples(session: Session, code: str, *, seq: int | None = None, by: Actor) -> tuple[ShownSample, ...]:
    """Return every sample of a contract, by the number of its statement, without the claims drawn.

    ``seq`` is a place in the audit chain: what was known there; now by default.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not see amounts.
    """
    seq = chain.head(session)[0] if seq is None else seq
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    found = (_shown(session, contract, each, seq) for each in samples_as_known(session, contract.id, seq))
    return tuple(replace(each, claims=()) for each in found)


def show_sample(session: Session, code: str, statement: int, *, seq: int | None = None, by: Actor) -> ShownSample:
    """Return the sample of a statement; whoever may see no rows about people gets it without the claims drawn.

    A provider sees the claims of its own organisation among them. ``seq`` is a place in the audit chain: what was
    known there; now by default.

    Raises:
        NotFoundError: If there is no such contract, statement or sample.
        SegregationError: If ``by`` may not see amounts.
    """
    seq = chain.head(session)[0] if seq is None else seq
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    found = _shown(session, contract, sample_of(session, contract, statement, seq), seq)
    if not any(Action.SEE_PEOPLE in PERMISSIONS[role] for role in roles_of(session, by, contract.id)):
        return replace(found, claims=())
    if sees_only_own(session, by, contract.id):
        own = tuple(each for each in found.claims if each.organisation_id == by.organisation_id)
        return replace(found, claims=own)
    return found


def sheet_of_sample(session: Session, code: str, statement: int, *, by: Actor) -> tuple[bytes, int]:
    """Return the sheet of a drawn sample, to be filled in, and how many claims are on it.

    Raises:
        NotFoundError: If there is no such contract, statement or sample.
        SegregationError: If ``by`` may not sample.
        RefusedError: If it is not drawn.
    """
    seq, _ = chain.head(session)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SAMPLE, contract.id)
    sample = sample_of(session, contract, statement, seq)
    draw_of(sample)
    drawn = drawn_as_known(session, sample.id, seq)
    currency = contract.terms.currency
    rows = [(each.row, each.stratum, each.metric, each.site, plain(each.value, currency)) for each in drawn]
    return sheet_bytes(rows), len(rows)


def _shown(session: Session, contract: Registered, sample: SampleRecord, seq: int) -> ShownSample:
    claims = tuple(drawn_as_known(session, sample.id, seq))
    counts = Counter(each.checked.verdict for each in claims)
    return ShownSample(
        contract=contract,
        sample=sample,
        claims=claims,
        n_drawn=len(claims),
        verdicts={verdict.value: counts[verdict] for verdict in Verdict},
        is_assumed=rests_on_assumed(session, sample.id),
        events=_events(session, sample),
    )


def _events(session: Session, sample: SampleRecord) -> tuple[Event, ...]:
    said = {sample.seq: "designed"}
    if sample.draw is not None:
        said[sample.draw.seq] = "drawn"
    if sample.closed is not None:
        said[sample.closed.seq] = "closed"
    query = (
        select(AuditEntry.seq, AuditEntry.at, Account.login)
        .join(Account, Account.id == AuditEntry.by_id)
        .where(AuditEntry.seq.in_(said))
        .order_by(AuditEntry.seq)
    )
    return tuple(Event(at, login, said[seq]) for seq, at, login in session.execute(query))


def _claim(each: DrawnClaim, currency: Currency) -> dict[str, Any]:
    right = each.checked.right_value
    return {
        "claim": each.row,
        "stratum": each.stratum,
        "chance": str(each.chance),
        "value": plain(each.value, currency),
        "assumed": each.is_assumed,
        "verdict": each.checked.verdict.value,
        "right_value": None if right is None else plain(right, currency),
        "code": each.code or None,
        "note": each.note or None,
        "verdicts": each.n_results,
    }


def _stratum(each: StratumEstimate, currency: Currency) -> dict[str, Any]:
    wrong = each.wrong
    return {
        "name": each.cell.name,
        "claims": each.n_claims,
        "value": plain(each.value, currency),
        "drawn": each.n_drawn,
        "found_wrong": each.n_wrong,
        "wrong": None
        if wrong is None
        else {
            "point": None if wrong.point is None else str(wrong.point),
            "least": wrong.least,
            "most": wrong.most,
        },
        "over": _money(each.over, currency),
        "under": _money(each.under, currency),
    }


def _money(found: MoneyEstimate, currency: Currency) -> dict[str, Any]:
    return {
        "found": plain(found.found, currency),
        "point": None if found.point is None else plain(found.point, currency),
        "least": plain(found.least, currency),
        "most": None if found.most is None else plain(found.most, currency),
    }
