"""The ledger: each entry moves an amount from one account to another, so that it can only balance."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Id, Money


class LedgerEntry(Base):
    """Minor units from the credited to the debited account of one contract; both sides stand in one row."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", "positive"),
        CheckConstraint("debit <> credit", "two_accounts"),
    )

    id: Mapped[Id]
    contract_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("contract.id"), index=True)
    statement_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("statement.id"))
    invoice_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("invoice.id"))
    payment_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("payment.id"))
    kind: Mapped[Code]
    debit: Mapped[Code]
    credit: Mapped[Code]
    amount: Mapped[Money]
    booked_on: Mapped[date]
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
