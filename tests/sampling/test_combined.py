"""Bounds over several strata, against every sample of every way in which wrong claims can lie in them."""

from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import comb, prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.payments.sampling.chances import Chances
from sib_engine.payments.sampling.combined import Part, least_unseen, most_unseen
from sib_engine.payments.sampling.hypergeometric import least_wrong, most_wrong

LEVELS = (Fraction(4, 5), Fraction(9, 10), Fraction(19, 20), Fraction(99, 100))
STRATA = [
    ((6, 2), (6, 2)),
    ((6, 3), (4, 1)),
    ((8, 1), (1, 1), (3, 2)),
    pytest.param(((9, 2), (3, 2)), marks=pytest.mark.slow),
    pytest.param(((4, 1), (4, 2), (4, 3)), marks=pytest.mark.slow),
    pytest.param(((5, 5), (5, 2), (2, 1)), marks=pytest.mark.slow),
    pytest.param(((3, 1), (3, 1), (3, 1), (3, 1)), marks=pytest.mark.slow),
]


def counted(sizes: tuple[tuple[int, int], ...], found: tuple[int, ...]) -> list[Part]:
    return [
        Part(n_claims, n_checked, n_wrong, (1,) * (n_claims - n_checked), Chances(n_claims, n_checked))
        for (n_claims, n_checked), n_wrong in zip(sizes, found, strict=True)
    ]


@pytest.mark.parametrize("sizes", STRATA, ids=str)
def test_wherever_the_wrong_claims_lie_each_bound_holds_at_least_as_often_as_it_says(
    sizes: tuple[tuple[int, int], ...],
) -> None:
    every_find = list(product(*(range(n_checked + 1) for _, n_checked in sizes)))
    for confidence in LEVELS:
        most = {each: sum(each) + most_unseen(counted(sizes, each), confidence) for each in every_find}
        least = {each: sum(each) + least_unseen(counted(sizes, each), confidence) for each in every_find}
        for wrong in product(*(range(n_claims + 1) for n_claims, _ in sizes)):
            ways = {
                each: prod(
                    comb(k, x) * comb(n_claims - k, n_checked - x)
                    for (n_claims, n_checked), k, x in zip(sizes, wrong, each, strict=True)
                )
                for each in every_find
            }
            needed = confidence * prod(comb(*size) for size in sizes)
            assert sum(count for each, count in ways.items() if most[each] >= sum(wrong)) >= needed
            assert sum(count for each, count in ways.items() if least[each] <= sum(wrong)) >= needed


@pytest.mark.slow
@pytest.mark.parametrize(
    "values", [((5, 5, 5, 5), (20, 20, 20)), ((1, 2, 4, 8), (1, 3, 9)), ((0, 0, 7, 7), (1, 1, 30))]
)
@pytest.mark.parametrize("checked", [(2, 1), (1, 2), (3, 2), (2, 2)])
def test_bounds_of_money_hold_for_every_set_of_wrong_claims(
    values: tuple[tuple[int, ...], ...], checked: tuple[int, int]
) -> None:
    confidence = Fraction(4, 5)
    samples = list(product(*(combinations(range(len(each)), n) for each, n in zip(values, checked, strict=True))))
    chances = [Chances(len(each), n) for each, n in zip(values, checked, strict=True)]

    @cache
    def unseen(drawn: tuple[tuple[int, ...], ...], n_wrong: tuple[int, ...]) -> tuple[int, int]:
        parts = [
            Part(
                len(each), len(s), n, tuple(v for i, v in enumerate(each) if i not in s), one, 0, sum(each) / len(each)
            )
            for each, s, n, one in zip(values, drawn, n_wrong, chances, strict=True)
        ]
        return least_unseen(parts, confidence), most_unseen(parts, confidence)

    for wrong in product(*(product((False, True), repeat=len(each)) for each in values)):
        truth = sum(
            v for each, flags in zip(values, wrong, strict=True) for v, bad in zip(each, flags, strict=True) if bad
        )
        most_holds = least_holds = 0
        for drawn in samples:
            found = sum(each[i] for each, flags, s in zip(values, wrong, drawn, strict=True) for i in s if flags[i])
            least, most = unseen(drawn, tuple(sum(flags[i] for i in s) for flags, s in zip(wrong, drawn, strict=True)))
            least_holds += found + least <= truth
            most_holds += found + most >= truth
        assert most_holds >= confidence * len(samples)
        assert least_holds >= confidence * len(samples)


def test_strata_judged_together_say_far_more_than_their_bounds_added_up() -> None:
    # Twenty-four strata of 20 claims, 3 checked in each, none wrong. A bound for each, at 1 - 5%/24, says nothing.
    parts = counted(((20, 3),) * 24, (0,) * 24)

    assert most_unseen(parts, Fraction(19, 20)) == 18
    assert 24 * most_wrong(20, 3, 0, 1 - Fraction(1, 480)) == 384
    assert most_wrong(480, 72, 0, Fraction(19, 20)) == 18


def test_one_wrong_claim_in_each_of_many_strata() -> None:
    parts = counted(((20, 3),) * 24, (1,) * 24)

    assert 24 + least_unseen(parts, Fraction(19, 20)) == 104
    assert 24 + most_unseen(parts, Fraction(19, 20)) == 224


def test_one_stratum_not_checked_in_full_has_the_exact_bounds() -> None:
    parts = counted(((50, 10), (7, 7)), (2, 3))

    assert 5 + most_unseen(parts, Fraction(19, 20)) == 3 + most_wrong(50, 10, 2, Fraction(19, 20))
    assert 5 + least_unseen(parts, Fraction(19, 20)) == 3 + least_wrong(50, 10, 2, Fraction(19, 20))


def test_the_dearest_claims_are_wrong_at_the_most_and_the_cheapest_at_the_least() -> None:
    part = Part(10, 5, 5, (1, 10, 100, 1_000, 10_000), Chances(10, 5))

    assert most_unseen([part], Fraction(19, 20)) == 11_111
    assert least_unseen([part], Fraction(19, 20)) == 1 + 10
    assert most_unseen([Part(10, 5, 0, part.unseen, part.chances)], Fraction(19, 20)) == 11_100


def test_claims_not_decided_are_wrong_at_the_most() -> None:
    everything_drawn = Part(5, 5, 2, (30, 40), Chances(5, 5), n_open=2)

    assert most_unseen([everything_drawn], Fraction(19, 20)) == 70
    assert least_unseen([Part(5, 5, 0, (30, 40), Chances(5, 5))], Fraction(19, 20)) == 0


STRATUM = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(0, 40)).map(
    lambda drawn: (max(drawn[:2]), min(drawn[:2]), min(drawn))
)


@given(st.lists(STRATUM, min_size=1, max_size=5), st.sampled_from(LEVELS))
def test_bounds_do_not_depend_on_the_order_of_strata_and_rise_with_what_is_found(
    strata: list[tuple[int, int, int]], confidence: Fraction
) -> None:
    sizes, found = tuple(each[:2] for each in strata), tuple(each[2] for each in strata)
    most = sum(found) + most_unseen(counted(sizes, found), confidence)
    least = sum(found) + least_unseen(counted(sizes, found), confidence)

    assert sum(found) <= least <= most <= sum(n - c for n, c in sizes) + sum(found)
    assert most == sum(found) + most_unseen(counted(sizes[::-1], found[::-1]), confidence)
    assert least == sum(found) + least_unseen(counted(sizes[::-1], found[::-1]), confidence)
    one_more = next((place for place, (_, c, x) in enumerate(strata) if x < c), None)
    if one_more is not None:
        more = tuple(x + (place == one_more) for place, x in enumerate(found))
        assert most <= sum(more) + most_unseen(counted(sizes, more), confidence)
        assert least <= sum(more) + least_unseen(counted(sizes, more), confidence)
