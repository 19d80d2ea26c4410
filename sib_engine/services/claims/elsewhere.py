"""Whether another provider claims the same outcome for the same person, told by keyed hashes that both supply."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.outcomes.claim_checks import NOT_SHOWN
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.services.claims.owners import last_uploads
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import participant_of
from sib_engine.storage.tables import Contract, Participant
from sib_engine.terms.metric import Counts

_GONE = frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class _Stands:
    """An outcome that is claimed, or will be: whose, of which metric, for whom, its day, and whether it still is."""

    organisation_id: int | None
    metric: str
    hash: str | None
    achieved_on: date | None
    is_open: bool


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
    keys = _hashes(session, [contract.id])
    if not keys:
        return [None] * len(table)
    own = _own(session, contract, table, claims, keys, organisation_id)
    by_metric: dict[str, list[_Stands]] = {}
    with_hashes: set[int | None] = set()
    for each in (*own, *_of_programme(session, contract, seq)):
        if each.is_open:
            by_metric.setdefault(each.metric, []).append(each)
        if each.hash is not None:
            with_hashes.add(each.organisation_id)
    once = {metric.code for metric in contract.terms.metrics if metric.counts is Counts.ONCE_PER_PERSON}
    return [_answer(each, by_metric.get(each.metric, ()), with_hashes, is_once=each.metric in once) for each in own]


def _answer(
    own: _Stands, same_metric: Sequence[_Stands], with_hashes: set[int | None], *, is_once: bool
) -> bool | None:
    if own.hash is None:
        return None
    others = [each for each in same_metric if each.organisation_id != own.organisation_id]
    if any(each.hash == own.hash and (is_once or each.achieved_on == own.achieved_on) for each in others):
        return True
    can_tell = bool(with_hashes - {own.organisation_id}) and all(each.hash is not None for each in others)
    return False if can_tell else None


def _own(
    session: Session,
    contract: Registered,
    table: OutcomeTable,
    claims: Sequence[ClaimRecord],
    keys: dict[int, str],
    organisation_id: int | None,
) -> list[_Stands]:
    """Return what the contract's outcomes claim, or will, as the facts now show them."""
    claimed = {claim.row: claim for claim in claims}
    owners = last_uploads(session, contract.id)
    people = [participant_of(label) for label in table.labels.persons]
    codes = contract.terms.metric_codes
    columns = zip(
        table.row_ids(),
        table.rows.person.tolist(),
        table.rows.metric.tolist(),
        table.rows.achieved_on.tolist(),
        strict=True,
    )
    found = []
    for row, person, metric, achieved_on in columns:
        claim, number = claimed.get(row), people[person]
        whose = owners[number][1] if number in owners else organisation_id
        found.append(
            _Stands(
                organisation_id=whose if claim is None else claim.organisation_id,
                metric=codes[metric],
                hash=keys.get(number),
                achieved_on=achieved_on,
                is_open=claim is None or claim.state not in _GONE,
            )
        )
    return found


def _of_programme(session: Session, contract: Registered, seq: int) -> Iterator[_Stands]:
    """Yield the claims on the other contracts of the programme."""
    if not contract.terms.programme:
        return
    for number, code in session.execute(select(Contract.id, Contract.code).where(Contract.seq <= seq)).all():
        if number == contract.id or contract_as_known(session, code, seq).terms.programme != contract.terms.programme:
            continue
        keys = _hashes(session, [number])
        for claim in claims_as_known(session, number, seq):
            key = keys.get(claim.participant_id)
            is_open = claim.state not in _GONE and claim.checked != NOT_SHOWN
            yield _Stands(claim.organisation_id, claim.metric, key, claim.achieved_on, is_open)


def _hashes(session: Session, contracts: Iterable[int]) -> dict[int, str]:
    query = select(Participant.id, Participant.programme_hash).where(Participant.contract_id.in_(list(contracts)))
    return {number: key for number, key in session.execute(query) if key is not None}
