"""Verification samples: the design is recorded before anything is drawn; what was found stands beside."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Id, Money, Words


class Sample(Base):
    """The design of the one sample of a statement, with a promise in the place of its seed (JSON).

    ``seed_source`` says what will be published from ``seed_on`` on and become part of the seed; empty where nothing
    will. A second design for the same statement is refused: nobody tries until a draw pleases.
    """

    __tablename__ = "sample"

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), index=True)
    statement_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statement.id"), unique=True)
    clause: Mapped[Code]
    design: Mapped[Words]
    design_digest: Mapped[Digest]
    frame_digest: Mapped[Digest]
    seed_source: Mapped[Words]
    seed_on: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleClaim(Base):
    """One claim of the frame: what it is stratified by, and what stood stated of it (minor units)."""

    __tablename__ = "sample_claim"
    __table_args__ = (UniqueConstraint("sample_id", "claim_id"),)

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample.id"))
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"))
    metric: Mapped[Code]
    site: Mapped[Code]
    risk: Mapped[Code]
    value: Mapped[Money]
    is_assumed: Mapped[bool]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleDraw(Base):
    """That a sample was drawn: what had been published, and the design with the seed that came of it (JSON)."""

    __tablename__ = "sample_draw"

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample.id"), unique=True)
    published: Mapped[Words]
    design: Mapped[Words]
    design_digest: Mapped[Digest]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleItem(Base):
    """One claim that was drawn: from which stratum, with what chance (an exact fraction), and its value."""

    __tablename__ = "sample_item"
    __table_args__ = (UniqueConstraint("sample_id", "claim_id"),)

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample.id"))
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"))
    stratum: Mapped[Words]
    chance: Mapped[Code]
    value: Mapped[Money]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleResult(Base):
    """What full review of one drawn claim found; the last one holds until the sample is closed.

    ``right_value`` is what a wrong claim should have been worth, ``code`` why it is rejected.
    """

    __tablename__ = "sample_result"

    id: Mapped[Id]
    item_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample_item.id"), index=True)
    verdict: Mapped[Code]
    right_value: Mapped[int | None] = mapped_column(BigInteger)
    code: Mapped[Code]
    note: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SampleEstimate(Base):
    """What a sample said when it was closed: the estimates (JSON), and what is taken back by the contract's rule.

    ``by_stratum`` (JSON) divides what the rule gives beyond ``found``; ``corrected`` had been taken back by then.
    """

    __tablename__ = "sample_estimate"

    id: Mapped[Id]
    sample_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("sample.id"), unique=True)
    estimate: Mapped[Words]
    rule: Mapped[Code]
    paid: Mapped[Money]
    by_rule: Mapped[Money]
    found: Mapped[Money]
    corrected: Mapped[Money]
    extrapolated: Mapped[Money]
    by_stratum: Mapped[Words]
    why: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
