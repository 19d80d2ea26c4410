"""The recorded design: what it refuses, its record, and reference draws that no machine may change."""

import hashlib
import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core.errors import RefusedError
from sib_engine.payments.sampling.design import design_from, design_of
from sib_engine.payments.sampling.draw import drawn
from sib_engine.payments.sampling.frame import FrameClaim, frame_of
from sib_engine.payments.sampling.strata import Cell, agreed_sizes, given_sizes, larger_sizes, proportional_sizes
from sib_engine.terms.verification import Recover, SampleMethod, StratifiedBy
from tests.sampling.samples import NINETEEN_OF_20, SEED, design, frame, sample
from tests.terms.edited import clause, contract

TWENTY = frame({"engagement": [40_000] * 12, "job_start": [70_000] * 8})
VALUED = frame({"m": [500_000, 100, 100, 100, 200, 300, 0, 400, 900, 100, 800]})


def one(claim: str, value: int = 100) -> FrameClaim:
    return FrameClaim(claim, "m", "", "", value)


def test_reference_draw_within_strata() -> None:
    # Found again with sha256sum of the shell: tickets 0d09ad3a, 14aa05d8, 1ad7a487 and 14143983, 3d8aeaf1 come first.
    made = design(TWENTY, {"engagement": 3, "job_start": 2})

    assert TWENTY.digest == "sib-frame-1:2079286b044f647d4779837b289f8b674011dd03d3693fb318aa876cf0a014ba"
    assert made.digest == "sib-sample-1:66987663498be3734bb336c43539f066e8b2ec02a0d78a000ac78b703df98796"
    assert drawn(made, TWENTY).claims == (
        "engagement-005",
        "engagement-010",
        "engagement-011",
        "job_start-002",
        "job_start-003",
    )


def test_reference_draw_by_value() -> None:
    taken = sample(VALUED, {"": 4}, method=SampleMethod.BY_VALUE).strata[0]

    assert [each.claim for each in taken.certain] == ["m-001"]
    assert [each.claim for each in taken.by_chance] == ["m-009", "m-011", "m-005"]
    assert taken.interval == Fraction(3_000, 3)


def test_anybody_can_draw_again_with_a_few_lines() -> None:
    made = design(TWENTY, {"": 6})
    record = json.loads(made.canonical)

    def ticket(claim: str) -> str:
        names = ["sib-sample-1", record["seed"], record["frame"], "ticket", claim]
        return hashlib.sha256(json.dumps(names, separators=(",", ":")).encode()).hexdigest()

    ids = [each.claim for each in TWENTY.claims]
    assert sorted(sorted(ids, key=ticket)[:6]) == list(drawn(made, TWENTY).claims)


def test_a_record_reads_back_to_the_same_design_and_to_the_letter() -> None:
    made = design(TWENTY, {"engagement": 3, "job_start": 2})

    assert design_from(made.canonical) == made
    with pytest.raises(RefusedError, match="was changed or written anew"):
        design_from(json.dumps(made.as_dict(), indent=1))


@pytest.mark.parametrize(
    "change",
    [
        {"format": "sib-sample-2"},
        {"seed": "short"},
        {"seed": 4},
        {"confidence": "0.95"},
        {"confidence": "1/2"},
        {"method": "by hand"},
        {"strata": [{"metric": "m", "site": "", "risk": "", "claims": 3, "value": 300, "size": 4}]},
        {"strata": [{"metric": "m", "site": "", "risk": "", "claims": 3, "value": 300, "size": True}]},
        {"strata": None},
        {"extra": 1},
    ],
    ids=str,
)
def test_a_record_that_is_no_design_is_refused(change: dict[str, object]) -> None:
    record = {**design(TWENTY, {"": 3}).as_dict(), **change}

    with pytest.raises(RefusedError, match="accepted"):
        design_from(json.dumps(record, sort_keys=True, separators=(",", ":")))


@pytest.mark.parametrize("text", ["", "[]", "null", '"x"', "{}", "[" * 100_000])
def test_text_that_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(RefusedError, match="no recorded design"):
        design_from(text)


@given(st.permutations(TWENTY.claims))
def test_the_draw_does_not_depend_on_the_order_in_which_claims_are_listed(listed: list[FrameClaim]) -> None:
    again = frame_of(listed)

    assert again.digest == TWENTY.digest
    assert sample(again, {"engagement": 4, "job_start": 3}) == sample(TWENTY, {"engagement": 4, "job_start": 3})


@given(st.integers(1, 19))
def test_a_larger_sample_under_one_seed_only_adds_claims(size: int) -> None:
    assert {*sample(TWENTY, {"": size}).claims} < {*sample(TWENTY, {"": size + 1}).claims}


def test_another_seed_or_another_frame_draws_others() -> None:
    claims = drawn(design(TWENTY, {"": 6}), TWENTY).claims
    other_seed = design(TWENTY, {"": 6}, seed=SEED + "!")
    other_frame = frame({"engagement": [40_000] * 12, "job_start": [70_000] * 7 + [70_001]})

    assert drawn(other_seed, TWENTY).claims != claims
    assert sample(other_frame, {"": 6}).claims != claims


def test_a_draw_from_other_claims_than_those_recorded_is_refused() -> None:
    made = design(TWENTY, {"": 6})

    with pytest.raises(RefusedError, match="are not those that the design was recorded for"):
        drawn(made, frame({"engagement": [40_000] * 12, "job_start": [70_000] * 7 + [60_000]}))


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        ([], "there is no claim to sample from"),
        ([one("a"), one("b"), one("a")], "claim 'a' stand more than once"),
        ([one("a", -1)], "'a' have a negative value"),
        ([one("")], "a claim has no id"),
        ([one("a", 2**52), one("b", 2**52)], "more than can be added up exactly"),
    ],
)
def test_a_frame_that_cannot_be_sampled_is_refused(claims: list[FrameClaim], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        frame_of(claims)


def test_a_size_above_the_stratum_takes_all_of_it_and_one_not_named_gives_none() -> None:
    taken = sample(TWENTY, {"job_start": 100})

    assert [len(each.drawn) for each in taken.strata] == [0, 8]


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({}, "nothing would be drawn"),
        ({"engagement": 0}, "nothing would be drawn"),
        ({"engagement": -1}, "is -1; accepted: 0 or a whole number"),
        ({"health": 3}, "no claim is in stratum 'health'; accepted: 'engagement', 'job_start'"),
    ],
)
def test_sizes_that_draw_nothing_or_from_nowhere_are_refused(sizes: dict[str, int], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        design(TWENTY, sizes)


@pytest.mark.parametrize("seed", ["", "7", "x" * 15, "x" * 501])
def test_a_seed_that_could_be_picked_by_trying_is_refused(seed: str) -> None:
    with pytest.raises(RefusedError, match="accepted: 16 to 500"):
        design(TWENTY, {"": 3}, seed=seed)


@pytest.mark.parametrize("confidence", [Fraction(0), Fraction(1, 2), Fraction(1), Fraction(95)])
def test_a_confidence_that_says_nothing_is_refused(confidence: Fraction) -> None:
    with pytest.raises(RefusedError, match="above 1/2 and below 1"):
        design(TWENTY, {"": 3}, confidence=confidence)


def test_drawn_by_value_a_claim_worth_nothing_is_never_drawn_and_a_large_one_always_is() -> None:
    for size in range(1, 15):
        taken = sample(VALUED, {"": size}, method=SampleMethod.BY_VALUE)
        assert "m-001" in taken.claims
        assert "m-007" not in taken.claims
        assert len(taken.claims) == min(size, 10)


def test_where_as_many_are_drawn_as_are_worth_anything_all_are_certain() -> None:
    taken = sample(VALUED, {"": 10}, method=SampleMethod.BY_VALUE).strata[0]

    assert len(taken.certain) == 10
    assert (taken.by_chance, taken.interval) == ((), None)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30).filter(any), st.integers(1, 30), st.integers(0, 10**6))
def test_drawn_by_value_sizes_are_kept_and_nothing_below_the_interval_is_certain(
    values: list[int], size: int, salt: int
) -> None:
    of = frame({"m": values})
    taken = drawn(design(of, {"": size}, method=SampleMethod.BY_VALUE, seed=f"{SEED} {salt}"), of).strata[0]

    assert len({each.claim for each in taken.drawn}) == len(taken.drawn) == min(size, sum(v > 0 for v in values))
    if taken.interval is not None:
        assert all(each.value >= taken.interval for each in taken.certain)
        assert all(0 < each.value < taken.interval for each in taken.by_chance)


@pytest.mark.slow
def test_every_claim_is_drawn_as_often_as_its_value_asks_for() -> None:
    of = frame({"m": [100, 200, 300, 400, 500, 600]})
    counts = dict.fromkeys((each.claim for each in of.claims), 0)
    for number in range(6_000):
        made = design(of, {"": 2}, method=SampleMethod.BY_VALUE, seed=f"{SEED} {number}")
        for claim in drawn(made, of).claims:
            counts[claim] += 1

    # Two draws from 21: 1 to 6 in 10.5. Four standard deviations of 6,000 draws are at most 155.
    assert all(abs(count - 6_000 * rank * 2 / 21) < 155 for rank, count in enumerate(counts.values(), start=1))


@pytest.mark.slow
def test_every_pair_of_claims_is_drawn_equally_often_at_random() -> None:
    of = frame({"m": [1] * 5})
    counts: dict[tuple[str, ...], int] = {}
    for number in range(5_000):
        taken = drawn(design(of, {"": 2}, seed=f"{SEED} {number}"), of).claims
        counts[taken] = counts.get(taken, 0) + 1

    # Ten pairs, 500 each; four standard deviations are 85.
    assert len(counts) == 10
    assert all(abs(count - 500) < 85 for count in counts.values())


A, B, C = Cell("a"), Cell("b"), Cell("c")


def test_proportional_sizes_keep_the_total_and_leave_no_stratum_out() -> None:
    assert proportional_sizes({A: 60, B: 30, C: 10}, 10) == {A: 6, B: 3, C: 1}
    assert proportional_sizes({A: 33, B: 33, C: 34}, 10) == {A: 3, B: 3, C: 4}
    assert proportional_sizes({A: 1, B: 1, C: 1}, 2) == {A: 1, B: 1, C: 1}
    assert proportional_sizes({A: 98, B: 1, C: 1}, 10) == {A: 10, B: 1, C: 1}
    assert proportional_sizes({A: 5, B: 5}, 1_000) == {A: 5, B: 5}
    with pytest.raises(RefusedError, match="accepted: 1 or more"):
        proportional_sizes({A: 5}, 0)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 300), min_size=1), st.integers(1, 500))
def test_proportional_sizes_are_within_one_of_the_exact_share_or_one(counts: dict[str, int], total: int) -> None:
    cells = {Cell(name): count for name, count in counts.items()}
    sizes = proportional_sizes(cells, total)
    everything = sum(counts.values())

    assert sizes.keys() == cells.keys()
    assert sum(sizes.values()) >= min(total, everything)
    assert all(1 <= sizes[cell] <= count for cell, count in cells.items())
    assert all(
        sizes[cell] == 1 or abs(sizes[cell] - Fraction(min(total, everything) * count, everything)) < 1
        for cell, count in cells.items()
    )


def test_what_was_agreed_is_the_least_that_is_checked() -> None:
    body = (
        'id = "v"\nfrom = 2020-04-01\nconfidence = "95%"\nrecover = "lower bound"\nstrata = ["metric", "risk"]\n'
        'share = "10%"\nat_least = 5\nrisk = [{ name = "dear", value_from = 1000.00, share = "1/3" }]'
    )
    (terms,) = contract(add=clause("verification", body)).verifications
    counts = {Cell("a", risk="standard"): 101, Cell("b", risk="standard"): 3, Cell("a", risk="dear"): 31}

    sizes = agreed_sizes(counts, terms)

    assert list(sizes.values()) == [11, 3, 11]
    assert larger_sizes(sizes, given_sizes(counts, {Cell("b", risk="standard"): 2, Cell("a", risk="dear"): 20})) == {
        Cell("a", risk="standard"): 11,
        Cell("b", risk="standard"): 3,
        Cell("a", risk="dear"): 20,
    }


def test_strata_follow_the_order_of_the_format_and_not_of_whoever_asks() -> None:
    made = design_of(
        TWENTY,
        {Cell("job_start", risk="standard"): 2},
        seed=SEED,
        terms="sib1:made-up",
        method=SampleMethod.SIMPLE,
        strata_by=(StratifiedBy.RISK, StratifiedBy.METRIC),
        confidence=NINETEEN_OF_20,
        recover=Recover.POINT,
    )

    assert made.strata_by == (StratifiedBy.METRIC, StratifiedBy.RISK)
    assert [each.cell.name for each in made.strata] == ["engagement, standard", "job_start, standard"]
