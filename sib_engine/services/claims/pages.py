"""Claims in pages, filtered by the database: for lists of any length."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from sib_engine.core.errors import NotFoundError
from sib_engine.outcomes.claim_checks import CHECKS, Answer, Checked
from sib_engine.outcomes.claims import ClaimState
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.seen_by import sees_only_own
from sib_engine.services.paging import Page, Wanted, page_of
from sib_engine.storage.tables import Claim, ClaimCheck, ClaimMove


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """Which claims are wanted; blank for all."""

    state: str = ""
    metric: str = ""
    site: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim as it is listed; ``etag`` changes whenever the claim is moved or checked anew."""

    number: int
    row: str
    metric: str
    site: str
    state: str
    achieved_on: date | None
    etag: str
    checked: Checked = field(repr=False)

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as it is listed."""
        answers = {check.name: self.checked.answer(check.number) for check in CHECKS}
        return {
            "number": self.number,
            "claim": self.row,
            "metric": self.metric,
            "site": self.site or None,
            "state": self.state,
            "achieved_on": None if self.achieved_on is None else self.achieved_on.isoformat(),
            "failed": [name for name, answer in answers.items() if answer is Answer.FAILED],
            "cannot_tell": [name for name, answer in answers.items() if answer is Answer.CANNOT_TELL],
            "etag": self.etag,
        }


def claims_page(
    session: Session, contract_id: int, wanted: Wanted, which: ClaimFilter, *, by: Actor
) -> Page[ClaimLine]:
    """Return claims of a contract that somebody may see, in the order in which they were made.

    Raises:
        NotFoundError: If there is no such state, or the cursor is none.
        SegregationError: If ``by`` may see no rows about people.
    """
    require(session, by, Action.SEE_PEOPLE, contract_id)
    states = [each.value for each in ClaimState]
    if which.state and which.state not in states:
        message = f"no claim is {which.state!r}; accepted: {', '.join(states)}"
        raise NotFoundError(message)
    query = _claims(contract_id).where(Claim.id > wanted.after, *_chosen(which)).order_by(Claim.id)
    if sees_only_own(session, by, contract_id):
        query = query.where(Claim.organisation_id == by.organisation_id)
    rows = session.execute(query.limit(wanted.limit + 1)).all()
    return page_of([(row[0], _line(*row)) for row in rows], wanted)


def claim_line(session: Session, contract_id: int, number: int, *, by: Actor) -> ClaimLine:
    """Return one claim by its number.

    Raises:
        NotFoundError: If there is no such claim of the contract that ``by`` may see.
        SegregationError: If ``by`` may see no rows about people.
    """
    require(session, by, Action.SEE_PEOPLE, contract_id)
    query = _claims(contract_id).where(Claim.id == number)
    if sees_only_own(session, by, contract_id):
        query = query.where(Claim.organisation_id == by.organisation_id)
    found = session.execute(query).first()
    if found is None:
        message = f"there is no claim {number} that you may see"
        raise NotFoundError(message)
    return _line(*found)


def _last(table: type[ClaimMove | ClaimCheck]) -> ColumnElement[int]:
    """Return the number of a claim's last row in a table."""
    return select(func.max(table.id)).where(table.claim_id == Claim.id).correlate(Claim).scalar_subquery()


def _claims(contract_id: int) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = (
        select(
            Claim.id,
            Claim.row,
            Claim.metric,
            Claim.site,
            func.coalesce(ClaimMove.state, ClaimState.SUBMITTED.value),
            ClaimCheck.achieved_on,
            ClaimMove.id,
            ClaimCheck.id,
            ClaimCheck.passed,
            ClaimCheck.failed,
            ClaimCheck.unknown,
        )
        .outerjoin(ClaimMove, ClaimMove.id == _last(ClaimMove))
        .join(ClaimCheck, ClaimCheck.id == _last(ClaimCheck))
        .where(Claim.contract_id == contract_id)
    )
    return found


def _chosen(which: ClaimFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.state:
        found.append(func.coalesce(ClaimMove.state, ClaimState.SUBMITTED.value) == which.state)
    for column, value in ((Claim.metric, which.metric), (Claim.site, which.site), (Claim.row, which.claim)):
        if value:
            found.append(column == value)
    return found


def _line(
    number: int,
    row: str,
    metric: str,
    site: str,
    state: str,
    achieved_on: date | None,
    move: int | None,
    check: int,
    *bits: int,
) -> ClaimLine:
    return ClaimLine(number, row, metric, site, state, achieved_on, f"{number}-{move or 0}-{check}", Checked(*bits))
