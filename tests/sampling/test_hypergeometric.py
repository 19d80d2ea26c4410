"""Bounds of one simple random sample, against every possible sample and published figures."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.payments.sampling.hypergeometric import least_wrong, most_wrong, ways_at_most

LEVELS = (Fraction(4, 5), Fraction(9, 10), Fraction(19, 20), Fraction(99, 100))


def ways(n_claims: int, n_checked: int, wrong: int, found: int) -> int:
    return comb(wrong, found) * comb(n_claims - wrong, n_checked - found)


@pytest.mark.parametrize("confidence", LEVELS, ids=str)
@pytest.mark.parametrize("n_claims", range(1, 13))
def test_whatever_the_number_wrong_each_bound_holds_at_least_as_often_as_it_says(
    n_claims: int, confidence: Fraction
) -> None:
    for n_checked in range(n_claims + 1):
        bounds = [
            (least_wrong(n_claims, n_checked, found, confidence), most_wrong(n_claims, n_checked, found, confidence))
            for found in range(n_checked + 1)
        ]
        for wrong in range(n_claims + 1):
            possible = [
                (found, ways(n_claims, n_checked, wrong, found))
                for found in range(max(0, n_checked - n_claims + wrong), min(n_checked, wrong) + 1)
            ]
            least_holds = sum(count for found, count in possible if bounds[found][0] <= wrong)
            most_holds = sum(count for found, count in possible if bounds[found][1] >= wrong)
            assert least_holds >= confidence * comb(n_claims, n_checked)
            assert most_holds >= confidence * comb(n_claims, n_checked)


@pytest.mark.parametrize("n_claims", [1, 2, 7, 12, 30])
def test_no_bound_could_be_one_claim_narrower_by_the_rule_that_made_it(n_claims: int) -> None:
    confidence = Fraction(9, 10)
    for n_checked in range(n_claims + 1):
        for found in range(n_checked + 1):
            most = most_wrong(n_claims, n_checked, found, confidence)
            kept = sum(ways(n_claims, n_checked, most, few) for few in range(min(found, most) + 1))
            assert kept > (1 - confidence) * comb(n_claims, n_checked)
            if most < n_claims - n_checked + found:
                ruled_out = sum(ways(n_claims, n_checked, most + 1, few) for few in range(found + 1))
                assert ruled_out <= (1 - confidence) * comb(n_claims, n_checked)


def test_bounds_agree_with_the_r_package_samplingbook() -> None:
    # README of samplingbook 1.2.4 (Kauermann and Kuechenhoff 2010): Sprop(m = 45, n = 100, N = 300) gives an exact 95%
    # interval of [110, 161], and names the first numbers on either side that are ruled out at 2.5%.
    assert least_wrong(300, 100, 45, Fraction(39, 40)) == 110 + 1
    assert most_wrong(300, 100, 45, Fraction(39, 40)) == 161 - 1


def test_bounds_by_hand() -> None:
    # Of 10 claims 5 are checked and none is wrong. Were 3 wrong, 21 of 252 samples would show none (8.3 %);
    # were 4 wrong, 6 of 252 (2.4 %).
    assert most_wrong(10, 5, 0, Fraction(19, 20)) == 3
    # All five are wrong. Were 7 wrong in all, 21 of 252 samples would show five; were 6, only 6.
    assert least_wrong(10, 5, 5, Fraction(19, 20)) == 7


@pytest.mark.parametrize(("n_wrong", "least", "most"), [(0, 0, 0), (3, 3, 3), (40, 40, 40)])
def test_where_everything_was_checked_the_bounds_are_what_was_found(n_wrong: int, least: int, most: int) -> None:
    assert least_wrong(40, 40, n_wrong, Fraction(19, 20)) == least
    assert most_wrong(40, 40, n_wrong, Fraction(19, 20)) == most


def test_where_nothing_was_checked_everything_is_possible() -> None:
    assert (least_wrong(40, 0, 0, Fraction(19, 20)), most_wrong(40, 0, 0, Fraction(19, 20))) == (0, 40)


@given(
    st.integers(1, 400).flatmap(
        lambda n: st.tuples(st.just(n), st.integers(0, n)).flatmap(
            lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), st.integers(0, pair[1]))
        )
    ),
    st.sampled_from(LEVELS),
)
def test_bounds_are_in_order_and_rise_with_what_is_found(drawn: tuple[int, int, int], confidence: Fraction) -> None:
    n_claims, n_checked, found = drawn
    least, most = (
        least_wrong(n_claims, n_checked, found, confidence),
        most_wrong(n_claims, n_checked, found, confidence),
    )

    assert found <= least <= most <= n_claims - n_checked + found
    if found < n_checked:
        assert least <= least_wrong(n_claims, n_checked, found + 1, confidence)
        assert most <= most_wrong(n_claims, n_checked, found + 1, confidence)
    assert most <= most_wrong(n_claims, n_checked, found, (confidence + 1) / 2)


@given(st.integers(1, 60), st.data())
def test_ways_are_counted_from_either_side(n_claims: int, data: st.DataObject) -> None:
    n_checked, wrong = data.draw(st.integers(0, n_claims)), data.draw(st.integers(0, n_claims))
    found = data.draw(st.integers(0, n_checked))
    summed = sum(
        ways(n_claims, n_checked, wrong, few) for few in range(found + 1) if n_checked - few <= n_claims - wrong
    )

    assert ways_at_most(n_claims, n_checked, wrong, found) == summed
