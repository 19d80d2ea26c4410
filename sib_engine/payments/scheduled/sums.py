"""Fixed sums and parts of them in words, from which the amount can be worked out again."""

from fractions import Fraction

from sib_engine.core.money import Currency, shown
from sib_engine.terms.plain_words import percentage
from sib_engine.terms.scheduled import Sum


def sum_text(total: Sum, currency: Currency) -> str:
    """Return a sum in words: ``£300,000.00``, or ``30% of £1,000,000.00``."""
    of = shown(total.amount, currency)
    return of if total.share is None else f"{part_text(total.share)} of {of}"


def part_text(part: Fraction) -> str:
    """Return a part of the whole as a percentage where that is exact, else as a fraction."""
    return percentage(part)
