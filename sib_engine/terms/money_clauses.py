"""Clauses that move money: tariffs, bonuses, caps, minimums, shares and grants. Amounts are minor units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from sib_engine.terms.indexes import Indexation, Indexed
from sib_engine.terms.metric import Length
from sib_engine.terms.provenance import Provenance
from sib_engine.terms.tiers import Tiers


@dataclass(frozen=True, slots=True)
class Tariff:
    """Price of one metric from a day on, for all or some sites and groups; ``None`` where unpriced.

    With ``tiers``, ``price`` is that of the first. ``quick`` narrows it to outcomes no later than
    so long after the referral. ``indexation`` says how the price moves; ``indexed`` is set only on the stretches of
    time that :func:`sib_engine.terms.dated_prices.with_dated_prices` makes of it.
    """

    id: str
    metric: str
    starts_on: date
    price: Decimal | None
    sites: tuple[str, ...]
    groups: tuple[str, ...]
    amendment: str | None
    provenance: Provenance
    tiers: Tiers | None = None
    quick: Length | None = None
    indexation: Indexation | None = None
    indexed: Indexed | None = None


class Dimension(StrEnum):
    """What a cap is counted over; a cap over several dimensions has one limit for each combination."""

    CONTRACT = "contract"
    METRIC = "metric"
    SITE = "site"
    PERSON = "person"
    PERIOD = "period"
    YEAR = "year"
    PAYER = "payer"


@dataclass(frozen=True, slots=True)
class Bonus:
    """What an outcome earns on top when more than ``above`` were counted, up to number ``up_to`` where there is one.

    ``on`` says what is counted together, ``metrics``, ``sites`` and ``groups`` which outcomes (empty
    means all). A sum paid once when number n is reached has ``above`` n - 1 and ``up_to`` n.
    """

    id: str
    on: frozenset[Dimension]
    above: int
    up_to: int | None
    price: Decimal
    metrics: tuple[str, ...]
    sites: tuple[str, ...]
    groups: tuple[str, ...]
    amendment: str | None
    provenance: Provenance


class Overflow(StrEnum):
    """Where the money goes that a cap cuts; a payer's cap may instead name another payer."""

    LOST = "lost"
    NEXT_PERIOD = "next period"


@dataclass(frozen=True, slots=True)
class Cap:
    """A limit on payment, cumulative over the contract unless counted per period.

    ``metrics`` and ``sites`` narrow what it covers (empty means all). A cap on ``payer`` names the
    payer; ``overflow`` is then ``lost``, ``next period`` or another payer's id.
    """

    id: str
    on: frozenset[Dimension]
    limit: int
    metrics: tuple[str, ...]
    sites: tuple[str, ...]
    payer: str | None
    overflow: str
    amendment: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class OutcomeCap:
    """A limit on how many outcomes are paid: a ``share`` of the outcomes that count, rounded down to whole ones.

    ``metrics`` and ``sites`` narrow what it covers (empty means all). ``of`` names the metrics that the
    share is taken of; where it is empty, the share is of what the cap itself counts.
    """

    id: str
    on: frozenset[Dimension]
    share: Fraction
    of: tuple[str, ...]
    metrics: tuple[str, ...]
    sites: tuple[str, ...]
    amendment: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Minimum:
    """How many outcomes must be reached before those that it covers are payable in full.

    Either ``at_least`` is a number of outcomes, or ``at_least_share`` a share of the outcomes of the
    metrics ``of``; the number itself is enough. ``pays_below`` is the part that is payable until then.
    """

    id: str
    on: frozenset[Dimension]
    at_least: int | None
    at_least_share: Fraction | None
    of: tuple[str, ...]
    pays_below: Fraction
    metrics: tuple[str, ...]
    sites: tuple[str, ...]
    amendment: str | None
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Share:
    """How payment for the named metrics (empty means all) is divided from a day on; parts sum to 1."""

    id: str
    metrics: tuple[str, ...]
    starts_on: date
    payers: Mapping[str, Fraction]
    amendment: str | None
    provenance: Provenance


class Replaces(StrEnum):
    """Whether outcomes of the months that a grant covers still earn."""

    OUTCOME_PAYMENTS = "outcome payments"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Grant:
    """Money that the contract pays without any outcome; it enters at the statement, on its last day."""

    id: str
    starts_on: date
    ends_on: date
    amount: int
    replaces: Replaces
    uses_caps: bool
    amendment: str | None
    provenance: Provenance
