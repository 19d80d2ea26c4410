"""Use case: one claim with everything that stands behind it, from its facts to its amount."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, SibError
from sib_engine.core.money import plain
from sib_engine.outcomes.claim_checks import CHECKS, Answer, Check
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.match import match
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import FROM_FACTS, code_of, mask_of
from sib_engine.outcomes.rows import NONE
from sib_engine.outcomes.why.words import Why, complete
from sib_engine.payments.statement.lines import LineKind, StatedLine
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.claims.listing import changed_dict, changed_since
from sib_engine.services.claims.seen_by import may_know_people, sees_only_own
from sib_engine.services.explain_amounts import explain_table
from sib_engine.services.explained import Explanation
from sib_engine.storage import chain
from sib_engine.storage.records.behind import (
    DocumentBehind,
    FactBehind,
    Step,
    documents_of,
    facts_of,
    person_of,
    steps_of,
)
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import facts_as_known, person_label
from sib_engine.storage.records.statements import lines_as_known

OF_ACCEPTED: Final = "beside the claims that are accepted"
AS_IF_ACCEPTED: Final = "as if it, and every claim that was not rejected or withdrawn, were accepted"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check of a claim: what it asks, what it says, and the reasons, with what was found and what would mend it."""

    number: int
    name: str
    question: str
    answer: Answer
    whys: tuple[Why, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the check as ``sib claims show --json`` prints it."""
        return {
            "check": self.name,
            "question": self.question,
            "answer": self.answer.value,
            "reasons": [
                {
                    "code": code_of(why.reason),
                    "found": why.found,
                    "mend": why.mend,
                    "by": None if why.by is None else why.by.isoformat(),
                }
                for why in self.whys
            ],
        }


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """One claim: ``person`` is the reference for the provider's own people, the number for all others.

    ``explanation`` explains its amount, and ``basis`` says beside which claims; where there is none, ``unexplained``
    says why. ``facts`` are those about the person that may bear on it, withdrawn ones among them.
    """

    contract: Registered
    claim: ClaimRecord
    person: str
    facts: tuple[FactBehind, ...]
    checks: tuple[CheckLine, ...]
    steps: tuple[Step, ...]
    documents: tuple[DocumentBehind, ...]
    lines: tuple[StatedLine, ...]
    explanation: Explanation | None
    basis: str
    unexplained: str

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as ``sib claims show --json`` prints it."""
        claim, currency = self.claim, self.contract.terms.currency
        return {
            "claim": claim.row,
            "person": self.person,
            "metric": claim.metric,
            "site": claim.site or None,
            "state": claim.state.value,
            "changed": changed_dict(changed_since(claim)),
            "achieved_on": None if claim.achieved_on is None else claim.achieved_on.isoformat(),
            "facts": [each.as_dict() for each in self.facts],
            "checks": [each.as_dict() for each in self.checks],
            "steps": [each.as_dict() for each in self.steps],
            "documents": [each.as_dict() for each in self.documents],
            "lines": [
                {
                    "statement": line.statement,
                    "period": line.period,
                    "own_period": line.own_period,
                    "kind": line.kind.value,
                    "payable": plain(line.payable, currency),
                }
                for line in self.lines
            ],
            "explanation": None if self.explanation is None else self.explanation.as_dict(),
            "basis": self.basis,
            "unexplained": self.unexplained or None,
        }


def show_claim(session: Session, code: str, row: str, *, by: Actor, at: datetime, seq: int | None = None) -> ShownClaim:
    """Return one claim with its facts, checks, steps, documents, statement lines and the explanation of its amount.

    Args:
        session: The store, open to read.
        code: Code of a registered contract.
        row: Id of the claimed outcome.
        by: Who asks; providers see their own organisation's claims only.
        at: When, or as of when.
        seq: Place in the chain up to which records are read; all of it by default.

    Raises:
        NotFoundError: If there is no such claim that ``by`` may see.
        SegregationError: If ``by`` may see no rows about people.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_PEOPLE, contract.id)
    claims = claims_as_known(session, contract.id, seq)
    own_only = sees_only_own(session, by, contract.id)
    claim = next((each for each in claims if each.row == row), None)
    if claim is None or (own_only and claim.organisation_id != by.organisation_id):
        message = f"no claim is called {row!r}; `sib claims list {code}` lists those that there are"
        raise NotFoundError(message)
    today = local_day(at, contract.terms.timezone)
    table = find_outcomes(contract.terms, facts_as_known(session, contract.id, seq).facts, known_on=today)
    lines = lines_as_known(session, contract.id, seq)
    found_rows = {line.row for line in lines if line.kind is LineKind.RECOVERY and line.row.endswith(f"/found/{row}")}
    is_accepted = claim.state is ClaimState.ACCEPTED
    gone = {ClaimState.REJECTED, ClaimState.WITHDRAWN}
    beside = {
        each.row for each in claims if (each.state is ClaimState.ACCEPTED if is_accepted else each.state not in gone)
    }
    explanation, unexplained = _explained(contract, table, beside | {row}, row, lines)
    is_own = claim.organisation_id == by.organisation_id and may_know_people(session, by, contract.id)
    reference = person_of(session, claim.participant_id) if is_own else None
    return ShownClaim(
        contract=contract,
        claim=claim,
        person=reference or person_label(claim.participant_id),
        facts=tuple(
            fact for fact in facts_of(session, claim, _job(table, row), seq) if _is_about(contract, fact, claim.metric)
        ),
        checks=_checks(claim, table),
        steps=steps_of(session, claim.id, seq),
        documents=documents_of(session, claim.id, seq),
        lines=tuple(line for line in lines if line.row in {row, *found_rows}),
        explanation=explanation,
        basis=OF_ACCEPTED if is_accepted else AS_IF_ACCEPTED,
        unexplained=unexplained,
    )


def _checks(claim: ClaimRecord, table: OutcomeTable) -> tuple[CheckLine, ...]:
    place = table.place_of(claim.row)
    whys = () if place is None else complete(int(table.mask[place]), table.whys[place])
    return tuple(
        CheckLine(check.number, check.name, check.question, answer, _of(check, whys))
        for check in CHECKS
        if (answer := claim.checked.answer(check.number)) is not None
    )


def _is_about(contract: Registered, fact: FactBehind, metric: str) -> bool:
    """Return whether a fact names a metric, or none."""
    if fact.metric is None:
        return True
    place = contract.terms.metric_named(fact.metric)
    return place is not None and contract.terms.metric_codes[place] == metric


def _of(check: Check, whys: tuple[Why, ...]) -> tuple[Why, ...]:
    return tuple(why for why in whys if why.reason in check.failed | check.unknown)


def _job(table: OutcomeTable, row: str) -> str | None:
    place = table.place_of(row)
    if place is None or (job := int(table.rows.job[place])) == NONE:
        return None
    return table.labels.jobs[job]


def _explained(
    contract: Registered, table: OutcomeTable, taken: set[str], row: str, lines: tuple[StatedLine, ...]
) -> tuple[Explanation | None, str]:
    """Return what the claim comes to if it and some others are accepted; or why there is nothing to explain."""
    if table.place_of(row) is None:
        return None, "the facts do not show it any more"
    chosen = np.array([name in taken for name in table.row_ids()], dtype=np.bool_)
    beside = table.take(chosen)
    of_facts = beside.mask & np.uint64(mask_of(FROM_FACTS))
    beside = replace(beside, mask=match(contract.terms, beside.rows, mask=of_facts))
    try:
        return explain_table(contract.terms, beside, row=row, stated=lines), ""
    except SibError as refused:
        return None, str(refused)
