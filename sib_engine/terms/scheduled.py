"""Money under the contract that no single outcome earns: fees, guaranteed volumes, payment on early termination.

Grants are in :mod:`sib_engine.terms.money_clauses`: they also decide which outcomes earn. Amounts are minor units.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sib_engine.terms.provenance import Provenance


class CutShort(StrEnum):
    """What is owed of an instalment, or of a guaranteed volume, whose time ends early."""

    WHOLE = "whole"
    PRO_RATA = "pro rata"
    """By calendar days: the days that ran of the days there would have been."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sum:
    """A fixed sum: ``amount``; or ``share`` of ``of``, a stated value, where ``share`` is not ``None``."""

    amount: int
    share: Fraction | None = None

    @property
    def exact(self) -> Fraction:
        """Return the sum in minor units, before any rounding."""
        return Fraction(self.amount) * (1 if self.share is None else self.share)


@dataclass(frozen=True, slots=True)
class Fee:
    """What is paid for running the service, in instalments over equal spans of ``every_months`` months.

    ``monthly`` is what each month brings, or else ``total`` is divided by ``profile`` (one part for each
    span, summing to 1; empty means equal parts). ``last_instalment`` says what is owed of the instalment
    whose span ends early, ``None`` where nothing is agreed. ``last_on`` is the day on which an amendment
    ended the fee.
    """

    id: str
    starts_on: date
    ends_on: date
    every_months: int
    monthly: int | None
    total: Sum | None
    profile: tuple[Fraction, ...]
    uses_caps: bool
    last_instalment: CutShort | None
    amendment: str | None
    provenance: Provenance
    last_on: date | None = None

    @property
    def n_months(self) -> int:
        """Number of months that it covers."""
        years = self.ends_on.year - self.starts_on.year
        return years * 12 + self.ends_on.month - self.starts_on.month + 1

    @property
    def n_instalments(self) -> int:
        """Number of spans, and so of instalments."""
        return self.n_months // self.every_months


class GuaranteeOver(StrEnum):
    """Over which time a guaranteed volume is counted."""

    PERIOD = "period"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A volume that the commissioner guarantees: each outcome of ``metric`` short of ``minimum`` is paid at ``price``.

    The metric is usually a recorded referral. Over a period, it holds for every statement period of the
    contract, or of ``starts_on`` to ``ends_on`` where these are given; over the contract, once.
    ``if_cut_short`` says what of the minimum holds where that time ends early, ``None`` where nothing is agreed.
    """

    id: str
    metric: str
    on: GuaranteeOver
    minimum: int
    price: int
    starts_on: date | None
    ends_on: date | None
    uses_caps: bool
    if_cut_short: CutShort | None
    amendment: str | None
    provenance: Provenance
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Termination:
    """What is paid if the contract is terminated on or after ``starts_on``, until the next such clause.

    Outcomes achieved up to ``tail_days`` days after the day of termination still count.
    """

    id: str
    starts_on: date
    sum: Sum
    tail_days: int
    uses_caps: bool
    amendment: str | None
    provenance: Provenance
