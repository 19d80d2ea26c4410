"""Whose people somebody is: of the organisation that last reported something about them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sib_engine.storage.tables import Fact, Upload


def last_uploads(session: Session, contract_id: int, seq: int | None = None) -> dict[int, tuple[int, int]]:
    """Return for each person the last upload (by ``seq``) that reported something about them, and whose it was."""
    own = select(Fact.participant_id, func.max(Fact.upload_id).label("upload_id")).where(
        Fact.contract_id == contract_id, Fact.upload_id.is_not(None)
    )
    if seq is not None:
        own = own.where(Fact.seq <= seq)
    last = own.group_by(Fact.participant_id).subquery()
    query = select(last.c.participant_id, Upload.id, Upload.organisation_id).join(Upload, Upload.id == last.c.upload_id)
    return {person: (upload, organisation) for person, upload, organisation in session.execute(query)}
