"""Volume tiers: a price that depends on how many outcomes were counted before."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Volume(StrEnum):
    """Which outcomes a tier's price is for."""

    MARGINAL = "marginal"
    """Those counted inside the tier."""
    WHOLE = "whole volume"
    """All of them, as soon as the tier is reached."""


class CountOver(StrEnum):
    """Which outcomes are counted together to find the tier."""

    METRIC = "metric"
    SITE = "site"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Tier:
    """Outcomes up to and including number ``up_to`` earn ``price``; the last tier has no end."""

    up_to: int | None
    price: Decimal


@dataclass(frozen=True, slots=True)
class Tiers:
    """The tiers of one tariff, in order.

    Counted over ``METRIC`` are all outcomes of the tariff's metric, over ``SITE`` those at the outcome's
    site, over ``CONTRACT`` those of every metric with tiers over the contract.
    """

    steps: tuple[Tier, ...]
    volume: Volume
    over: CountOver

    @property
    def bounds(self) -> tuple[int, ...]:
        """Return the last number of each tier but the last."""
        return tuple(step.up_to for step in self.steps if step.up_to is not None)
