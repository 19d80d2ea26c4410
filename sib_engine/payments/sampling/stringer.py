"""The Stringer bound: how much of a sum of money is wrong at most, from draws proportional to value.

Source:
    Stringer (1963), Practical aspects of statistical sampling in auditing; in the form of Fienberg, Neter and Leitch
    (1977) and Bickel (1992), with binomial factors. It is the bound of the audit guides. In every published study it
    has held at least as often as it should, and for confidence above one half it does so with certainty as samples
    grow (Pap and van Zuijlen 1996); a proof for every sample size is not known. The tests enumerate small populations.
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

STEPS: Final = 2**32
"""Factors are rounded up to this part of the whole: 23 pence on a billion pounds."""


def stringer_bound(n_draws: int, taintings: Sequence[Fraction], confidence: Fraction) -> Fraction:
    """Return the largest part of the value that is wrong, as a fraction of it.

    Args:
        n_draws: Draws, above 0.
        taintings: For each draw that found something wrong, the part of the claim's value that is, from 0
            to 1; at most ``n_draws``.
        confidence: Of this bound by itself, above one half and below 1.
    """
    n_whole = sum(tainting == 1 for tainting in taintings)
    bound = binomial_factor(n_draws, n_whole, confidence)
    parts = sorted((tainting for tainting in taintings if 0 < tainting < 1), reverse=True)
    for rank, tainting in enumerate(parts, start=n_whole + 1):
        step = binomial_factor(n_draws, rank, confidence) - binomial_factor(n_draws, rank - 1, confidence)
        bound += step * tainting
    return bound


@lru_cache(maxsize=4096)
def binomial_factor(n_draws: int, n_wrong: int, confidence: Fraction) -> Fraction:
    """Return the upper bound of Clopper and Pearson (1934) for a part of which ``n_wrong`` of ``n_draws`` were found.

    Rounded up to a multiple of ``1 / STEPS``, and compared in whole numbers, so that it is the same everywhere.
    """
    if n_wrong >= n_draws:
        return Fraction(1)
    ruled_out, possible = STEPS, 0
    while ruled_out - possible > 1:
        middle = (ruled_out + possible) // 2
        if _is_ruled_out(n_draws, n_wrong, middle, confidence):
            ruled_out = middle
        else:
            possible = middle
    return Fraction(ruled_out, STEPS)


def _is_ruled_out(n_draws: int, n_wrong: int, steps: int, confidence: Fraction) -> bool:
    """Return whether a part of ``steps / STEPS`` shows so few wrong at most as seldom as the confidence allows.

    The side of the distribution that has fewer terms is added up.
    """
    all_ways = STEPS**n_draws
    if n_wrong < n_draws // 2:
        at_most = _ways_at_most(n_draws, n_wrong, steps)
    else:
        at_most = all_ways - _ways_at_most(n_draws, n_draws - n_wrong - 1, STEPS - steps)
    return bool(at_most * confidence.denominator <= (confidence.denominator - confidence.numerator) * all_ways)


def _ways_at_most(n_draws: int, most: int, steps: int) -> int:
    """Return in how many ways at most ``most`` draws fall on ``steps`` of all steps, of ``STEPS**n_draws`` ways.

    Each term follows from the one before, and what all have in common is multiplied in once.
    """
    others = STEPS - steps
    total, ways, power = 0, 1, 1
    for found in range(most + 1):
        total = total * others + ways * power
        ways = ways * (n_draws - found) // (found + 1)
        power *= steps
    return int(total * others ** (n_draws - most))
