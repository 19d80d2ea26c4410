"""Use case: list the claims of a contract."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError
from sib_engine.outcomes.claim_checks import CHECKS, Answer
from sib_engine.outcomes.claims import ClaimState
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.seen_by import sees_only_own
from sib_engine.storage import chain
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import contract_as_known

GONE: Final = "the facts do not show it"
"""What stands for the basis of an outcome that is not there."""


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """One claim as it is listed, with the names of the checks that failed or could not be answered.

    ``changed`` says what it rested on when it was accepted and rests on now, where it has to be decided again.
    """

    row: str
    metric: str
    site: str
    achieved_on: date | None
    state: str
    failed: tuple[str, ...]
    unknown: tuple[str, ...]
    changed: tuple[str, str] | None

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as ``sib claims list --json`` prints it."""
        return {
            "claim": self.row,
            "metric": self.metric,
            "site": self.site,
            "achieved_on": None if self.achieved_on is None else self.achieved_on.isoformat(),
            "state": self.state,
            "failed": list(self.failed),
            "cannot_tell": list(self.unknown),
            "changed": changed_dict(self.changed),
        }


def changed_dict(changed: tuple[str, str] | None) -> dict[str, str] | None:
    """Return what a claim rested on when it was accepted, and rests on now, as JSON has it."""
    return None if changed is None else {"before": changed[0], "now": changed[1]}


def changed_since(claim: ClaimRecord) -> tuple[str, str] | None:
    """Return what a claim rested on when it was accepted and rests on now, where it has to be decided again."""
    if claim.returned is None:
        return None
    return claim.returned.before or GONE, claim.basis or GONE


def list_claims(
    session: Session,
    code: str,
    *,
    state: str | None,
    changed_only: bool = False,
    by: Actor,
    seq: int | None = None,
) -> tuple[ListedClaim, ...]:
    """Return the claims of a contract that somebody may see, as known at a place, in the order of their making.

    Raises:
        NotFoundError: If there is no such contract or state.
        SegregationError: If ``by`` may see no rows about people.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_PEOPLE, contract.id)
    states = [each.value for each in ClaimState]
    if state is not None and state not in states:
        message = f"no claim is {state!r}; accepted: {', '.join(states)}"
        raise NotFoundError(message)
    own_only = sees_only_own(session, by, contract.id)
    return tuple(
        _listed(claim)
        for claim in claims_as_known(session, contract.id, seq)
        if (state is None or claim.state == state)
        and (not changed_only or claim.returned is not None)
        and (not own_only or claim.organisation_id == by.organisation_id)
    )


def _listed(claim: ClaimRecord) -> ListedClaim:
    answers = {check.name: claim.checked.answer(check.number) for check in CHECKS}
    return ListedClaim(
        row=claim.row,
        metric=claim.metric,
        site=claim.site,
        achieved_on=claim.achieved_on,
        state=claim.state.value,
        failed=tuple(name for name, answer in answers.items() if answer is Answer.FAILED),
        unknown=tuple(name for name, answer in answers.items() if answer is Answer.CANNOT_TELL),
        changed=changed_since(claim),
    )
