"""Outcomes of a contract that are open, as lines for whoever works on them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError
from sib_engine.core.money import Currency, plain
from sib_engine.core.table_writer import Cell
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.facts import FactName
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import code_of
from sib_engine.outcomes.why.words import complete, mend_text
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.owners import last_uploads
from sib_engine.services.claims.seen_by import may_know_people, sees_only_own
from sib_engine.services.would_earn import Worth, worth_of_each
from sib_engine.storage import chain
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import StoredFacts, facts_as_known, participant_of
from sib_engine.storage.tables import Organisation, Participant
from sib_engine.terms.amend import in_force
from sib_engine.terms.contract import Contract

_DECIDED = frozenset({ClaimState.REJECTED, ClaimState.WITHDRAWN})

NOBODY = "not recorded"
"""What stands for a person's employment specialist where no referral names one."""

_FIELDS = (
    "claim",
    "person",
    "specialist",
    "provider",
    "metric",
    "site",
    "state",
    "achieved_on",
    "due_on",
    "record_by",
    "missing",
    "found",
    "amount",
    "assumed",
)


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One outcome that does not count yet, for whoever works on it.

    ``person`` is the reference where it is shown to the provider's own people, else the number. ``missing`` is
    what would make it count, ``found`` what is there so far; ``worth`` what it earns before caps, None without
    a price. ``record_by`` is the closing date, ``due_on`` when work that lasts will have lasted long enough.
    """

    claim: str
    person: str
    specialist: str
    provider: str
    metric: str
    site: str
    state: str
    achieved_on: date | None
    due_on: date | None
    record_by: date | None
    missing: str
    found: str
    worth: Worth | None

    def as_dict(self, currency: Currency) -> dict[str, Any]:
        """Return the line as ``--json`` prints it."""
        return {name: _json(value) for name, value in zip(_FIELDS, self.cells(currency), strict=True)}

    def cells(self, currency: Currency) -> tuple[Cell, ...]:
        """Return the line as the CSV file has it, in the order of :data:`HEADING`."""
        return (
            self.claim,
            self.person,
            self.specialist,
            self.provider,
            self.metric,
            self.site,
            self.state,
            self.achieved_on,
            self.due_on,
            self.record_by,
            self.missing,
            self.found,
            None if self.worth is None else plain(self.worth.amount, currency),
            "" if self.worth is None else ("yes" if self.worth.is_assumed else "no"),
        )


HEADING = _FIELDS
"""Headings of the CSV file."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one employment specialist, or one month: how many, what they are worth, and the first closing date."""

    name: str
    n_lines: int
    worth: Worth | None
    first_on: date | None


@dataclass(frozen=True, slots=True, eq=False)
class OpenOutcomes:
    """The outcomes of a contract but those that were rejected or withdrawn, and what is known around them.

    ``terms`` are those in force today, by which they are priced; ``mine`` the rows that the reader may see,
    shape ``(n,)``. ``people``, ``specialists`` and ``owners`` are by the number of the person.
    """

    contract: Registered
    terms: Contract
    table: OutcomeTable
    today: date
    mine: npt.NDArray[np.bool_]
    states: dict[str, str]
    people: dict[int, str]
    specialists: dict[int, str]
    owners: dict[int, str]

    def seen(self, specialist: str | None) -> npt.NDArray[np.bool_]:
        """Return which rows the reader sees of one employment specialist, or of all, shape ``(n,)``.

        Raises:
            NotFoundError: If nobody's specialist is called so, among the people whom the reader sees.
        """
        if specialist is None:
            return self.mine
        of = [self.specialists.get(person, NOBODY) for person in self._persons()]
        found: npt.NDArray[np.bool_] = self.mine & np.array([each == specialist for each in of], dtype=np.bool_)
        if not found.any():
            known = sorted({each for each, is_mine in zip(of, self.mine.tolist(), strict=True) if is_mine})
            message = f"no employment specialist is called {specialist!r}; accepted: {', '.join(known) or 'none yet'}"
            raise NotFoundError(message)
        return found

    def lines(self, which: npt.NDArray[np.bool_], day_of: Callable[[OpenLine], date | None]) -> tuple[OpenLine, ...]:
        """Return some rows as lines, ordered by a day of each; those without one come last."""
        if not which.any():
            return ()
        worths = worth_of_each(self.terms, self.table, which)
        names, persons = self.table.row_ids(), self._persons()
        places = np.flatnonzero(which).tolist()
        found = [
            self._line(place, names[place], persons[place], None if worths is None else worths[order])
            for order, place in enumerate(places)
        ]
        return tuple(sorted(found, key=lambda line: (day_of(line) or date.max, line.claim)))

    def _persons(self) -> list[int]:
        labels = self.table.labels.persons
        return [participant_of(labels[person]) for person in self.table.rows.person.tolist()]

    def _line(self, place: int, name: str, person: int, worth: Worth | None) -> OpenLine:
        table = self.table
        whys = complete(int(table.mask[place]), table.whys[place])
        return OpenLine(
            claim=name,
            person=self.people.get(person, f"P{person}"),
            specialist=self.specialists.get(person, NOBODY),
            provider=self.owners.get(person, ""),
            metric=self.contract.terms.metric_codes[int(table.rows.metric[place])],
            site=table.sites[place],
            state=self.states.get(name, "not claimed yet"),
            achieved_on=_day(table.rows.achieved_on[place]),
            due_on=_day(table.due_on[place]),
            record_by=_day(table.record_by[place]),
            missing="; ".join(f"{code_of(why.reason).partition(' ')[0]} {mend_text(why)}" for why in whys),
            found=table.details[place],
            worth=worth,
        )


def open_outcomes(session: Session, code: str, by: Actor, at: datetime, seq: int | None) -> OpenOutcomes:
    """Return the outcomes of a contract as they stand on a day, for a reader, from what is known at a place.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may see no rows about people.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_PEOPLE, contract.id)
    today = local_day(at, contract.terms.timezone)
    stored = facts_as_known(session, contract.id, seq)
    claims = claims_as_known(session, contract.id, seq)
    decided = {claim.row for claim in claims if claim.state in _DECIDED}
    table = find_outcomes(contract.terms, stored.facts, known_on=today)
    table = table.take(np.array([name not in decided for name in table.row_ids()], dtype=np.bool_))
    owners = {person: organisation for person, (_, organisation) in last_uploads(session, contract.id, seq).items()}
    return OpenOutcomes(
        contract=contract,
        terms=in_force(contract.terms, today),
        table=table,
        today=today,
        mine=_mine(table, claims, owners, by, own_only=sees_only_own(session, by, contract.id)),
        states={claim.row: claim.state.value for claim in claims},
        people=_references(session, contract.id, owners, by),
        specialists=_specialists(stored),
        owners=_names(session, owners),
    )


def groups_of(
    lines: Iterable[OpenLine], name_of: Callable[[OpenLine], str], day_of: Callable[[OpenLine], date | None]
) -> list[Group]:
    """Return lines in groups; a group has no worth where one of its lines has none."""
    grouped: dict[str, list[OpenLine]] = {}
    for line in lines:
        grouped.setdefault(name_of(line), []).append(line)
    return [
        Group(name, len(each), _sum(each), min((day for line in each if (day := day_of(line))), default=None))
        for name, each in grouped.items()
    ]


def _sum(lines: Iterable[OpenLine]) -> Worth | None:
    amount, is_assumed = 0, False
    for line in lines:
        if line.worth is None:
            return None
        amount, is_assumed = amount + line.worth.amount, is_assumed or line.worth.is_assumed
    return Worth(amount, is_assumed)


def _mine(
    table: OutcomeTable, claims: Iterable[ClaimRecord], owners: dict[int, int], by: Actor, *, own_only: bool
) -> npt.NDArray[np.bool_]:
    """Return which rows somebody sees: all, or those that their organisation claims or would claim."""
    if not own_only:
        return np.ones(len(table), dtype=np.bool_)
    whose = {claim.row: claim.organisation_id for claim in claims}
    people = [participant_of(label) for label in table.labels.persons]
    pairs = zip(table.row_ids(), table.rows.person.tolist(), strict=True)
    return np.array(
        [whose.get(name, owners.get(people[person])) == by.organisation_id for name, person in pairs], dtype=np.bool_
    )


def _references(session: Session, contract_id: int, owners: dict[int, int], by: Actor) -> dict[int, str]:
    """Return the references of the people of the reader's own organisation, if the reader works with them."""
    if not may_know_people(session, by, contract_id):
        return {}
    query = select(Participant.id, Participant.reference).where(Participant.contract_id == contract_id)
    return {
        person: reference
        for person, reference in session.execute(query)
        if reference is not None and owners.get(person) == by.organisation_id
    }


def _specialists(stored: StoredFacts) -> dict[int, str]:
    """Return who works with each person, as their last referral says."""
    referrals = (
        row for row in stored.rows() if row["name"].casefold() == FactName.REFERRAL.value and row["specialist"]
    )
    return {row["participant_id"]: row["specialist"] for row in sorted(referrals, key=lambda row: row["starts_on"])}


def _names(session: Session, owners: dict[int, int]) -> dict[int, str]:
    names = dict(session.execute(select(Organisation.id, Organisation.name)).all())
    return {person: names[organisation] for person, organisation in owners.items()}


def _day(day: np.datetime64) -> date | None:
    value = day.astype("datetime64[D]").item()
    return value if isinstance(value, date) else None


def _json(value: Cell) -> str | int | None:
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else (str(value) if value else None)
