"""Use case: note that a statement was sent to its payers."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.errors import RefusedError
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.parties import statement_numbered
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import StatementEvent

SENT = "sent"
"""Kind of the event."""


def send_statement(session: Session, code: str, number: int, *, note: str = "", by: Actor, at: datetime) -> None:
    """Note that an approved statement was sent; a second time needs a note that says why.

    Raises:
        NotFoundError: If there is no such contract or statement.
        SegregationError: If ``by`` may not approve statements.
        RefusedError: If it was sent before and there is no note.
    """
    command = chain.begin(session, "statement.send", by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    require(session, by, Action.APPROVE, contract.id)
    refuse_closed(session, contract.id)
    statement = statement_numbered(session, contract, number)
    before = select(StatementEvent.id).where(StatementEvent.statement_id == statement.id, StatementEvent.kind == SENT)
    if session.execute(before).first() and not note.strip():
        message = f"statement {number} was sent before; to send it again needs a note that says why"
        raise RefusedError(message)
    command.contract_id = contract.id
    command.add_one(StatementEvent, statement_id=statement.id, kind=SENT, note=note.strip(), by_id=by.id)
    command.payload = {"statement": number}
    command.close()
