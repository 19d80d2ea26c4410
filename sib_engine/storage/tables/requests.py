"""What keeps a client and the service in step: tokens, and the answers to requests that may be sent again."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from sib_engine.storage.base import Base, Code, Digest, Words


class ApiToken(Base):
    """A token by which a program acts for somebody; only the digest of it is kept.

    It may do what its ``scopes`` name (separated by spaces) and the person's roles allow, on one contract where
    one is named, until it expires or is revoked.
    """

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"), index=True)
    name: Mapped[Code]
    digest: Mapped[Digest] = mapped_column(unique=True)
    scopes: Mapped[Words]
    contract_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("contract.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class AnsweredRequest(Base):
    """The answer to a request that wrote something, kept by the key that the client gave it.

    ``request`` is the digest of what was asked; a key that comes with another is refused.
    """

    __tablename__ = "answered_request"
    __table_args__ = (UniqueConstraint("account_id", "key"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    account_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("account.id"))
    key: Mapped[Code]
    request: Mapped[Digest]
    at: Mapped[datetime]
    status: Mapped[int | None]
    headers: Mapped[Words | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
