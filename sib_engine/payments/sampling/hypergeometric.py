"""How many of a finite number of claims are wrong, from a simple random sample of them; exact, in whole numbers.

Source:
    The one-sided bounds of Clopper and Pearson (1934) for the hypergeometric distribution: Konijn (1973), Statistical
    Theory of Sample Survey Design and Analysis; Wright (1991), Exact Confidence Bounds when Sampling from Small Finite
    Universes. A number of wrong claims is ruled out if it would let a sample show so few (so many) with a probability
    of at most one minus the confidence.
"""

from fractions import Fraction
from math import comb


def most_wrong(n_claims: int, n_checked: int, n_wrong: int, confidence: Fraction) -> int:
    """Return the largest number of wrong claims that the sample does not rule out.

    With ``confidence`` no more are wrong, whatever their number is; where every claim was checked the bound is the
    number found.

    Args:
        n_claims: Claims that the sample stands for.
        n_checked: Claims of the sample.
        n_wrong: Claims of the sample that were wrong.
        confidence: Of this bound by itself, above 0 and below 1.
    """
    least, most = n_wrong, n_claims - n_checked + n_wrong
    ways = comb(n_claims, n_checked)
    while least < most:
        middle = (least + most + 1) // 2
        chance = ways_at_most(n_claims, n_checked, middle, n_wrong)
        if chance * confidence.denominator > (confidence.denominator - confidence.numerator) * ways:
            least = middle
        else:
            most = middle - 1
    return least


def least_wrong(n_claims: int, n_checked: int, n_wrong: int, confidence: Fraction) -> int:
    """Return the smallest number of wrong claims that the sample does not rule out: all but the most that are right."""
    return n_claims - most_wrong(n_claims, n_checked, n_checked - n_wrong, confidence)


def ways_at_most(n_claims: int, n_checked: int, wrong: int, n_wrong: int) -> int:
    """Return in how many of all samples at most ``n_wrong`` claims are wrong, if ``wrong`` of all claims are."""
    first, last = max(0, n_checked - (n_claims - wrong)), min(wrong, n_checked)
    if n_wrong - first < last - n_wrong:
        return _ways_between(n_claims, n_checked, wrong, first, n_wrong)
    return comb(n_claims, n_checked) - _ways_between(n_claims, n_checked, wrong, max(n_wrong + 1, first), last)


def _ways_between(n_claims: int, n_checked: int, wrong: int, first: int, last: int) -> int:
    """Return in how many samples ``first`` to ``last`` claims are wrong; each number follows from the one before."""
    if first > last:
        return 0
    term = comb(wrong, first) * comb(n_claims - wrong, n_checked - first)
    total = term
    for found in range(first, last):
        term = term * (wrong - found) * (n_checked - found)
        term //= (found + 1) * (n_claims - wrong - n_checked + found + 1)
        total += term
    return total
