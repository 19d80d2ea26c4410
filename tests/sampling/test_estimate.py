"""What a sample says: by hand, over every sample of small frames, and laws that hold for any verdicts."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.by_chance import ByChance
from sib_engine.payments.sampling.checked import Checked, Verdict
from sib_engine.payments.sampling.draw import DrawnStratum, Sample, drawn
from sib_engine.payments.sampling.estimate import estimate
from sib_engine.payments.sampling.figures import CountEstimate, MoneyEstimate
from sib_engine.payments.sampling.frame import FrameClaim
from sib_engine.payments.sampling.recovery import recovery
from sib_engine.payments.sampling.seen import Direction, seen
from sib_engine.payments.sampling.strata import Cell
from sib_engine.terms.verification import Recover, SampleMethod
from tests.sampling.samples import design, frame, sample, verdicts

HUNDRED = frame({"job_start": [80_000] * 100})
TWO_METRICS = frame({"engagement": [40_000] * 120, "job_start": [70_000] * 80})


def first_wrong(of: Sample, n: int, right_value: int = 0) -> dict[str, int]:
    """Return right values for the first n claims of a sample."""
    return dict.fromkeys(of.claims[:n], right_value)


def test_three_wrong_of_thirty_by_hand() -> None:
    taken = sample(HUNDRED, {"": 30})

    found = estimate(taken, verdicts(taken, first_wrong(taken, 3))).total

    # Were 4 wrong in all, 7.9 % of samples would show 3 or more: 4 is not ruled out at 95 %. Claims are worth 800.00.
    assert found.wrong == CountEstimate(Fraction(10), least=4, most=21)
    assert found.over == MoneyEstimate(found=240_000, point=800_000, least=4 * 80_000, most=21 * 80_000)
    assert found.under == MoneyEstimate(found=0, point=0, least=0, most=8 * 80_000)
    assert (found.n_claims, found.value, found.n_drawn, found.n_wrong, found.n_pending) == (100, 8_000_000, 30, 3, 0)


def test_no_error_found_bounds_what_may_be_wrong_and_says_nothing_is_for_certain() -> None:
    taken = sample(HUNDRED, {"": 30})

    found = estimate(taken, verdicts(taken, {})).total

    assert found.wrong == CountEstimate(Fraction(0), least=0, most=8)
    assert found.over == MoneyEstimate(0, 0, least=0, most=640_000)


def test_an_error_in_part_counts_in_part_and_nothing_is_made_of_it_for_others_at_the_least() -> None:
    taken = sample(HUNDRED, {"": 30})

    found = estimate(taken, verdicts(taken, first_wrong(taken, 3, right_value=60_000))).total

    assert found.wrong == CountEstimate(Fraction(10), least=4, most=21)
    # 3 x 200.00 found; 10 % of claims wrong by a quarter; at the most 18 more, each in full.
    assert found.over == MoneyEstimate(found=60_000, point=200_000, least=60_000, most=60_000 + 18 * 80_000)


def test_a_claim_not_decided_is_wrong_at_the_most_right_at_the_least_and_leaves_no_best_estimate() -> None:
    taken = sample(HUNDRED, {"": 30})

    found = estimate(taken, verdicts(taken, first_wrong(taken, 2), pending=taken.claims[-1:])).total

    assert found.n_pending == 1
    # At the least as with 2 wrong of 30, at the most as with 3.
    assert found.wrong == CountEstimate(None, least=2, most=21)
    assert found.over == MoneyEstimate(found=160_000, point=None, least=160_000, most=21 * 80_000)


def test_a_claim_without_a_verdict_is_not_decided() -> None:
    taken = sample(HUNDRED, {"": 30})

    assert estimate(taken, []).total.n_pending == 30
    assert estimate(taken, []).total.wrong == CountEstimate(None, least=0, most=100)


def test_over_and_understatements_are_kept_apart() -> None:
    taken = sample(HUNDRED, {"": 100})
    wrong = {**first_wrong(taken, 2), taken.claims[50]: 130_000}

    found = estimate(taken, verdicts(taken, wrong)).total

    assert found.wrong == CountEstimate(Fraction(3), 3, 3)
    assert found.over == MoneyEstimate(160_000, 160_000, 160_000, 160_000)
    assert found.under == MoneyEstimate(50_000, 50_000, 50_000, 50_000)


def test_an_understatement_beyond_the_value_of_the_claim_leaves_no_limit_above() -> None:
    taken = sample(HUNDRED, {"": 30})

    found = estimate(taken, verdicts(taken, {taken.claims[0]: 200_000})).total

    assert found.under.most is None
    # A claim understated by its value or more is counted on like one that is overstated in full.
    assert (found.under.found, found.under.least) == (120_000, 120_000)
    assert found.over == MoneyEstimate(0, 0, 0, 640_000)


def test_strata_and_all_of_them_together() -> None:
    taken = sample(TWO_METRICS, {"engagement": 30, "job_start": 20})
    jobs = [claim for claim in taken.claims if claim.startswith("job_start")]

    found = estimate(taken, verdicts(taken, dict.fromkeys(jobs[:2], 0)))

    engagement, job_start = found.strata
    assert engagement.wrong == CountEstimate(Fraction(0), 0, 9)
    assert job_start.wrong == CountEstimate(Fraction(8), 2, 20)
    assert job_start.over == MoneyEstimate(140_000, 560_000, 140_000, 20 * 70_000)
    assert found.total.wrong is not None
    assert found.total.wrong.point == 8
    assert found.total.over.point == 560_000
    # Together: less than both bounds added up (29 claims), although each of these holds only by itself.
    assert (found.total.wrong.least, found.total.wrong.most) == (2, 26)


def test_the_example_of_the_page() -> None:
    # docs/verification.md: bounds of each stratum found again with fractions; together as the engine gives them.
    of = frame({"engagement": [40_000] * 200, "job_start": [70_000] * 120, "sustained": [150_000] * 80})
    taken = sample(of, {"engagement": 50, "job_start": 30, "sustained": 20})
    wrong: dict[str, int] = {}
    for metric, n_wrong in (("engagement", 4), ("job_start", 3), ("sustained", 3)):
        wrong |= dict.fromkeys([claim for claim in taken.claims if claim.startswith(metric)][:n_wrong], 0)

    found = estimate(taken, verdicts(taken, wrong))

    assert [each.wrong for each in found.strata] == [
        CountEstimate(Fraction(16), 7, 32),
        CountEstimate(Fraction(12), 5, 26),
        CountEstimate(Fraction(12), 5, 25),
    ]
    assert found.total.wrong == CountEstimate(Fraction(40), 21, 70)
    assert found.total.over == MoneyEstimate(820_000, 3_280_000, 1_412_966, 6_229_551)
    assert recovery(found, Recover.LOWER, paid=of.value).extrapolated == 592_966
    assert recovery(found, Recover.POINT, paid=of.value).extrapolated == 2_460_000


def test_a_stratum_that_nothing_is_drawn_from_is_not_spoken_of() -> None:
    taken = sample(TWO_METRICS, {"engagement": 30, "job_start": 0})

    found = estimate(taken, verdicts(taken, {}))

    assert [each.cell for each in found.strata] == [Cell("engagement")]
    assert (found.total.n_claims, found.total.value) == (120, 4_800_000)
    assert len(found.unrepresented) == 80
    assert found.unrepresented[0] == "job_start-001"


def test_by_value_what_is_certain_is_known_and_the_rest_is_bounded() -> None:
    of = frame({"m": [1_000_000, *([10_000] * 100)]})
    taken = sample(of, {"": 21}, method=SampleMethod.BY_VALUE)

    none = estimate(taken, verdicts(taken, {})).total
    large = estimate(taken, verdicts(taken, {"m-001": 400_000})).total

    assert none.wrong is None
    # 1 - 0.05^(1/20) = 13.911 % of 10,000.00.
    assert none.over == MoneyEstimate(0, 0, 0, 139_108)
    assert large.over == MoneyEstimate(600_000, 600_000, 600_000, 739_108)


def test_by_value_taintings_are_projected_over_the_interval() -> None:
    of = frame({"m": [10_000] * 100})
    taken = sample(of, {"": 20}, method=SampleMethod.BY_VALUE)

    found = estimate(taken, verdicts(taken, {taken.claims[0]: 5_000, taken.claims[1]: 0})).total

    assert found.over.found == 15_000
    assert found.over.point == 50_000 + 25_000
    # Factors for 20 draws at 95 %: 13.911, 21.611, 28.262 %: the whole tainting first, then half of the next step.
    assert found.over.most == 249_362
    # The mirror, 103.13, is less than what was found.
    assert found.over.least == 15_000


def test_by_value_a_claim_not_decided_is_wholly_wrong_at_the_most() -> None:
    of = frame({"m": [10_000] * 100})
    taken = sample(of, {"": 20}, method=SampleMethod.BY_VALUE)

    found = estimate(taken, verdicts(taken, {}, pending=taken.claims[:1])).total

    assert found.over == MoneyEstimate(0, None, 0, 216_106)


def test_by_value_what_is_worth_nothing_is_not_spoken_of() -> None:
    of = frame({"m": [0, 500, 500, 500]})
    taken = sample(of, {"": 2}, method=SampleMethod.BY_VALUE)

    found = estimate(taken, [])

    assert found.unrepresented == ("m-001",)
    assert found.total.n_claims == 3


@pytest.mark.parametrize("method", SampleMethod)
def test_where_everything_was_checked_every_figure_is_exact(method: SampleMethod) -> None:
    of = frame({"a": [100, 200, 300], "b": [400, 500]})
    taken = sample(of, {"a": 3, "b": 2}, method=method)

    found = estimate(taken, verdicts(taken, {"a-002": 50, "b-001": 450, "b-002": 0})).total

    assert found.over == MoneyEstimate(650, 650, 650, 650)
    assert found.under == MoneyEstimate(50, 50, 50, 50)
    assert found.wrong == (CountEstimate(Fraction(3), 3, 3) if method is SampleMethod.SIMPLE else None)


@pytest.mark.parametrize(
    ("given_verdicts", "says"),
    [
        ([Checked("job_start-999", Verdict.RIGHT)], "was not drawn"),
        ([Checked("first", Verdict.RIGHT), Checked("first", Verdict.WRONG, 0)], "has two verdicts"),
        ([Checked("first", Verdict.WRONG)], "a right value for a wrong claim"),
        ([Checked("first", Verdict.RIGHT, 80_000)], "a right value for a wrong claim"),
        ([Checked("first", Verdict.WRONG, -1)], "0 or more"),
    ],
)
def test_verdicts_that_make_no_sense_are_refused(given_verdicts: list[Checked], says: str) -> None:
    taken = sample(HUNDRED, {"": 30})
    listed = [
        Checked(taken.claims[0], each.verdict, each.right_value) if each.claim == "first" else each
        for each in given_verdicts
    ]

    with pytest.raises(RefusedError, match=says):
        estimate(taken, listed)


Values = tuple[tuple[int, ...], ...]
Figures = tuple[CountEstimate, MoneyEstimate, MoneyEstimate]


def figures(values: Values, taken_at: Values, right: Values, confidence: Fraction) -> Figures:
    """Return the estimates from the claims at the places ``taken_at``, whose right values are ``right``."""
    strata = []
    for name, each, places, found in zip("abc", values, taken_at, right, strict=False):
        claims = tuple(FrameClaim(f"{name}{number}", name, "", "", value) for number, value in enumerate(each))
        taken = tuple(claims[place] for place in places)
        results = {
            claim.claim: Checked(claim.claim, Verdict.RIGHT)
            if value == claim.value
            else Checked(claim.claim, Verdict.WRONG, value)
            for claim, value in zip(taken, found, strict=True)
        }
        strata.append(seen(DrawnStratum(Cell(name), claims, (), taken, None), results, is_by_value=False))
    made = ByChance(strata, confidence)
    return made.wrong(), made.money(Direction.OVER), made.money(Direction.UNDER)


@pytest.mark.slow
@pytest.mark.parametrize("confidence", [Fraction(3, 5), Fraction(9, 10)], ids=str)
@pytest.mark.parametrize(
    ("values", "checked"),
    [
        (((2, 2, 2, 2, 2),), (2,)),
        (((2, 4, 4, 6, 20),), (3,)),
        (((0, 2, 2, 10),), (2,)),
        (((2, 2, 4), (2, 6)), (2, 1)),
        (((2, 4), (4, 10), (6,)), (1, 1, 1)),
    ],
    ids=str,
)
def test_whatever_is_wrong_and_however_much_of_it_each_bound_holds_as_often_as_it_says(
    values: Values, checked: tuple[int, ...], confidence: Fraction
) -> None:
    every_sample = list(product(*(combinations(range(len(each)), n) for each, n in zip(values, checked, strict=True))))
    known: dict[tuple[Values, Values], Figures] = {}
    for right in product(*(product(*((0, v // 2, v, 2 * v) for v in each)) for each in values)):
        pairs = [(v, r) for each, found in zip(values, right, strict=True) for v, r in zip(each, found, strict=True)]
        truth = (
            sum(v != r for v, r in pairs),
            sum(max(v - r, 0) for v, r in pairs),
            sum(max(r - v, 0) for v, r in pairs),
        )
        held = [[0, 0] for _ in truth]
        for taken in every_sample:
            shown = tuple(tuple(found[place] for place in s) for found, s in zip(right, taken, strict=True))
            if (taken, shown) not in known:
                known[taken, shown] = figures(values, taken, shown, confidence)
            estimates: tuple[CountEstimate | MoneyEstimate, ...] = known[taken, shown]
            for count, figure, true in zip(held, estimates, truth, strict=True):
                count[0] += figure.least <= true
                count[1] += figure.most is not None and figure.most >= true
        assert all(n >= confidence * len(every_sample) for count in held for n in count)


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.4])
def test_in_larger_frames_the_bounds_hold_at_least_as_often_as_they_say(rate: float) -> None:
    rng = np.random.default_rng(20260129)
    values = [rng.choice([40_000, 70_000, 150_000], size=n).tolist() for n in (300, 120, 60)]
    of = frame(dict(zip("abc", values, strict=True)))
    ids = [each.claim for each in of.claims]
    missed = [0, 0, 0, 0]
    n_runs = 100
    for run in range(n_runs):
        wrong = {claim for claim in ids if rng.random() < rate * (2 if claim.startswith("c") else 1)}
        taken = drawn(design(of, {"a": 30, "b": 20, "c": 20}, seed=f"a simulation, run {run}"), of)
        found = estimate(taken, verdicts(taken, {claim: 0 for claim in taken.claims if claim in wrong})).total
        assert found.wrong is not None
        assert found.over.most is not None
        money = sum(each.value for each in of.claims if each.claim in wrong)
        missed[0] += found.wrong.least > len(wrong)
        missed[1] += found.wrong.most < len(wrong)
        missed[2] += found.over.least > money
        missed[3] += found.over.most < money

    # 5 % of 100 is 5; three standard deviations above are 11.
    assert max(missed) <= 11


@given(st.data())
def test_bounds_hold_what_was_found_and_do_not_depend_on_the_order_of_verdicts(data: st.DataObject) -> None:
    values = data.draw(
        st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(0, 500), min_size=1, max_size=12), min_size=1)
    )
    of = frame(values)
    method = data.draw(st.sampled_from(SampleMethod))
    sizes = {name: data.draw(st.integers(1, len(listed))) for name, listed in values.items()}
    if method is SampleMethod.BY_VALUE and not of.value:
        return
    taken = sample(of, sizes, method=method)
    right_values = st.none() | st.sampled_from([-1, 0]) | st.integers(1, 900)
    told = []
    for claim in taken.claims:
        value = data.draw(right_values)
        verdict = {None: Verdict.RIGHT, -1: Verdict.PENDING}.get(value, Verdict.WRONG)
        told.append(Checked(claim, verdict, value if verdict is Verdict.WRONG else None))

    found = estimate(taken, told)

    assert found == estimate(taken, data.draw(st.permutations(told)))
    for each in (*found.strata, found.total):
        assert each.over.most is not None
        assert each.over.found <= each.over.least <= each.over.most <= each.value
        assert each.under.found <= each.under.least
        assert (each.over.point is None) == (each.n_pending > 0)
        if each.over.point is not None:
            assert each.over.least <= each.over.point <= each.over.most
        if each.n_drawn == each.n_claims and not each.n_pending:
            assert each.over.found == each.over.least == each.over.most
