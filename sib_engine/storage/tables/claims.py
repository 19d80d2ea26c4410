"""Claims: outcomes that a provider asks to be paid for, what was checked and what was decided."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Id, Words


class Claim(Base):
    """One outcome of one person, from the command ``seq`` on which its facts were uploaded.

    ``row`` is the id that the outcome has on every statement, with the person's number for the reference.
    """

    __tablename__ = "claim"
    __table_args__ = (UniqueConstraint("contract_id", "row"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    participant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("participant.id"))
    row: Mapped[Code]
    metric: Mapped[Code]
    site: Mapped[Code]
    organisation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    upload_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("upload.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class ClaimCheck(Base):
    """What the automatic checks of one claim said at ``seq``: a bit for each check, in one of three numbers.

    A check that is in none of the three did not apply. ``achieved_on`` is the day they found; ``basis`` says what the
    amount rests on, blank where the facts do not show the outcome.
    """

    __tablename__ = "claim_check"
    __table_args__ = (CheckConstraint("passed & failed = 0 AND passed & unknown = 0 AND failed & unknown = 0", "once"),)

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"), index=True)
    passed: Mapped[int] = mapped_column(BigInteger)
    failed: Mapped[int] = mapped_column(BigInteger)
    unknown: Mapped[int] = mapped_column(BigInteger)
    achieved_on: Mapped[date | None]
    basis: Mapped[Words]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class ClaimMove(Base):
    """One step of a claim: to which state, with which code and words, by whom."""

    __tablename__ = "claim_move"

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"), index=True)
    state: Mapped[Code]
    code: Mapped[Code]
    note: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class EvidenceFile(Base):
    """A document that is held: its kind, and the digest by which the file is found and known to be unchanged.

    ``fact_id`` is the fact by which the rules know of it.
    """

    __tablename__ = "evidence_file"

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"), index=True)
    kind: Mapped[Code]
    media_type: Mapped[Code]
    n_bytes: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[Digest] = mapped_column(index=True)
    fact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("fact.id"), unique=True)
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Inspection(Base):
    """A document that was seen and not stored: which, by whom, where and when; ``fact_id`` as of a file."""

    __tablename__ = "inspection"

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("claim.id"), index=True)
    kind: Mapped[Code]
    seen_on: Mapped[date]
    place: Mapped[Words]
    note: Mapped[Words]
    fact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("fact.id"), unique=True)
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
