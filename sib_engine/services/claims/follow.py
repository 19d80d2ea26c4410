"""Claims follow from facts: new claims, and what the checks say of all of them, after facts came or went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import SegregationError
from sib_engine.outcomes.basis import NOT_SHOWN as BASIS_OF_NONE
from sib_engine.outcomes.basis import basis_of
from sib_engine.outcomes.claim_checks import NOT_SHOWN, Checked, checked
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.elsewhere import claimed_elsewhere
from sib_engine.services.claims.owners import last_uploads
from sib_engine.services.claims.returns import returns
from sib_engine.storage import chain
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import facts_as_known, participant_of
from sib_engine.storage.tables import Claim, ClaimCheck, ClaimMove


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed: ids of outcomes that are claimed now, that the facts show no more, and how many checks were new.

    ``vanished`` are those of which this command took the last trace; ``n_returned`` counts the accepted claims that
    have to be decided again, because their facts changed.
    """

    made: tuple[str, ...]
    vanished: tuple[str, ...]
    n_checked: int
    n_returned: int = 0


def answers(
    session: Session,
    contract: Registered,
    table: OutcomeTable,
    claims: Sequence[ClaimRecord],
    *,
    seq: int,
    organisation_id: int | None,
) -> tuple[Checked, ...]:
    """Return what the checks say of each outcome; arguments as of :func:`claimed_elsewhere`."""
    elsewhere = claimed_elsewhere(session, contract, table, claims, seq=seq, organisation_id=organisation_id)
    asked = list(zip(table.mask.tolist(), elsewhere, strict=True))
    # Of many outcomes few differ in what is to be asked.
    said = {(mask, each): checked(mask, claimed_elsewhere=each) for mask, each in set(asked)}
    return tuple(map(said.__getitem__, asked))


def follow(
    session: Session,
    command: chain.Command,
    contract: Registered,
    table: OutcomeTable,
    checks: Sequence[Checked],
    claims: Sequence[ClaimRecord],
) -> Followed:
    """Write claims for outcomes that have none, and the checks of claims that now say something else.

    A new claim is of the organisation that last reported something about the person. A claim whose outcome
    the facts do not show any more stays, with the check that says so. An accepted claim that now rests on
    something else, or no longer passes, goes back to be decided again.

    Args:
        session: The store, open to write; what was reported has been written.
        command: The command under way.
        contract: The contract.
        table: Its outcomes as the facts now show them.
        checks: What the checks say of each.
        claims: Its claims before.
    """
    names, days = table.row_ids(), table.rows.achieved_on.tolist()
    bases = basis_of(contract.terms, table)
    places = dict(zip(names, range(len(names)), strict=True))
    claimed = {claim.row for claim in claims}
    new = [place for place, name in enumerate(names) if name not in claimed]
    said: list[tuple[int, Checked, date | None, str]] = [
        (claim, checks[place], days[place], bases[place])
        for claim, place in zip(_made(session, command, contract, table, new), new, strict=True)
    ]
    vanished = []
    returned: list[dict[str, Any]] = []
    for claim in claims:
        place = places.get(claim.row)
        shown = (NOT_SHOWN, None, BASIS_OF_NONE) if place is None else (checks[place], days[place], bases[place])
        if (claim.checked, claim.achieved_on, claim.basis) != shown:
            said.append((claim.id, *shown))
            returned += returns(command, claim, shown[0], shown[2])
            if place is None and claim.checked != NOT_SHOWN:
                vanished.append(claim.row)
    command.add(ClaimMove, returned)
    command.add_columns(
        ClaimCheck,
        {
            "claim_id": [claim for claim, *_ in said],
            "passed": [now.passed for _, now, *_ in said],
            "failed": [now.failed for _, now, *_ in said],
            "unknown": [now.unknown for _, now, *_ in said],
            "achieved_on": [day for *_, day, _ in said],
            "basis": [basis for *_, basis in said],
        },
    )
    return Followed(tuple(names[place] for place in new), tuple(vanished), len(said), len(returned))


def recheck(session: Session, command: chain.Command, contract: Registered, today: date) -> Followed:
    """Ask every check again of what the facts show now, and write what follows; see :func:`follow`."""
    before = command.seq - 1
    facts = facts_as_known(session, contract.id, command.seq).facts
    table = find_outcomes(contract.terms, facts, known_on=today)
    claims = claims_as_known(session, contract.id, before)
    checks = answers(session, contract, table, claims, seq=before, organisation_id=None)
    return follow(session, command, contract, table, checks, claims)


def check_claims(session: Session, code: str, *, by: Actor, at: datetime) -> Followed:
    """Ask every check of a contract again, as of today: deadlines pass, jobs last, and others claim.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` neither uploads nor verifies there.
    """
    command = chain.begin(session, "claims.check", by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    try:
        require(session, by, Action.UPLOAD, contract.id)
    except SegregationError:
        require(session, by, Action.VERIFY, contract.id)
    command.contract_id = contract.id
    found = recheck(session, command, contract, local_day(at, contract.terms.timezone))
    command.payload = {"claims": len(found.made), "not_shown": len(found.vanished), "checks": found.n_checked}
    command.close()
    return found


def _made(
    session: Session, command: chain.Command, contract: Registered, table: OutcomeTable, new: Sequence[int]
) -> Sequence[int]:
    if not new:
        return ()
    owners = last_uploads(session, contract.id)
    names, codes = table.row_ids(), contract.terms.metric_codes
    metrics, numbers = table.rows.metric.tolist(), list(map(participant_of, table.labels.persons))
    people = list(map(numbers.__getitem__, table.rows.person.tolist()))
    return command.add_columns(
        Claim,
        {
            "contract_id": [contract.id] * len(new),
            "participant_id": [people[place] for place in new],
            "row": [names[place] for place in new],
            "metric": [codes[metrics[place]] for place in new],
            "site": [table.sites[place] for place in new],
            "organisation_id": [owners[people[place]][1] for place in new],
            "upload_id": [owners[people[place]][0] for place in new],
        },
    )
