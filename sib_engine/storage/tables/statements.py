"""Statements that were approved, line by line, and what became of each: sent, invoiced, disputed, paid."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Id, Money, Words


class Statement(Base):
    """One approved statement: ``known_seq`` is the place in the audit chain up to which records were used."""

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    number: Mapped[int]
    period: Mapped[Code]
    known_on: Mapped[date]
    known_seq: Mapped[int] = mapped_column(BigInteger)
    terms: Mapped[Digest]
    kernel: Mapped[Code]
    digest: Mapped[Digest]
    total: Mapped[Money]
    approved_by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class StatementLine(Base):
    """One line, as :class:`sib_engine.payments.statement.lines.StatedLine` has it; minor units, signed.

    A statement has one line for an outcome and clause, and at most one more that takes back what stood before. The
    ``row`` of a recovery is longer than that of any claim, since it may hold one.
    """

    __tablename__ = "statement_line"
    __table_args__ = (
        UniqueConstraint("statement_id", "number"),
        UniqueConstraint("statement_id", "row", "tariff", "share", "takes_back"),
    )

    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statement.id"))
    number: Mapped[int]
    own_period: Mapped[Code]
    kind: Mapped[Code]
    row: Mapped[Words]
    metric: Mapped[Code]
    site: Mapped[Code]
    subgroup: Mapped[Code]
    achieved_on: Mapped[date | None]
    count: Mapped[int] = mapped_column(BigInteger)
    tariff: Mapped[Code]
    price: Mapped[Code]
    share: Mapped[Code]
    earned: Mapped[Money]
    payable: Mapped[Money]
    takes_back: Mapped[bool]
    is_assumed: Mapped[bool]
    terms: Mapped[Digest]
    kernel: Mapped[Code]
    measured: Mapped[Words]
    why: Mapped[Words]
    follows: Mapped[Digest]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class LinePart(Base):
    """What one payer's part of a line is, and what of it the payer pays after its own caps."""

    __tablename__ = "line_part"
    __table_args__ = (UniqueConstraint("line_id", "payer"),)

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statement_line.id"))
    payer: Mapped[Code]
    shared: Mapped[Money]
    pays: Mapped[Money]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class StatementEvent(Base):
    """What happened to a statement after approval, such as that it was sent, in words."""

    __tablename__ = "statement_event"

    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statement.id"), index=True)
    kind: Mapped[Code]
    note: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Invoice(Base):
    """One payer's invoice for one statement, or a credit note where ``net`` is below zero.

    ``organisation_id`` issues it. ``number`` is ``serial`` written by ``scheme``; ``vat_rate`` is in hundredths
    of a per cent.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        UniqueConstraint("organisation_id", "number"),
        UniqueConstraint("statement_id", "payer"),
        CheckConstraint("net + vat = gross", "adds_up"),
        CheckConstraint("net <> 0", "something"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    statement_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statement.id"))
    organisation_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("organisation.id"))
    payer: Mapped[Code]
    scheme: Mapped[Code]
    serial: Mapped[int]
    number: Mapped[Code]
    purchase_order: Mapped[Code]
    net: Mapped[Money]
    vat_treatment: Mapped[Code]
    vat_rate: Mapped[int]
    vat: Mapped[Money]
    gross: Mapped[Money]
    issued_on: Mapped[date]
    due_on: Mapped[date]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Payment(Base):
    """Money that arrived, as the payer's confirmation says: for which invoice, how much, when, which reference."""

    __tablename__ = "payment"
    __table_args__ = (
        UniqueConstraint("contract_id", "payer", "reference"),
        CheckConstraint("amount <> 0", "something"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"))
    invoice_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("invoice.id"), index=True)
    payer: Mapped[Code]
    reference: Mapped[Code]
    amount: Mapped[Money]
    paid_on: Mapped[date]
    file_digest: Mapped[Digest]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class SetOff(Base):
    """The part of a credit note that settles an invoice of the same payer, and the rule by which it was chosen."""

    __tablename__ = "set_off"
    __table_args__ = (
        CheckConstraint("amount > 0", "positive"),
        CheckConstraint("credit_id <> invoice_id", "two_papers"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), index=True)
    payer: Mapped[Code]
    credit_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("invoice.id"))
    invoice_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("invoice.id"))
    amount: Mapped[Money]
    rule: Mapped[Code]
    set_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)


class Dispute(Base):
    """A line that a payer does not accept from a day on, or (``is_settled``) no longer disputes, with the words."""

    __tablename__ = "dispute"

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("statement_line.id"), index=True)
    payer: Mapped[Code]
    is_settled: Mapped[bool]
    said_on: Mapped[date]
    reason: Mapped[Words]
    by_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
