"""The audit trail: one entry for each command, each holding the hash of the one before."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Id, Words


class AuditEntry(Base):
    """One command: who gave it, when, about which contract, and the digest of every row that it wrote.

    ``seq`` numbers the entries from 1 without a gap; "as known on" is such a number. ``payload`` is JSON that
    holds nothing personal, so that a person can be forgotten and the chain stays whole.
    """

    __tablename__ = "audit_entry"

    seq: Mapped[Id]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("account.id"))
    contract_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("contract.id"), index=True)
    command: Mapped[Code]
    payload: Mapped[Words]
    n_rows: Mapped[int]
    rows_digest: Mapped[Digest]
    previous: Mapped[Digest]
    hash: Mapped[Digest]
