"""What the public record says of a contract: maxima, results and payments as they were published, and when.

A published figure is never a term of the contract and is never corrected here: two publications
that disagree are both kept. Amounts are minor units of the contract's currency.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from sib_engine.core.dates import add_months

Publication: TypeAlias = date | None
"""First day of the month of a publication; ``None``: known to be earlier, its date not known."""


class ResultStatus(StrEnum):
    """Whether a publication called its results final."""

    FINAL = "final"
    INTERIM = "interim"


class PaymentKind(StrEnum):
    """What a recorded payment was for."""

    OUTCOMES = "outcomes"
    GRANT = "grant"


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A span of whole months: the first day of the first and of the last month, both inside."""

    first: date
    last: date

    @property
    def length(self) -> int:
        """Number of months in the span."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def ends_on(self) -> date:
        """Last day of the span."""
        return date.fromordinal(add_months(self.last, 1).toordinal() - 1)

    def shares_a_month_with(self, other: "Months") -> bool:
        """Return whether a month belongs to both spans."""
        return self.first <= other.last and other.first <= self.last

    def __str__(self) -> str:
        """Return the span as it stands in a record: ``2021-01..2021-06``."""
        return f"{self.first:%Y-%m}..{self.last:%Y-%m}" if self.first != self.last else f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class PublishedMaximum:
    """The maximum outcome payment that a publication states for the contract."""

    as_published: date
    amount: int
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedPayer:
    """What a publication states for one payer: its maximum, what it paid; ``None`` is not published."""

    party: str
    as_published: Publication
    maximum: int | None
    paid: int | None
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedTarget:
    """A target that a publication states and that differs from the one in the contract."""

    metric: str
    as_published: Publication
    count: int
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedResults:
    """Achieved counts as one publication has them; the counts stand in a file beside the record."""

    as_published: date
    status: ResultStatus
    counts: str
    months: Months
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedPayment:
    """One recorded payment, over the months that the source gives it."""

    months: Months
    amount: int
    kind: PaymentKind
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """What was paid for one metric over the life of the contract."""

    metric: str
    paid: int
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedTotal:
    """Payments that are published only as a total over many months."""

    months: Months
    amount: int
    note: str | None


@dataclass(frozen=True, slots=True)
class PublishedRecord:
    """The public record of one contract, each table in the order of the file; metrics by their code."""

    contract: str
    indigo: str | None
    source: str
    maxima: tuple[PublishedMaximum, ...]
    payers: tuple[PublishedPayer, ...]
    targets: tuple[PublishedTarget, ...]
    results: tuple[PublishedResults, ...]
    payments: tuple[PublishedPayment, ...]
    lines: tuple[PublishedLine, ...]
    totals: tuple[PublishedTotal, ...]


def published_order(as_published: Publication) -> date:
    """Return a key that sorts publications, those of unknown earlier date first."""
    return as_published or date.min
