"""What providers report: uploaded files, the facts in them, and the one table that knows what a person is called."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Id, Words


class Participant(Base):
    """A person served; the only place where a reference to a person stands. Everywhere else is ``id``.

    ``programme_hash`` is a keyed hash that the provider supplied, by which the same person can be recognised
    across providers; without it nobody can tell.
    """

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("contract_id", "reference"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    reference: Mapped[Code | None]
    programme_hash: Mapped[Digest | None] = mapped_column(index=True)
    seq: Mapped[int] = mapped_column(BigInteger)


class Mapping(Base):
    """One version of how an organisation's tracker is read for a contract; ``rules`` is the mapping file, as JSON.

    A version is never changed: a further one is added. ``digest`` is that of the mapping.
    """

    __tablename__ = "mapping"
    __table_args__ = (UniqueConstraint("contract_id", "organisation_id", "name", "version"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    organisation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    name: Mapped[Code]
    version: Mapped[int]
    digest: Mapped[Digest]
    rules: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Upload(Base):
    """One file that was taken in: who brought it, what it was called, and its digest, so that it is taken once.

    ``n_before`` is how often the same file had been taken in before; either facts of it were withdrawn since, or
    it was read through another mapping. ``mapping_id`` is the version of the mapping through which it was read.
    """

    __tablename__ = "upload"
    __table_args__ = (UniqueConstraint("contract_id", "file_digest", "n_before"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    organisation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    mapping_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("mapping.id"))
    name: Mapped[Code]
    file_digest: Mapped[Digest]
    n_before: Mapped[int]
    n_rows: Mapped[int]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Fact(Base):
    """One recorded fact, as :class:`sib_engine.outcomes.facts.Facts` has it.

    ``starts_on`` is when it was true, ``recorded_on`` when the provider knew it, ``seq`` when this store did.
    One without an upload is the store's own: a document that it holds, or that was inspected.
    """

    __tablename__ = "fact"
    __table_args__ = (Index("ix_fact_contract_id_seq", "contract_id", "seq"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    upload_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("upload.id"))
    sheet_row: Mapped[int]
    participant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("participant.id"))
    site: Mapped[Code | None]
    name: Mapped[Code]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    recorded_on: Mapped[date]
    job: Mapped[Code | None]
    hours: Mapped[int | None] = mapped_column(BigInteger)
    competitive: Mapped[int | None]
    self_employed: Mapped[int | None]
    hourly_pay: Mapped[int | None] = mapped_column(BigInteger)
    detail: Mapped[Words | None]
    metric: Mapped[Code | None]
    held: Mapped[int | None]
    specialist: Mapped[Code | None]
    consent_on: Mapped[date | None]
    age_band: Mapped[Code | None]
    sex: Mapped[Code | None]
    ethnicity: Mapped[Code | None]
    diagnosis_group: Mapped[Code | None]
    subgroup: Mapped[Code | None]
    seq: Mapped[int] = mapped_column(BigInteger)


class FactWithdrawal(Base):
    """A fact that is taken back: from ``seq`` on it is as if it had not been reported."""

    __tablename__ = "fact_withdrawal"

    id: Mapped[Id]
    fact_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("fact.id"), unique=True)
    reason: Mapped[Words]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
