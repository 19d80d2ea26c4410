"""Large tables: leaving out the people about whom there is nothing to decide decides nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sib_engine.core import blocks
from sib_engine.outcomes.match import match
from sib_engine.outcomes.matching import plain
from sib_engine.outcomes.matching.day_scale import DayScale
from sib_engine.outcomes.rows import NONE
from sib_engine.terms.contract import Contract
from sib_engine.terms.metric import Counts, Employment
from tests.oracle import build
from tests.properties.bounded_worlds import ANY_BOUNDED
from tests.properties.steady import steady
from tests.properties.worlds import World, worlds


@contextmanager
def as_if_large(block: int) -> Iterator[None]:
    """Treat every table as a large one: screened, in blocks of ``block`` rows, on several threads."""
    with (
        patch.object(plain, "SCREEN_FROM", 0),
        patch.object(blocks, "BLOCK", block),
        patch.object(blocks, "THREADS_FROM", 0),
    ):
        yield


@steady(200)
@given(st.one_of(worlds(with_gaps=True), worlds(ANY_BOUNDED, with_gaps=True)))
def test_a_large_table_gets_the_reasons_that_a_small_one_gets(world: World) -> None:
    small = match(world.contract, world.rows)
    with as_if_large(block=4):
        large = match(world.contract, world.rows)

    assert large.tolist() == small.tolist()


def ladder() -> Contract:
    once = Counts.ONCE_PER_PERSON
    return build.contract(
        metrics=(
            build.metric("engaged", counts=once),
            build.metric("job", counts=once, rule=Employment(), requires=("engaged",)),
            build.metric("sustained", counts=once, rule=Employment(days=91), requires=("job",)),
        )
    )


def left_to_settle(person: list[int], metric: list[int], day: list[str], count: int = 1) -> list[int]:
    table = build.rows(len(person), person=person, metric=metric, achieved_on=day, count=count)
    scale = DayScale.of(table.achieved_on)
    with as_if_large(block=2):
        known = np.zeros(len(table), dtype=np.uint64)
        return [int(at) for at in plain.rows_to_settle(ladder(), table, scale, known, all_achieved=count > 0)]


def test_people_who_have_everything_once_in_order_and_in_time_are_not_settled() -> None:
    days = ["2020-05-01", "2020-05-02", "2020-07-31", "2020-05-01", "2020-06-01"]

    assert left_to_settle([0, 0, 0, 1, NONE], [0, 1, 2, 0, 2], days) == []


def test_whoever_has_a_metric_twice_or_too_soon_or_out_of_order_is_settled_with_all_rows() -> None:
    person = [0, 0, 1, 1, 2, 3, 3, 3, 4]
    metric = [0, 0, 0, 1, 1, 0, 1, 2, 0]
    days = ["2020-05-01"] * 2 + ["2020-05-02", "2020-05-01", "2020-05-01"] + ["2020-05-01"] * 2 + ["2020-07-29", "NaT"]

    assert left_to_settle(person, metric, days) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_a_count_of_0_is_never_settled() -> None:
    assert left_to_settle([0, 1], [0, 1], ["2020-05-01", "2020-05-01"], count=0) == []


def test_256_rows_of_one_person_are_not_taken_for_none() -> None:
    n_rows = 257
    table = build.rows(n_rows, person=0, metric=0, achieved_on="2020-05-01")
    with as_if_large(block=100):
        assert np.count_nonzero(match(ladder(), table) == 0) == 1


def test_many_made_up_people_get_the_same_reasons_either_way() -> None:
    rng = np.random.default_rng(7)
    n_rows = 30_000
    days = np.datetime64("2020-03-25") + rng.integers(0, 400, n_rows)
    table = build.rows(
        n_rows,
        person=rng.integers(NONE, 15_000, n_rows),
        metric=rng.integers(0, 3, n_rows),
        achieved_on=days,
        row=rng.permutation(n_rows),
    )
    small = match(ladder(), table)
    with as_if_large(block=1000):
        large = match(ladder(), table)

    assert np.array_equal(large, small)
    assert len(np.unique(small)) > 5
