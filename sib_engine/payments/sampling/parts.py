"""Sums divided in proportion, in whole minor units, none beyond what there is to take."""

from collections.abc import Sequence
from fractions import Fraction


def in_proportion(amount: int, weights: Sequence[int]) -> list[int]:
    """Return an amount divided by weights, by largest remainder, ties to the first; nothing where none weighs."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [Fraction(amount * weight, total) for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(weights)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return parts


def within(amount: int, weights: Sequence[int], room: Sequence[int]) -> list[int]:
    """Return an amount divided by weights, no part beyond its room: what one cannot hold falls to the others.

    Args:
        amount: Minor units; what is beyond all room together is left out.
        weights: How it is divided as long as there is room.
        room: The most that each part may be.
    """
    parts = [min(part, most) for part, most in zip(in_proportion(amount, weights), room, strict=True)]
    left = [most - part for part, most in zip(parts, room, strict=True)]
    more = in_proportion(min(amount - sum(parts), sum(left)), left)
    return [part + added for part, added in zip(parts, more, strict=True)]
