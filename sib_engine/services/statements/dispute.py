"""Use case: a payer disputes a line of a statement, and settles the dispute."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.core.dates import local_day
from sib_engine.core.errors import NotFoundError, RefusedError
from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.parties import payer_spoken_for, statement_numbered
from sib_engine.storage import chain
from sib_engine.storage.closures import refuse_closed
from sib_engine.storage.records.billing import disputes_as_known
from sib_engine.storage.records.contracts import contract_as_known
from sib_engine.storage.tables import Dispute, LinePart, StatementLine


def dispute_line(
    session: Session,
    code: str,
    number: int,
    line: int,
    *,
    payer: str | None = None,
    note: str,
    by: Actor,
    at: datetime,
) -> int:
    """Say that a payer does not accept a line, and return what it was to pay for it, net, in minor units.

    The amount is not overdue while it is disputed. It is still owed: a dispute moves nothing in the ledger.

    Args:
        session: The store, open to write.
        code: Code of a registered contract.
        number: Number of an approved statement.
        line: Number of a line on it.
        payer: The payer, where somebody's organisation is more than one.
        note: Why, in words.
        by: Who disputes it, of the payer's own organisation.
        at: When.

    Raises:
        NotFoundError: If there is no such statement, line or payer.
        RefusedError: If there is no note, nothing to pay for the line, or it is disputed already.
        SegregationError: If ``by`` may not dispute lines, or is of another organisation.
    """
    return _said(session, code, (number, line), payer=payer, note=note, settles=False, by=by, at=at)


def settle_line(
    session: Session,
    code: str,
    number: int,
    line: int,
    *,
    payer: str | None = None,
    note: str,
    by: Actor,
    at: datetime,
) -> int:
    """Say that a payer no longer disputes a line, and how that came, and return what it was to pay for it.

    What the payer was right about is taken back by the next statement, once its claim is decided anew.

    Raises:
        NotFoundError: If there is no such statement, line or payer.
        RefusedError: If there is no note, or the line is not disputed.
        SegregationError: If ``by`` may not dispute lines, or is of another organisation.
    """
    return _said(session, code, (number, line), payer=payer, note=note, settles=True, by=by, at=at)


def _said(
    session: Session,
    code: str,
    place: tuple[int, int],
    *,
    payer: str | None,
    note: str,
    settles: bool,
    by: Actor,
    at: datetime,
) -> int:
    number, line = place
    name = "statement.settle" if settles else "statement.dispute"
    command = chain.begin(session, name, by_id=by.id, at=at)
    contract = contract_as_known(session, code, command.seq - 1)
    require(session, by, Action.DISPUTE, contract.id)
    refuse_closed(session, contract.id)
    payer = payer_spoken_for(contract, payer, by)
    statement = statement_numbered(session, contract, number)
    query = (
        select(LinePart.line_id, LinePart.pays)
        .join(StatementLine, StatementLine.id == LinePart.line_id)
        .where(StatementLine.statement_id == statement.id, StatementLine.number == line, LinePart.payer == payer)
    )
    part = session.execute(query).first()
    if part is None:
        message = f"statement {number} has no line {line}; `sib statements show` numbers its lines"
        raise NotFoundError(message)
    line_id, pays = part
    if not note.strip():
        message = f"to {'settle' if settles else 'dispute'} a line needs a note that says why"
        raise RefusedError(message)
    is_disputed = any(
        (each.line_id, each.payer) == (line_id, payer)
        for each in disputes_as_known(session, contract.id, command.seq - 1)
    )
    if is_disputed is not settles:
        message = f"line {line} of statement {number} is {'not disputed' if settles else 'disputed already'} by {payer}"
        raise RefusedError(message)
    if not settles and pays <= 0:
        message = f"{payer} is to pay nothing for line {line} of statement {number}, so there is nothing to dispute"
        raise RefusedError(message)
    command.contract_id = contract.id
    command.add_one(
        Dispute,
        line_id=line_id,
        payer=payer,
        is_settled=settles,
        said_on=local_day(at, contract.terms.timezone),
        reason=note.strip(),
        by_id=by.id,
    )
    command.payload = {"statement": number, "line": line, "payer": payer}
    command.close()
    return int(pays)
