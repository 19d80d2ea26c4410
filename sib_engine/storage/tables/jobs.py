"""Work that outlasts a request: who has it, until when, how far it is, and whether it shall stop."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Words


class Job(Base):
    """One piece of work; the one table whose rows are changed as a matter of course, and no record of anything."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_leased_until", "state", "leased_until"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    kind: Mapped[Code]
    payload: Mapped[Words]
    by_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("account.id"))
    state: Mapped[Code]
    worker: Mapped[Code | None]
    leased_until: Mapped[datetime | None]
    done: Mapped[int]
    of: Mapped[int]
    stops: Mapped[bool]
    result: Mapped[Words | None]
    attempts: Mapped[int]
