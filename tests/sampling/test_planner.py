"""How many claims to check, against the bounds themselves and published sizes; what each size costs."""

from dataclasses import replace
from fractions import Fraction
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.hypergeometric import least_wrong, most_wrong
from sib_engine.payments.sampling.planner import Question, plan, size_needed, sizes_each, sizes_together
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.verification import Recover

NINETEEN_OF_20, FIVE_PERCENT = Fraction(19, 20), Fraction(1, 20)
QUESTION = Question(
    n_claims=400,
    value=32_000_000,
    error_rate=FIVE_PERCENT,
    tolerable=FIVE_PERCENT,
    confidence=NINETEEN_OF_20,
    cost=4_000,
    recover=Recover.LOWER,
)


@pytest.mark.parametrize(
    ("percent", "n_checked"), [(2, 149), (3, 99), (4, 74), (5, 59), (6, 49), (8, 36), (10, 29), (15, 19), (20, 14)]
)
def test_for_a_very_large_number_of_claims_sizes_are_those_of_the_audit_guide(percent: int, n_checked: int) -> None:
    # AICPA (2017), Audit Guide: Audit Sampling, appendix A, table A-1, no deviation expected: binomial sizes.
    assert size_needed(1_000_000, Fraction(percent, 100), NINETEEN_OF_20) == n_checked


@given(st.integers(1, 300), st.integers(0, 100), st.sampled_from([Fraction(4, 5), NINETEEN_OF_20]), st.integers(0, 3))
def test_a_size_reaches_the_bound_and_one_claim_less_does_not(
    n_claims: int, percent: int, confidence: Fraction, n_wrong: int
) -> None:
    most = int(Fraction(percent, 100) * n_claims)
    n_wrong = min(n_wrong, most)

    needed = size_needed(n_claims, Fraction(percent, 100), confidence, n_wrong)

    assert most_wrong(n_claims, needed, n_wrong, confidence) <= most
    if needed > n_wrong:
        assert most_wrong(n_claims, needed - 1, n_wrong, confidence) > most


def test_small_numbers_of_claims_need_smaller_samples() -> None:
    sizes = [size_needed(n_claims, FIVE_PERCENT, NINETEEN_OF_20) for n_claims in (20, 50, 100, 200, 400, 1_000, 10_000)]

    assert sizes == [16, 31, 39, 47, 52, 56, 59]


def test_sizes_for_the_bound_and_the_chance_that_they_will_do() -> None:
    sizes = plan(QUESTION, allowed=2).sizes

    assert [(each.n_wrong, each.n_checked) for each in sizes] == [(0, 52), (1, 82), (2, 107)]
    # 20 of 400 assumed wrong: 52 show none in 5.7 % of samples.
    assert sizes[0].reached == Fraction(comb(380, 52), comb(400, 52))


def test_no_size_is_named_for_more_wrong_claims_than_are_tolerable() -> None:
    assert [each.n_wrong for each in plan(replace(QUESTION, tolerable=Fraction(1, 200))).sizes] == [0, 1, 2]


def test_a_lower_bound_brings_back_more_than_it_costs_up_to_a_size() -> None:
    made = plan(QUESTION)

    assert (made.n_assumed_wrong, made.overpaid) == (20, 1_600_000)
    assert (made.cheapest.n_checked, made.cheapest.checks_cost) == (100, 400_000)
    assert (made.cheapest.comes_back, made.cheapest.stays_out, made.cheapest.total) == (791_818, 808_182, 1_208_182)
    assert made.options[0] == replace(made.options[0], n_checked=0, most_wrong=400, total=1_600_000)
    assert made.options[-1] == replace(made.options[-1], n_checked=400, most_wrong=0, stays_out=0, total=1_600_000)


def test_what_comes_back_by_a_lower_bound_is_its_mean_over_every_sample() -> None:
    small = Question(40, 400_000, Fraction(1, 5), Fraction(1, 5), NINETEEN_OF_20, 100, Recover.LOWER)

    for option in plan(small).options[1:]:
        n = option.n_checked
        mean = sum(
            Fraction(comb(8, found) * comb(32, n - found), comb(40, n)) * least_wrong(40, n, found, NINETEEN_OF_20)
            for found in range(max(0, n - 32), min(8, n) + 1)
        )
        assert option.comes_back == round(mean * 10_000)


def test_where_only_what_is_found_comes_back_each_check_brings_what_it_brings() -> None:
    cheap = plan(replace(QUESTION, recover=Recover.FOUND_ONLY, cost=3_900))
    dear = plan(replace(QUESTION, recover=Recover.FOUND_ONLY, cost=4_100))

    # 5 % of 800.00 is 40.00 for each check: all claims are checked where one costs less, none where it costs more.
    assert (cheap.cheapest.n_checked, dear.cheapest.n_checked) == (400, 0)
    assert dear.cheapest_for_bound.n_checked == 52


def test_by_best_estimate_money_alone_asks_for_hardly_any_check_and_the_bound_for_more() -> None:
    made = plan(replace(QUESTION, recover=Recover.POINT))

    assert (made.cheapest.n_checked, made.cheapest_for_bound.n_checked) == (4, 52)
    assert made.cheapest_for_bound.total == 52 * 4_000


def test_strata_together_need_hardly_more_than_one_stratum_and_far_less_than_each_by_itself() -> None:
    counts = {Cell("a"): 200, Cell("b"): 120, Cell("c"): 80}

    together = sizes_together(counts, FIVE_PERCENT, NINETEEN_OF_20)
    each = sizes_each(counts, FIVE_PERCENT, NINETEEN_OF_20)

    # By hand: wherever 21 wrong claims lie, at most 4.7 % of such samples show none; with 10 of c, 5.1 %.
    assert (together, sum(together.values())) == ({Cell("a"): 26, Cell("b"): 16, Cell("c"): 11}, 53)
    assert list(each.values()) == [47, 41, 36]


def test_assumptions_at_their_edges_give_plain_answers() -> None:
    nothing_wrong = plan(replace(QUESTION, error_rate=Fraction(0)))
    all_wrong = plan(replace(QUESTION, error_rate=Fraction(1)))
    one_claim = plan(replace(QUESTION, n_claims=1, value=100))

    assert nothing_wrong.cheapest.n_checked == 0
    assert nothing_wrong.sizes[0].reached == 1
    assert all_wrong.overpaid == 32_000_000
    assert [each.n_checked for each in one_claim.options] == [0, 1]
    assert plan(replace(QUESTION, tolerable=Fraction(1))).sizes[0].n_checked == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"n_claims": 0}, "the number of claims is 0"),
        ({"n_claims": 100_001}, "accepted: 1 to 100,000"),
        ({"value": -1}, "their value is -1"),
        ({"error_rate": Fraction(2)}, "the error rate is 2"),
        ({"tolerable": Fraction(-1)}, "the tolerable rate is -1"),
        ({"confidence": Fraction(1)}, "the confidence is 1"),
        ({"cost": -1}, "the cost of a check is -1"),
        ({"n_claims": 0, "cost": -1}, "; "),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_all_that_is_wrong(change: dict[str, Any], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        replace(QUESTION, **change)


@pytest.mark.parametrize("allowed", [-1, 11])
def test_sizes_are_asked_for_few_wrong_claims(allowed: int) -> None:
    with pytest.raises(RefusedError, match="accepted: 0 to 10"):
        plan(QUESTION, allowed=allowed)
