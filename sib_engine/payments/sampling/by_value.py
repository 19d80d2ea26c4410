"""Estimates from claims drawn by value, which is monetary-unit sampling: how much money is wrong.

A claim worth the sampling interval or more is checked in any case, and known. The others are drawn with a probability
in proportion to their value, so that each draw stands for the same sum, the interval, and what matters of it is its
*tainting*, the part of its value that is wrong. Taintings run from 0 to 1. The most is the Stringer bound; the least
is its mirror: the whole value, less the most that may be right.

Where several strata are drawn from, the doubt is divided evenly between those not known in full, so that all their
bounds hold together with the confidence of the whole (Bonferroni). Few strata are wise, or none: drawing by value
already looks most closely where most money is.

Source:
    :mod:`sib_engine.payments.sampling.stringer`; Leslie, Teitlebaum and Anderson (1979), Dollar-Unit Sampling.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Final

from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.figures import MoneyEstimate, money_between
from sib_engine.payments.sampling.frame import FrameClaim
from sib_engine.payments.sampling.seen import Direction, SeenStratum, error_of, is_unlimited
from sib_engine.payments.sampling.stringer import stringer_bound

WHOLE: Final = Fraction(1)


def money_by_value(strata: Sequence[SeenStratum], direction: Direction, confidence: Fraction) -> MoneyEstimate:
    """Return how much money is wrong in one direction, over some strata together."""
    n_uncertain = sum(each.interval is not None for each in strata)
    each_confidence = 1 - (1 - confidence) / max(n_uncertain, 1)
    parts = [_stratum(each, direction, each_confidence) for each in strata]
    is_open = any(each.n_pending for each in strata)
    unlimited = any(is_unlimited(each, direction) for each in strata)
    return money_between(
        sum(part.found for part in parts),
        None if is_open else sum((_point(each, direction) for each in strata), Fraction(0)),
        sum(part.least for part in parts),
        None if unlimited else sum(part.most or 0 for part in parts),
    )


def _stratum(stratum: SeenStratum, direction: Direction, confidence: Fraction) -> MoneyEstimate:
    """Return found, least and most of one stratum; most is of no use where errors exceed values."""
    certain = sum(error_of(*each, direction) for each in stratum.certain)
    open_certain = sum(claim.value for claim, checked in stratum.certain if checked.verdict is Verdict.PENDING)
    found = sum(error_of(*each, direction) for each in stratum.rest)
    unseen = sum(stratum.unseen) - open_certain
    least, most = found, found + unseen
    if stratum.interval is not None:
        value = stratum.interval * len(stratum.rest)
        low = [_tainting(each, direction, if_open=Fraction(0)) for each in stratum.rest]
        high = [_tainting(each, direction, if_open=WHOLE) for each in stratum.rest]
        right = stringer_bound(len(low), [1 - tainting for tainting in low], confidence)
        least = max(least, ceil(value * (1 - right)))
        most = max(least, min(most, floor(value * stringer_bound(len(high), high, confidence))))
    return MoneyEstimate(certain + found, None, certain + least, certain + open_certain + most)


def _point(stratum: SeenStratum, direction: Direction) -> Fraction:
    """Return the unbiased estimate: what the certain claims hold, and the interval for each whole tainting."""
    certain = sum(error_of(*each, direction) for each in stratum.certain)
    if stratum.interval is None:
        return Fraction(certain)
    parts = (Fraction(error_of(claim, checked, direction), claim.value) for claim, checked in stratum.rest)
    return certain + stratum.interval * sum(parts, Fraction(0))


def _tainting(each: tuple[FrameClaim, Checked], direction: Direction, *, if_open: Fraction) -> Fraction:
    """Return the part of a claim's value that is wrong, at most the whole."""
    claim, checked = each
    if checked.verdict is Verdict.PENDING:
        return if_open
    return min(Fraction(error_of(claim, checked, direction), claim.value), WHOLE)
