"""The cycle of a share clause: after how many minor units its division between the payers repeats."""

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Final

MAX_CYCLE: Final = 100_000
"""Longest cycle accepted, in minor units: percentages with three decimal places still fit."""


def cycle_length(parts: Iterable[Fraction]) -> int:
    """Return the number of minor units after which every part has received a whole number of them.

    It is the least common multiple of the denominators: 50 for 42 % and 58 %, 3 for thirds.
    """
    return lcm(*(part.denominator for part in parts))


def is_cycle_too_long(parts: Iterable[Fraction]) -> bool:
    """Return whether the parts repeat only after more than ``MAX_CYCLE`` minor units.

    Such a clause is refused: its table would be large, and parts that fine are a slip of the
    pen (0.333333 where 1/3 was agreed) rather than a term.
    """
    return cycle_length(parts) > MAX_CYCLE


def whole_weights(parts: Iterable[Fraction]) -> tuple[int, ...]:
    """Return the parts as whole numbers of minor units in one cycle, in the same order."""
    listed = tuple(parts)
    cycle = cycle_length(listed)
    return tuple(part.numerator * (cycle // part.denominator) for part in listed)
