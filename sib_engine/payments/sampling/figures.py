"""What is stated of a number of claims and of a sum of money: a best estimate, the least and the most."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class CountEstimate:
    """How many claims are wrong. ``point`` is None while a claim that was drawn is not decided."""

    point: Fraction | None
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class MoneyEstimate:
    """How much money is wrong, in minor units; ``found`` in the claims that were checked.

    ``point`` is None while a claim that was drawn is not decided. ``most`` is None where nothing limits it: where a
    claim was found understated by more than its own value, and so others may be by any sum.
    """

    found: int
    point: int | None
    least: int
    most: int | None


def count_between(point: Fraction | None, least: int, most: int) -> CountEstimate:
    """Return an estimate whose point lies inside its bounds."""
    inside = None if point is None else min(max(point, Fraction(least)), Fraction(most))
    return CountEstimate(inside, least, most)


def money_between(found: int, point: Fraction | None, least: int, most: int | None) -> MoneyEstimate:
    """Return an estimate whose point, rounded half to even, lies inside its bounds.

    A ratio of what was found may lie outside: where the claims found wrong are unlike the rest in value.
    """
    if point is None:
        return MoneyEstimate(found, None, least, most)
    rounded = max(round(point), least)
    return MoneyEstimate(found, rounded if most is None else min(rounded, most), least, most)
