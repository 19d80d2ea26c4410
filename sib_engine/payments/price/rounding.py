"""Exact rounding of integers to whole minor units, by the mode that a contract names."""

from sib_engine.core.money import IntArray
from sib_engine.terms.contract import RoundingMode


def rounded_quotient(amounts: IntArray, divisor: int, mode: RoundingMode) -> IntArray:
    """Return ``amounts / divisor`` as whole numbers, same shape, rounded as ``mode`` says.

    Args:
        amounts: Not negative.
        divisor: Positive; 1 returns the amounts as they are.
        mode: ``DOWN`` is towards zero, ``UP`` away from it; ``HALF_UP`` and ``HALF_EVEN`` differ
            only where a part of exactly one half is left.
    """
    if divisor == 1:
        return amounts
    quotients = amounts // divisor
    rest = amounts - quotients * divisor
    if mode is RoundingMode.UP:
        quotients += rest > 0
    elif mode is not RoundingMode.DOWN:
        # Compared with what is missing, since twice the rest could leave int64.
        missing = divisor - rest
        quotients += rest > missing
        is_half = rest == missing
        quotients += is_half & ((quotients & 1 == 1) | (mode is RoundingMode.HALF_UP))
    return quotients
