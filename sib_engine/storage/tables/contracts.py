"""Contracts, their versions as files, and which organisation is which party."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Id, Words


class Contract(Base):
    """One contract, by the code in its file."""

    __tablename__ = "contract"

    id: Mapped[Id]
    code: Mapped[Code] = mapped_column(unique=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class ContractVersion(Base):
    """The whole contract file from the command ``seq`` on, with what the version changes and who agreed it."""

    __tablename__ = "contract_version"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    number: Mapped[int]
    digest: Mapped[Digest]
    source: Mapped[Words]
    note: Mapped[Words]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class ContractParty(Base):
    """Which organisation a party of a contract file is."""

    __tablename__ = "contract_party"
    __table_args__ = (UniqueConstraint("contract_id", "party"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    party: Mapped[Code]
    organisation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class ContractClosure(Base):
    """That a contract is closed out: from ``seq`` on nothing more is written about it."""

    __tablename__ = "contract_closure"

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), unique=True)
    closed_on: Mapped[date]
    note: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
