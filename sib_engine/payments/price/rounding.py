"""Exact rounding of integers to whole minor units, by the mode that a contract names."""

from fractions import Fraction

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


def rounded(exact: Fraction, mode: RoundingMode) -> int:
    """Return one exact amount, not negative, as a whole number, rounded as :func:`rounded_quotient` does."""
    whole, rest = divmod(exact.numerator, exact.denominator)
    twice = 2 * rest - exact.denominator
    if mode is RoundingMode.UP:
        return whole + (rest > 0)
    if mode is RoundingMode.DOWN or twice < 0:
        return whole
    is_odd_or_up = mode is RoundingMode.HALF_UP or whole % 2 == 1
    return whole + (twice > 0 or is_odd_or_up)
