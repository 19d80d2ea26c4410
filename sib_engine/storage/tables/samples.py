"""Verification samples: how they are drawn is recorded before they are; what was found stands beside."""

from sqlalchemy import BigInteger, Float, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Id, Money, Words


class Sample(Base):
    """The design of one sample of a contract's claims: the seed, the strata and how many of each (JSON)."""

    __tablename__ = "sample"

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    period: Mapped[Code]
    seed: Mapped[int] = mapped_column(BigInteger)
    design: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleItem(Base):
    """One claim that was drawn, from which stratum, with what probability and what it would pay."""

    __tablename__ = "sample_item"
    __table_args__ = (UniqueConstraint("sample_id", "claim_id"),)

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample.id"))
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"))
    stratum: Mapped[Code]
    probability: Mapped[float] = mapped_column(Float)
    value: Mapped[Money]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleResult(Base):
    """What full review of one drawn claim found: what of its value is right."""

    __tablename__ = "sample_result"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample_item.id"), unique=True)
    found: Mapped[Code]
    right_value: Mapped[Money]
    note: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
