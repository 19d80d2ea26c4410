"""Facts that their provider has withdrawn, told from those whose place a later report took."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.storage.tables import AuditEntry, Fact, FactWithdrawal

WITHDRAW: Final = "facts.withdraw"
"""Name of the command in the audit trail."""


def has_withdrawn(session: Session, upload: int) -> bool:
    """Return whether facts of an upload were withdrawn, so that the same file has something to say again."""
    query = (
        select(FactWithdrawal.id)
        .join(Fact, Fact.id == FactWithdrawal.fact_id)
        .join(AuditEntry, AuditEntry.seq == FactWithdrawal.seq)
        .where(Fact.upload_id == upload, AuditEntry.command == WITHDRAW)
        .limit(1)
    )
    return session.execute(query).first() is not None
