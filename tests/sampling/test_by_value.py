"""Monetary-unit sampling: published factors, and every systematic draw from small frames."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.payments.sampling.by_value import money_by_value
from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.draw import DrawnStratum
from sib_engine.payments.sampling.frame import FrameClaim
from sib_engine.payments.sampling.seen import Direction, seen
from sib_engine.payments.sampling.strata import Cell
from sib_engine.payments.sampling.stringer import binomial_factor, stringer_bound

NINETEEN_OF_20, NINE_OF_10 = Fraction(19, 20), Fraction(9, 10)


@pytest.mark.parametrize(
    ("confidence", "n_draws", "percent"),
    [
        (NINETEEN_OF_20, 20, (14.0, 21.7, 28.3, 34.4, 40.2, 45.6, 50.8, 55.9, 60.7, 65.4, 69.9)),
        (NINETEEN_OF_20, 60, (4.9, 7.7, 10.2, 12.5, 14.7, 16.8, 18.8, 20.8, 22.8, 24.8, 26.7)),
        (NINETEEN_OF_20, 100, (3.0, 4.7, 6.2, 7.6, 9.0, 10.3, 11.5, 12.8, 14.0, 15.2, 16.4)),
        (NINETEEN_OF_20, 500, (0.6, 1.0, 1.3, 1.6, 1.9, 2.1, 2.4, 2.7, 2.9, 3.2, 3.4)),
        (NINE_OF_10, 25, (8.8, 14.7, 20.0, 24.9, 29.5, 34.0, 38.4, 42.6, 46.8, 50.8, 54.8)),
        (NINE_OF_10, 200, (1.2, 2.0, 2.7, 3.4, 4.0, 4.6, 5.3, 5.9, 6.5, 7.1, 7.6)),
    ],
)
def test_factors_are_those_of_the_audit_guide(confidence: Fraction, n_draws: int, percent: tuple[float, ...]) -> None:
    # AICPA (2017), Audit Guide: Audit Sampling, appendix A, tables; rounded up to one place there.
    factors = [binomial_factor(n_draws, n_wrong, confidence) for n_wrong in range(11)]

    assert [-int(-factor * 1000 // 1) / 10 for factor in factors] == list(percent)


def test_the_bound_is_put_together_as_published() -> None:
    # Fienberg, Neter and Leitch (1977): the first factor, and for each tainting, the largest first, the next step.
    # With the factors of the guide for 100 draws at 95 %, in full: 2.951, 4.656, 6.162 %.
    bound = stringer_bound(100, [Fraction(1, 5), Fraction(2, 5)], NINETEEN_OF_20)

    assert float(bound) == pytest.approx(0.029513 + 0.4 * (0.046560 - 0.029513) + 0.2 * (0.061619 - 0.046560), abs=1e-6)


def test_whole_taintings_give_the_binomial_bound_and_no_draw_is_left_to_bound_when_all_are() -> None:
    assert stringer_bound(60, [Fraction(1)] * 3, NINETEEN_OF_20) == binomial_factor(60, 3, NINETEEN_OF_20)
    assert stringer_bound(3, [Fraction(1)] * 3, NINETEEN_OF_20) == 1


@given(st.lists(st.fractions(0, 1, max_denominator=50), max_size=12), st.integers(12, 40))
def test_the_bound_does_not_depend_on_order_and_rises_with_each_tainting(taintings: list[Fraction], n: int) -> None:
    bound = stringer_bound(n, taintings, NINETEEN_OF_20)

    assert sum(taintings) / n < bound <= 1
    assert bound == stringer_bound(n, taintings[::-1], NINETEEN_OF_20)
    assert bound <= stringer_bound(n, [(each + 1) / 2 for each in taintings], NINETEEN_OF_20)


def systematic(values: tuple[int, ...], n_draws: int) -> Iterator[frozenset[int]]:
    """Yield which claims are drawn for each order of the claims and each start; the oracle's own way."""
    total = sum(values)
    for order in permutations(range(len(values))):
        units = [claim for claim in order for _ in range(values[claim] * n_draws)]
        for start in range(total):
            yield frozenset(units[start::total])


def claims(values: tuple[int, ...]) -> tuple[FrameClaim, ...]:
    return tuple(FrameClaim(f"c{place}", "m", "", "", value) for place, value in enumerate(values))


@pytest.mark.slow
@pytest.mark.parametrize("confidence", [Fraction(4, 5), NINE_OF_10, NINETEEN_OF_20], ids=str)
@pytest.mark.parametrize(
    ("values", "n_draws"),
    [
        ((4, 4, 4, 4), 2),
        ((4, 4, 4, 4), 3),
        ((2, 4, 6, 2), 2),
        ((2, 2, 4, 4, 4), 3),
        ((2, 2, 2, 2, 6), 2),
        ((2, 4, 4, 6, 8), 2),
        ((2, 2, 2, 2, 2, 4), 3),
        ((2, 2, 2, 2, 2, 2), 4),
    ],
    ids=str,
)
def test_bounds_of_money_hold_for_every_way_of_being_wrong(
    values: tuple[int, ...], n_draws: int, confidence: Fraction
) -> None:
    listed = claims(values)
    drawn = Counter(systematic(values, n_draws))
    interval = Fraction(sum(values), n_draws)
    for right in product(*((0, value // 2, value) for value in values)):
        truth = sum(values) - sum(right)
        least_holds = most_holds = 0
        for taken, count in drawn.items():
            by_chance = tuple(listed[place] for place in sorted(taken))
            results = {
                listed[place].claim: Checked(listed[place].claim, Verdict.WRONG, right[place])
                if right[place] < values[place]
                else Checked(listed[place].claim, Verdict.RIGHT)
                for place in taken
            }
            stratum = seen(DrawnStratum(Cell(), listed, (), by_chance, interval), results, is_by_value=True)
            money = money_by_value([stratum], Direction.OVER, confidence)
            least_holds += count * (money.least <= truth)
            most_holds += count * (money.most is not None and money.most >= truth)
        assert least_holds >= confidence * drawn.total()
        assert most_holds >= confidence * drawn.total()
