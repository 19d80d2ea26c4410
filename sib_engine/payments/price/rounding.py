"""Exact rounding of integers to whole minor units, by the mode that a contract names."""

from fractions import Fraction

import numpy as np

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
    return _rounded(quotients, amounts - quotients * divisor, divisor, mode)


def rounded_part(amounts: IntArray, some: int | IntArray, of: int | IntArray, mode: RoundingMode) -> IntArray:
    """Return ``amounts * some / of`` as whole numbers, same shape, rounded as ``mode`` says; exact at any size.

    Args:
        amounts: Not negative, shape ``(n,)``.
        some: From 0 to ``of``, shape ``(n,)`` or one number.
        of: Positive, shape ``(n,)`` or one number.
        mode: As for :func:`rounded_quotient`.
    """
    parts, wholes = (np.broadcast_to(np.asarray(each, dtype=np.int64), amounts.shape) for each in (some, of))
    if int(wholes.max(initial=0)) >= _SQUARE_FITS:
        # Python's own integers: slow, exact, and needed for a fraction of many digits only.
        amounts, parts, wholes = (each.astype(object) for each in (amounts, parts, wholes))
    times = amounts // wholes
    product = (amounts - times * wholes) * parts
    quotients = times * parts + product // wholes
    return _rounded(quotients, product % wholes, wholes, mode).astype(np.int64)


_SQUARE_FITS = 2**31
"""Products of two numbers below this fit into an ``int64``."""


def _rounded(quotients: IntArray, rest: IntArray, divisor: int | IntArray, mode: RoundingMode) -> IntArray:
    """Return quotients, which were rounded down with a rest, as ``mode`` says."""
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
