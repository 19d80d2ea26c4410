"""What may be taken back: by rule, never twice, never more than was paid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.estimate import estimate
from sib_engine.payments.sampling.recovery import recovery
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.verification import Recover
from tests.sampling.samples import frame, sample, verdicts

HUNDRED = frame({"job_start": [80_000] * 100})
TAKEN = sample(HUNDRED, {"": 30})
SIX_WRONG = estimate(TAKEN, verdicts(TAKEN, dict.fromkeys(TAKEN.claims[:6], 0)))
"""Six of 30: best estimate 20 of 100, at the least 10; 800.00 each."""


def test_found_only_takes_back_nothing_beyond_the_sample() -> None:
    back = recovery(SIX_WRONG, Recover.FOUND_ONLY, paid=8_000_000)

    assert (back.by_rule, back.found, back.extrapolated) == (480_000, 480_000, 0)
    assert back.why == "the contract lets only what was found be taken back"


def test_by_best_estimate_the_rest_of_it_is_taken_back_beside_what_was_found() -> None:
    back = recovery(SIX_WRONG, Recover.POINT, paid=8_000_000)

    assert (back.by_rule, back.found, back.extrapolated) == (1_600_000, 480_000, 1_120_000)
    assert back.by_stratum == {Cell(): 1_120_000}
    assert back.why == ""


def test_by_lower_bound_only_what_is_as_good_as_certain_is_taken_back() -> None:
    back = recovery(SIX_WRONG, Recover.LOWER, paid=8_000_000)

    assert (back.by_rule, back.found, back.extrapolated) == (880_000, 480_000, 400_000)


def test_what_was_corrected_outside_the_sample_is_not_taken_back_again() -> None:
    assert recovery(SIX_WRONG, Recover.POINT, paid=8_000_000, corrected=160_000).extrapolated == 960_000
    assert recovery(SIX_WRONG, Recover.POINT, paid=8_000_000, corrected=2_000_000).extrapolated == 0
    assert "all that the rule gives" in recovery(SIX_WRONG, Recover.POINT, paid=8_000_000, corrected=2_000_000).why


def test_no_more_is_taken_back_than_was_paid() -> None:
    back = recovery(SIX_WRONG, Recover.POINT, paid=1_000_000)
    little = recovery(SIX_WRONG, Recover.POINT, paid=300_000)

    assert (back.found, back.extrapolated) == (480_000, 520_000)
    assert (little.found, little.extrapolated) == (300_000, 0)


def test_while_a_claim_is_not_decided_only_what_was_found_is_taken_back() -> None:
    open_still = estimate(TAKEN, verdicts(TAKEN, dict.fromkeys(TAKEN.claims[:6], 0), pending=TAKEN.claims[-1:]))

    back = recovery(open_still, Recover.LOWER, paid=8_000_000)

    assert (back.by_rule, back.extrapolated) == (480_000, 0)
    assert back.why == "1 claim is not decided: until then only what was found is taken back"


def test_where_everything_was_checked_nothing_is_extrapolated() -> None:
    whole = sample(HUNDRED, {"": 100})
    found = estimate(whole, verdicts(whole, dict.fromkeys(whole.claims[:6], 0)))

    for rule in Recover:
        assert recovery(found, rule, paid=8_000_000).extrapolated == 0


def test_the_sum_is_divided_between_strata_by_what_each_is_thought_to_hold() -> None:
    of = frame({"engagement": [40_000] * 100, "job_start": [70_000] * 50, "none": [10_000] * 20})
    taken = sample(of, {"engagement": 20, "job_start": 20, "none": 5})
    wrong = [claim for claim in taken.claims if claim.startswith("engagement")][:8]
    wrong += [claim for claim in taken.claims if claim.startswith("job_start")][:4]
    found = estimate(taken, verdicts(taken, dict.fromkeys(wrong, 0)))

    back = recovery(found, Recover.POINT, paid=of.value)

    # 40 of 100 and 10 of 50: 32 and 6 beyond those found.
    assert back.by_stratum == {Cell("engagement"): 32 * 40_000, Cell("job_start"): 6 * 70_000, Cell("none"): 0}
    lower = recovery(found, Recover.LOWER, paid=of.value)
    assert 0 < sum(lower.by_stratum.values()) == lower.extrapolated < back.extrapolated


@pytest.mark.parametrize(("paid", "corrected"), [(-1, 0), (100, -1)])
def test_negative_sums_are_refused(paid: int, corrected: int) -> None:
    with pytest.raises(RefusedError, match="0 or more"):
        recovery(SIX_WRONG, Recover.POINT, paid=paid, corrected=corrected)


@given(
    st.integers(0, 30),
    st.sampled_from(Recover),
    st.integers(0, 9_000_000),
    st.integers(0, 3_000_000),
)
def test_found_corrected_and_extrapolated_never_exceed_what_was_paid_or_the_rule(
    n_wrong: int, rule: Recover, paid: int, corrected: int
) -> None:
    found = estimate(TAKEN, verdicts(TAKEN, dict.fromkeys(TAKEN.claims[:n_wrong], 0)))

    back = recovery(found, rule, paid=paid, corrected=corrected)

    assert sum(back.by_stratum.values()) == back.extrapolated
    assert back.found + back.extrapolated <= back.by_rule <= paid
    assert back.extrapolated == max(0, back.by_rule - back.found - corrected)
    assert bool(back.why) == (back.extrapolated == 0)
