"""Use case: draw up the statement of a period from the store; a draft, which is not stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from sib_engine.core.dates import Period, local_day
from sib_engine.core.errors import RefusedError
from sib_engine.core.findings import Finding
from sib_engine.core.money import plain
from sib_engine.outcomes.claims import ClaimState
from sib_engine.outcomes.match import match
from sib_engine.outcomes.outcome_table import OutcomeTable
from sib_engine.outcomes.outcomes import find_outcomes
from sib_engine.outcomes.reasons import FROM_FACTS, mask_of
from sib_engine.outcomes.why.words import cells, complete
from sib_engine.payments.statement.draw_up import Known, Statement, draw_up
from sib_engine.payments.statement.guards import Rejected
from sib_engine.payments.statement.lines import StatedLine
from sib_engine.payments.statement.summary import summary_of
from sib_engine.services.statements.kept import kept_as_stated, notes_on
from sib_engine.storage import chain
from sib_engine.storage.records.claims import ClaimRecord, claims_as_known
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.facts import facts_as_known
from sib_engine.storage.records.recoveries import recoveries_as_known
from sib_engine.storage.records.statements import lines_as_known
from sib_engine.terms.amend import in_force

_OF_FACTS = np.uint64(mask_of(FROM_FACTS))


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A statement as it would be approved: ``known_seq`` is the place in the chain up to which records are used.

    ``table`` are all outcomes, counted or not; ``claims`` what was claimed, by the id of the outcome.
    """

    contract: Registered
    statement: Statement
    known_seq: int
    table: OutcomeTable
    claims: dict[str, ClaimRecord]
    findings: tuple[Finding, ...]

    @property
    def digest(self) -> str:
        """What an approver approves."""
        return self.statement.digest

    def as_dict(self) -> dict[str, Any]:
        """Return the draft as ``sib statements draft --json`` prints it: its lines added up, nobody in them."""
        made, currency = self.statement, self.contract.terms.currency
        return {
            "contract": self.contract.terms.code,
            "currency": currency.code,
            "statement": made.number,
            "period": made.period.label,
            "known_on": made.known_on.isoformat(),
            "digest": self.digest,
            "total": plain(made.total, currency),
            "pays": {payer: plain(pays, currency) for payer, pays in zip(made.payers, made.pays, strict=True)},
            "lines": [
                {
                    "own_period": line.own_period,
                    "kind": line.kind.value,
                    "metric": line.metric,
                    "site": line.site,
                    "count": line.count,
                    "payable": plain(line.payable, currency),
                    "assumed": line.is_assumed,
                }
                for line in summary_of(made.lines)
            ],
            "restated": [
                {
                    "subject": each.subject,
                    "before": plain(each.before, currency),
                    "after": plain(each.after, currency),
                }
                for each in made.restatements
            ],
            "findings": [finding.as_dict() for finding in self.findings],
        }

    @property
    def claims_on_it(self) -> tuple[ClaimRecord, ...]:
        """The claims of which it states, or takes back, something."""
        rows = {line.row for line in self.statement.lines}
        return tuple(claim for row, claim in self.claims.items() if row in rows)


def draw_statement_of(session: Session, code: str, period: str, *, at: datetime, seq: int | None = None) -> Draft:
    """Return the statement of a period: everything accepted and due to date, less what was stated before.

    An outcome is on it when its claim is accepted, it was achieved by the end of the period, and it counts
    beside the other accepted outcomes: one whose prerequisite is not accepted yet waits for it. One whose facts
    changed after it was accepted is stated as it was until it is decided again.

    Raises:
        NotFoundError: If the contract is not registered.
        RefusedError: If there is no such period, it is not over, or the statement cannot follow those before.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    return draw_as_known(session, contract, period, seq=seq, known_on=local_day(at, contract.terms.timezone))


def draw_as_known(
    session: Session,
    contract: Registered,
    period: str,
    *,
    seq: int,
    known_on: date,
    before: tuple[StatedLine, ...] | None = None,
) -> Draft:
    """Return the statement of a period from what was known at a place of the chain.

    Args:
        session: The store, open to read.
        contract: The contract as known there.
        period: Label of one of its periods.
        seq: The place in the chain.
        known_on: The day of that place in the contract's time zone.
        before: The lines stated before; those that the store has at ``seq`` by default.
    """
    terms = contract.terms
    try:
        wanted = terms.periods.find(period)
    except ValueError as unknown:
        raise RefusedError(str(unknown)) from None
    if wanted.end >= known_on:
        message = (
            f"{wanted.label} ends on {wanted.end}, and today is {known_on}: a statement is drawn up when it is over"
        )
        raise RefusedError(message)
    stated = lines_as_known(session, contract.id, seq) if before is None else before
    return draw_until(session, contract, wanted, seq=seq, known_on=known_on, stated=stated)


def draw_until(
    session: Session,
    contract: Registered,
    wanted: Period,
    *,
    seq: int,
    known_on: date,
    stated: tuple[StatedLine, ...],
) -> Draft:
    """Return what is due to the end of a period, which may end early, less what is stated.

    Raises:
        RefusedError: If the contract has no prices, or the statement cannot follow those before.
    """
    terms = contract.terms
    if any(tariff.price is None for tariff in terms.tariffs):
        message = f"{terms.code} is unpriced: where no price is known there is nothing to state"
        raise RefusedError(message)
    in_period = in_force(terms, wanted.end, signed_by=known_on)
    table = find_outcomes(in_period, facts_as_known(session, contract.id, seq).facts, known_on=known_on)
    claims = {claim.row: claim for claim in claims_as_known(session, contract.id, seq)}
    table, kept = kept_as_stated(
        session,
        contract.id,
        in_period,
        table,
        claims,
        seq=seq,
    )
    accepted_rows = kept | {row for row, claim in claims.items() if claim.state is ClaimState.ACCEPTED}
    names = np.array(table.row_ids(), dtype=np.object_)
    is_accepted = np.array([name in accepted_rows for name in names.tolist()], dtype=np.bool_)
    accepted = table.rows.take(is_accepted)
    counts = match(in_period, accepted, mask=table.mask[is_accepted] & _OF_FACTS) == 0
    known = _known(terms.site_codes, table, names[is_accepted], is_accepted, counts)
    known = replace(known, recoveries=recoveries_as_known(session, contract.id, seq))
    statement = draw_up(in_period, known, wanted, stated=stated, known_on=known_on)
    return Draft(replace(contract, terms=in_period), statement, seq, table, claims, notes_on(claims.values(), kept))


def _known(
    sites: tuple[str, ...],
    table: OutcomeTable,
    names: npt.NDArray[np.object_],
    is_accepted: npt.NDArray[np.bool_],
    counts: npt.NDArray[np.bool_],
) -> Known:
    rows, labels = table.rows.take(is_accepted), table.labels
    rejected = Rejected(rows.take(~counts), names[~counts].tolist(), sites, labels.groups)
    places = dict(zip(names[~counts].tolist(), np.flatnonzero(is_accepted)[~counts].tolist(), strict=True))

    def against(wanted: Collection[str]) -> Mapping[str, str]:
        here = {row: place for row, place in places.items() if row in wanted}
        return {row: cells(complete(int(table.mask[place]), table.whys[place]))[0] for row, place in here.items()}

    return Known(
        rows=rows.take(counts),
        ids=names[counts].tolist(),
        sites=sites,
        groups=labels.groups,
        measures=labels.measures,
        rejected=rejected,
        against=against,
    )
