"""Use case: where each payer stands on a day, and how old what it owes is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import RefusedError
from sib_engine.core.money import plain
from sib_engine.payments.billing.bills import AgedDebt, Bill, aged
from sib_engine.payments.billing.position import Position
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.parties import organisation_of
from sib_engine.services.statements.postings import owed_by
from sib_engine.storage import chain
from sib_engine.storage.records.billing import (
    DisputedLine,
    StatedFor,
    balances_as_known,
    bills_as_known,
    disputes_as_known,
    stated_for,
)
from sib_engine.storage.records.contracts import Registered, contract_as_known


@dataclass(frozen=True, slots=True)
class Positions:
    """Where every payer of a contract stands on a day, with the invoices and disputed lines behind it."""

    contract: Registered
    on: date
    payers: tuple[Position, ...]
    bills: tuple[Bill, ...]
    disputes: tuple[DisputedLine, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the positions as ``sib position --json`` prints them."""
        currency = self.contract.terms.currency

        def money(amount: int) -> str:
            return plain(amount, currency)

        return {
            "contract": self.contract.terms.code,
            "currency": currency.code,
            "on": self.on.isoformat(),
            "payers": [
                {
                    "payer": each.payer,
                    "organisation": each.organisation,
                    "stated": money(each.stated),
                    "not_invoiced": money(each.not_invoiced),
                    "invoiced": money(each.invoiced),
                    "credited": money(each.credited),
                    "vat": money(each.vat),
                    "paid": money(each.paid),
                    "disputed": money(each.disputed),
                    "credit": money(each.debt.credit),
                    "owed": money(each.owed),
                    "ledger": money(each.ledger),
                    "agrees": each.agrees,
                    "aged": {name: money(getattr(each.debt, name)) for name in AGES},
                }
                for each in self.payers
            ],
        }


AGES = ("not_due", "to_30", "to_60", "to_90", "over_90")
"""The ages of :class:`AgedDebt`, in order."""


def positions_of(
    session: Session, code: str, *, on: date | None = None, by: Actor, at: datetime, seq: int | None = None
) -> Positions:
    """Return where each payer stands on a day (that of ``at`` by default), as it is known at a place, or now.

    Raises:
        NotFoundError: If the contract is not registered.
        SegregationError: If ``by`` may not see amounts.
        RefusedError: If the day is yet to come.
    """
    seq = chain.place(session, seq)
    contract = contract_as_known(session, code, seq)
    require(session, by, Action.SEE_AMOUNTS, contract.id)
    today = local_day(at, contract.terms.timezone)
    if on is not None and on > today:
        message = f"{on} is yet to come: nobody knows the position then; accepted: a day up to {today}"
        raise RefusedError(message)
    return positions_as_known(session, contract, seq, on=on or today)


def positions_as_known(session: Session, contract: Registered, seq: int, *, on: date) -> Positions:
    """Return where each payer stands on a day, from what was known at a place of the chain."""
    stated = stated_for(session, contract.id, seq, on=on)
    bills = bills_as_known(session, contract.id, seq, on=on)
    disputes = disputes_as_known(session, contract.id, seq, on=on)
    ledger = balances_as_known(session, contract.id, seq, on=on)
    payers = tuple(
        _position(
            payer,
            organisation_of(contract, payer),
            [each for each in stated if each.payer == payer],
            [bill for bill in bills if bill.payer == payer],
            [line for line in disputes if line.payer == payer],
            aged([bill for bill in bills if bill.payer == payer], on=on),
            ledger.get(owed_by(payer), 0),
        )
        for payer in contract.terms.payers
    )
    return Positions(contract, on, payers, tuple(bills), tuple(disputes))


def _position(
    payer: str,
    organisation: str,
    stated: Sequence[StatedFor],
    bills: Sequence[Bill],
    disputes: Sequence[DisputedLine],
    debt: AgedDebt,
    ledger: int,
) -> Position:
    billed = {bill.statement for bill in bills}
    waiting = {each.statement: each.net for each in stated if each.statement not in billed}
    not_billed: dict[int, int] = defaultdict(int)
    for line in disputes:
        not_billed[line.statement] += line.amount
    early = sum(min(not_billed[statement], max(net, 0)) for statement, net in waiting.items())
    return Position(
        payer=payer,
        organisation=organisation,
        stated=sum(each.net for each in stated),
        not_invoiced=sum(waiting.values()),
        invoiced=sum(bill.gross for bill in bills if not bill.is_credit_note),
        credited=sum(bill.gross for bill in bills if bill.is_credit_note),
        vat=sum(bill.vat for bill in bills),
        paid=sum(bill.paid for bill in bills),
        disputed=debt.disputed + early,
        debt=debt,
        ledger=ledger,
    )
