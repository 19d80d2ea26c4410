"""Whether another provider claims the same outcome for the same person, told by keyed hashes that both supply."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.outcomes.claim_checks import NOT_SHOWN
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import participant_of
from sib_engine.storage.tables import Contract, Participant
from sib_engine.terms.metric import Counts

_GONE = frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class _Other:
    """A claim that stands: whose it is, for whom, and the day of the outcome."""

    organisation_id: int
    hash: str | None
    achieved_on: date | None


def claimed_elsewhere(
    session: Session,
    contract: Registered,
    table: OutcomeTable,
    claims: Sequence[ClaimRecord],
    *,
    seq: int,
    organisation_id: int | None,
) -> list[bool | None]:
    """Return for each outcome whether another provider claims it for the same person; None where nobody can tell.

    Other providers' claims are looked for on the same contract and on all others of its programme that are
    registered here. It is the same outcome where the metric has the same code and counts once per person; else
    it has to be of the same day too. What was rejected or withdrawn, or is no longer shown, is no claim.
    It cannot be told where the person has no hash, no other provider supplied any, or one of them claims the
    metric for somebody without.

    Args:
        session: The store.
        contract: The contract.
        table: Its outcomes.
        claims: Its claims so far.
        seq: Place of the audit chain up to which claims are looked at.
        organisation_id: Whose the outcomes are that are not claimed yet.
    """
    own = _hashes(session, [contract.id])
    if not any(own.values()):
        return [None] * len(table)
    others, with_hashes = _others(session, contract, claims, seq)
    whose = {claim.row: claim.organisation_id for claim in claims}
    people = [participant_of(label) for label in table.labels.persons]
    codes = contract.terms.metric_codes
    once = [metric.counts is Counts.ONCE_PER_PERSON for metric in contract.terms.metrics]
    columns = zip(
        table.row_ids(),
        table.rows.person.tolist(),
        table.rows.metric.tolist(),
        table.rows.achieved_on.tolist(),
        strict=True,
    )
    found: list[bool | None] = []
    for row, person, metric, achieved_on in columns:
        key = own.get(people[person])
        mine = whose.get(row, organisation_id)
        there = [each for each in others.get(codes[metric], ()) if each.organisation_id != mine]
        if key is None:
            found.append(None)
        elif any(each.hash == key and (once[metric] or each.achieved_on == achieved_on) for each in there):
            found.append(True)
        else:
            can_tell = bool(with_hashes - {mine}) and all(each.hash is not None for each in there)
            found.append(False if can_tell else None)
    return found


def _others(
    session: Session, contract: Registered, claims: Sequence[ClaimRecord], seq: int
) -> tuple[dict[str, list[_Other]], set[int]]:
    """Return the claims of the whole programme by metric, and the organisations that have people with hashes."""
    rows = session.execute(select(Contract.id, Contract.code).where(Contract.seq <= seq)).all()
    own = {contract.id: claims}
    if contract.terms.programme:
        for number, code in rows:
            if number != contract.id and contract_as_known(session, code, seq).terms.programme == (
                contract.terms.programme
            ):
                own[number] = claims_as_known(session, number, seq)
    hashes = _hashes(session, own)
    by_metric: dict[str, list[_Other]] = {}
    with_hashes: set[int] = set()
    for claim in (claim for each in own.values() for claim in each):
        key = hashes.get(claim.participant_id)
        if key is not None:
            with_hashes.add(claim.organisation_id)
        if claim.state not in _GONE and claim.checked != NOT_SHOWN:
            other = _Other(claim.organisation_id, key, claim.achieved_on)
            by_metric.setdefault(claim.metric, []).append(other)
    return by_metric, with_hashes


def _hashes(session: Session, contracts: Iterable[int]) -> dict[int, str | None]:
    query = select(Participant.id, Participant.programme_hash).where(Participant.contract_id.in_(list(contracts)))
    return {number: key for number, key in session.execute(query) if key is not None}
