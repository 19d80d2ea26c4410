"""Use case: what is accrued on a day: accepted and due, or stated, and on no invoice by then."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import plain
from sib_engine.payments.billing.accruals import Accrual
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.draw import Draft, draw_until
from sib_engine.services.statements.parties import organisation_of
from sib_engine.storage import chain
from sib_engine.storage.records.billing import bills_as_known, stated_for
from sib_engine.storage.records.contracts import Registered, contract_as_known
from sib_engine.storage.records.statements import assumed_statements, lines_as_known
from sib_engine.terms.party import UNFUNDED

STATED: Final = "stated, not invoiced"
DUE: Final = "accepted and due, not stated"


@dataclass(frozen=True, slots=True)
class Accruals:
    """What is accrued on a day, for each payer, basis and period."""

    contract: Registered
    on: date
    lines: tuple[Accrual, ...]

    @property
    def is_assumed(self) -> bool:
        """Whether any of it rests on assumed terms."""
        return any(line.is_assumed for line in self.lines)

    @property
    def total(self) -> int:
        """All of it."""
        return sum(line.net for line in self.lines)

    def as_dict(self) -> dict[str, Any]:
        """Return the accruals as ``sib accrual --json`` prints them."""
        currency = self.contract.terms.currency
        return {
            "contract": self.contract.terms.code,
            "currency": currency.code,
            "on": self.on.isoformat(),
            "assumed": self.is_assumed,
            "total": plain(self.total, currency),
            "lines": [
                {
                    "payer": line.payer,
                    "organisation": line.organisation,
                    "basis": line.basis,
                    "period": line.period,
                    "net": plain(line.net, currency),
                    "assumed": line.is_assumed,
                }
                for line in self.lines
            ],
        }


def accruals_on(session: Session, code: str, on: date, *, by: Actor, at: datetime, seq: int | None = None) -> Accruals:
    """Return what is accrued at the end of a day, such as 31 March.

    Achieved by the day counts; that it was achieved, and accepted, may have become known later, as
    accounts take what shows after the year's end how things stood then. Statements and invoices count
    from the day of theirs. What is due is worked out by the kernel that draws up statements.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not see amounts.
        RefusedError: If the day is yet to come, or the contract has no prices.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    return accruals_as_known(session, contract, seq, on=on, today=local_day(at, contract.terms.timezone))


def accruals_as_known(session: Session, contract: Registered, seq: int, *, on: date, today: date) -> Accruals:
    """Return what is accrued at the end of a day, from what was known at a place of the chain, on the day ``today``.

    Raises:
        RefusedError: If the day is yet to come, or the contract has no prices.
    """
    if on > today:
        message = f"{on} is yet to come: nobody knows what is due then; accepted: a day up to {today}"
        raise RefusedError(message)
    billed = {(bill.statement, bill.payer) for bill in bills_as_known(session, contract.id, seq, on=on)}
    amounts: dict[tuple[str, str, str], int] = defaultdict(int)
    assumed: set[tuple[str, str, str]] = set()
    on_assumed_terms = assumed_statements(session, contract.id, seq)
    for part in stated_for(session, contract.id, seq, on=on):
        if (part.statement, part.payer) not in billed:
            amounts[part.payer, STATED, part.period] += part.net
            if part.statement in on_assumed_terms:
                assumed.add((part.payer, STATED, part.period))
    due = due_on(session, contract, on, seq=seq, today=today)
    for line in due.statement.lines if due is not None else ():
        for payer, pays in zip(line.payers, line.pays, strict=True):
            amounts[payer, DUE, line.own_period] += pays
            if line.is_assumed and pays:
                assumed.add((payer, DUE, line.own_period))
    lines = [
        Accrual(payer, organisation_of(contract, payer), period, net, basis, (payer, basis, period) in assumed)
        for (payer, basis, period), net in amounts.items()
        if net and payer != UNFUNDED
    ]
    order = {payer: place for place, payer in enumerate(contract.terms.payers)}
    lines.sort(key=lambda line: (order[line.payer], line.basis != STATED))
    return Accruals(contract, on, tuple(lines))


def due_on(session: Session, contract: Registered, on: date, *, seq: int, today: date) -> Draft | None:
    """Return the statement that would say what is due to the end of a day and was not stated by then.

    None before the contract begins.
    """
    terms = contract.terms
    if on < terms.start:
        return None
    whole = terms.periods.period(terms.periods.index_of(min(on, terms.claims_close)))
    period = replace(whole, end=min(on, whole.end))
    stated = tuple(line for line in lines_as_known(session, contract.id, seq) if line.known_on <= on)
    return draw_until(session, contract, period, seq=seq, known_on=today, stated=stated)
