"""Use case: show the draft of a statement to somebody."""

from datetime import datetime

from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.statements.draw import Draft, draw_statement_of


def preview_statement(
    session: Session, code: str, period: str, *, by: Actor, at: datetime, seq: int | None = None
) -> Draft:
    """Return the statement of a period as it would be approved, for whoever may see what it rests on.

    What :func:`~sib_engine.services.statements.draw.draw_statement_of` refuses is refused here too.

    Raises:
        SegregationError: If ``by`` may see no rows about people: a draft says what would change of each.
    """
    drawn = draw_statement_of(session, code, period, at=at, seq=seq)
    require(session, by, Action.SEE_PEOPLE, drawn.contract.id)
    return drawn
