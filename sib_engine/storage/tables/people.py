"""Organisations, the people who work for them, and what each may do on which contract."""

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Id


class Organisation(Base):
    """A provider, commissioner, intermediary, top-up funder, investor or evaluator."""

    __tablename__ = "organisation"

    id: Mapped[Id]
    name: Mapped[Code] = mapped_column(unique=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class Account(Base):
    """A person who signs in; ``login`` names them on statements and in the audit trail."""

    __tablename__ = "account"

    id: Mapped[Id]
    login: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Code]
    organisation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    seq: Mapped[int] = mapped_column(BigInteger)


class Membership(Base):
    """One role of one person on one contract (every contract where none is named), until ``ended_seq``."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "contract_id", "role", "ended_seq"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("contract.id"))
    role: Mapped[Code]
    seq: Mapped[int] = mapped_column(BigInteger)
    ended_seq: Mapped[int | None] = mapped_column(BigInteger)
