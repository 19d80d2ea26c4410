"""Estimates from claims drawn at random within strata: how many are wrong, and how much money.

How much money is wrong follows from how many claims are. At the most, as many more claims are wrong as the sample does
not rule out, in full, and the dearest of those that nobody looked at. At the least, only claims that were found worth
nothing are counted on, and the cheapest of the rest; a claim that is wrong in part is taken at what was found, and
nothing is made of it for others. Both hold whatever the claims are worth and however much of each is wrong.

Source:
    The best estimate is the ratio estimator within each stratum: Cochran (1977), Sampling Techniques, 6.10. For the
    bounds see :mod:`sib_engine.payments.sampling.combined`.
"""

from collections.abc import Sequence
from fractions import Fraction

from sib_engine.payments.sampling.chances import Chances
from sib_engine.payments.sampling.checked import Verdict
from sib_engine.payments.sampling.combined import Part, least_unseen, most_unseen
from sib_engine.payments.sampling.figures import CountEstimate, MoneyEstimate, count_between, money_between
from sib_engine.payments.sampling.seen import Direction, SeenStratum, error_of, is_unlimited


class ByChance:
    """The estimates over some strata together, at one confidence."""

    def __init__(self, strata: Sequence[SeenStratum], confidence: Fraction) -> None:
        """Take the strata that the estimates are of."""
        self._strata = strata
        self._confidence = confidence
        self._chances = [Chances(len(each.claims), len(each.drawn)) for each in strata]
        self._pending = [each.n_pending for each in strata]
        self._none = [0] * len(strata)

    def wrong(self) -> CountEstimate:
        """Return how many claims are wrong."""
        known = sum(each.n_wrong for each in self._strata)
        ones = [(1,) * len(each.unseen) for each in self._strata]
        found = [each.n_wrong for each in self._strata]
        alike = [1.0] * len(self._strata)
        point = sum((Fraction(each.n_wrong * len(each.claims), len(each.drawn)) for each in self._strata), Fraction(0))
        return count_between(
            None if self._is_open() else point,
            known + least_unseen(self._parts(found, ones, alike, n_open=self._none), self._confidence),
            known + most_unseen(self._parts(found, ones, alike, n_open=self._pending), self._confidence),
        )

    def money(self, direction: Direction) -> MoneyEstimate:
        """Return how much money is wrong in one direction."""
        errors = [[error_of(*each, direction) for each in stratum.drawn] for stratum in self._strata]
        found = sum(map(sum, errors))
        wrong = [sum(error > 0 for error in each) for each in errors]
        wholly = [
            sum(error >= claim.value > 0 for error, (claim, _) in zip(each, stratum.drawn, strict=True))
            for each, stratum in zip(errors, self._strata, strict=True)
        ]
        values = [each.unseen for each in self._strata]
        unlimited = any(is_unlimited(each, direction) for each in self._strata)
        worths = [max(each.value / len(each.claims), 1.0) for each in self._strata]
        most = most_unseen(self._parts(wrong, values, worths, n_open=self._pending), self._confidence)
        least = least_unseen(self._parts(wholly, values, worths, n_open=self._none), self._confidence)
        ratios = (_ratio_estimate(each, sum(error)) for each, error in zip(self._strata, errors, strict=True))
        point = None if self._is_open() else sum(ratios, Fraction(0))
        return money_between(found, point, found + least, None if unlimited else found + most)

    def _is_open(self) -> bool:
        return any(self._pending)

    def _parts(
        self,
        wrong: Sequence[int],
        unseen: Sequence[tuple[int, ...]],
        worths: Sequence[float],
        *,
        n_open: Sequence[int],
    ) -> list[Part]:
        """Return the strata as they are judged together, with ``n_open`` claims not decided taken as wrong."""
        columns = zip(self._strata, wrong, unseen, self._chances, worths, n_open, strict=True)
        return [
            Part(len(stratum.claims), len(stratum.drawn), n_wrong + pending, adds, chances, pending, worth)
            for stratum, n_wrong, adds, chances, worth, pending in columns
        ]


def _ratio_estimate(stratum: SeenStratum, error: int) -> Fraction:
    """Return the error of a stratum at the ratio of error to value drawn; per claim where no value was."""
    value = sum(claim.value for claim, checked in stratum.drawn if checked.verdict is not Verdict.PENDING)
    if value:
        return Fraction(stratum.value * error, value)
    return Fraction(len(stratum.claims) * error, len(stratum.drawn))
