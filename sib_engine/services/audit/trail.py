"""Use case: read the audit trail, entry by entry."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sib_engine.services.access.actors import Actor, require
from sib_engine.services.access.roles import Action
from sib_engine.services.paging import Page, Wanted, page_of
from sib_engine.storage.tables import Account, AuditEntry, Contract


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry: which command, by whom, when and about which contract; nothing of it is personal."""

    seq: int
    at: datetime
    command: str
    by: str | None
    contract: str | None
    payload: dict[str, Any]
    n_rows: int
    hash: str

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as plain values."""
        return {
            "entry": self.seq,
            "at": self.at.isoformat(),
            "command": self.command,
            "by": self.by,
            "contract": self.contract,
            "payload": self.payload,
            "rows": self.n_rows,
            "hash": self.hash,
        }


def trail_page(session: Session, wanted: Wanted, *, by: Actor) -> Page[TrailLine]:
    """Return entries of the trail in order.

    Raises:
        NotFoundError: If the cursor is none.
        SegregationError: If ``by`` may not look at all of the trail.
    """
    require(session, by, Action.AUDIT, None)
    query = (
        select(AuditEntry, Account.login, Contract.code)
        .outerjoin(Account, Account.id == AuditEntry.by_id)
        .outerjoin(Contract, Contract.id == AuditEntry.contract_id)
        .where(AuditEntry.seq > wanted.after)
        .order_by(AuditEntry.seq)
        .limit(wanted.limit + 1)
    )
    rows = [
        (
            entry.seq,
            TrailLine(
                entry.seq,
                entry.at,
                entry.command,
                login,
                code,
                json.loads(entry.payload),
                entry.n_rows,
                entry.hash,
            ),
        )
        for entry, login, code in session.execute(query)
    ]
    return page_of(rows, wanted)
